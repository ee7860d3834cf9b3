"""SMS gateway in the Quriiri style."""

from devstack.simulators.sms.app import create_app

__all__ = ["create_app"]
