"""Where the registry's files are."""

import os
from functools import cache
from pathlib import Path


def data_root() -> Path:
    """The folder that holds topics, receivers, frozen and examples; HYTE_SCHEMAS overrides the package's own."""
    return _root(os.environ.get("HYTE_SCHEMAS"))


# Asked several times for every record.
@cache
def _root(override: str | None) -> Path:
    return Path(override) if override else Path(__file__).parents[2]
