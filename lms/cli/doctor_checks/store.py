"""Checks that ask the database: its tables, clock and connections, and the keys that it knows."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from lms.cli.doctor_checks.finding import CONNECT_SECONDS, ExaminedEnvironment, Finding
from lms.config import KEY_MISMATCH, SECRET_KEY_FILE, SIGNING_KEY_LOST, lost_key_sentence, split_secret_keys
from lms.os_error_messages import database_error_message

CLOCK_WARNING, CLOCK_FAULT = 2, 60  # seconds between this machine and the database's
SPARE_CONNECTIONS = 5  # of PostgreSQL, for lms db, backups and monitoring
UNKNOWN_KEYS: tuple[bool | None, set[str], bool] = (None, set(), False)

Query = Callable[[str], Any]


def check_database(site: ExaminedEnvironment) -> Iterator[Finding]:
    from lms.learning.store.migrate import known_revisions, latest_revision
    from lms.monitoring.disk import size_in_words

    if not site.is_city and not site.sqlite_path.exists():
        yield Finding("ok", f"Kho {site.sqlite_path} chưa có; lần mở đầu sẽ tạo.")
        return
    with _database(site) as query:
        kind = "PostgreSQL" if site.is_city else f"SQLite, {size_in_words(site.sqlite_path.stat().st_size)}"
        revision = (
            query("SELECT version_num FROM alembic_version") if _has_table(site, query, "alembic_version") else None
        )
    needed = latest_revision()
    if revision == needed:
        yield Finding("ok", f"Kho trả lời ({kind}), bảng ở {revision}.")
    elif revision is not None and revision not in known_revisions():
        remedy = "cài bản lms đã lập kho; kho trước 1.0: lập kho mới"
        yield Finding("fault", f"Kho ở {revision}, không phải của bản này ({needed}).", remedy)
    elif site.is_city:
        yield Finding(
            "fault",
            f"Bảng ở {revision}, bản này cần {needed}." if revision else f"Kho chưa có bảng nào, bản này cần {needed}.",
            "lms backup before.bak; lms db upgrade" if revision else "lms db upgrade",
        )
    else:
        yield Finding("ok", f"Kho trả lời ({kind}), bảng ở {revision or 'chưa có'}; lần mở tới sẽ lên {needed}.")


def check_clock(site: ExaminedEnvironment) -> Iterator[Finding]:
    from lms.release import this_release

    now = datetime.now(UTC)
    released = this_release().date[:10]
    if released[:2] == "20" and now.strftime("%Y-%m-%d") < released:
        yield Finding(
            "fault",
            f"Đồng hồ máy chỉ {now:%d/%m/%Y}, trước cả ngày làm ra bản này ({released}).",
            "sudo timedatectl set-ntp true",
        )
        return
    if not site.is_city:
        with suppress(OSError):
            ahead = site.sqlite_path.stat().st_mtime - time.time()
            if ahead > CLOCK_FAULT:
                text = f"Kho được ghi lần cuối {ahead / 60:.0f} phút sau giờ của máy: đồng hồ chạy lùi."
                yield Finding("warning", text, "sudo timedatectl set-ntp true")
                return
        yield Finding("ok", f"Đồng hồ máy: {now:%d/%m/%Y %H:%M} UTC.")
        return
    with _database(site) as query:
        asked = time.time()
        store = float(query("SELECT extract(epoch FROM clock_timestamp())"))
        apart = abs(store - (asked + time.time()) / 2)
    if apart > CLOCK_WARNING:
        yield Finding(
            "fault" if apart > CLOCK_FAULT else "warning",
            f"Đồng hồ máy này và máy của kho lệch nhau {apart:.0f} giây.",
            "sudo timedatectl set-ntp true    # ở cả hai máy",
        )
    else:
        yield Finding("ok", f"Đồng hồ máy này và máy của kho lệch nhau {apart:.1f} giây.".replace(".", ",", 1))


def check_connections(site: ExaminedEnvironment) -> Iterator[Finding]:
    if not site.is_city:
        yield Finding("ok", "SQLite không giới hạn số kết nối.")
        return
    from lms.server import MAX_CONNECTIONS

    with _database(site) as query:
        most = int(query("SHOW max_connections"))
        reserved = int(query("SELECT sum(setting::int) FROM pg_settings WHERE name LIKE '%reserved_connections'") or 0)
    needed = site.workers * MAX_CONNECTIONS + SPARE_CONNECTIONS
    sizes = f"{site.workers} tiến trình × {MAX_CONNECTIONS} kết nối + {SPARE_CONNECTIONS} = {needed}"
    if needed > most - reserved:
        yield Finding(
            "fault",
            f"{sizes}, mà PostgreSQL cho {most - reserved}.",
            f'psql -c "ALTER SYSTEM SET max_connections = {needed + reserved}"    # rồi mở lại PostgreSQL',
        )
    else:
        yield Finding("ok", f"{sizes}; PostgreSQL cho {most - reserved}.")


def check_keys(site: ExaminedEnvironment) -> Iterator[Finding]:
    from lms.learning.badges.keys import has_private_key, read_key_ring
    from lms.learning.startup_errors import InvalidSigningKey
    from lms.learning.store.learning_code_key import secret_id

    path, given = site.data_dir / SECRET_KEY_FILE, site.environ.get("LMS_SECRET_KEY")
    signing = site.environ.get("LMS_SIGNING_KEY") or None
    has_people, wrapped, published = stored = _stored_keys(site)
    if stored == UNKNOWN_KEYS:
        yield Finding("warning", "Kho không trả lời, nên chưa so được khóa với kho.", "lms doctor    # khi kho trả lời")
    secret = given or (path.read_text("ascii").strip() if path.exists() else "")
    if secret:
        keys = split_secret_keys(secret)
        if wrapped and wrapped.isdisjoint(map(secret_id, keys)):
            yield Finding("fault", KEY_MISMATCH, "lms key list")
        elif len(set(secret)) < 8 or len(secret) < 32:
            yield Finding("fault", "Khóa của trang (LMS_SECRET_KEY) quá dễ đoán.", "lms key secret")
        else:
            beside = f", {len(keys) - 1} khóa cũ bên cạnh" if len(keys) > 1 else ""
            yield Finding("ok", f"Khóa của trang có{beside}.")
    elif has_people:
        yield Finding("fault", lost_key_sentence(site.data_dir), "lms restore TỆP    # hay: lms key lost --yes")
    else:
        yield Finding("ok", "Khóa của trang chưa có; kho còn trống thì lần mở đầu sẽ tạo.")
    try:
        name = read_key_ring(site.data_dir, signing).name if has_private_key(site.data_dir, signing) else ""
    except InvalidSigningKey:
        where = "LMS_SIGNING_KEY" if signing else site.data_dir / "signing-keys.json"
        yield Finding("fault", f"Khóa ký huy hiệu không đọc được: {where}.", "lms key new --print")
        return
    if not name and published and not site.is_city:
        yield Finding("fault", SIGNING_KEY_LOST, "lms key new")
    elif site.is_city and not (given and signing):
        missing = " và ".join(each for each in ("LMS_SECRET_KEY", "LMS_SIGNING_KEY") if not site.environ.get(each))
        text = f"Chưa đặt {missing}: máy thứ hai của thành phố sẽ không biết khóa của máy này."
        yield Finding("warning", text, "lms key secret --print; lms key new --print")
    else:
        made = "Khóa ký chưa có; chưa ai ký thì lần mở đầu sẽ tạo."
        yield Finding("ok", f"Khóa ký huy hiệu: {name}." if name else made)


def database_failure(site: ExaminedEnvironment, check: str, error: Exception) -> Finding | None:
    """What a check says that could not ask the database; None for another error."""
    import psycopg
    from sqlalchemy import make_url

    if not isinstance(error, (sqlite3.Error, psycopg.Error)):
        return None
    if check != "database":
        return Finding("warning", "Chưa xem được, vì kho không trả lời.", "lms doctor    # sau khi sửa dòng Kho")
    if site.is_city:
        url = make_url(site.database_url)
        remedy = f"pg_isready -h {url.host or '/var/run/postgresql'} -p {url.port or 5432}; systemctl status postgresql"
        return Finding("fault", f"Kho không trả lời: {database_error_message(_first_line(error))}.", remedy)
    why = database_error_message(_first_line(error))
    return Finding("fault", f"Kho {site.sqlite_path} không đọc được: {why}.", f"ls -l {site.sqlite_path}")


@contextmanager
def _database(site: ExaminedEnvironment) -> Iterator[Query]:
    """A function that asks the database for one value. Nothing is written, and no file is made."""
    if site.is_city:
        import psycopg
        from sqlalchemy import make_url

        url = make_url(site.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection: Any = psycopg.connect(
            url,
            connect_timeout=CONNECT_SECONDS,
            options=f"-c statement_timeout={CONNECT_SECONDS * 1000}",
            autocommit=True,
        )
    else:
        # Reading in WAL mode makes two files beside the store; without them nobody writes, and no lock is needed.
        is_open = site.sqlite_path.with_name(f"{site.sqlite_path.name}-wal").exists()
        uri = f"file:{quote(str(site.sqlite_path))}?mode=ro{'' if is_open else '&immutable=1'}"
        connection = sqlite3.connect(uri, uri=True, timeout=CONNECT_SECONDS, check_same_thread=False)
    with closing(connection):

        def query(sql: str) -> Any:
            row = connection.execute(sql).fetchone()
            return row[0] if row else None

        yield query


def _has_table(site: ExaminedEnvironment, query: Query, name: str) -> bool:
    if site.is_city:
        return query(f"SELECT to_regclass('{name}')::text") is not None
    return query(f"SELECT name FROM sqlite_master WHERE name = '{name}'") is not None  # noqa: S608 (names of ours)


def _stored_keys(site: ExaminedEnvironment) -> tuple[bool | None, set[str], bool]:
    """Whether there are people, which secret keys the store knows, whether badges were signed."""
    if not site.is_city and not site.sqlite_path.exists():
        return False, set(), False
    aggregate = "string_agg" if site.is_city else "group_concat"
    with suppress(Exception), _database(site) as query:
        has_people = any(
            _has_table(site, query, table) and query(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
            for table in ("learners", "accounts")
        )
        if not _has_table(site, query, "wrapped_code_keys"):
            return has_people, set(), False
        ids = query(f"SELECT {aggregate}(secret_id, ' ') FROM wrapped_code_keys") or ""  # noqa: S608
        return has_people, set(ids.split()), bool(query("SELECT 1 FROM published_keys LIMIT 1"))
    return UNKNOWN_KEYS


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
