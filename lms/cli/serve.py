"""``lms serve``: run the site in one process on one port."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import click

from lms.cli.browser_start import is_desktop_start, open_browser
from lms.cli.click_i18n import PATH, Command, WholeNumber
from lms.cli.command_name import command_name
from lms.cli.hall_address_reporter import JOIN_A_NETWORK, HallAddressReporter, print_lan_qr
from lms.cli.lan_address import POLL_SECONDS, find_networks, watch_networks
from lms.cli.open_database import (
    UNREACHABLE_REMEDY,
    may_make_key,
    outdated_message,
    unknown_revision_message,
    upgrade_message,
)
from lms.cli.path_suggestions import did_you_mean, nearest_path
from lms.cli.running_site import find_running_site, record_running_site, store_name
from lms.cli.sleep_inhibitor import inhibit_sleep
from lms.cli.slips import print_slip
from lms.cli.uvicorn_server import CannotServe, bind_socket, run_server, try_bind_http_port
from lms.cli.watching import watch_courses
from lms.config import (
    DEFAULT_PORT,
    HTTP_PORT,
    Settings,
    SettingsError,
    find_unknown_settings,
    load_settings,
    lost_key_sentence,
    unreadable_signing_key,
)
from lms.data_folder_lock import DataFolderInUse, lock_data_folder
from lms.hall_address import is_loopback
from lms.os_error_messages import database_error_message, os_error_message
from lms.release import this_release

if TYPE_CHECKING:
    from lms.content.catalog import Catalog
    from lms.server import AsgiApp

log = logging.getLogger(__name__)

BROWSER_SECONDS = 10  # until a browser must have taken an address
SLOW_DATABASE_SECONDS = 2  # of waiting, after which the terminal says what is waited for
ALL_INTERFACES = "0.0.0.0"  # noqa: S104 (what --lan is for)

KEPT_AWAKE = "Máy này không tự ngủ khi trang đang mở. Cắm sạc, đừng gập máy."
MAY_SLEEP = "Máy này có thể tự ngủ giữa buổi: cắm sạc, tắt chế độ ngủ trong phần cài đặt của máy, đừng gập máy."


@click.command(cls=Command)
@click.option(
    "--host", metavar="ĐỊA-CHỈ", help="Chỉ mở ở địa chỉ này của máy. Mặc định 127.0.0.1: chỉ chính máy này vào được."
)
@click.option(
    "--port",
    type=WholeNumber(0, 65535),
    help="Cổng, là số ở cuối địa chỉ. Mặc định LMS_PORT, rồi 8000; 0 là một cổng đang trống.",
)
@click.option("--lan", is_flag=True, help="Mở cho mọi máy trong mạng, và in mã QR của địa chỉ.")
@click.option("--watch", is_flag=True, help="Đọc lại khóa học mỗi khi có tệp thay đổi.")
@click.option(
    "--courses",
    type=PATH,
    metavar="THƯ-MỤC",
    help="Thư mục khóa học. Mặc định LMS_COURSES, rồi courses, rồi các khóa có sẵn.",
)
@click.option("--no-browser", is_flag=True, help="Với --lan: đừng mở trình duyệt trên máy này.")
@click.option("--look-every", "poll_seconds", type=float, default=POLL_SECONDS, hidden=True)  # a test waits less
def command(
    host: str | None,
    port: int | None,
    lan: bool,
    watch: bool,
    courses: Path | None,
    no_browser: bool,
    poll_seconds: float,
) -> None:
    """Mở trang học trên máy này.

    Dạy ở lớp thì gõ lms serve --lan, soạn bài thì gõ lms serve --watch. Dừng: Ctrl+C.
    """
    os.umask(0o077)  # the database and the keys are readable for their owner only
    networks = find_networks() if lan else None
    try:
        settings = load_settings(
            host=host or (ALL_INTERFACES if lan else None), port=port, courses_dir=courses, may_make_key=may_make_key
        )
        for name, near in find_unknown_settings(os.environ):
            click.echo(f"{name} không phải tên cài đặt nào của trang.{did_you_mean(near)}", err=True)
        if not settings.secret_key:
            raise CannotServe(lost_key_sentence(settings.data_dir))
        try:
            listeners = [bind_socket(settings.host, settings.port)]
        except CannotServe:
            if lan or getattr(find_running_site(settings.data_dir), "port", None) == settings.port:
                _refuse_second_site(settings, lan=lan, browser=lan and not no_browser)
            raise
        port_is_free_to_choose = lan and port is None and not os.environ.get("LMS_PORT")
        http_listener = try_bind_http_port(settings.host) if port_is_free_to_choose else None
        listeners += [http_listener] if http_listener else []
        settings = load_settings(
            host=settings.host,
            port=listeners[0].getsockname()[1],
            courses_dir=courses,
            public_host=networks.address if networks else None,
            public_port=HTTP_PORT if http_listener else None,
        )
        _finish_interrupted_pull(settings)
        _check_courses(settings)
        with _without_collections():
            from lms.logs.configuration import configure_logging

            # With --watch an author reads the terminal: log messages for operators would hide the reports.
            configure_logging(settings.log_format, "warning" if watch else settings.log_level)
            try:
                lock_data_folder(settings)
            except DataFolderInUse:
                _refuse_second_site(settings, lan=lan, browser=lan and not no_browser)
                folder_needed = _other_folder_needed(settings)
                raise CannotServe(f"{folder_needed} Trang đang dùng thư mục ấy chưa mở xong.") from None
            site = _open_site(settings)
    except SettingsError as error:
        raise CannotServe(str(error)) from error
    _print_problems(site.catalog, warnings=watch)
    for slug in site.catalog.unavailable:
        where = f" Xem lỗi ở {_local_url(settings)}/{slug}" if watch else ""
        click.echo(f"Khóa học {slug} chưa lên trang vì còn lỗi. Các khóa khác vẫn mở.{where}", err=True)
    for slug in site.catalog.held_back:
        click.echo(f"Khóa học {slug} còn lỗi, nên trang dùng bản tốt gần nhất của khóa ấy.", err=True)
    if not any(settings.courses_dir.glob("*/course.md")):
        click.echo(f"Thư mục {settings.courses_dir} chưa có khóa học nào, nên trang còn trống.", err=True)
    if watch:
        watch_courses(site.catalog, settings.courses_dir, _local_url(settings))
    hall = HallAddressReporter(site, settings, networks) if networks else None
    with (
        record_running_site(settings, watch=watch) as record_again,
        inhibit_sleep() if lan else nullcontext(False) as is_kept_awake,
    ):

        def print_start_message() -> None:
            _print_addresses(settings, hall)
            if hall:
                click.echo(KEPT_AWAKE if is_kept_awake else MAY_SLEEP)
            click.echo("Dừng: Ctrl+C")
            sys.stdout.flush()
            if hall and not no_browser and is_desktop_start():
                open_browser(_browser_url(settings))
            if hall and settings.host == ALL_INTERFACES:
                report = hall.report_change
                watch_networks(hall.networks, lambda networks: record_again(report(networks)), pause=poll_seconds)

        run_server(site, listeners, on_listening=print_start_message)


def _refuse_second_site(settings: Settings, *, lan: bool, browser: bool) -> None:
    """If a site is running on this data folder, show it in the browser, and refuse to open another one.

    Raises:
        CannotServe: it is.
    """
    running = find_running_site(settings.data_dir)
    if running is None:
        return
    if browser and is_desktop_start():  # a second double click
        open_browser(f"http://127.0.0.1:{running.port}/dung-lop").join(BROWSER_SECONDS)
    what_to_do = "Cứ dùng trang ấy."
    if lan and is_loopback(running.public_url):  # begun with `make run`: no phone of the hall reaches it
        what_to_do = (
            "Trang ấy chỉ máy này vào được. Muốn cả phòng vào: ở cửa sổ ấy bấm Ctrl+C cho trang dừng,"
            f" rồi gõ lại {command_name()} serve --lan."
        )
    raise CannotServe(
        f"trang này đang mở sẵn ở {running.public_url}, trong một cửa sổ khác. {what_to_do}"
        f" {_other_folder_needed(settings)}"
    )


def _other_folder_needed(settings: Settings) -> str:
    return f"Thư mục {settings.data_dir} chỉ dùng cho một trang; trang thứ hai cần LMS_DATA_DIR khác."


def _finish_interrupted_pull(settings: Settings) -> None:
    """Put the version in place that a killed pull could not, where a folder does not change in one step."""
    if os.path.lexists(settings.courses_dir):
        return
    from lms.course_delivery.versions import CourseVersionStore

    with suppress(OSError):
        CourseVersionStore(settings.courses_dir).finish_interrupted()


def _check_courses(settings: Settings) -> None:
    try:
        next(settings.courses_dir.iterdir(), None)
    except OSError as error:
        near = did_you_mean(nearest_path(settings.courses_dir)) if isinstance(error, FileNotFoundError) else ""
        why = f"không đọc được thư mục khóa học {settings.courses_dir} ({os_error_message(error)}).{near}"
        raise CannotServe(why) from error
    if (settings.courses_dir / "course.md").is_file():
        outer = settings.courses_dir.parent
        raise CannotServe(f"{settings.courses_dir} là một khóa học; bác ghi thư mục chứa nó: --courses {outer}")


@contextmanager
def _without_collections() -> Iterator[None]:
    """Saves 0.2 s of a start: most of what is allocated while the site opens is permanent."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _open_site(settings: Settings) -> AsgiApp:
    from lms.learning.errors import LearningError
    from lms.learning.startup_errors import DatabaseUnreachable, InvalidSigningKey, SchemaOutdated, UnknownRevision
    from lms.learning.store.database import make_engine
    from lms.learning.store.migrate import prepare_schema

    log.info("release %s", this_release(), extra={"release": this_release().version})
    try:
        with _announce_slow_database(settings):  # before the imports, so that a silent wait is explained soon
            engine = make_engine(settings.database_url)
            upgraded = prepare_schema(engine)
            engine.dispose()
        if upgraded and upgraded.before:
            click.echo(upgrade_message(upgraded), err=True)
        from lms.server import create_asgi

        gc.freeze()  # saves 0.1 s: the collection before serving (see lms.server) need not visit the modules
        return create_asgi(settings)
    except InvalidSigningKey as error:
        raise CannotServe(unreadable_signing_key(settings)) from error
    except SchemaOutdated as error:
        raise CannotServe(outdated_message(error)) from error
    except UnknownRevision as error:
        raise CannotServe(unknown_revision_message(error)) from error
    except DatabaseUnreachable as error:
        why = database_error_message(str(error))
        raise CannotServe(f"cơ sở dữ liệu không trả lời: {why}\n{UNREACHABLE_REMEDY}") from error
    except LearningError as error:
        why = database_error_message(str(error))
        raise CannotServe(f"cơ sở dữ liệu không dùng được: {why}") from error


@contextmanager
def _announce_slow_database(settings: Settings) -> Iterator[None]:
    """Say what is waited for if the block, which asks a database elsewhere, takes longer than a person expects."""
    if settings.database_url.startswith("sqlite:"):
        yield
        return
    sentence = f"Đang đợi cơ sở dữ liệu: {store_name(settings.data_dir, settings.database_url)}"
    timer = Timer(SLOW_DATABASE_SECONDS, click.echo, [sentence], {"err": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _print_problems(catalog: Catalog, *, warnings: bool) -> None:
    errors = [problem for problem in catalog.problems if problem.level == "error"]
    for problem in errors:
        click.echo(str(catalog.with_relative_path(problem)), err=True)
    if warnings and len(catalog.problems) > len(errors):
        click.echo(f"Còn {len(catalog.problems) - len(errors)} cảnh báo trong các khóa học. Xem: lms check", err=True)


def _local_url(settings: Settings) -> str:
    """Return the URL of the site on this machine."""
    host = "127.0.0.1" if settings.host == ALL_INTERFACES else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _print_addresses(settings: Settings, hall: HallAddressReporter | None) -> None:
    click.echo(f"Mở trang: {_local_url(settings)}")
    if hall is None:
        _print_first_account_hint(settings)
        return
    if hall.networks.is_connected:
        click.echo(f"Máy khác trong mạng: {hall.url}")
        if hall.printed_before:
            click.echo(f"Tờ giấy cũ ghi {hall.printed_before} thì in lại.")
        print_lan_qr(hall.url)
    else:
        click.echo(f"Máy này chưa nối mạng nào. {JOIN_A_NETWORK}")
    _print_laptop_slip(settings, awaits_network=not hall.networks.is_connected)


def _browser_url(settings: Settings) -> str:
    """Return the URL that signs the laptop's facilitator in on this machine, or the sign-in page's if there is none."""
    from lms.learning.accounts.account_store import get_or_create_laptop_account
    from lms.learning.accounts.sign_in_slips import issue_local_sign_in
    from lms.learning.store.database import make_engine, write_sessions

    engine, now = make_engine(settings.database_url), datetime.now(UTC)
    with write_sessions(engine).begin() as session:
        account = get_or_create_laptop_account(session, now=now)
        slip = issue_local_sign_in(session, account, secret=settings.secret_key, now=now) if account else None
    engine.dispose()
    return f"{_local_url(settings)}/vao/{slip.token}" if slip else f"{_local_url(settings)}/dung-lop"


def _print_laptop_slip(settings: Settings, *, awaits_network: bool) -> None:
    """Print a slip for the laptop's default facilitator, or how to sign in if there are other accounts."""
    from lms.learning.accounts.account_store import get_or_create_laptop_account
    from lms.learning.accounts.sign_in_slips import issue_slip
    from lms.learning.store.database import make_engine, write_sessions

    engine, now = make_engine(settings.database_url), datetime.now(UTC)
    with write_sessions(engine).begin() as session:
        account = get_or_create_laptop_account(session, now=now)
        slip = issue_slip(session, account.id, by=None, secret=settings.secret_key, now=now) if account else None
    engine.dispose()
    click.echo("")
    if slip:
        print_slip(slip, settings.public_url, awaits_network=awaits_network)
    else:
        click.echo(f"Người đứng lớp vào bằng tài khoản của mình ở {settings.public_url}/vao")
        click.echo("Mất phiếu, quên mật khẩu: lms user slip TÊN")
    click.echo("")


def _print_first_account_hint(settings: Settings) -> None:
    """Print how to add the first account, if there is none."""
    from lms.learning.accounts.account_store import has_accounts
    from lms.learning.store.database import make_engine, read_sessions

    engine = make_engine(settings.database_url)
    with read_sessions(engine)() as session:
        is_empty = not has_accounts(session)
    engine.dispose()
    if is_empty:
        port = "" if settings.port == DEFAULT_PORT else f" --port {settings.port}"
        click.echo(f"Chưa có tài khoản người đứng lớp. Tạo: {command_name()} user add{port}")
