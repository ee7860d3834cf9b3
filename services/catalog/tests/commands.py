"""Commands of the catalogue, run as an operator does."""

from __future__ import annotations

import asyncio
import sys

from chassis.service.base import Base

from .conftest import environment


async def command(base: Base, *arguments: str) -> tuple[int, str]:
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "catalog", *arguments),
        env=environment(base),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await run.communicate()
    return int(run.returncode or 0), printed.decode()
