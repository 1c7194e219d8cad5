"""``lms serve``: the whole site in one process, on one port."""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.click_i18n import PATH, Command, Whole
from lms.cli.path_suggestions import asked, nearest_place
from lms.cli.running_site import noted_as_open
from lms.cli.slips import print_qr, print_slip
from lms.cli.watching import watch_courses
from lms.config import USUAL_PORT, Settings, SettingsError, load_settings
from lms.os_error_messages import reason_of, reason_of_database

if TYPE_CHECKING:
    from lms.content.catalog import Shelf
    from lms.server import Site

STOP_SECONDS = 3  # what open connections get to finish, when the site stops
MOST_FILES = 65_536
SIOCGIFADDR = 0x8915  # "the address of this interface", see netdevice(7)
EVERYWHERE = "0.0.0.0"  # noqa: S104 (what --lan is for)


class CannotServe(click.ClickException):
    """The site cannot start, and the sentence says why."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(f"Không mở được trang: {self.message}", err=True)


@click.command(cls=Command)
@click.option(
    "--host", metavar="ĐỊA-CHỈ", help="Chỉ mở ở địa chỉ này của máy. Mặc định 127.0.0.1: chỉ chính máy này vào được."
)
@click.option(
    "--port",
    type=Whole(0, 65535),
    help="Cổng, là số ở cuối địa chỉ. Mặc định LMS_PORT, rồi 8000; 0 là một cổng đang trống.",
)
@click.option("--lan", is_flag=True, help="Mở cho mọi máy trong mạng, và in mã QR của địa chỉ.")
@click.option("--watch", is_flag=True, help="Đọc lại khóa học mỗi khi có tệp thay đổi.")
@click.option(
    "--courses",
    type=PATH,
    metavar="THƯ-MỤC",
    help="Thư mục khóa học. Mặc định LMS_COURSES, rồi courses.",
)
def command(host: str | None, port: int | None, lan: bool, watch: bool, courses: Path | None) -> None:
    """Mở trang học trên máy này.

    Dạy ở lớp thì gõ lms serve --lan, soạn bài thì gõ lms serve --watch. Dừng: Ctrl+C.
    """
    os.umask(0o077)  # the database, too, is for nobody else on this machine
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    # An author reads what --watch says; what only whoever runs the site wants to know would drown it.
    logging.getLogger("lms").setLevel(logging.WARNING if watch else logging.INFO)
    lan_address = _lan_address() if lan else None
    try:
        settings = load_settings(host=host or (EVERYWHERE if lan else None), port=port, courses_dir=courses)
        listener = _listen(settings.host, settings.port)
        settings = load_settings(
            host=settings.host, port=listener.getsockname()[1], courses_dir=courses, public_host=lan_address
        )
        _check_courses(settings)
        site = _open_site(settings)
    except SettingsError as error:
        raise CannotServe(str(error)) from error
    _tell_problems(site.shelf, warnings=watch)
    for slug in site.shelf.left_out:
        where = f" Xem lỗi ở {_own_address(settings)}/{slug}" if watch else ""
        click.echo(f"Khóa học {slug} chưa lên trang vì còn lỗi. Các khóa khác vẫn mở.{where}", err=True)
    if not any(settings.courses_dir.glob("*/course.md")):
        click.echo(f"Thư mục {settings.courses_dir} chưa có khóa học nào, nên trang còn trống.", err=True)
    if watch:
        watch_courses(site.shelf, settings.courses_dir, _own_address(settings))
    with noted_as_open(settings, watch=watch):
        _tell_address(settings, lan_address)
        _run(site, listener)


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a busy port is known before anything else is started."""
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for its own head.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # on Windows the option would let two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise CannotServe(f"máy này không có địa chỉ {host}. Xem lại --host.") from error
        remedy = "Hãy thử cổng khác với --port."
        raise CannotServe(f"{host}:{port} không dùng được ({reason_of(error)}). {remedy}") from error
    return listener


def _check_courses(settings: Settings) -> None:
    try:
        next(settings.courses_dir.iterdir(), None)
    except OSError as error:
        near = asked(nearest_place(settings.courses_dir)) if isinstance(error, FileNotFoundError) else ""
        why = f"không đọc được thư mục khóa học {settings.courses_dir} ({reason_of(error)}).{near}"
        raise CannotServe(why) from error
    if (settings.courses_dir / "course.md").is_file():
        outer = settings.courses_dir.parent
        raise CannotServe(f"{settings.courses_dir} là một khóa học; bác ghi thư mục chứa nó: --courses {outer}")


def _open_site(settings: Settings) -> Site:
    from lms.learning.errors import InvalidSigningKey, LearningError
    from lms.learning.store.database import make_engine
    from lms.learning.store.migrate import upgrade
    from lms.server import create_asgi

    try:
        engine = make_engine(settings.database_url)
        upgrade(engine)
        engine.dispose()
        return create_asgi(settings)
    except InvalidSigningKey as error:
        where = "LMS_SIGNING_KEY" if settings.signing_key else f"tệp khóa trong {settings.data_dir}"
        raise CannotServe(f"khóa ký không đọc được. Xem lại {where}: khóa Ed25519, viết dạng multibase.") from error
    except LearningError as error:
        why = reason_of_database(str(error))
        raise CannotServe(f"cơ sở dữ liệu không dùng được: {why}") from error


def _tell_problems(shelf: Shelf, *, warnings: bool) -> None:
    found = [problem for problem in shelf.problems if problem.level == "error"]
    for problem in found:
        click.echo(str(shelf.shown(problem)), err=True)
    if warnings and len(shelf.problems) > len(found):
        click.echo(f"Còn {len(shelf.problems) - len(found)} cảnh báo trong các khóa học. Xem: lms check", err=True)


def _own_address(settings: Settings) -> str:
    """Where this machine itself opens the site."""
    host = "127.0.0.1" if settings.host == EVERYWHERE else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _tell_address(settings: Settings, lan_address: str | None) -> None:
    click.echo(f"Mở trang: {_own_address(settings)}")
    if lan_address:
        address = f"http://{lan_address}:{settings.port}"
        click.echo(f"Máy khác trong mạng: {address}")
        click.echo("Mã QR dưới đây là địa chỉ ấy: máy của bà con quét để mở trang học.")
        print_qr(address)
        _tell_hall_slip(settings)
    else:
        _tell_first_account(settings)
    click.echo("Dừng: Ctrl+C")
    sys.stdout.flush()


def _tell_hall_slip(settings: Settings) -> None:
    """The way in for whoever holds the class: this laptop's own account, while nobody has made others."""
    from datetime import UTC, datetime

    from lms.learning.accounts.account_store import hall_account
    from lms.learning.accounts.sign_in_slips import issue_slip
    from lms.learning.store.database import make_engine, writing

    engine, now = make_engine(settings.database_url), datetime.now(UTC)
    with writing(engine).begin() as session:
        account = hall_account(session, now=now)
        slip = issue_slip(session, account.id, by=None, secret=settings.secret_key, now=now) if account else None
    engine.dispose()
    click.echo("")
    if slip:
        print_slip(slip, settings.public_url)
    else:
        click.echo(f"Người đứng lớp vào bằng tài khoản của mình ở {settings.public_url}/vao")
        click.echo("Mất phiếu, quên mật khẩu: lms user slip TÊN")
    click.echo("")


def _tell_first_account(settings: Settings) -> None:
    """Nobody can hold a class as long as there is no account: how to make the first one."""
    from lms.learning.accounts.account_store import has_anybody
    from lms.learning.store.database import make_engine, reading

    engine = make_engine(settings.database_url)
    with reading(engine)() as session:
        somebody = has_anybody(session)
    engine.dispose()
    if not somebody:
        port = "" if settings.port == USUAL_PORT else f" --port {settings.port}"
        click.echo(f"Chưa có tài khoản người đứng lớp. Tạo: {_called()} user add{port}")


def _called() -> str:
    """How this command was called, to be called again: ``make run`` takes it out of its folder."""
    return sys.argv[0] if Path(sys.argv[0]).name.startswith("lms") else "lms"


def _lan_address() -> str:
    """This machine's address in its network. Nothing is sent: connecting a datagram socket only asks for the route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:  # a hall's own router often knows no way to the internet
            return _address_of_cable() or _address_of_hostname()


def _address_of_cable() -> str | None:
    """The address of the first network that this machine is in, asked of Linux; other systems know it by their name."""
    with suppress(ImportError, OSError):
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            for _, name in socket.if_nameindex():
                with suppress(OSError):  # it has none
                    answer = fcntl.ioctl(probe, SIOCGIFADDR, name.encode().ljust(256, b"\0"))
                    address = socket.inet_ntoa(answer[20:24])
                    if not address.startswith("127."):
                        return address
    return None


def _address_of_hostname() -> str:
    try:
        found = socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        found = []
    return next((address for address in found if not address.startswith("127.")), "127.0.0.1")


def _run(site: Site, listener: socket.socket) -> None:
    import uvicorn

    from lms.live.http_protocol import Connection

    _allow_many_connections()
    config = uvicorn.Config(
        site,
        http=Connection,
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # addresses of learners are nobody's business
        server_header=False,
        proxy_headers=False,  # whoever asks is nobody's business either, and links come from LMS_PUBLIC_URL
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    with suppress(KeyboardInterrupt):  # Ctrl+C has stopped it properly by now
        uvicorn.Server(config).run(sockets=[listener])


def _allow_many_connections() -> None:
    """Each phone in a class holds one; many systems allow a program a thousand files and would let it ask for more."""
    with suppress(ImportError, OSError, ValueError):  # Windows counts no files
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
