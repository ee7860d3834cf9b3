"""YAML files read into models; every fault is named with its file, line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from yaml.reader import ReaderError

from chassis.core.errors import StartError

M = TypeVar("M")


class _Loader(yaml.SafeLoader):
    """Leaves dates to the model, which can say where one is that no calendar has."""


def _as_written(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)


class FileFaults(StartError):
    """A file cannot be used; each of `faults` is one sentence that begins with file, line and column."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class FaultAt(ValueError):
    """Of a validator that sees more than one place: the last mention of this word is where the fault lies."""

    def __init__(self, word: str, message: str) -> None:
        super().__init__(message)
        self.word = word


def read_text(file: Path) -> str:
    """Raises FileFaults."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as exc:
        raise FileFaults([f"{file} cannot be read: {exc.strerror}"]) from exc
    except UnicodeDecodeError as exc:
        raise FileFaults([f"{file} is not UTF-8 at byte {exc.start + 1}"]) from exc


def read_yaml(file: Path, kind: TypeAdapter[M]) -> M:
    """What the file says, as the model. Raises FileFaults with every fault that was found."""
    node, data = _parsed(file)
    try:
        return kind.validate_python(data)
    except ValidationError as exc:
        errors = exc.errors(include_input=False, include_url=False)
        raise FileFaults([_fault(file, node, error) for error in errors]) from exc


def place_of(file: Path, word: str, *, last: bool = False) -> str:
    """File, line and column of the first (or last) mention of a code outside comments."""
    whole = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])")
    lines = enumerate(read_text(file).splitlines(), 1)
    found = [(number, one.start() + 1) for number, text in lines if (one := whole.search(text.partition("#")[0]))]
    return ":".join(map(str, (file.name, *(found[-1 if last else 0] if found else ()))))


def _parsed(file: Path) -> tuple[yaml.Node | None, Any]:
    text = read_text(file)
    try:
        loader = _Loader(text)
    except ReaderError as exc:
        raise FileFaults([f"{file.name}:{_place_in(text, exc.position)}: a sign that no YAML can have"]) from exc
    try:
        node = loader.get_single_node()
        if node is None:
            return None, None
        if faults := [_said(file, key.start_mark, f"{key.value} is there twice") for key in _repeated(node)]:
            raise FileFaults(faults)
        return node, loader.construct_document(node)
    except yaml.MarkedYAMLError as exc:
        raise FileFaults([_said(file, exc.problem_mark, f"not YAML: {exc.problem}")]) from exc
    except (yaml.YAMLError, ValueError) as exc:
        raise FileFaults([f"{file.name}: not YAML: {exc}"]) from exc
    except RecursionError as exc:
        raise FileFaults([f"{file.name}: a part of the file holds itself, or too many others one in another"]) from exc
    finally:
        loader.dispose()


def _repeated(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Keys that a mapping has already had: YAML readers would let the last one win without a word."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key
                seen.add(key.value)
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item)


def _fault(file: Path, node: yaml.Node | None, error: ErrorDetails) -> str:
    said, place = error["msg"].removeprefix("Value error, "), error["loc"]
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, FaultAt):
        return f"{place_of(file, cause.word, last=True)}: {said}"
    path = ".".join(str(part) for part in place)
    return _said(file, _mark(node, place), f"{path}: {said}" if path else said)


def _place_in(text: str, position: int) -> str:
    """Line and column, from 1."""
    before = text[:position]
    return f"{before.count(chr(10)) + 1}:{position - before.rfind(chr(10))}"


def _said(file: Path, mark: yaml.Mark | None, message: str) -> str:
    at = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
    return f"{file.name}{at}: {message}"


def _mark(node: yaml.Node | None, place: Sequence[int | str]) -> yaml.Mark | None:
    """Where the deepest part of the place is that the file has; parts that pydantic adds are passed over."""
    if node is None:
        return None
    mark: yaml.Mark = node.start_mark
    for part in place:
        found = _step(node, part)
        if found:
            mark, node = found
    return mark


def _step(node: yaml.Node, part: int | str) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark, value) for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark, node.value[part]
    return None
