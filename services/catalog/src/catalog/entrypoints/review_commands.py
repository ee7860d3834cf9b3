"""`reviews` and `decide`: what waits for a curator, and the curator's word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import typer

from catalog.app.decide import decide
from catalog.app.ports import Known, Matching, Review, Tx
from catalog.domain.linking import Verdict
from chassis.core.clock import Clock
from chassis.core.errors import PermanentError, StartError
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished

OpenMatching = Callable[[], AbstractAsyncContextManager[Matching[Tx]]]
Listing = Annotated[str, typer.Argument(help="id of a listing, as `reviews` prints it")]


def add_review_commands(app: typer.Typer, open_matching: OpenMatching[Tx], *, clock: Clock) -> None:
    @app.command("reviews")
    def reviews_command(
        limit: Annotated[int, typer.Option(min=1, help="most pairs to list")] = 50,
    ) -> None:
        """List pairs that may be one service, the most likely first. Columns by tab."""

        async def show() -> None:
            async for line in _reviews(open_matching, limit):
                # As it is: a console would make spaces of the tabs, which grep and spreadsheets go by.
                typer.echo(line)

        asyncio.run(show())

    @app.command("decide")
    def decide_command(
        one: Listing,
        other: Listing,
        verdict: Annotated[Verdict, typer.Argument(help="`different` also parts what has been joined")],
        by: Annotated[str, typer.Option(help="opaque id of the curator, never a name")],
        reason: Annotated[str | None, typer.Option(help="code of the reason")] = None,
    ) -> None:
        """Decide whether two listings are one service. The newest word on a pair holds, and wins over every rule."""
        word = Known(verdict, reason, by, clock())
        asyncio.run(_decide(open_matching, ListingId(one), ListingId(other), word))
        typer.echo(f"kept: {one} and {other} are {verdict}")


async def _reviews(open_matching: OpenMatching[Tx], limit: int) -> AsyncIterator[str]:
    async with open_matching() as matching, matching.transaction() as tx:
        for review in await matching.reviews(tx, limit):
            yield _line(review)
        yield f"{await matching.review_count(tx)} open"


async def _decide(open_matching: OpenMatching[Tx], one: ListingId, other: ListingId, word: Known) -> None:
    try:
        async with open_matching() as matching, matching.transaction() as tx:
            await decide(tx, one, other, word, matching=matching)
    except PermanentError as exc:
        raise StartError(exc.explanation) from exc


def _line(review: Review) -> str:
    told = [f"{review.pair.score:.1f}", ",".join(review.pair.because)]
    return "\t".join([*told, *_described(review.one), *_described(review.other)])


def _described(listing: ListingPublished) -> list[str]:
    names = [text.text for _, text in sorted(listing.name.items())]
    return [listing.listing_id, " / ".join(" ".join(name.split()) for name in names)]
