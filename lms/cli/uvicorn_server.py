"""The sockets of ``lms serve``, and uvicorn, which serves on them."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from lms.config import HTTP_PORT
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from lms.server import AsgiApp

SHUTDOWN_TIMEOUT_SECONDS = 3  # for open connections when the site stops
MAX_OPEN_FILES = 65_536
BACKLOG = 2048  # connections that wait in the kernel to be accepted
# asyncio accepts as many connections in a turn as it was told to let wait. Out of files it fails as often, and tries
# again as often a second later: with 2048 that filled the log and kept a core busy until files were free.
ACCEPTS_AT_ONCE = 16


class CannotServe(click.ClickException):
    """The site cannot start; the message says why, in Vietnamese."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(f"Không mở được trang: {self.message}", err=True)


def bind_socket(host: str, port: int) -> socket.socket:
    """Return a bound socket, so that a busy port is reported before anything else starts.

    It does not listen yet: a connection would wait for the imports, and a proxy would take this worker for a live one.
    """
    # With the protocol given as TCP, asyncio sets TCP_NODELAY; otherwise every response is delayed by 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # on Windows the option lets two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise CannotServe(f"máy này không có địa chỉ {host}. Xem lại --host.") from error
        raise _busy_port(host, port, error) from error
    return listener


def _busy_port(host: str, port: int, error: OSError) -> CannotServe:
    return CannotServe(f"{host}:{port} không dùng được ({os_error_message(error)}). Hãy thử cổng khác với --port.")


def try_bind_http_port(host: str) -> socket.socket | None:
    """Bind port 80 as well if the system allows it, so that phones type the bare address; else None.

    The usual port stays: it is on paper that was printed before.
    """
    try:
        return bind_socket(host, HTTP_PORT)
    except CannotServe:
        return None


def run_server(site: AsgiApp, listeners: list[socket.socket], on_listening: Callable[[], None]) -> None:
    """Serve until the process is told to stop. ``on_listening`` is called once connections are accepted."""
    import uvicorn

    from lms.live.http_protocol import Connection
    from lms.logs.configuration import flush_repeats

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            try:
                await super().startup(sockets)  # the application first, then the sockets listen
            except OSError as error:  # another program has bound the port together with us, and listens already
                await self.lifespan.shutdown()
                host, port = listeners[0].getsockname()[:2]
                raise _busy_port(host, port, error) from error
            for listener in listeners:
                listener.listen(BACKLOG)
            on_listening()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await super().shutdown(sockets)
            flush_repeats()  # uvicorn ends the process by the signal that stopped it

    _raise_open_file_limit()
    config = uvicorn.Config(
        site,
        http=Connection,
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        backlog=ACCEPTS_AT_ONCE,
        access_log=False,  # IP addresses of learners are not logged
        server_header=False,
        proxy_headers=False,  # client addresses are not used, and links are built from LMS_PUBLIC_URL
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT_SECONDS,
    )
    with suppress(KeyboardInterrupt):  # uvicorn re-raises it after a clean shutdown
        Server(config).run(sockets=listeners)


def _raise_open_file_limit() -> None:
    """Raise the soft limit of open files (often 1,024): every phone in a class holds a connection."""
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MAX_OPEN_FILES if most == resource.RLIM_INFINITY else min(most, MAX_OPEN_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
