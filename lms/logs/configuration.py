"""Set up the standard ``logging`` of a process that serves."""

from __future__ import annotations

import logging
import re
import sys
import threading
from typing import Any

from lms.logs.outages import Outage
from lms.logs.rendering import make_formatter
from lms.logs.repeated_errors import Probe, RepeatHandler

# "Exception in callback NAME(ARGUMENTS)", "Task <Task … exception=ValueError(…)> has errored out"
_BEFORE_VALUES = re.compile(r"(?:[^<(]|\(\))*")
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}


def configure_logging(log_format: str, level: str) -> None:
    """Send all log records of this process to stderr.

    ``log_format``: "json" or "plain"; "" for plain on a terminal, else JSON. ``level`` is that of our own loggers:
    libraries are heard from warning on, since what they say below that quotes rows and requests.
    """
    is_terminal = sys.stderr is not None and sys.stderr.isatty()  # None under pythonw on Windows
    target = logging.StreamHandler(sys.stderr)
    target.setFormatter(make_formatter(log_format or ("plain" if is_terminal else "json")))
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.addHandler(RepeatHandler(target))
    root.setLevel(logging.WARNING)
    logging.getLogger("lms").setLevel(LEVELS[level])
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a line that cannot be written would be printed with all that it quotes
    threading.excepthook = _log_thread_exception
    sys.unraisablehook = _log_unraisable


def is_configured() -> bool:
    return bool(logging.getLogger().handlers)


def set_outage_probe(outage: Outage, probe: Probe | None) -> None:
    """Let ``probe`` decide when an outage has ended."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, RepeatHandler):
            handler.set_probe(outage, probe)


def flush_repeats() -> None:
    """Tell which errors have not ended, before the process ends by a signal, which calls no atexit function."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, RepeatHandler):
            handler.close()


def log_loop_exception(_loop: object, context: dict[str, Any]) -> None:
    """An exception handler for an event loop; asyncio's own writes out tasks and sockets with what they hold."""
    message = _BEFORE_VALUES.match(str(context.get("message") or "unhandled error"))
    logging.getLogger("asyncio").error("%s", message and message[0], exc_info=context.get("exception"))


def _log_thread_exception(args: threading.ExceptHookArgs) -> None:
    logging.getLogger("lms").error("a thread failed", exc_info=args.exc_value)


def _log_unraisable(args: sys.UnraisableHookArgs) -> None:
    logging.getLogger("lms").error("an error could not be raised", exc_info=args.exc_value)
