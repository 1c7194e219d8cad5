"""From a log record to a line: JSON, or plain text for a terminal."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from lms.logs.outages import describe_error, find_outage
from lms.logs.request_info import current_request
from lms.vietnam_time import VIETNAM

# Nothing else gets into a line: a field that is added here must never hold anything about a person.
EXTRA_FIELDS = (
    "state", "count", "seconds", "status", "milliseconds", "error", "release", "courses", "held_back", "batch",
    "file", "closed", "counted", "anonymized", "moved", "course", "files", "found", "dropped",
)  # fmt: skip
_ORDER = ("time", "level", "event", "logger", "method", "route", "request_id", *EXTRA_FIELDS, "traceback")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

EventDict = MutableMapping[str, Any]


def make_formatter(log_format: str) -> logging.Formatter:
    """``log_format``: "json" or "plain"."""
    renderer: Callable[[Any, str, EventDict], str] = _render_json if log_format == "json" else _render_plain
    structlog.configure(
        processors=[structlog.stdlib.add_logger_name, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return structlog.stdlib.ProcessorFormatter(
        processors=[_add_fields, _describe_exception, _keep_known_fields, renderer]
    )


def _add_fields(_logger: Any, _method: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    event["time"] = datetime.fromtimestamp(record.created, VIETNAM).isoformat(timespec="milliseconds")
    event["level"] = record.levelname.lower()
    event["logger"] = record.name
    # The second line of a library's message may quote anything.
    event["event"] = _CONTROL.sub("?", str(event["event"]).strip().partition("\n")[0])
    for name in (*EXTRA_FIELDS, "route", "request_id", "method"):
        if name in record.__dict__:
            event[name] = record.__dict__[name]
    request = current_request()
    if request is not None and "request_id" not in event and "count" not in event:
        event.update(request_id=request.id, method=request.method, route=request.find_route())
    return event


def _describe_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the places in the code, without the values that its text may quote.

    A warning and an outage, of which the code is innocent, have no places.
    """
    exc_info = event.pop("exc_info", None)
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if not isinstance(error, BaseException):
        return event
    event["error"] = describe_error(error)
    if event["_record"].levelno >= logging.ERROR and not find_outage(error):
        event["traceback"] = [line for one in _causes(error) for line in _places(one)]
    return event


def _causes(error: BaseException) -> list[BaseException]:
    """The error, then what caused it."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return chain


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{_importable_path(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return [*places, describe_error(error)]


def _importable_path(file_name: str) -> str:
    """A file without the folder that Python imports it from: on a laptop that is in somebody's home, with the name."""
    roots = {str(Path(__file__).parents[2]), *sys.path}
    inside = (root for root in roots if root and file_name.startswith(root.rstrip(os.sep) + os.sep))
    return file_name.removeprefix(max(inside, key=len, default="")).lstrip(os.sep)


def _keep_known_fields(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {name: event[name] for name in _ORDER if event.get(name) is not None}


def _render_json(_logger: Any, _method: str, event: EventDict) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)


def _render_plain(_logger: Any, _method: str, event: EventDict) -> str:
    places = event.pop("traceback", [])
    head = f"{event.pop('time')} {event.pop('level').upper():8}{event.pop('event')}"
    fields = [f"{name}={_CONTROL.sub('?', str(value))}" for name, value in event.items()]
    return "\n    ".join(["  ".join([head, *fields]), *places])
