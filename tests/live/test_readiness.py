"""``/readyz`` of a running server, and beside pages that hang."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from lms.live.dispatcher import Dispatcher, WsgiBridge
from lms.live.readiness import ReadinessEndpoint
from lms.live.responses import Message
from lms.monitoring.readiness import Readiness, ReadinessCheck
from tests.live.asgi_scope import SCOPE
from tests.live.raw_http import send_request


def test_a_running_site_tells_each_check_by_name(live_server):
    reply = send_request(live_server.url, "/readyz")
    told = json.loads(reply.body)
    assert (reply.status, told["status"]) == (200, "ready")
    assert told["checks"] == {name: {"ok": True} for name in ("database", "schema", "disk", "courses", "keys", "page")}
    assert reply.headers["cache-control"] == "no-store"


class AllBut:
    """Checks of which one fails."""

    def __init__(self, failing: str) -> None:
        self.failing = failing

    def check(self) -> tuple[ReadinessCheck, ...]:
        return ReadinessCheck("page", True), ReadinessCheck(self.failing, False, "3 MB free")


async def get(app: Dispatcher, path: str) -> tuple[int, bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({**SCOPE, "method": "GET", "path": path, "headers": []}, receive, send)
    return sent[0]["status"], sent[1]["body"]


def test_it_answers_while_every_thread_for_pages_is_busy():
    may_go_on, is_busy = threading.Event(), threading.Event()

    def hang(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        is_busy.set()
        may_go_on.wait()
        start_response("200 OK", [])
        return [b"a page"]

    bridge, unused = WsgiBridge(hang, ThreadPoolExecutor(1)), cast("Any", None)
    app = Dispatcher(
        streams=unused, static=unused, health=unused, live=unused, pages=bridge, forms=bridge, facilitators=bridge,
        readiness=ReadinessEndpoint(cast("Readiness", AllBut("disk"))), metrics=unused, limits=unused, body_limits={},
    )  # fmt: skip

    async def ask() -> None:
        pages = [asyncio.create_task(get(app, "/toi")) for _ in range(3)]
        await asyncio.to_thread(is_busy.wait)
        status, body = await get(app, "/readyz")
        assert not any(page.done() for page in pages)
        may_go_on.set()
        assert [await page for page in pages] == [(200, b"a page")] * 3
        assert status == 503
        assert json.loads(body) == {
            "status": "not ready",
            "checks": {"page": {"ok": True}, "disk": {"ok": False, "reason": "3 MB free"}},
        }

    with ThreadPoolExecutor(1) as another_thread:
        another_thread.submit(asyncio.run, ask()).result()
