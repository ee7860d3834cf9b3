"""The product's services as the processes that they are."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

from bench.core.servers import Servers
from chassis.kafka.settings import KafkaSettings
from devstack.processes import Process, StackError, free_port, wait_until


class ServiceAt:
    """A service with its database and topics, migrated; `run` starts processes of it."""

    def __init__(
        self, package: str, servers: Servers, kafka: KafkaSettings, own: Mapping[str, str] | None = None
    ) -> None:
        self.package = package
        self.dsn = servers.new_database()
        self._scratch = servers.scratch
        self.environment = {
            **os.environ,
            "HYTE_DATABASE_URL": self.dsn,
            "HYTE_KAFKA": kafka.kafka,
            "HYTE_TOPIC_PREFIX": kafka.topic_prefix,
            **(own or {}),
        }
        self.command("migrate")

    def command(self, *words: str) -> None:
        """One command of the service, to its end; StackError with its last words when it fails."""
        process = self.spawn(*words)
        while process.wait(600) is None:
            pass
        if process.returncode:
            raise StackError(f"{self.package} {' '.join(words)} failed: {process.last_words()}")

    def spawn(self, *words: str, **settings: str) -> Process:
        log = self._scratch / "logs" / f"{self.package}-{uuid4().hex[:8]}.log"
        command = [sys.executable, "-m", self.package, *words]
        return Process(self.package, command, log=log, env={**self.environment, **settings})

    @contextmanager
    def run(self, *roles: str, ready_within: float = 60, **settings: str) -> Iterator[Process]:
        """The roles in one process, ready; all roles when none is named. `ready_within` is in seconds."""
        health = free_port()
        chosen = [word for role in roles for word in ("--role", role)]
        process = self.spawn("run", *chosen, HYTE_HEALTH_PORT=str(health), **settings)
        try:
            url = f"http://127.0.0.1:{health}/ready"
            wait_until(lambda: _is_ready(url), seconds=ready_within, what=self.package, process=process)
            yield process
        finally:
            process.stop()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
