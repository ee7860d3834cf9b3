"""Lähellä.fi, as far as its unofficial interface is known."""

from devstack.simulators.lahella.app import create_app

__all__ = ["create_app"]
