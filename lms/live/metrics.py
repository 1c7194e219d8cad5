"""``/metrics`` for Prometheus: to a program on this machine, or with the token of LMS_METRICS_TOKEN."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from urllib.parse import urlsplit

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from lms.live.responses import Receive, Scope, Send, find_header, send_body
from lms.monitoring.prometheus import SiteMetrics

# A proxy on this machine comes from loopback, too. One that is set up as it should be adds one of these.
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-real-ip", b"via")
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class MetricsEndpoint:
    """ASGI application with a thread of its own. To others it says 401."""

    def __init__(self, metrics: SiteMetrics, token: str) -> None:
        self._metrics, self._token = metrics, token
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="metrics")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not (is_local(scope) or self._has_token(scope)):
            await send_body(send, 401, "text/plain", b"", [(b"www-authenticate", b"Bearer")])
            return
        text = await asyncio.get_running_loop().run_in_executor(self._thread, self._metrics.render)
        await send_body(send, 200, CONTENT_TYPE_PLAIN_0_0_4, text, [(b"cache-control", b"no-store")])

    def _has_token(self, scope: Scope) -> bool:
        scheme, _, given = (find_header(scope, b"authorization") or "").partition(" ")
        return (
            bool(self._token)
            and scheme.lower() == "bearer"
            and secrets.compare_digest(given.strip().encode("latin-1"), self._token.encode())
        )


def is_local(scope: Scope) -> bool:
    """Whether a program on this machine asked this process itself, and no proxy in between.

    A proxy that adds no header still passes on the public name, or at least not this process's own port.
    """
    client, server = scope.get("client"), scope.get("server")
    if not client or not server or any(find_header(scope, name) is not None for name in _FORWARDED):
        return False
    try:
        asked = urlsplit(f"//{find_header(scope, b'host') or ''}")
        is_own_address = asked.hostname in _LOCAL_NAMES and (asked.port or 80) == server[1]
        return is_own_address and ip_address(client[0]).is_loopback
    except ValueError:
        return False
