"""Personal data in events: readable by one receiver only."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from event_schemas.base import Value


class Sealed(Value):
    """A JWE (RFC 7516, compact) for the key `key_id`, or a reference from which its receiver fetches that JWE."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["jwe"]}, {"required": ["dataref"]}]})

    key_id: Annotated[str, Field(min_length=1, max_length=120)]
    jwe: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}$")] | None = None
    dataref: Annotated[str, Field(pattern=r"^https://[^\s?#]+$")] | None = None

    @model_validator(mode="after")
    def _is_in_one_place(self) -> Self:
        if (self.jwe is None) == (self.dataref is None):
            raise ValueError("exactly one of jwe and dataref is needed")
        return self
