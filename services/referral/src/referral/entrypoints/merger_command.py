"""`follow-merger`: open referrals of a municipality that has merged go to its successor."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import typer

from chassis.core.errors import PermanentError, StartError, TemporaryError
from event_schemas.ids import MunicipalityCode
from referral.app.follow_merger import Merger, follow_merger
from referral.app.refer_client import Tools

Code = Annotated[str, typer.Argument(help="three digits, as in 082")]


def add_merger_command(app: typer.Typer, open_tools: Callable[[], AbstractAsyncContextManager[Tools]]) -> None:
    @app.command("follow-merger")
    def follow_merger_command(
        former: Code,
        successor: Code,
        by: Annotated[str, typer.Option(help="who does it, for the usage and disclosure logs")],
        rehearse: Annotated[bool, typer.Option("--rehearse", help="do everything, then undo it and tell")] = False,
    ) -> None:
        """Send the open referrals of a municipality that has merged to its successor's receiver."""
        if former == successor:
            raise typer.BadParameter("a municipality does not merge into itself")
        merger = Merger(MunicipalityCode(former), MunicipalityCode(successor))
        try:
            asyncio.run(_follow(merger, open_tools, by, rehearse))
        except (PermanentError, TemporaryError) as exc:
            raise StartError(
                f"stopped: {exc.explanation}; what followed so far stays, begin again when mended"
            ) from exc


async def _follow(
    merger: Merger, open_tools: Callable[[], AbstractAsyncContextManager[Tools]], actor: str, rehearse: bool
) -> None:
    routes: Counter[str] = Counter()
    async with open_tools() as tools:
        async for one in follow_merger(merger, tools, actor=actor, rehearse=rehearse):
            typer.echo(f"{one.referral_id}\t{one.before} → {one.after}\t{one.state}")
            routes[f"{one.before} → {one.after}"] += 1
    told = ", ".join(f"{count} {route}" for route, count in sorted(routes.items())) or "none is open"
    typer.echo(f"{'would follow' if rehearse else 'followed'}: {told}")
