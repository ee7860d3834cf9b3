"""`reconcile`: the read models of a service made equal to their logs, from the command line."""

from __future__ import annotations

from rich.table import Table

from chassis.kafka.reconcile import reconcile
from chassis.service.base import Service
from chassis.service.dead_letter_commands import console, opened


async def reconcile_all(service: Service) -> None:
    """Every state topic the service reads, one after the other."""
    table = Table("topic", "records read", "unreadable", "keys swept")
    async with opened(service) as base:
        for subscription in service.subscriptions(base):
            for topic in () if subscription.has_effects else subscription.topics:
                done = await reconcile(subscription, topic, kafka=base.kafka, database=base.database, clock=base.clock)
                table.add_row(topic, str(done.read), str(done.unreadable), str(done.swept))
    console.print(table)
