"""The checks of ``lms doctor``. Each looks at one thing and changes nothing; ``doctor.run`` isolates them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from lms.cli.running_site import find_running_site
from lms.config import (
    DEFAULT_HOST,
    DEFAULT_PORT,
    KEY_MISMATCH,
    SECRET_KEY_FILE,
    SIGNING_KEY_LOST,
    data_folder,
    default_courses_dir,
    default_database_url,
    find_setting_errors,
    find_unknown_settings,
    lost_key_sentence,
    split_secret_keys,
)
from lms.os_error_messages import database_error_message, os_error_message

Status = Literal["ok", "warning", "fault"]
CONNECT_SECONDS = 4  # below the time that a check may take, so that it can still say what did not answer
MEGABYTE = 1_000_000
LOW_DISK, NO_DISK = 1000 * MEGABYTE, 200 * MEGABYTE
CITY_FILES, LAPTOP_FILES = 20_000, 1024
CLOCK_WARNING, CLOCK_FAULT = 2, 60  # seconds between this machine and the database's
CERTIFICATE_WARNING, CERTIFICATE_FAULT = 21, 3  # days before its end
SPARE_CONNECTIONS = 5  # of PostgreSQL, for lms db, backups and monitoring


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in Vietnamese. ``remedy``: a command or setting that can be copied, or what to do."""

    status: Status
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class ExaminedEnvironment:
    """What the environment says, whether or not it can be used."""

    environ: Mapping[str, str]
    workers: int

    @property
    def data_dir(self) -> Path:
        return data_folder(self.environ)

    @property
    def courses_dir(self) -> Path:
        return Path(self.environ.get("LMS_COURSES") or default_courses_dir()).absolute()

    @property
    def database_url(self) -> str:
        return self.environ.get("LMS_DATABASE_URL") or default_database_url(self.data_dir)

    @property
    def is_city(self) -> bool:
        return self.database_url.startswith("postgresql")

    @property
    def sqlite_path(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///").partition("?")[0])

    @property
    def port(self) -> int:
        text = self.environ.get("LMS_PORT") or str(DEFAULT_PORT)
        return int(text) if text.isascii() and text.isdigit() and int(text) <= 65535 else DEFAULT_PORT


def check_settings(site: ExaminedEnvironment) -> Iterator[Finding]:
    for name, near in find_unknown_settings(site.environ):
        guess = f", có phải {near}?" if near else "."
        remedy = f"export {near}=…; unset {name}" if near else f"unset {name}"
        yield Finding("warning", f"{name} không phải tên cài đặt nào của trang{guess}", remedy)
    for sentence in find_setting_errors(site.environ):
        yield Finding("fault", sentence, "docs/operating.md, phần Settings")
    if (site.environ.get("LMS_PUBLIC_URL") or "").startswith("https://") and not site.is_city and site.workers > 1:
        yield Finding(
            "warning",
            f"Trang công khai với {site.workers} tiến trình mà kho là SQLite trên máy này.",
            "lms doctor --workers 1 nếu chỉ chạy một; còn lại: LMS_DATABASE_URL=postgresql+psycopg://…",
        )
    given = sorted(name for name in site.environ if name.startswith("LMS_"))
    yield Finding("ok", f"Cài đặt đang có: {', '.join(given) or 'không có, mọi thứ theo mặc định'}.")


def check_data_dir(site: ExaminedEnvironment) -> Iterator[Finding]:
    folder = site.data_dir
    if not folder.exists():
        parent = next(parent for parent in folder.parents if parent.exists())
        if os.access(parent, os.W_OK):
            yield Finding("ok", f"Thư mục dữ liệu {folder} chưa có; lần mở đầu sẽ tạo.")
        else:
            yield Finding("fault", f"Không tạo được thư mục dữ liệu {folder}.", f"sudo install -d -m 0700 {folder}")
        return
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 65_536)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        yield Finding(
            "fault",
            f"Không ghi được vào thư mục dữ liệu {folder} ({os_error_message(error)}).",
            f"ls -ld {folder}; df -h {folder}; sudo chown -R $USER {folder}",
        )
        return
    yield Finding("ok", f"Ghi được vào thư mục dữ liệu {folder}.")
    if os.name == "posix":
        for name in (SECRET_KEY_FILE, "signing-keys.json", "lms.sqlite3"):
            with suppress(OSError):
                if (folder / name).stat().st_mode & 0o077:
                    yield Finding("warning", f"Người khác trên máy đọc được {name}.", f"chmod 600 {folder / name}")


def check_disk(site: ExaminedEnvironment) -> Iterator[Finding]:
    folder = next(path for path in (site.data_dir, *site.data_dir.parents) if path.exists())
    usage = shutil.disk_usage(folder)
    free = f"Đĩa của {folder} còn {_size(usage.free)} trên {_size(usage.total)}"
    remedy = f"df -h {folder}; du -xh {folder} | sort -h | tail"
    if usage.free < NO_DISK:
        yield Finding("fault", f"{free}: sắp không ghi được gì nữa.", remedy)
    elif usage.free < LOW_DISK:
        yield Finding("warning", f"{free}.", remedy)
    elif not site.is_city and site.sqlite_path.is_file() and usage.free < 3 * site.sqlite_path.stat().st_size:
        yield Finding("warning", f"{free}: không đủ cho bản chép khi nâng cấp và cho bản sao lưu.", remedy)
    else:
        yield Finding("ok", f"{free}.")
    if hasattr(os, "statvfs") and (files := os.statvfs(folder)).f_files > 0 and files.f_favail < 1000:
        yield Finding("fault", f"Đĩa của {folder} sắp hết chỗ cho tệp mới (inode).", f"df -i {folder}")


def check_open_files(site: ExaminedEnvironment) -> Iterator[Finding]:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        yield Finding("ok", "Hệ này không giới hạn số tệp mở.")
        return
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    needed = CITY_FILES if site.is_city else LAPTOP_FILES
    if most != resource.RLIM_INFINITY and most < needed:
        yield Finding(
            "warning",
            f"Mỗi tiến trình mở được {most} tệp; mỗi điện thoại trong lớp cần một, nên có {needed} thì hơn.",
            "LimitNOFILE=65536 trong tệp .service; ở cửa sổ lệnh: ulimit -Hn 65536",
        )
    else:
        yield Finding("ok", f"Số tệp mở được: {'không giới hạn' if most == resource.RLIM_INFINITY else most}.")


def check_database(site: ExaminedEnvironment) -> Iterator[Finding]:
    from lms.learning.store.migrate import known_revisions, latest_revision

    if not site.is_city and not site.sqlite_path.exists():
        yield Finding("ok", f"Kho {site.sqlite_path} chưa có; lần mở đầu sẽ tạo.")
        return
    with _database(site) as query:
        kind = "PostgreSQL" if site.is_city else f"SQLite, {_size(site.sqlite_path.stat().st_size)}"
        revision = (
            query("SELECT version_num FROM alembic_version") if _has_table(site, query, "alembic_version") else None
        )
    needed = latest_revision()
    if revision == needed:
        yield Finding("ok", f"Kho trả lời ({kind}), bảng ở {revision}.")
    elif revision is not None and revision not in known_revisions():
        yield Finding("fault", f"Kho ở {revision}, mới hơn chương trình này ({needed}).", "cài bản lms mới hơn")
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
    from lms.learning.errors import InvalidSigningKey
    from lms.learning.store.code_key import secret_id

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


def check_courses(site: ExaminedEnvironment) -> Iterator[Finding]:
    from lms import vietnam_time
    from lms.content.catalog import Catalog

    folder = site.courses_dir
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        text = f"Không đọc được thư mục khóa học {folder} ({os_error_message(error)})."
        yield Finding("fault", text, "export LMS_COURSES=/…/courses")
        return
    catalog = Catalog(folder, today=vietnam_time.today)
    errors = [problem for problem in catalog.problems if problem.level == "error"]
    on_air = len(catalog.library.courses)
    if catalog.unavailable:
        broken = ", ".join(sorted(catalog.unavailable))
        yield Finding(
            "fault", f"{len(errors)} lỗi; chưa lên trang: {broken}. Trên trang: {on_air} khóa.", f"lms check {folder}"
        )
    elif errors or not on_air:
        text = f"{folder}: {len(errors)} lỗi, {on_air} khóa lên trang."
        yield Finding("warning", text, f"lms check {folder}" if errors else "lms new course TÊN")
    else:
        yield Finding("ok", f"{on_air} khóa học đọc được ở {folder}.")


def check_pictures(_site: ExaminedEnvironment) -> Iterator[Finding]:
    """The only fonts that the program needs are its own, for badges; it needs no external tool."""
    from lms.assets import STATIC_DIR, load_assets
    from lms.learning.badges.artwork import CardText, card_png

    remedy = "pip install --force-reinstall --no-deps lms-*.whl"
    if not load_assets().files:
        yield Finding("fault", f"Thiếu thư mục giao diện {STATIC_DIR}.", remedy)
    try:
        card_png(CardText(title="Huy hiệu bài Ba loại mã", name="Trần Thị Lan", date="1/1/2026", host="hoc.example"))
    except (OSError, ImportError) as error:
        yield Finding("fault", f"Không vẽ được huy hiệu: {error}.", remedy)
        return
    yield Finding("ok", "Giao diện và phông chữ của huy hiệu có đủ. Không cần công cụ nào khác.")


def check_port(site: ExaminedEnvironment) -> Iterator[Finding]:
    running = find_running_site(site.data_dir)
    with closing(socket.socket()) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((DEFAULT_HOST, site.port))
        except OSError as error:
            if (running and running.port == site.port) or _is_ours(HTTPConnection(DEFAULT_HOST, site.port, timeout=2)):
                yield Finding("ok", f"Cổng {site.port}: trang học đang mở ở đó.")
            else:
                yield Finding(
                    "fault",
                    f"Cổng {site.port} không dùng được ({os_error_message(error)}).",
                    f"ss -ltnp 'sport = :{site.port}'; export LMS_PORT={site.port + 1}",
                )
            return
    where = f" Trang đang mở ở cổng {running.port}." if running else ""
    yield Finding("ok", f"Cổng {site.port} còn trống.{where}")


def check_public_url(site: ExaminedEnvironment) -> Iterator[Finding]:
    address = site.environ.get("LMS_PUBLIC_URL") or ""
    if not address:
        yield Finding(
            "warning" if site.is_city else "ok",
            "Chưa đặt LMS_PUBLIC_URL: mã QR và huy hiệu mang địa chỉ của chính máy này.",
            "export LMS_PUBLIC_URL=https://…" if site.is_city else "",
        )
        return
    parts = urlsplit(address)
    host, is_https = parts.hostname or "", parts.scheme == "https"
    remedy = f"curl -v {address}/healthz"
    try:
        if not is_https:
            is_ours = _is_ours(HTTPConnection(host, parts.port or 80, timeout=CONNECT_SECONDS))
        else:
            connection = HTTPSConnection(
                host, parts.port or 443, timeout=CONNECT_SECONDS, context=ssl.create_default_context()
            )
            connection.connect()
            yield _judge_certificate(connection.sock, host)
            is_ours = _is_ours(connection)
    except ssl.SSLCertVerificationError as error:
        yield Finding("fault", f"Chứng chỉ của {host} không được tin: {error.verify_message}.", "sudo certbot renew")
        return
    except OSError as error:
        why = "máy này không tìm ra tên ấy" if isinstance(error, socket.gaierror) else os_error_message(error)
        yield Finding("warning", f"Từ máy này không nối được tới {address} ({why}).", remedy)
        return
    if is_ours:
        yield Finding("ok", f"{address} là trang học, và trả lời.")
    else:
        yield Finding("warning", f"{address} trả lời, nhưng không phải trang học đang khỏe.", remedy)


def _judge_certificate(connection: Any, host: str) -> Finding:
    end = ssl.cert_time_to_seconds(connection.getpeercert()["notAfter"])
    days = int((end - time.time()) // 86_400)
    text = f"Chứng chỉ của {host} dùng được tới {datetime.fromtimestamp(end, UTC):%d/%m/%Y}, còn {days} ngày."
    if days < CERTIFICATE_WARNING:
        status: Status = "fault" if days < CERTIFICATE_FAULT else "warning"
        return Finding(status, text, "sudo certbot renew && sudo systemctl reload nginx")
    return Finding("ok", text)


def _is_ours(connection: HTTPConnection) -> bool:
    """Whether a site of this program answers there, and is well."""
    try:
        connection.request("GET", "/healthz", headers={"Accept": "application/json"})
        response = connection.getresponse()
        return response.status == 200 and "build" in json.loads(response.read(10_000))
    except ssl.SSLError:
        raise
    except (OSError, ValueError):
        return False
    finally:
        connection.close()


Query = Callable[[str], Any]


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


UNKNOWN_KEYS: tuple[bool | None, set[str], bool] = (None, set(), False)


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


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _size(count: int) -> str:
    unit, size = ("GB", count / 1e9) if count >= 1e9 else ("MB", count / 1e6)
    return f"{size:.1f} {unit}".replace(".", ",")


def preload(site: ExaminedEnvironment) -> None:
    """Import what takes long, so that the checks do not wait for each other's imports."""
    import lms.learning.store.code_key
    import lms.learning.store.migrate

    if site.is_city:
        import lms.server  # noqa: F401


CHECKS: Mapping[str, tuple[str, Callable[[ExaminedEnvironment], Iterator[Finding]]]] = {
    "settings": ("Cài đặt", check_settings),
    "data_dir": ("Dữ liệu", check_data_dir),
    "disk": ("Đĩa", check_disk),
    "open_files": ("Tệp mở", check_open_files),
    "database": ("Kho", check_database),
    "connections": ("Kết nối", check_connections),
    "clock": ("Đồng hồ", check_clock),
    "keys": ("Khóa", check_keys),
    "courses": ("Khóa học", check_courses),
    "pictures": ("Giao diện", check_pictures),
    "port": ("Cổng", check_port),
    "public_url": ("Địa chỉ", check_public_url),
}
