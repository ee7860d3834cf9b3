"""A curator's word on two listings: it is kept for ever, and wins over every rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from catalog.app.ports import Known, Matching, Tx
from chassis.core.errors import PermanentError
from event_schemas.ids import ListingId

# A person's name has a blank; what is kept for ever must not.
_OPAQUE = re.compile("[A-Za-z0-9._-]{1,60}")
_CODE = re.compile("[a-z][a-z0-9-]{0,59}")


async def decide(tx: Tx, one: ListingId, other: ListingId, word: Known, *, matching: Matching[Tx]) -> None:
    """Keeps the decision; the same word on the pair again changes nothing.

    Raises:
        PermanentError: `one-listing` where the two are one, `unknown-listing` where one has never been heard of,
            `not-an-opaque-id` where who decides is named, and not by an id that says nothing of the person,
            `not-a-reason-code` where the reason is told in words.
    """
    if not _OPAQUE.fullmatch(word.decided_by):
        raise PermanentError("not-an-opaque-id", "who decides is told by an id of letters, digits, dots and hyphens")
    if word.reason is not None and not _CODE.fullmatch(word.reason):
        raise PermanentError("not-a-reason-code", "a reason is a code of small letters, digits and hyphens")
    if one == other:
        raise PermanentError("one-listing", "a listing is always the same as itself")
    first, second = sorted((one, other))
    if unknown := {first, second} - await matching.known(tx, (first, second)):
        raise PermanentError("unknown-listing", f"there is no listing {min(unknown)}")
    earlier = await matching.decisions_on(tx, first, second)
    if not earlier or earlier[0].verdict != word.verdict:
        await matching.decide(tx, first, second, _after(word, earlier))


def _after(word: Known, earlier: Sequence[Known]) -> Known:
    """The word, dated after those before it: another process's clock may be behind, and the newest word holds."""
    if not earlier or word.decided_at > earlier[0].decided_at:
        return word
    return replace(word, decided_at=earlier[0].decided_at + timedelta(microseconds=1))
