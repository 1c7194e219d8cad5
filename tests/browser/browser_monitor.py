"""Records errors on the console, failed requests, and everything that a browser sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote_plus, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

# Chromium's console message for a status of 400 or more, which ``_record_response`` checks itself.
FAILED_RESOURCE = "Failed to load resource"
# Playwright's own message in a context that blocks service workers.
BLOCKED_WORKER = "Service Worker registration blocked by Playwright"
# The browser's message about Playwright's own scripts in a frame that allows none; ours are told with their address.
BLOCKED_OWN_SCRIPT = "Blocked script execution in 'about:"


@dataclass
class BrowserMonitor:
    """``origin`` is the only server that a page may contact. ``expected``: error statuses that the test provokes."""

    origin: str
    expected: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)

    def watch(self, context: BrowserContext) -> None:
        context.on("page", self._watch_page)
        context.on("request", self._record_request)
        context.on("response", self._record_response)
        context.on("console", self._record_console)
        context.on("weberror", self._record_error)
        for page in context.pages:
            self._watch_page(page)

    def leave(self, context: BrowserContext) -> None:
        """Stop watching a context that another test goes on with."""
        context.remove_listener("page", self._watch_page)
        context.remove_listener("request", self._record_request)
        context.remove_listener("response", self._record_response)
        context.remove_listener("console", self._record_console)
        context.remove_listener("weberror", self._record_error)
        for page in context.pages:
            page.remove_listener("crash", self._record_crash)

    def _watch_page(self, page: Page) -> None:
        page.on("crash", self._record_crash)

    def _record_crash(self, page: Page) -> None:
        self.complaints.append(f"crashed: {page.url}")

    def _record_error(self, error: WebError) -> None:
        self.complaints.append(f"script error: {error.error}")

    def _record_request(self, request: Request) -> None:
        self.requests.append(request)
        if not request.url.startswith((self.origin + "/", "data:", "blob:", "about:")):
            self.complaints.append(f"contacted a third party: {request.url}")

    def _record_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.status} for {response.request.method} {response.url}")

    def _record_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(
            (FAILED_RESOURCE, BLOCKED_WORKER, BLOCKED_OWN_SCRIPT)
        ):
            self.complaints.append(f"console {message.type}: {message.text}")

    def sent_text(self) -> str:
        """Return all URLs, headers and bodies that were sent, raw and decoded."""
        parts = []
        for request in self.requests:
            body = request.post_data_buffer or b""
            headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
            raw = "\n".join((request.url, headers, body.decode("utf-8", "replace")))
            parts += [raw, unquote_plus(raw)]
        return "\n".join(parts)

    def paths(self, method: str) -> list[str]:
        return [urlsplit(request.url).path for request in self.requests if request.method == method]
