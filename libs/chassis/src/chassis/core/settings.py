"""Settings from the environment: one class per component, read in a service's bootstrap only."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from chassis.core.errors import StartError

S = TypeVar("S", bound="Settings")


class Settings(BaseSettings):
    """Base of all settings classes: each field has a type, a safe default where one exists, and a description."""

    model_config = SettingsConfigDict(env_prefix="HYTE_", extra="ignore", frozen=True, hide_input_in_errors=True)


def read_settings(kind: type[S], **given: Any) -> S:
    """The settings, or a StartError that names the variable and what is wrong with it (never its value)."""
    try:
        return kind(**given)
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False, include_context=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        field = kind.model_fields.get(name)
        meaning = f" ({field.description})" if field is not None and field.description else ""
        variable = f"{kind.model_config.get('env_prefix') or ''}{name}".upper()
        raise StartError(f"setting {variable} is wrong: {first['msg'].lower()}{meaning}") from exc
    except SettingsError as exc:  # a list or mapping that is not JSON; the text names the field, not its value
        raise StartError(f"a setting cannot be read: {exc}") from None
