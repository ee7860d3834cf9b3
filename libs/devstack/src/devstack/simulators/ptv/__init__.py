"""PTV v12, read side."""

from devstack.simulators.ptv.app import create_app

__all__ = ["create_app"]
