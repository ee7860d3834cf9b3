"""What the local stack is made of: its services, their databases, ports and development secrets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from devstack.places import STATE, open_place
from devstack.processes import StackError, claim_port

SERVICES = ("ptv-ingest", "lahella-ingest", "catalog", "referral", "notify")
SIMULATORS = ("ptv", "lahella", "sms")
DEVELOPMENT_TOKEN = "development-only-token"  # noqa: S105 - the local stack's stand-in for a sign-in, as README says
SIMULATOR_KEY = "local"


def package(service: str) -> str:
    """A service's Python package, and the name of its database and role."""
    return service.replace("-", "_")


@dataclass(frozen=True)
class Wanted:
    """Ports a person asked for; None takes a free one."""

    tray: int | None = None
    api: int | None = None
    kafka: int | None = None
    postgres: int | None = None


@dataclass(frozen=True)
class Folders:
    """Where the stack keeps data, keys and what a run leaves to look at."""

    postgres: Path
    kafka: Path
    keys: Path
    run: Path

    @classmethod
    def default(cls) -> Folders:
        return cls(open_place("data/postgres"), open_place("data/kafka"), STATE / "keys", STATE / "run")

    @classmethod
    def recorded(cls) -> Folders:
        """Beside those of the demonstration, whose data stays as it was."""
        own = STATE / "recorded"
        return cls(open_place("data/recorded/postgres"), open_place("data/recorded/kafka"), own / "keys", own / "run")

    def all(self) -> tuple[Path, ...]:
        return (self.postgres, self.kafka, self.keys, self.run)

    def log(self, name: str) -> Path:
        return self.run / "logs" / f"{name}.log"

    def traces(self, service: str) -> Path:
        return self.run / "traces" / f"{service}.jsonl"


@dataclass(frozen=True)
class Ports:
    """Ports of one start."""

    http: dict[str, int]
    health: dict[str, int]
    simulators: dict[str, int]

    @classmethod
    def choose(cls, wanted: Wanted) -> Ports:
        """Raises StackError when a port asked for is taken, or asked for twice."""
        asked = [port for port in (wanted.tray, wanted.api, wanted.kafka, wanted.postgres) if port is not None]
        if len(set(asked)) < len(asked):
            raise StackError("one port is asked for twice: give each part its own.")
        named = {"catalog": (wanted.tray, "the tray"), "referral": (wanted.api, "the referral API")}
        http = {service: claim_port(*named.get(service, (None, service))) for service in SERVICES}
        health = {service: claim_port(None, service) for service in SERVICES}
        simulators = {name: claim_port(None, name) for name in SIMULATORS}
        return cls(http, health, simulators)
