"""An error that repeats is logged once when it begins and once when it has ended, with its count."""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Any

from lms.logs.outages import Outage, find_outage
from lms.logs.rendering import EXTRA_FIELDS

TICK_SECONDS = 1.0
QUIET_SECONDS = 10.0  # without another one, an error has ended
# An outage has ended once its probe says so. Without a probe: after this time without another error.
OUTAGE_QUIET_SECONDS: Mapping[Outage, float] = MappingProxyType(
    {Outage.DATABASE: 2.0, Outage.DISK: 60.0, Outage.FILES: 5.0}
)
MAX_OPEN = 256  # different errors at a time; more of them count as one for each logger
_DIGITS = re.compile(r"0x[0-9a-f]+|[0-9]+")

Probe = Callable[[], bool]  # whether the outage has ended; may raise or take long, and is called in a thread of its own


@dataclass(slots=True)
class _Repeated:
    first: logging.LogRecord  # without its exception, whose traceback would keep a request alive
    outage: Outage | None
    began_at: float
    last_at: float
    count: int = 1


class RepeatHandler(logging.Handler):
    """Passes records on to ``target``, but of an error that repeats only the first.

    The end is told by a record with the same event and the fields ``state``, ``count`` and ``seconds``: by a thread
    that runs while an error is open, or when the process ends.
    """

    def __init__(
        self, target: logging.Handler, *, clock: Callable[[], float] = time.monotonic, threaded: bool = True
    ) -> None:
        super().__init__()
        self._guard: Any = self.lock  # logging holds it around emit
        self._target = target
        self._clock = clock
        self._threaded = threaded
        self._open: dict[Hashable, _Repeated] = {}
        self._thread: threading.Thread | None = None
        self._probes: dict[Outage, Probe] = {}

    def set_probe(self, outage: Outage, probe: Probe | None) -> None:
        with self._guard:
            if probe is None:
                self._probes.pop(outage, None)
            else:
                self._probes[outage] = probe

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: a log call that is wrong must not become the failure of a request."""
        try:
            self._emit(record)
        except Exception:
            record.msg, record.args = f"a log call is wrong: {record.filename}:{record.lineno}", ()
            self._target.handle(record)

    def _emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.msg, dict):
            record = _as_standard_record(record, record.msg)
        if record.levelno < logging.WARNING:
            self._target.handle(record)
            return
        error = record.exc_info[1] if record.exc_info else None
        outage, now = find_outage(error), self._clock()
        key = outage or self._key(record, error)
        repeated = self._open.get(key)
        if repeated is not None:
            repeated.count += 1
            repeated.last_at = now
            self._start_thread()
            return
        record.msg, record.args = str(outage or record.getMessage()), ()
        if outage:  # the same line whoever sees it first: some log it as a warning, since the request is innocent
            record.levelno, record.levelname = logging.ERROR, logging.getLevelName(logging.ERROR)
            record.state = "began"
        self._open[key] = _Repeated(_without_exception(record), outage, now, now)
        self._target.handle(record)
        self._start_thread()

    def log_ended_errors(self) -> None:
        """Log the end of each error that has ended."""
        with self._guard:
            quiet = {key: one for key, one in self._open.items() if self._is_quiet(one)}
        for key, repeated in quiet.items():
            last_at = repeated.last_at
            if not self._probe(repeated.outage):  # without the lock: a probe may wait for the database
                continue
            with self._guard:
                if repeated.last_at == last_at and self._open.pop(key, None):
                    self._log_end(repeated, "ended")

    def close(self) -> None:
        """Log the errors that have not ended by the end of the process."""
        with self._guard:
            for repeated in self._open.values():
                self._log_end(repeated, "still going on at the end of the process")
            self._open.clear()
        super().close()

    def _key(self, record: logging.LogRecord, error: BaseException | None) -> Hashable:
        text = record.getMessage().partition("\n")[0]
        if not record.name.startswith("lms"):
            text = _DIGITS.sub("#", text)  # such as addresses and numbers of sockets
        key = record.name, record.levelno, text, type(error), _origin(error.__traceback__ if error else None)
        return key if key in self._open or len(self._open) < MAX_OPEN else (record.name, record.levelno)

    def _is_quiet(self, repeated: _Repeated) -> bool:
        seconds = OUTAGE_QUIET_SECONDS[repeated.outage] if repeated.outage else QUIET_SECONDS
        return self._clock() - repeated.last_at >= seconds

    def _probe(self, outage: Outage | None) -> bool:
        probe = self._probes.get(outage) if outage else None
        try:
            return probe is None or probe()
        except Exception:
            return False

    def _log_end(self, repeated: _Repeated, state: str) -> None:
        if repeated.count == 1 and not repeated.outage:
            return
        first = repeated.first
        told = _without_exception(first)
        told.state, told.count = state, repeated.count
        told.seconds = round(repeated.last_at - repeated.began_at, 1)
        self._target.handle(told)

    def _start_thread(self) -> None:
        if self._threaded and self._thread is None:
            thread = threading.Thread(target=self._run, name="log-repeats", daemon=True)
            with suppress(RuntimeError):  # no thread can be started now: the next error tries again
                thread.start()
                self._thread = thread

    def _run(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            with suppress(Exception):  # no other thread logs the ends
                self.log_ended_errors()
            with self._guard:
                if not self._open:
                    self._thread = None
                    return


def _as_standard_record(record: logging.LogRecord, event: Mapping[str, Any]) -> logging.LogRecord:
    """What structlog's own loggers send, as the standard ones would have sent it."""
    error = event.get("exc_info")
    error = sys.exc_info()[1] if error is True else error
    exc_info = (type(error), error, error.__traceback__) if isinstance(error, BaseException) else None
    text = str(event.get("event", ""))
    told = logging.LogRecord(record.name, record.levelno, record.pathname, record.lineno, text, (), exc_info)
    vars(told).update({name: value for name, value in event.items() if name in EXTRA_FIELDS})
    return told


def _without_exception(record: logging.LogRecord) -> logging.LogRecord:
    return logging.LogRecord(record.name, record.levelno, record.pathname, record.lineno, record.msg, (), None)


def _origin(traceback: TracebackType | None) -> tuple[str, int] | None:
    """Where an exception was raised."""
    if traceback is None:
        return None
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
