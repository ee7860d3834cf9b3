"""The pages' assets: locked with hashes, and no download address among them."""

from __future__ import annotations

import json

from devstack.assets import hosts_in_lock
from devstack.places import ROOT

ASSETS = ROOT / "services" / "catalog" / "assets"


def test_lock_has_a_hash_of_every_package_and_no_address() -> None:
    packages = json.loads((ASSETS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    locked = {name.removeprefix("node_modules/"): one for name, one in packages.items() if name}
    assert all(one["integrity"].startswith("sha512-") for one in locked.values())
    assert hosts_in_lock() == []


def test_lock_is_of_what_the_package_declares() -> None:
    declared = json.loads((ASSETS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((ASSETS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in declared} == declared
