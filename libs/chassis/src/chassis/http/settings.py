"""Where a process listens."""

from __future__ import annotations

from pydantic import Field

from chassis.core.settings import Settings


class HttpSettings(Settings):
    """The public port is opened by the web role only; the health port by every role."""

    http_host: str = Field(default="127.0.0.1", description="address to listen on; 0.0.0.0 in a container")
    http_port: int = Field(default=8080, ge=1, le=65535, description="port of the API and pages")
    health_port: int = Field(default=9090, ge=1, le=65535, description="port of /live, /ready and /metrics")
