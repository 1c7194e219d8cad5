"""Checks of the machine and of what lies on it: settings, folders, disk, courses, the program's own files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress

from lms.cli.doctor_checks.finding import ExaminedEnvironment, Finding
from lms.config import SECRET_KEY_FILE, find_setting_errors, find_unknown_settings
from lms.os_error_messages import os_error_message

CITY_FILES, LAPTOP_FILES = 20_000, 1024


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
    """The limits are those of ``/readyz`` and of the server's page."""
    from lms.monitoring.disk import LOW_FREE_BYTES, MIN_FREE_BYTES, size_in_words

    folder = next(path for path in (site.data_dir, *site.data_dir.parents) if path.exists())
    usage = shutil.disk_usage(folder)
    free = f"Đĩa của {folder} còn {size_in_words(usage.free)} trên {size_in_words(usage.total)}"
    remedy = f"df -h {folder}; du -xh {folder} | sort -h | tail"
    if usage.free < MIN_FREE_BYTES:
        yield Finding("fault", f"{free}: sắp không ghi được gì nữa.", remedy)
    elif usage.free < LOW_FREE_BYTES:
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
    published = len(catalog.library.courses)
    if catalog.unavailable:
        broken = ", ".join(sorted(catalog.unavailable))
        yield Finding(
            "fault",
            f"{len(errors)} lỗi; chưa lên trang: {broken}. Trên trang: {published} khóa.",
            f"lms check {folder}",
        )
    elif errors or not published:
        text = f"{folder}: {len(errors)} lỗi, {published} khóa lên trang."
        yield Finding("warning", text, f"lms check {folder}" if errors else "lms new course TÊN")
    else:
        yield Finding("ok", f"{published} khóa học đọc được ở {folder}.")


def check_pictures(_site: ExaminedEnvironment) -> Iterator[Finding]:
    """The only fonts that the program needs are its own, for badges; it needs no external tool."""
    from lms.assets import STATIC_DIR, load_assets
    from lms.learning.badges.artwork import CardText, draw_card_png

    remedy = "pip install --force-reinstall --no-deps lms-*.whl"
    if not load_assets().files:
        yield Finding("fault", f"Thiếu thư mục giao diện {STATIC_DIR}.", remedy)
    try:
        draw_card_png(
            CardText(title="Huy hiệu bài Ba loại mã", name="Trần Thị Lan", date="1/1/2026", host="hoc.example")
        )
    except (OSError, ImportError) as error:
        yield Finding("fault", f"Không vẽ được huy hiệu: {error}.", remedy)
        return
    yield Finding("ok", "Giao diện và phông chữ của huy hiệu có đủ. Không cần công cụ nào khác.")
