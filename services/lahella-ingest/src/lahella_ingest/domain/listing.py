"""An activity to the listing that is published."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from chassis.core.errors import PermanentError
from event_schemas.area import Area
from event_schemas.classification import Classification
from event_schemas.ids import ListingId
from event_schemas.listing import ListingKind, ListingPublished, Source, SourceSystem
from event_schemas.price import Charge, Price
from event_schemas.session import Session
from event_schemas.text import LocalizedText
from lahella_ingest.domain.activity import Activity
from lahella_ingest.domain.channels import (
    accessibility_of,
    channels_of,
    enrolment_of,
    setting_of,
)
from lahella_ingest.domain.contacts import Contacts, contacts_of
from lahella_ingest.domain.languages import language_tags, localized
from lahella_ingest.domain.organization import Organization, provider
from lahella_ingest.domain.people import age_ranges, target_groups
from lahella_ingest.domain.regions import Regions
from lahella_ingest.domain.sessions import MOST_SESSIONS, Horizon, sessions_of

_KINDS = {"hobby": ListingKind.HOBBY, "support": ListingKind.SUPPORT, "voluntary": ListingKind.VOLUNTARY}
_CHARGES = {"free": Charge.FREE, "paid": Charge.CHARGED}


def listing_id(key: str) -> ListingId:
    return ListingId(f"lahella:{key}")


def listing_of(
    activity: Activity, organization: Organization | None, regions: Regions, horizon: Horizon
) -> ListingPublished:
    """The listing of an activity that is to be seen.

    Raises:
        PermanentError: the activity can't be described as a listing; the code says why (`unknown-type`, `no-name`,
            `no-region`, `unknown-region`, `malformed`).
    """
    try:
        return _assembled(activity, organization, regions, horizon)
    except ValidationError as exc:
        fields = {str(fault["loc"][0]) for fault in exc.errors(include_input=False) if fault["loc"]}
        raise PermanentError("malformed", f"{', '.join(sorted(fields))} does not fit a listing") from None


def _assembled(
    activity: Activity, organization: Organization | None, regions: Regions, horizon: Horizon
) -> ListingPublished:
    traits = activity.traits
    contacts = contacts_of(traits.contacts, traits.translations)
    channels = channels_of(activity, contacts, regions)
    return ListingPublished(
        listing_id=listing_id(activity.key),
        kind=_kind(traits.type),
        source=_source(activity),
        name=_name(activity),
        summary=_texts(activity, "summary"),
        description=_texts(activity, "description"),
        provider=provider(organization, Contacts() if channels else contacts),
        areas=_areas(activity, regions),
        channels=channels,
        sessions=_sessions(activity, regions, horizon),
        enrolment=enrolment_of(activity),
        price=_price(activity),
        ages=age_ranges(traits.demographic),
        languages=language_tags(traits.locale),
        accessibility=accessibility_of(traits.channels),
        classification=Classification(
            source_themes=traits.theme,
            source_formats=traits.format,
            target_groups=target_groups(traits.demographic),
        ),
    )


def _kind(wire_type: str) -> ListingKind:
    if wire_type not in _KINDS:
        raise PermanentError("unknown-type", "the type is not hobby, support or voluntary")
    return _KINDS[wire_type]


def _name(activity: Activity) -> LocalizedText:
    name = _texts(activity, "name")
    if not name:
        raise PermanentError("no-name", "no language has a name")
    return name


def _areas(activity: Activity, regions: Regions) -> tuple[Area, ...]:
    if activity.traits.region is None:
        raise PermanentError("no-region", "the answer has no region at all, which is not the whole country")
    return regions.areas(activity.traits.region)


def _source(activity: Activity) -> Source:
    return Source(
        system=SourceSystem.LAHELLA,
        key=activity.key,
        visible_from=activity.visible_from,
        visible_until=activity.visible_until,
    )


def _texts(activity: Activity, field: str) -> LocalizedText:
    return localized({code: getattr(texts, field) for code, texts in activity.traits.translations.items()})


def _sessions(activity: Activity, regions: Regions, horizon: Horizon) -> tuple[Session, ...]:
    found = [
        session
        for position, channel in enumerate(activity.traits.channels)
        for event in channel.events
        for session in sessions_of(event, setting_of(activity, position, regions), horizon)
    ]
    return tuple(sorted(found, key=_order)[:MOST_SESSIONS])


def _order(session: Session) -> tuple[datetime, datetime, str]:
    return session.start, session.end or session.start, session.channel_id or ""


def _price(activity: Activity) -> Price | None:
    """None when the source says neither free nor paid; the words alone don't tell."""
    charge = next((_CHARGES[code] for code in activity.traits.pricing if code in _CHARGES), None)
    return Price(charge=charge, note=_texts(activity, "pricing")) if charge else None
