"""``/readyz``: whether this process can do all that a learner needs, check by check."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from lms.http.error_responses import status_text
from lms.live.responses import Receive, Scope, Send, retry_after, send_json
from lms.monitoring.readiness import Readiness


class ReadinessEndpoint:
    """ASGI application: 200 if all checks hold, else 503. It has a thread of its own: pages may be busy."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="readyz")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        checks = await asyncio.get_running_loop().run_in_executor(self._thread, self._readiness.check)
        status = 200 if all(check.ok for check in checks) else 503
        told = {
            "status": "ready" if status == 200 else "not ready",
            "checks": {
                check.name: {"ok": check.ok} | ({"reason": check.reason} if check.reason else {}) for check in checks
            },
        }
        await send_json(send, status, told, retry_after(status_text(status)))
