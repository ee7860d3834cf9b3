"""The curators' API: pairs of listings that wait for a person, and what is decided about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from catalog.app.decide import decide
from catalog.app.ports import Known, Matching, Review, Tx
from catalog.domain.linking import Verdict
from chassis.core.clock import Clock
from chassis.http.sign_in import bearer_sign_in
from event_schemas.ids import AnyListingId, ListingId, ReasonCode
from event_schemas.listing import ListingPublished
from event_schemas.text import LocalizedText

CURATOR = "curator-token"
MOST = 200


class DescribedListing(BaseModel):
    """As much of a description as tells which one is meant."""

    listing_id: str
    name: LocalizedText
    summary: LocalizedText
    provider: LocalizedText
    url: str | None


class OpenReview(BaseModel):
    """Two listings that may be one service; `because` are codes of evidence, the score grows with likelihood."""

    score: float
    because: tuple[str, ...]
    since: datetime
    one: DescribedListing
    other: DescribedListing


class OpenReviews(BaseModel):
    reviews: list[OpenReview]


class DecisionBody(BaseModel):
    """A curator's word on two listings; the order of the two does not matter."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    one: AnyListingId
    other: AnyListingId
    verdict: Verdict
    reason: ReasonCode | None = None
    decided_by: Annotated[str, Field(pattern="^[A-Za-z0-9._-]{1,60}$")] = CURATOR
    """An opaque id of the curator, never a name."""


def curation_api(matching: Matching[Tx], *, token: SecretStr, clock: Clock) -> APIRouter:
    """The routes; every one needs the bearer token."""
    router = APIRouter(prefix="/v1/curation", dependencies=[Depends(_signed_in(token))], tags=["curation"])

    @router.get("/reviews")
    async def reviews(limit: Annotated[int, Query(ge=1, le=MOST)] = 50) -> OpenReviews:
        """Open pairs, the most likely first."""
        async with matching.transaction() as tx:
            return OpenReviews(reviews=[_open(one) for one in await matching.reviews(tx, limit)])

    @router.put("/decisions", status_code=204)
    async def put_decision(body: DecisionBody) -> Response:
        """Keeps a decision for ever; `different` parts what a rule or an earlier decision has joined."""
        word = Known(body.verdict, body.reason, body.decided_by, clock())
        async with matching.transaction() as tx:
            await decide(tx, ListingId(body.one), ListingId(body.other), word, matching=matching)
        return Response(status_code=204)

    return router


def _signed_in(token: SecretStr) -> Callable[[Request], str]:
    return bearer_sign_in(token, actor=CURATOR)


def _open(review: Review) -> OpenReview:
    one, other = (_described(listing) for listing in (review.one, review.other))
    return OpenReview(score=review.pair.score, because=review.pair.because, since=review.since, one=one, other=other)


def _described(listing: ListingPublished) -> DescribedListing:
    return DescribedListing(
        listing_id=listing.listing_id,
        name=listing.name,
        summary=listing.summary,
        provider=listing.provider.name,
        url=listing.source.url,
    )
