"""Where the registry's files are."""

import os
from pathlib import Path


def data_root() -> Path:
    """The folder that holds topics, receivers, frozen and examples; HYTE_SCHEMAS overrides the package's own."""
    override = os.environ.get("HYTE_SCHEMAS")
    return Path(override) if override else Path(__file__).parents[2]
