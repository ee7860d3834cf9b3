"""The broker's jars: exactly those of the committed lock, fetched by jgo's resolver, each checked by its sha256."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.env import EnvironmentBuilder, EnvironmentSpec
from jgo.env._lockfile import LockedDependency, LockFile
from jgo.maven import MavenContext

from devstack.places import STATE
from devstack.processes import StackError

_LOCK = Path(__file__).resolve().parents[2] / "jgo.lock.toml"
_REPOSITORY = STATE / "maven"
_JARS = STATE / "jars"
_AT_A_TIME = 8


def kafka_class_path() -> str:
    """The broker's class path, fetching the jars (about 60 MB) when they are not there yet.

    Raises:
        StackError: a jar cannot be had, or differs from `jgo.lock.toml`.
    """
    stamp = _JARS / "verified"
    if not stamp.exists() or stamp.read_text() != _LOCK.read_text():
        _fetch()
        stamp.write_text(_LOCK.read_text())
    return f"{_JARS}/*"


def write_jar_lock() -> int:
    """Resolves `jgo.toml` into the lock anew; returns the number of jars."""
    spec = EnvironmentSpec.load(_LOCK.with_name("jgo.toml"))
    builder = EnvironmentBuilder(MavenContext(repo_cache=_REPOSITORY, timeout=60), cache_dir=STATE / "jgo")
    lock = builder.resolve_lockfile(spec)
    lock.save(_LOCK)
    return len(lock.dependencies)


def _fetch() -> None:
    """The lock is taken as it is: resolving anew could choose other versions, and asks for a JDK of its own."""
    shutil.rmtree(_JARS, ignore_errors=True)
    _JARS.mkdir(parents=True)
    lock = LockFile.load(_LOCK)
    context = MavenContext(repo_cache=_REPOSITORY, timeout=60)
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        jars = list(pool.map(lambda dependency: _jar(context, dependency), lock.dependencies))
    if faults := lock.verify_checksums(_REPOSITORY):
        raise StackError(f"the broker's jars differ from jgo.lock.toml: {faults[0]}")
    for jar in jars:
        os.link(jar, _JARS / jar.name)


def _jar(context: MavenContext, dependency: LockedDependency) -> Path:
    component = context.project(dependency.groupId, dependency.artifactId).at_version(dependency.version)
    artifact = component.artifact(dependency.classifier or "", dependency.packaging)
    try:
        return Path(artifact.resolve())
    except (OSError, RuntimeError) as exc:
        raise StackError(f"the jar {dependency.artifactId} {dependency.version} cannot be fetched: {exc}") from exc
