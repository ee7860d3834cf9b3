"""`reconcile`: the read models of a service made equal to their logs, from the command line."""

from __future__ import annotations

from rich.table import Table

from chassis.core.errors import PermanentError, StartError
from chassis.kafka.handlers import Subscription
from chassis.kafka.reconcile import Reconciled, reconcile
from chassis.service.base import Base, Service
from chassis.service.dead_letter_commands import console, opened


async def reconcile_all(service: Service, *, accept_removals: bool) -> None:
    """Every state topic the service reads, one after the other; StartError where too much would be swept."""
    table = Table("topic", "records read", "unreadable", "keys swept")
    async with opened(service) as base:
        for subscription in service.subscriptions(base):
            for topic in () if subscription.has_effects else subscription.topics:
                done = await _reconcile_one(base, subscription, topic, accept_removals)
                table.add_row(topic, str(done.read), str(done.unreadable), str(done.swept))
    console.print(table)


async def _reconcile_one(base: Base, subscription: Subscription, topic: str, accept_removals: bool) -> Reconciled:
    try:
        return await reconcile(
            subscription,
            topic,
            kafka=base.kafka,
            database=base.database,
            clock=base.clock,
            accept_removals=accept_removals,
        )
    except PermanentError as exc:
        raise StartError(f"{exc.explanation or exc} Run again with --accept-removals if it is.") from exc
