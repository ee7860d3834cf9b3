"""Running roles of a service in one process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from chassis.core.errors import StartError
from chassis.core.process import Part, run_until_signal
from chassis.service.base import Base, Service
from chassis.telemetry.logs import log_without_texts, set_up_logs
from chassis.telemetry.traces import set_up_traces


def chosen_roles(service: Service, wanted: Sequence[str]) -> list[str]:
    """The wanted roles, or all; an unknown one is a StartError that names those there are."""
    unknown = [role for role in wanted if role not in service.roles]
    if unknown:
        raise StartError(f"{service.name} has no role {unknown[0]}: choose from {', '.join(service.roles)}")
    return list(wanted) or list(service.roles)


async def run(service: Service, roles: Sequence[str]) -> int:
    """Runs until SIGTERM, SIGINT or the failure of a part; returns the exit code."""
    base = Base(service.name)
    set_up_logs(service.name, level=base.telemetry.log_level)
    set_up_traces(service.name, file=base.telemetry.traces_file)
    asyncio.get_running_loop().set_exception_handler(log_without_texts)
    parts: list[Part] = base.common_parts(service.migrations())
    for role in roles:
        parts.extend(service.roles[role](base))
    return await run_until_signal(parts, grace=base.guards.stop_grace)
