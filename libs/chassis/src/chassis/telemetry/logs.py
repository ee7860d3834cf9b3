"""Structured logs: one JSON object a line on standard output; events with fields, never payloads or personal data."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from chassis.telemetry.traces import current_trace_id


def set_up_logs(service: str, *, level: str = "INFO", stream: TextIO = sys.stdout) -> None:
    """Routes structlog and the standard library's loggers through one JSON formatter."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        _without_exception_text,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(
                serializer=lambda event, **_: orjson.dumps(event, default=_as_text).decode()
            ),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # httpx logs whole URLs, uvicorn's access log query strings: both may carry what a person typed.
    for name in ("httpx", "httpcore", "uvicorn.access", "aiokafka", "faststream"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)


def log_without_texts(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The event loop's exception handler: its own writes the exception's text into the message."""
    log = structlog.get_logger("asyncio")
    log.error(
        "unhandled in the event loop", exc_info=context.get("exception"), about=str(context.get("message", ""))[:80]
    )


def _with_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    trace_id = current_trace_id()
    if trace_id:
        event["trace_id"] = trace_id
    return event


def _without_exception_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keeps an exception's type and place, drops its text: texts of foreign errors may quote what was handled."""
    given = event.pop("exc_info", None)
    if given is True:
        error = sys.exc_info()[1]
    elif isinstance(given, tuple):
        error = given[1]
    else:
        error = given
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__name__
        event["error_at"] = _places(error)
    return event


def _as_text(value: object) -> str:
    return type(value).__name__ if isinstance(value, BaseException) else str(value)


def _places(error: BaseException) -> list[str]:
    places: list[str] = []
    step = error.__traceback__
    while step is not None:
        places.append(f"{step.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{step.tb_lineno}")
        step = step.tb_next
    return places[-8:]
