"""The broker's jars: resolved by jgo from jgo.toml, and used only when each matches the committed lock."""

from __future__ import annotations

import shutil
from pathlib import Path

from jgo.env import EnvironmentBuilder, EnvironmentSpec, LinkStrategy
from jgo.env._lockfile import LockFile
from jgo.maven import MavenContext

from devstack.places import STATE
from devstack.processes import StackError

_HERE = Path(__file__).resolve().parents[2]
_REPOSITORY = STATE / "maven"
_JARS = STATE / "jars"


def kafka_class_path() -> str:
    """The broker's class path, downloading the jars (about 60 MB) when they are not there yet.

    Raises:
        StackError: a jar is missing or differs from `jgo.lock.toml`.
    """
    stamp = _JARS / "verified"
    lock_text = (_HERE / "jgo.lock.toml").read_text()
    if not stamp.exists() or stamp.read_text() != lock_text:
        _download()
        stamp.write_text(lock_text)
    return ":".join(f"{folder}/*" for folder in sorted({str(jar.parent) for jar in _JARS.rglob("*.jar")}))


def _download() -> None:
    shutil.rmtree(_JARS, ignore_errors=True)
    spec = EnvironmentSpec.load(_HERE / "jgo.toml")
    context = MavenContext(repo_cache=_REPOSITORY, timeout=60)
    EnvironmentBuilder(context, cache_dir=_JARS, link_strategy=LinkStrategy.HARD).from_spec(spec)
    faults = LockFile.load(_HERE / "jgo.lock.toml").verify_checksums(_REPOSITORY)
    if faults:
        raise StackError(f"the broker's jars differ from jgo.lock.toml: {faults[0]}")
