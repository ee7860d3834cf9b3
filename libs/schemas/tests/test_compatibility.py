"""What may change within a version of a stable topic."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

import jsonschema
import pytest
from pydantic import Field, create_model

from event_schemas.base import Contract, Value, closed_schema, extensible, opened_schema
from event_schemas.compatibility import incompatibilities


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Circle(Value):
    kind: Literal["circle"] = "circle"
    radius: int


class Square(Value):
    kind: Literal["square"] = "square"
    side: int


class Old(Contract):
    contract: ClassVar[str] = "test.thing.v1"

    name: Annotated[str, Field(pattern="^[a-z]+$")]
    note: str | None = None
    colour: Annotated[Colour | str, Field(union_mode="left_to_right"), extensible(Colour)] = Colour.RED
    shapes: tuple[Annotated[Circle | Square, Field(discriminator="kind")], ...] = ()
    names: dict[Annotated[str, Field(pattern="^[a-z]{2}$")], Circle] = Field(default_factory=dict)

    @classmethod
    def contract_name(cls) -> str:
        return cls.contract


def schema() -> dict[str, Any]:
    return closed_schema(Old)


def add_optional_field(new: dict[str, Any]) -> None:
    new["properties"]["extra"] = {"type": "integer"}


def add_optional_field_in_a_union(new: dict[str, Any]) -> None:
    new["$defs"]["Circle"]["properties"]["colour"] = {"type": "string"}


def add_code(new: dict[str, Any]) -> None:
    new["properties"]["colour"]["enum"].append("green")


def reword(new: dict[str, Any]) -> None:
    new["description"] = "Said better."


def require_new_field(new: dict[str, Any]) -> None:
    new["properties"]["extra"] = {"type": "integer"}
    new["required"].append("extra")


def no_longer_require(new: dict[str, Any]) -> None:
    new["required"].remove("name")


def remove_field(new: dict[str, Any]) -> None:
    del new["properties"]["note"]


def change_type(new: dict[str, Any]) -> None:
    new["properties"]["note"]["type"] = "integer"


def change_pattern(new: dict[str, Any]) -> None:
    new["properties"]["name"]["pattern"] = "^[a-z0-9]+$"


def change_default(new: dict[str, Any]) -> None:
    new["properties"]["colour"]["default"] = "blue"


def remove_code(new: dict[str, Any]) -> None:
    new["properties"]["colour"]["enum"].remove("blue")


def remove_alternative(new: dict[str, Any]) -> None:
    new["properties"]["shapes"]["items"]["oneOf"].pop()


def add_alternative(new: dict[str, Any]) -> None:
    line = {"type": "object", "properties": {"kind": {"const": "line"}}}
    new["properties"]["shapes"]["items"]["oneOf"].append(line)


def narrow_inside_a_map(new: dict[str, Any]) -> None:
    new["$defs"]["Circle"]["properties"]["radius"]["minimum"] = 1


def change_keys_of_a_map(new: dict[str, Any]) -> None:
    patterns = new["properties"]["names"]["patternProperties"]
    patterns["^[a-z]{3}$"] = patterns.pop("^[a-z]{2}$")


Change = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize("change", [add_optional_field, add_optional_field_in_a_union, add_code, reword])
def test_optional_addition_is_compatible(change: Change) -> None:
    new = schema()
    change(new)
    assert new != schema()
    assert incompatibilities(schema(), new) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (require_new_field, "document.extra became required"),
        (no_longer_require, "document.name is no longer required"),
        (remove_field, "document.note was removed"),
        (change_type, "document.note: type changed"),
        (change_pattern, "document.name: pattern changed"),
        (change_default, "document.colour: default changed"),
        (remove_code, "document.colour: code blue was removed"),
        (remove_alternative, "document.shapes[]: alternative square was removed"),
        (add_alternative, "document.shapes[]: alternative line was added"),
        (narrow_inside_a_map, "radius: minimum changed"),
        (change_keys_of_a_map, "was removed"),
    ],
)
def test_other_change_is_told_in_a_sentence(change: Change, told: str) -> None:
    new = schema()
    change(new)
    assert any(told in sentence for sentence in incompatibilities(schema(), new))


def test_old_and_new_read_each_other_after_an_optional_addition() -> None:
    new_model = create_model("New", __base__=Old, extra=(int | None, None))
    old_data = Old(name="a", colour="red", shapes=(Circle(radius=1),)).to_json()
    new_data = new_model.model_validate(
        {"name": "a", "extra": 5, "colour": "green", "shapes": [{"kind": "circle", "radius": 2}]}
    )

    assert new_model.from_json(old_data).name == "a"
    assert Old.from_json(new_data.to_json()).colour == "green"
    old_reader = jsonschema.Draft202012Validator(opened_schema(closed_schema(Old)))
    old_reader.validate(new_data.model_dump(mode="json", exclude_none=True))


def test_tag_of_a_union_is_required() -> None:
    assert "kind" in schema()["$defs"]["Circle"]["required"]


def test_opened_schema_leaves_the_frozen_one_alone() -> None:
    frozen = schema()
    opened_schema(frozen)
    assert frozen == schema()
