"""What every event model is made of: tolerant when read, strict when frozen."""

import copy
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from event_schemas.codec import UnreadableRecord
from event_schemas.envelope import in_utc

JsonSchema = dict[str, Any]

_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


UtcTime = Annotated[AwareDatetime, AfterValidator(in_utc)]
"""A moment: any offset is read, UTC is kept and written."""

LocalTime = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""A wall-clock time `HH:MM` in the zone named beside it; `24:00` ends a day."""

TimeZone = Annotated[str, Field(pattern="^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$")]
"""A name of the IANA time zone database."""

WebAddress = Annotated[str, Field(pattern="^https?://[^\\s]+$", max_length=2000)]


def extensible(codes: type[StrEnum]) -> WithJsonSchema:
    """Schema of an enum that may grow: producers write the listed codes, consumers accept any other.

    Used as `Annotated[Codes | str, Field(union_mode="left_to_right"), extensible(Codes)]`.
    """
    return WithJsonSchema({"type": "string", "enum": [str(code) for code in codes], "x-extensible-enum": True})


class Value(BaseModel):
    """A part of an event. Unknown fields are ignored, so that a producer may add some before its readers know them."""

    # Inputs are hidden because the text of a validation error ends up in logs and dead letters.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Contract(Value):
    """A whole document that crosses a border: an event, or what is sealed inside one."""

    @classmethod
    def contract_name(cls) -> str:
        """The name under which the frozen schema and the examples are kept."""
        raise NotImplementedError

    @classmethod
    def dataschema(cls) -> str:
        """URN of the frozen schema, for the CloudEvents attribute of the same name."""
        return f"urn:hytevirta:schema:{cls.contract_name()}"

    def to_json(self) -> bytes:
        """Compact JSON in UTF-8. A field that is None is left out: absent means "not known", null is never written."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read a document; raise UnreadableRecord, which names the fields at fault but never their content."""
        # The plain search costs a fiftieth of the exact one, and almost no document has what it looks for.
        if b"\\u0000" in data and _ESCAPED_NUL.search(data):
            raise UnreadableRecord("it holds U+0000, which databases refuse")
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            raise UnreadableRecord(f"not a {cls.contract_name()}: {_faults(error)}") from None


class Event(Contract):
    """The body of one event; its id, time and version live in the envelope."""

    event_type: ClassVar[str]

    @classmethod
    def contract_name(cls) -> str:
        return cls.event_type


class SealedContent(Contract):
    """Personal data: the plaintext of a `Sealed` part, never an event's body."""

    content_type: ClassVar[str]

    @classmethod
    def contract_name(cls) -> str:
        return cls.content_type


def _faults(error: ValidationError) -> str:
    # Deeper parts of a location may be keys taken from the document, and so are left out.
    faults = {f"{fault['loc'][0] if fault['loc'] else 'document'} ({fault['type']})" for fault in error.errors()}
    return ", ".join(sorted(faults))


def closed_schema(model: type[Contract]) -> JsonSchema:
    """JSON Schema of what a producer may write: no unknown property anywhere, no null."""
    schema = model.model_json_schema()
    _visit(schema, _close)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": model.dataschema(), **schema}


def opened_schema(schema: JsonSchema) -> JsonSchema:
    """The same schema as a tolerant consumer applies it: unknown properties and new codes pass."""
    opened = copy.deepcopy(schema)
    _visit(opened, _open)
    return opened


def _visit(node: object, change: Callable[[JsonSchema], None]) -> None:
    if isinstance(node, dict):
        change(node)
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        _visit(child, change)


def _close(node: JsonSchema) -> None:
    if node.get("type") == "object" and "additionalProperties" not in node:
        node["additionalProperties"] = False
    if "const" in node.get("properties", {}).get("kind", {}):
        # pydantic writes the tag always, and can't read an alternative without it, but has it as a mere default.
        node["required"] = ["kind", *node.get("required", ())]
    if isinstance(options := node.get("anyOf"), list) and {"type": "null"} in options:
        _drop_null(node, [option for option in options if option != {"type": "null"}])


def _drop_null(node: JsonSchema, options: list[JsonSchema]) -> None:
    del node["anyOf"]
    if "default" in node and node["default"] is None:
        del node["default"]
    node.update(options[0] if len(options) == 1 else {"anyOf": options})


def _open(node: JsonSchema) -> None:
    if node.get("additionalProperties") is False and "patternProperties" not in node:
        del node["additionalProperties"]
    if node.pop("x-extensible-enum", False):
        del node["enum"]
