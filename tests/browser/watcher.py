"""Looks over a browser's shoulder: what it complained about, and everything it sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote_plus, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Chromium writes a line for every answer of 400 and more; such answers are judged by themselves.
REFUSED = "Failed to load resource"


@dataclass
class Watcher:
    """``origin`` is the only place a page may ask anything of. ``expected`` are refusals a test provokes on purpose."""

    origin: str
    expected: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)

    def watch(self, context: BrowserContext) -> None:
        context.on("page", self._watch_page)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._printed)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))

    def _watch_page(self, page: Page) -> None:
        page.on("crash", lambda crashed: self.complaints.append(f"crashed: {crashed.url}"))

    def _asked(self, request: Request) -> None:
        self.requests.append(request)
        if not request.url.startswith((self.origin + "/", "data:", "blob:", "about:")):
            self.complaints.append(f"asked a third party: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.status} for {response.request.method} {response.url}")

    def _printed(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED):
            self.complaints.append(f"console {message.type}: {message.text}")

    def sent(self) -> str:
        """All that left the browser: addresses, headers and bodies, as sent and decoded."""
        parts = []
        for request in self.requests:
            body = request.post_data_buffer or b""
            headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
            raw = "\n".join((request.url, headers, body.decode("utf-8", "replace")))
            parts += [raw, unquote_plus(raw)]
        return "\n".join(parts)

    def paths(self, method: str) -> list[str]:
        return [urlsplit(request.url).path for request in self.requests if request.method == method]
