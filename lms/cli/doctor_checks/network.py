"""Checks of the port and of the public address, with its certificate."""

from __future__ import annotations

import json
import os
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from lms.cli.doctor_checks.finding import CONNECT_SECONDS, ExaminedEnvironment, Finding, Status
from lms.cli.running_site import find_running_site
from lms.config import DEFAULT_HOST
from lms.os_error_messages import os_error_message

CERTIFICATE_WARNING, CERTIFICATE_FAULT = 21, 3  # days before its end


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
