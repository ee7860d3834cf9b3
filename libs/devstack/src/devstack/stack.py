"""The whole stack on one machine: servers, simulators and five services as processes, started and stopped as one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from devstack.assets import page_assets
from devstack.environment import service_environment
from devstack.kafka import KafkaServer
from devstack.postgres import PostgresServer
from devstack.processes import Process, StackError, port_answers, wait_until
from devstack.provision import provision
from devstack.settings import SERVICES, SIMULATOR_KEY, SIMULATORS, Folders, Ports, Wanted, package

Step = Callable[[str], AbstractContextManager[object]]
"""Shows a set-up step while it runs."""


class Stack:
    """A running stack, usable as a context manager; leaving it stops everything, also after a failed start."""

    def __init__(self, folders: Folders, wanted: Wanted, *, step: Step, recorded: Path | None = None) -> None:
        """`recorded`: a folder of PTV's own objects, which its simulator serves in place of the demonstration's."""
        self.folders = folders
        self.recorded = recorded
        self.ports = Ports.choose(wanted)
        self.processes: dict[str, Process] = {}
        self.kafka = os.environ.get("HYTE_KAFKA", "")
        self.postgres = os.environ.get("HYTE_POSTGRES", "")
        self.databases: dict[str, str] = {}
        self._wanted = wanted
        self._step = step
        self._exits = ExitStack()
        self.postgres_server: PostgresServer | None = None

    def __enter__(self) -> Stack:
        try:
            self._start()
        except BaseException:
            self._exits.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    @property
    def tray_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.http['catalog']}"

    @property
    def referral_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.http['referral']}"

    def simulator_url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports.simulators[name]}"

    def recorded_summary(self) -> dict[str, Any]:
        """What the simulated PTV was given, what it could not read, and where the services are offered."""
        url = f"{self.simulator_url('ptv')}/_control/recorded"
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own loopback address
            found: dict[str, Any] = json.load(answer)
        return found

    def health_url(self, service: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports.health[service]}{path}"

    def _start(self) -> None:
        if not self.postgres:
            with self._step("PostgreSQL"):
                self._start_postgres()
        if not self.kafka:
            with self._step("Apache Kafka (its jars are fetched once, about 60 MB)"):
                self._start_kafka()
        with self._step("databases, topics and development keys"):
            self.databases, _ = provision(self.postgres, self.kafka, self.folders.keys)
        with self._step("assets of the pages (fetched once)"):
            page_assets()
        with self._step("simulators of PTV, Lähellä.fi and an SMS gateway"):
            for name in SIMULATORS:
                self._start_simulator(name)
        for service in SERVICES:
            with self._step(f"service {service}"):
                self._start_service(service)
        with self._step("services are ready"):
            for service in SERVICES:
                self._wait_ready(service)

    def _start_postgres(self) -> None:
        self.postgres_server = server = PostgresServer(self.folders.postgres, port=self._wanted.postgres)
        server.start()
        self._exits.callback(server.stop)
        self.processes["postgres"] = server.process
        self.postgres = server.dsn

    def _start_kafka(self) -> None:
        server = KafkaServer(self.folders.kafka, port=self._wanted.kafka)
        server.start()
        self._exits.callback(server.stop)
        self.processes["kafka"] = server.process
        self.kafka = server.bootstrap

    def _start_simulator(self, name: str) -> None:
        port = self.ports.simulators[name]
        command = [sys.executable, "-m", "devstack.simulators", name, "--port", str(port), "--api-key", SIMULATOR_KEY]
        if name == "ptv" and self.recorded is not None:
            command += ["--recorded", str(self.recorded.absolute())]
        process = self._spawn(f"simulator-{name}", command, dict(os.environ))
        wait_until(lambda: port_answers(port), seconds=30, what=f"the {name} simulator", process=process)

    def _start_service(self, service: str) -> None:
        environment = service_environment(service, self)
        command = [sys.executable, "-m", package(service)]
        done = subprocess.run([*command, "migrate"], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise StackError(f"the migrations of {service} failed: {done.stderr.strip()[-800:]}")
        self._spawn(service, [*command, "run"], environment)

    def _wait_ready(self, service: str) -> None:
        url = self.health_url(service, "/ready")
        wait_until(lambda: _answers_ok(url), seconds=60, what=service, process=self.processes[service])

    def _spawn(self, name: str, command: list[str], environment: dict[str, str]) -> Process:
        process = Process(name, command, log=self.folders.log(name), env=environment)
        self.processes[name] = process
        self._exits.callback(process.stop)
        return process


def _answers_ok(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def start_over(folders: Folders) -> None:
    """Throws all data away."""
    for folder in folders.all():
        shutil.rmtree(folder, ignore_errors=True)
    for folder in folders.all():
        folder.mkdir(parents=True, exist_ok=True)


def describe(stack: Stack, file: Path) -> None:
    """Writes down what runs where, for `status`, `down` and people."""
    parts = {name: process.pid for name, process in stack.processes.items()}
    content = {
        "supervisor": os.getpid(),
        "parts": parts,
        "tray": stack.tray_url,
        "referral API": stack.referral_url,
        "PTV simulator": stack.simulator_url("ptv"),
        "Lähellä.fi simulator": stack.simulator_url("lahella"),
        "SMS simulator": stack.simulator_url("sms"),
        "Kafka": stack.kafka,
        "PostgreSQL": stack.postgres,
        "ready": {service: stack.health_url(service, "/ready") for service in SERVICES},
    }
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1))
