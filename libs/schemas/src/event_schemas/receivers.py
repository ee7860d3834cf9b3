"""Who receives referrals: a versioned registry, read from `receivers/*.yaml`, joined with public keys."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from event_schemas.ids import AnyMunicipalityCode, AnyReceiverId, AnyWellbeingCountyCode
from event_schemas.paths import data_root
from event_schemas.referral import ContactMode, ReferralType

KeyUse = Literal["sig", "enc"]
Names = dict[str, str]


class ReceiverError(ValueError):
    """A receiver file or key file that can't be used; the message names it and the fault."""


class MissingKey(LookupError):
    """A receiver has no public key for this use."""


class Delivery(StrEnum):
    """How a receiver gets its referrals."""

    TOPIC = "topic"
    INBOX = "inbox"
    LINK = "link"


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeyReference(_Declared):
    """A public key that is trusted: where any is listed for a use, no other key is taken for it."""

    kid: Annotated[str, Field(min_length=1)]
    use: KeyUse


class TimeLimits(_Declared):
    """What is agreed with the receiver; a referral that runs over is reminded of, then escalated."""

    acknowledge: timedelta = timedelta(days=7)
    first_contact: timedelta = timedelta(days=14)
    complete: timedelta = timedelta(days=365)
    contact_attempts: Annotated[int, Field(ge=1)] = 3


class Receiver(_Declared):
    """One version of a receiver, in force from `valid_from` until a later version is."""

    id: AnyReceiverId
    version: Annotated[int, Field(ge=1)] = 1
    valid_from: date
    municipality: AnyMunicipalityCode
    name: Names
    referral_types: Annotated[tuple[ReferralType, ...], Field(min_length=1)]
    delivery: Delivery
    contact_mode: ContactMode = ContactMode.ADVISER_CONTACTS
    eligibility: Names
    time_limits: TimeLimits = TimeLimits()
    keys: tuple[KeyReference, ...] = ()
    jwks: Annotated[tuple[dict[str, Any], ...], Field(exclude=True, repr=False)] = ()
    """Public keys (RFC 7517) found in the key folder; never part of the registry file."""

    def public_keys(self, use: KeyUse) -> tuple[dict[str, Any], ...]:
        """Trusted public keys for a use, newest first as the file has them. Raises MissingKey where there is none."""
        trusted = {key.kid for key in self.keys if key.use == use}
        found = tuple(jwk for jwk in self.jwks if jwk.get("use") == use and (not trusted or jwk.get("kid") in trusted))
        if not found:
            raise MissingKey(f"{self.id} has no public key for {use}; it belongs into {self.id}.jwks.json")
        return found


class ReceiverRegistry(_Declared):
    """The receivers of one wellbeing-services county."""

    county: AnyWellbeingCountyCode
    receivers: tuple[Receiver, ...]


def load_receivers(keys_dir: Path | None = None) -> tuple[Receiver, ...]:
    """All versions of all receivers, with the public keys of `<keys_dir>/<receiver id>.jwks.json`.

    A key that is missing is an error only when it is asked for. Raises ReceiverError.
    """
    files = sorted((data_root() / "receivers").glob("*.yaml"))
    receivers = [receiver for file in files for receiver in _load(file).receivers]
    return tuple(_with_keys(receiver, keys_dir) for receiver in receivers)


def in_force(receivers: Iterable[Receiver], on: date) -> tuple[Receiver, ...]:
    """Of every receiver the version that holds on a day."""
    begun = (receiver for receiver in receivers if receiver.valid_from <= on)
    newest = {receiver.id: receiver for receiver in sorted(begun, key=lambda one: (one.valid_from, one.version))}
    return tuple(newest.values())


def _load(file: Path) -> ReceiverRegistry:
    try:
        return ReceiverRegistry.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ReceiverError(f"{file.name}: {error}") from error


def _with_keys(receiver: Receiver, keys_dir: Path | None) -> Receiver:
    if keys_dir is None or not (file := keys_dir / f"{receiver.id}.jwks.json").is_file():
        return receiver
    return receiver.model_copy(update={"jwks": _public_keys(file)})


def _public_keys(file: Path) -> tuple[dict[str, Any], ...]:
    try:
        keys = json.loads(file.read_text(encoding="utf-8"))["keys"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReceiverError(f"{file.name} is not a JSON Web Key Set") from error
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise ReceiverError(f"{file.name} is not a JSON Web Key Set")
    if any("d" in key or key.get("kty") == "oct" for key in keys):
        raise ReceiverError(f"{file.name} holds a secret key: only public keys belong here")
    return tuple(keys)
