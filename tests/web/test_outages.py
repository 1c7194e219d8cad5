"""A database that is away and a full disk are told as such: 503, when to come back, and what is safe."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from lms.http.error_responses import error_text
from lms.learning.learners import learner_store
from lms.web import errors
from tests.web.learner_actions import answer_all


def sqlite_error(*statements: str) -> sqlite3.Error:
    """What SQLite itself raises."""
    connection = sqlite3.connect(":memory:")
    try:
        with pytest.raises(sqlite3.OperationalError) as raised:
            for statement in statements:
                connection.execute(statement)
        return raised.value
    finally:
        connection.close()


def postgresql_error(sqlstate: str | None) -> Exception:
    import psycopg

    class Refused(psycopg.OperationalError):
        pass

    Refused.sqlstate, Refused.__module__ = sqlstate, "psycopg.errors"
    return Refused("it quotes 'Lan'")


def full_sqlite() -> sqlite3.Error:
    return sqlite_error("CREATE TABLE a (b)", "PRAGMA max_page_count = 2", "INSERT INTO a VALUES (zeroblob(99999))")


def caused_by(error: Exception) -> Exception:
    failed = RuntimeError("a library wraps it")
    failed.__cause__ = error
    return failed


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (OperationalError("INSERT", {}, full_sqlite()), "Máy chủ hết chỗ ghi"),
        (OperationalError("INSERT", {}, postgresql_error("53100")), "Máy chủ hết chỗ ghi"),
        (OSError(errno.ENOSPC, "No space left on device"), "Máy chủ hết chỗ ghi"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "Máy chủ hết chỗ ghi"),
        (OSError(errno.EMFILE, "Too many open files"), "Đang có nhiều người gửi cùng lúc"),
        (OSError(errno.EACCES, "Permission denied"), "Máy chủ bị vấp"),
        (caused_by(OSError(errno.ENOSPC, "No space left on device")), "Máy chủ hết chỗ ghi"),
        (OperationalError("SELECT", {}, sqlite_error("ATTACH '/khong/co' AS x")), "Kho dữ liệu đang nghỉ"),
        (OperationalError("SELECT", {}, postgresql_error(None)), "Kho dữ liệu đang nghỉ"),
        (OperationalError("SELECT", {}, postgresql_error("57P03")), "Kho dữ liệu đang nghỉ"),
        (PoolTimeout("QueuePool limit"), "Kho dữ liệu đang nghỉ"),
        (OperationalError("SELECT", {}, postgresql_error("55P03")), "Đang có nhiều người gửi cùng lúc"),
        (OperationalError("SELECT", {}, sqlite_error("SELECT * FROM nowhere")), "Máy chủ bị vấp"),
    ],
)
def test_which_database_errors_are_an_outage(error, title):
    assert error_text(error).title == title


@pytest.mark.parametrize(
    ("path", "way_back"),
    [
        ("/toi", "/toi"),
        ("/vao/slip-of-a-volunteer", None),
        ("//other.example/toi", "/other.example/toi"),
        ("/\\other.example", None),
    ],
)
def test_the_link_that_tries_again_leads_to_this_site_only(app, path, way_back):
    with app.test_request_context(environ_overrides={"PATH_INFO": path}):
        tried = errors._same_page()
    assert (tried and tried[0]) == way_back


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_form_on_a_full_disk_is_refused_with_a_sentence(app, lan, monkeypatch, accept):
    answer_all(lan)

    def fails(*_anything) -> None:
        raise OperationalError("UPDATE", {}, full_sqlite())

    monkeypatch.setattr(learner_store, "rename_learner", fails)
    refused = lan.post("/toi/ten", data={"ten": "Lan"}, headers={"Accept": accept})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    said = refused.json["error"] if accept == "application/json" else refused.text
    assert "Đĩa của máy chủ đã đầy" in said
    assert lan.get("/toi").status_code == 200
