"""What a process tells of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from chassis.core.settings import Settings


class TelemetrySettings(Settings):
    """Logs go to standard output, traces to a file where one is named."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="least level of a log line"
    )
    traces_file: Path | None = Field(default=None, description="file for finished spans, one JSON object a line")
