"""What a service's bootstrap builds its roles from: settings read once, and the parts that all roles share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field
from starlette.types import ASGIApp

from chassis.core.clock import Clock, NewId, new_id, utc_now
from chassis.core.health import Health
from chassis.core.process import Part
from chassis.core.settings import Settings, read_settings
from chassis.http.health import health_app
from chassis.http.server import WebServer
from chassis.http.settings import HttpSettings
from chassis.kafka.consumer import Consumer
from chassis.kafka.dead_letters import DeadLetters
from chassis.kafka.guard import Guard
from chassis.kafka.handlers import Subscription
from chassis.kafka.relay import Relay
from chassis.kafka.settings import GuardSettings, KafkaSettings
from chassis.postgres.database import Database
from chassis.postgres.listen import Listener
from chassis.postgres.migrate import Migration, migrations_of, require_schema
from chassis.postgres.outbox import Outbox
from chassis.postgres.settings import PostgresSettings
from chassis.telemetry.settings import TelemetrySettings


class CountySettings(Settings):
    """Whose deployment this is: one serves one county."""

    county: str = Field(
        default="07",
        pattern="^[0-9]{2}$",
        description="code of the wellbeing-services county (hyvinvointialue), in event sources",
    )


@dataclass
class Base:
    """Shared by the roles of one process. Settings come from the environment unless given."""

    name: str
    postgres: PostgresSettings = field(default_factory=lambda: read_settings(PostgresSettings))
    kafka: KafkaSettings = field(default_factory=lambda: read_settings(KafkaSettings))
    guards: GuardSettings = field(default_factory=lambda: read_settings(GuardSettings))
    http: HttpSettings = field(default_factory=lambda: read_settings(HttpSettings))
    county: CountySettings = field(default_factory=lambda: read_settings(CountySettings))
    telemetry: TelemetrySettings = field(default_factory=lambda: read_settings(TelemetrySettings))
    clock: Clock = utc_now
    new_id: NewId = new_id
    health: Health = field(default_factory=Health)

    def __post_init__(self) -> None:
        self.database = Database(self.postgres, application=self.name)
        self.dead_letters = DeadLetters(self.kafka, service=self.name)
        self.outbox = Outbox(
            source=f"urn:hytevirta:{self.county.county}:{self.name}", clock=self.clock, new_id=self.new_id
        )

    def guard(self, subscription: Subscription) -> Guard:
        return Guard(
            subscription,
            database=self.database,
            dead_letters=self.dead_letters,
            settings=self.guards,
            health=self.health,
            clock=self.clock,
        )

    def consumer(self, subscription: Subscription) -> Consumer:
        return Consumer(self.guard(subscription), kafka=self.kafka, settings=self.guards, health=self.health)

    def relay(self) -> list[Part]:
        """The relay role, the same in every service: the relay, and the listener that wakes it."""
        relay = Relay(self.database, kafka=self.kafka, service=self.name, health=self.health)
        return [relay, self.listener({"outbox": relay.wake})]

    def listener(self, wakes: dict[str, Callable[[], None]]) -> Listener:
        return Listener(self.postgres, wakes)

    def web(self, app: ASGIApp) -> WebServer:
        return WebServer(app, name="web", host=self.http.http_host, port=self.http.http_port)

    def common_parts(self, migrations: Sequence[Migration]) -> list[Part]:
        """What every process starts first: health, database, schema check, dead letters."""
        server = WebServer(health_app(self.health), name="health", host=self.http.http_host, port=self.http.health_port)
        return [server, self.database, _SchemaCheck(self.database, migrations), self.dead_letters]


Role = Callable[[Base], Sequence[Part]]


@dataclass(frozen=True)
class Service:
    """One service: its name, where its migrations lie, its roles, and the subscriptions its dead letters come from."""

    name: str
    migrations_folder: Path
    roles: Mapping[str, Role]
    subscriptions: Callable[[Base], Sequence[Subscription]] = lambda _: ()

    def migrations(self) -> list[Migration]:
        return migrations_of(self.name, self.migrations_folder)


class _SchemaCheck:
    """A part that only starts: a database older than the code is refused in one sentence."""

    name = "schema"

    def __init__(self, database: Database, migrations: Sequence[Migration]) -> None:
        self._database = database
        self._migrations = migrations

    async def start(self) -> None:
        async with self._database.connection() as connection:
            await require_schema(connection, self._migrations)

    async def stop(self) -> None:
        """Holds nothing."""
