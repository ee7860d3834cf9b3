"""Templates as files: `<name>/<version>.yaml`, and the forbidden words beside them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chassis.core.errors import StartError
from notify.domain.templates import Template, Templates

_FORBIDDEN_WORDS = "forbidden_words.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Approval(_Strict):
    by: Annotated[str, Field(min_length=1)]
    date: date
    sha256: str


class _TemplateFile(_Strict):
    approved: _Approval | None = None
    texts: dict[Annotated[str, Field(pattern="^[a-z]{2,3}$")], str]


def read_templates(folder: Path) -> Templates:
    """All of them, approved or not. A StartError names the file that can't be read."""
    return Templates([_read(file) for file in sorted(folder.glob("*/*.yaml"))])


def read_forbidden_stems(folder: Path) -> list[str]:
    """The stems of all languages together."""
    file = folder / _FORBIDDEN_WORDS
    try:
        by_language = TypeAdapter(dict[str, list[str]]).validate_python(yaml.safe_load(file.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as exc:
        raise StartError(f"the list of forbidden words {file} cannot be read ({type(exc).__name__})") from exc
    return sorted({stem for stems in by_language.values() for stem in stems})


def _read(file: Path) -> Template:
    try:
        content = _TemplateFile.model_validate(yaml.safe_load(file.read_text("utf-8")))
        version = int(file.stem)
    except (yaml.YAMLError, ValueError) as exc:
        raise StartError(f"the template {file} cannot be read ({type(exc).__name__})") from exc
    digest = content.approved.sha256 if content.approved is not None else None
    return Template(file.parent.name, version, content.texts, digest)
