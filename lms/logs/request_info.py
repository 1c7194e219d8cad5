"""What log lines say of a request: its id, method and route, never its path, which may hold a code or a slip."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = b"x-request-id"
UNMATCHED = "(no route)"

# As nginx makes them ($request_id), or a UUID. Anything else could be a line of its own, or somebody's code.
_WELL_FORMED = re.compile("[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ids = random.Random()  # noqa: S311 (nobody must guess these; a thousand a second are made)


@dataclass(frozen=True, slots=True)
class RequestInfo:
    id: str
    method: str
    find_route: Callable[[], str]  # called for a line only: most requests log nothing


_current: ContextVar[RequestInfo | None] = ContextVar("request_info", default=None)


def current_request() -> RequestInfo | None:
    """The request that this thread or task handles."""
    return _current.get()


def set_current_request(info: RequestInfo) -> None:
    """For a task that handles nothing else."""
    _current.set(info)


@contextmanager
def handling_request(info: RequestInfo | None) -> Iterator[None]:
    """For a thread that handles one request after another."""
    token = _current.set(info)
    try:
        yield
    finally:
        _current.reset(token)


def choose_request_id(given: str | None) -> str:
    """The id that a proxy gave the request, if it is well-formed; else a new one."""
    if given is not None and _WELL_FORMED.fullmatch(given):
        return given
    return f"{_ids.getrandbits(128):032x}"
