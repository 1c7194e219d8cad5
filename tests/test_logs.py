"""Log lines: their shape, what they leave out, and that an error which repeats is told twice at most."""

from __future__ import annotations

import ast
import asyncio
import errno
import importlib
import io
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import structlog
from sqlalchemy.exc import OperationalError

import lms
from lms.logs import repeated_errors
from lms.logs.configuration import log_loop_exception
from lms.logs.outages import Outage
from lms.logs.rendering import EXTRA_FIELDS, make_formatter
from lms.logs.repeated_errors import MAX_OPEN, RepeatHandler
from lms.logs.request_info import RequestInfo, handling_request

TYPED = "0903123456 của bác Lan"


class Log:
    """A logger with our handler, its clock, and what it wrote."""

    def __init__(self, log_format: str = "json") -> None:
        self.now = 1000.0
        self._stream = io.StringIO()
        target = logging.StreamHandler(self._stream)
        target.setFormatter(make_formatter(log_format))
        self.handler = RepeatHandler(target, clock=lambda: self.now, threaded=False)

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.text.splitlines()]

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds
        self.handler.log_ended_errors()


@pytest.fixture
def log() -> Iterator[Log]:
    log = Log()
    with attached(log):
        yield log


@pytest.fixture
def plain() -> Iterator[Log]:
    log = Log("plain")
    with attached(log):
        yield log


class attached:
    """All loggers write to this log alone."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def __enter__(self) -> None:
        root, lms = logging.getLogger(), logging.getLogger("lms")
        self._before = root.handlers[:], root.level, lms.level, structlog.get_config()
        root.handlers[:] = [self._log.handler]
        root.setLevel(logging.WARNING)
        lms.setLevel(logging.DEBUG)

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        handlers, level, lms_level, _ = self._before
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.getLogger("lms").setLevel(lms_level)
        structlog.reset_defaults()


ours = logging.getLogger("lms.web")


def fail_with(error: Exception, logger: logging.Logger = ours, message: str = "unexpected error") -> None:
    try:
        raise error
    except type(error) as raised:
        logger.error(message, exc_info=raised)


def database_away() -> OperationalError:
    driver = sqlite3.OperationalError("unable to open database file")
    driver.sqlite_errorcode, driver.sqlite_errorname = sqlite3.SQLITE_CANTOPEN, "SQLITE_CANTOPEN"
    return OperationalError("SELECT", {}, driver)


def test_a_line_has_time_level_event_route_and_request_id_and_never_the_path(log):
    info = RequestInfo("0" * 32, "GET", lambda: "/vao/<token>")
    with handling_request(info):
        ours.warning("something odd")
    ours.info("the next thing")
    odd, following = log.lines
    assert odd["time"].endswith("+07:00")
    assert {name: odd[name] for name in ("level", "event", "logger", "method", "route", "request_id")} == {
        "level": "warning", "event": "something odd", "logger": "lms.web",
        "method": "GET", "route": "/vao/<token>", "request_id": "0" * 32,
    }  # fmt: skip
    assert "route" not in following


def test_the_same_line_on_a_terminal(plain):
    with handling_request(RequestInfo("0" * 32, "GET", lambda: "/vao/<token>")):
        fail_with(ValueError(TYPED))
    head, *places = plain.text.splitlines()
    assert "ERROR   unexpected error  logger=lms.web  method=GET  route=/vao/<token>" in head
    assert any("test_logs.py" in place and place.startswith("    ") for place in places)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(TYPED),
        KeyError(TYPED),
        UnicodeEncodeError("ascii", TYPED, 0, 1, TYPED),
        OSError(errno.EACCES, "denied", TYPED),
        OperationalError(f"INSERT {TYPED}", {"a": TYPED}, sqlite3.OperationalError(TYPED)),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("logger", ["lms.web", "uvicorn.error", "sqlalchemy.pool", "asyncio"])
def test_an_error_is_told_by_type_and_place_but_not_by_what_it_quotes(log, error, logger):
    try:
        raise RuntimeError(TYPED) from error
    except RuntimeError as raised:
        logging.getLogger(logger).error(f"it failed\n{TYPED}", exc_info=raised)
    assert "0903123456" not in log.text
    assert "Lan" not in log.text
    [line] = log.lines
    assert line["event"] == "it failed"
    assert line["error"] == "RuntimeError"
    assert any(type(error).__name__ in place for place in line["traceback"])
    assert any("tests/test_logs.py" in place for place in line["traceback"])


def test_nothing_but_known_fields_gets_into_a_line(log):
    ours.warning("first", extra={"name_of_learner": TYPED, "status": 503})
    structlog.stdlib.get_logger("lms.other").warning("second", name=TYPED, status=200)
    assert [line["status"] for line in log.lines] == [503, 200]
    assert "Lan" not in log.text


def test_a_place_in_a_library_is_told_without_the_folders_above_it(log, tmp_path, monkeypatch):
    home = tmp_path / "Lan"
    home.mkdir()
    (home / "a_library_of_lan.py").write_text("def fail():\n    raise ValueError\n", "utf-8")
    monkeypatch.syspath_prepend(home)
    try:
        importlib.import_module("a_library_of_lan").fail()
    except ValueError as error:
        ours.error("unexpected error", exc_info=error)
    ours_at, library_at, _ = log.lines[0]["traceback"]
    assert ours_at.startswith("tests/test_logs.py:")
    assert library_at == "a_library_of_lan.py:2 fail"


def test_every_field_that_a_log_call_adds_is_a_known_one():
    calls = (
        node
        for path in Path(lms.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict)
    )
    added = {ast.literal_eval(key) for call in calls for key in call.value.keys if isinstance(key, ast.Constant)}
    assert "batch" in added
    assert added - set(EXTRA_FIELDS) == set()


def test_a_message_cannot_begin_a_line_of_its_own(plain):
    ours.warning("odd \x1b[2J\rINFO %s", "a\u2028b")
    assert len(plain.text.splitlines()) == 1
    assert "\x1b" not in plain.text


def test_an_error_that_repeats_is_told_when_it_begins_and_when_it_has_ended(log):
    for _ in range(1000):
        fail_with(ValueError())
        log.now += 0.01
    assert len(log.lines) == 1
    log.pass_seconds(5)
    assert len(log.lines) == 1
    log.pass_seconds(6)
    [began, ended] = log.lines
    assert began["event"] == ended["event"] == "unexpected error"
    assert (ended["state"], ended["count"], ended["seconds"]) == ("ended", 1000, 10.0)
    fail_with(ValueError())
    assert len(log.lines) == 3


def test_errors_of_different_places_are_told_each_and_one_that_came_once_has_no_end(log):
    fail_with(ValueError())
    fail_with(KeyError())
    fail_with(ValueError(), message="another event")
    log.pass_seconds(60)
    assert len(log.lines) == 3


def test_an_outage_is_one_event_whoever_logs_it_and_has_no_traceback(log):
    for logger in ("lms.web", "lms.learning.store.writer", "sqlalchemy.pool.impl.QueuePool", "uvicorn.error"):
        fail_with(database_away(), logging.getLogger(logger), "whatever happened")
    [line] = log.lines
    assert (line["event"], line["state"], line["error"]) == (
        "database unreachable", "began", "OperationalError: OperationalError SQLITE_CANTOPEN",
    )  # fmt: skip
    assert "traceback" not in line


def test_an_outage_has_ended_when_the_database_responds_again(log):
    answers = iter([False, ConnectionError(), True])

    def probe() -> bool:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    log.handler.set_probe(Outage.DATABASE, probe)
    fail_with(database_away())
    for _ in range(2):
        log.pass_seconds(600)
    assert len(log.lines) == 1
    log.pass_seconds(600)
    assert [line["state"] for line in log.lines] == ["began", "ended"]


def test_an_error_of_a_loop_is_told_without_its_sockets(log):
    context = {"message": "socket.accept() out of system resource", "socket": TYPED}
    for _ in range(100):
        log_loop_exception(None, context | {"exception": OSError(errno.EMFILE, "Too many open files")})
    log.pass_seconds(10)
    assert [(line["event"], line["state"]) for line in log.lines] == [
        ("too many open files", "began"), ("too many open files", "ended"),
    ]  # fmt: skip
    assert "Lan" not in log.text


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (f"Exception in callback Hub.send('{TYPED}') at hub.py:1", "Exception in callback Hub.send"),
        (f"Task <Task finished exception=ValueError('{TYPED}')> has errored out", "Task"),
        ("socket.accept() out of system resource: 100 %", "socket.accept() out of system resource: 100 %"),
    ],
)
def test_an_error_of_a_loop_is_told_without_the_values_in_its_message(log, message, told):
    log_loop_exception(None, {"message": message, "exception": ValueError(TYPED)})
    assert [line["event"] for line in log.lines] == [told]
    assert "Lan" not in log.text


def test_an_error_of_a_callback_is_told_without_its_arguments(log):
    async def fail_in_callback() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(log_loop_exception)
        loop.call_soon(int, TYPED)
        await asyncio.sleep(0)

    with ThreadPoolExecutor(1) as other:  # a browser test before may have left its loop in this thread
        other.submit(asyncio.run, fail_in_callback()).result()
    [line] = log.lines
    assert (line["event"], line["error"]) == ("Exception in callback int", "ValueError")
    assert "Lan" not in log.text


def test_a_wrong_log_call_is_told_and_fails_nobody(log):
    ours.warning("%d answers", TYPED)
    [line] = log.lines
    assert line["event"].startswith("a log call is wrong: test_logs.py:")
    assert "Lan" not in log.text


def test_an_outage_that_a_warning_tells_first_is_an_error_all_the_same(log):
    try:
        raise database_away()
    except OperationalError as error:
        ours.warning("failed with a retryable error", exc_info=error)
    log.pass_seconds(60)
    assert [line["level"] for line in log.lines] == ["error", "error"]


def test_an_end_is_told_although_no_thread_could_be_started_at_first(monkeypatch):
    log = Log()
    log.handler._threaded = True

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with attached(log):
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", refuse)
            fail_with(database_away())
        monkeypatch.setattr(repeated_errors, "TICK_SECONDS", 0.01)
        fail_with(database_away())
        log.now += 60
        running = log.handler._thread
        assert running
        running.join(10)
    assert [(line["state"], line.get("count")) for line in log.lines] == [("began", None), ("ended", 2)]


def test_what_goes_on_at_the_end_of_the_process_is_told(log):
    for _ in range(3):
        fail_with(ValueError())
    log.handler.close()
    assert (log.lines[-1]["state"], log.lines[-1]["count"]) == ("still going on at the end of the process", 3)


def test_an_open_error_is_counted_as_itself_when_there_are_many_others(log):
    fail_with(ValueError())
    for number in range(MAX_OPEN):
        ours.error("error %d", number)
    fail_with(ValueError())
    log.pass_seconds(60)
    assert [line["count"] for line in log.lines if line["event"] == "unexpected error" and "count" in line] == [2]


def test_endlessly_many_different_errors_are_few_lines(log):
    for number in range(2 * MAX_OPEN):
        ours.error("error %d", number)
    assert len(log.lines) == MAX_OPEN + 1
