"""Every contract there is, by name."""

from event_schemas.base import Contract, Event, SealedContent
from event_schemas.codec import UnreadableRecord
from event_schemas.entry import EntryPublished, EntryRemoved
from event_schemas.ingest_run import IngestRunEnded, IngestRunStarted
from event_schemas.lifecycle import ReferralStepTaken
from event_schemas.listing import ListingPublished, ListingRemoved
from event_schemas.notification import (
    NotificationCancelled,
    NotificationContent,
    NotificationRequested,
    NotificationStatusChanged,
    RecipientStopped,
)
from event_schemas.quality import AssessmentWithdrawn, ListingAssessed
from event_schemas.referral import ReferralReplyRefused, ReferralSent, ReferralWithdrawn
from event_schemas.referral_content import ReferralContent
from event_schemas.referral_reply import ReferralReplied, ReplyStatement
from event_schemas.vocabulary import ConceptPublished, ConceptRemoved

EVENTS: tuple[type[Event], ...] = (
    ConceptPublished,
    ConceptRemoved,
    ListingPublished,
    ListingRemoved,
    IngestRunStarted,
    IngestRunEnded,
    EntryPublished,
    EntryRemoved,
    ListingAssessed,
    AssessmentWithdrawn,
    ReferralSent,
    ReferralWithdrawn,
    ReferralReplyRefused,
    ReferralReplied,
    ReferralStepTaken,
    NotificationRequested,
    NotificationCancelled,
    RecipientStopped,
    NotificationStatusChanged,
)

# Which event carries which sealed content.
SEALED_IN: dict[type[SealedContent], type[Event]] = {
    ReferralContent: ReferralSent,
    ReplyStatement: ReferralReplied,
    NotificationContent: NotificationRequested,
}

CONTRACTS: tuple[type[Contract], ...] = (*EVENTS, *SEALED_IN)

_BY_TYPE = {event.event_type: event for event in EVENTS}


class UnknownEventType(LookupError):
    """No model has this event type: the record is newer than this reader, or not ours."""


def model_for(event_type: str) -> type[Event]:
    """The model of an event type; raises UnknownEventType."""
    if (model := _BY_TYPE.get(event_type)) is None:
        raise UnknownEventType("no event model has this type")
    return model


def read_event(event_type: str, data: bytes) -> Event:
    """An event from its type and body; raises UnknownEventType or UnreadableRecord."""
    return model_for(event_type).from_json(data)


__all__ = ["CONTRACTS", "EVENTS", "SEALED_IN", "UnknownEventType", "UnreadableRecord", "model_for", "read_event"]
