"""Listings and vocabularies from their topics."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.app.ports import Listings
from catalog.app.store_listings import store_concepts, store_listings
from catalog.domain.concepts import Concept, concept_key
from catalog.domain.listing import Listing
from chassis.core.clock import Clock
from chassis.kafka.handlers import Subscription, state_subscription
from chassis.kafka.records import Delivery
from chassis.postgres.database import Connection
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished
from event_schemas.vocabulary import ConceptPublished

GROUP = "catalog"
LISTINGS = "hyte.listings.v1"
VOCABULARIES = "hyte.vocabularies.v1"


def source_subscription(listings: Listings[Connection], *, clock: Clock) -> Subscription:
    """The group's subscription: both topics, whole batches, by version."""

    async def keep(deliveries: Sequence[Delivery], tx: Connection) -> None:
        of_listings = [listing_of(one) for one in deliveries if one.record.topic == LISTINGS]
        of_concepts = [concept_of(one) for one in deliveries if one.record.topic == VOCABULARIES]
        await store_concepts(tx, of_concepts, listings=listings, clock=clock)
        await store_listings(tx, of_listings, listings=listings, clock=clock)

    async def live_keys(topic: str, tx: Connection) -> dict[str, int]:
        return await (listings.live(tx) if topic == LISTINGS else listings.named_concepts(tx))

    return state_subscription(GROUP, [LISTINGS, VOCABULARIES], keep, live_keys=live_keys)


def listing_of(delivery: Delivery) -> Listing:
    """A listing's record as what is known of it. A removed event and its tombstone say the same: not live."""
    event = delivery.event
    if not isinstance(event, ListingPublished):
        return Listing(ListingId(delivery.key), delivery.version, live=False)
    return Listing(ListingId(delivery.key), delivery.version, True, delivery.version, event, delivery.envelope.time)


def concept_of(delivery: Delivery) -> Concept:
    """A vocabulary record as a concept; without key and names when it is removed."""
    event = delivery.event
    if isinstance(event, ConceptPublished):
        return Concept(delivery.key, delivery.version, concept_key(event.concept_id, event.scheme), event.name)
    return Concept(delivery.key, delivery.version, None, None)
