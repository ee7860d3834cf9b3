"""Take away what a complete reading has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.core.errors import PermanentError
from event_schemas.listing import RemovalReason
from lahella_ingest.app.ports import LahellaSource, Missing, Store


@dataclass(frozen=True, slots=True)
class RemovalGuard:
    """How many published listings one run may take away: `share` of them, but always `least`."""

    share: float = 0.05
    least: int = 3

    def allows(self, missing: int, shown: int) -> bool:
        return missing <= max(self.least, int(self.share * shown))


class TooManyAbsent(PermanentError):
    """So much is missing that the source is more likely wrong than empty: a person decides."""

    def __init__(self, missing: int, shown: int) -> None:
        super().__init__("too-many-absent", f"{missing} of {shown} published activities are missing")


async def remove_absent(run_id: UUID, *, store: Store, source: LahellaSource, guard: RemovalGuard | None) -> int:
    """Returns how many listings were taken away; `guard` None accepts any number.

    Each missing activity is asked for by its key first: paging by offset skips items when others vanish meanwhile.

    Raises:
        TooManyAbsent: nothing was removed.
    """
    async with store.reader_transaction() as work:
        missing, shown = await work.missing(run_id), await work.shown_count()
    _check(missing, shown, guard)
    gone = [each.key for each in missing if not await source.exists(each.key)]
    async with store.reader_transaction() as work:
        # The rows are locked before it is asked what is published: what falls due may be publishing one of them.
        held = sorted(await work.stored(gone))
        removed = await work.remove(held, RemovalReason.ABSENT)
        await work.forget(held)
    return len(removed)


def _check(missing: list[Missing], shown: int, guard: RemovalGuard | None) -> None:
    gone_from_sight = sum(each.shown for each in missing)
    if guard is None:
        return
    if not guard.allows(gone_from_sight, shown) or (shown and gone_from_sight == shown):
        raise TooManyAbsent(gone_from_sight, shown)
