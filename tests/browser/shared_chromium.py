"""One Chromium for all browser tests of a worker: every start and close is bounded, and a stuck one is replaced.

Playwright's own calls wait for ever for a browser that does not answer, and pytest-timeout watches no teardown of a
test that failed: a stopped browser would hold up the whole run.
"""

from __future__ import annotations

import os
import signal
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

from tests.browser.waiting import TIMEOUT_MS

SLICES = 10  # of a wait
STUCK_SECONDS = 60.0  # a start or a close takes a tenth of a second, and some seconds on a very busy machine
DRIVER_SECONDS = 60.0  # until a driver is killed that does not notice that its browser was


class SharedChromium:
    """Chromium as ``Browser`` has it: ``new_context`` gives contexts of the browser that runs at the moment.

    It is started when first needed, and again after it was killed or crashed.
    """

    def __init__(self, playwright: Playwright, **options: Any) -> None:
        """``options`` are those of ``playwright.chromium.launch``."""
        self._playwright, self._options = playwright, options
        self.stuck_seconds = STUCK_SECONDS  # how long a call may take
        # Chromium ignores the switch; its processes are found by it.
        self._mark = f"--lms-tests={uuid.uuid4().hex}"
        self._browser: Browser | None = None

    def new_context(self, **options: Any) -> BrowserContext:
        """A new context, which waits as long as tests do; its ``close`` is bounded like this call."""
        context: BrowserContext | None = None
        for _ in range(2):  # a browser that became stuck since the last call is replaced
            browser = self._running()
            with self.killed_if_stuck():
                context = browser.new_context(**options)
            if context is not None:
                break
        if context is None:
            raise RuntimeError("Chromium was stuck twice")
        context.set_default_timeout(TIMEOUT_MS)
        context.close = partial(self._close_context, context, context.close)  # type: ignore[method-assign]
        return context

    def close(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None:
            with self.killed_if_stuck():
                browser.close()

    @contextmanager
    def killed_if_stuck(self) -> Iterator[None]:
        """Kill the browser if the block takes too long; the block then ends early, without an error.

        If not even that ends it, the driver is stuck, and is killed as well; without it each later call fails at once.
        """
        killed = threading.Event()

        def kill() -> None:
            killed.set()
            self.send_signal(signal.SIGKILL)

        with _after(self.stuck_seconds, kill), _after(self.stuck_seconds + DRIVER_SECONDS, _kill_drivers):
            try:
                yield
            except Error:
                if not killed.is_set():
                    raise
        if killed.is_set():
            self._browser = None
            warnings.warn("Chromium was stuck and has been killed", stacklevel=3)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to all processes of the browser: that with our mark, and its group, which are its helpers."""
        for pid, command in _commands():
            if self._mark in command:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(os.getpgid(pid), number)

    def _running(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            arguments = [*self._options.get("args", ()), self._mark]
            self._browser = self._playwright.chromium.launch(**self._options | {"args": arguments})
        return self._browser

    def _close_context(self, context: BrowserContext, close: Callable[..., None], **options: Any) -> None:
        with self.killed_if_stuck():
            try:
                close(**options)
            except Error:
                if context.browser and context.browser.is_connected():
                    raise


@contextmanager
def shared_chromium(playwright: Playwright, **options: Any) -> Iterator[SharedChromium]:
    chromium = SharedChromium(playwright, **options)
    try:
        yield chromium
    finally:
        chromium.close()


@contextmanager
def running_playwright(stuck_seconds: float = STUCK_SECONDS) -> Iterator[Playwright]:
    """Like ``sync_playwright``, but a driver that does not stop is killed."""
    started = sync_playwright()
    try:
        yield started.__enter__()
    finally:
        with _after(stuck_seconds, _kill_drivers):
            started.__exit__()


@contextmanager
def _after(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Call ``act`` in a thread if the block takes longer than ``seconds``, in which this process ran.

    A run that was suspended for minutes, with its browser, must not take it for stuck when both go on.
    """
    ended = threading.Event()

    def watch() -> None:
        if not any(ended.wait(seconds / SLICES) for _ in range(SLICES)):
            act()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def drivers() -> list[int]:
    """Playwright's Node.js processes, which are our own children."""
    return [pid for pid, command in _commands() if "playwright" in command and _parent(pid) == os.getpid()]


def _kill_drivers() -> None:
    for driver in drivers():
        with suppress(ProcessLookupError):
            os.kill(driver, signal.SIGKILL)


def _commands() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield int(folder.name), (folder / "cmdline").read_bytes().decode("utf-8", "replace")


def _parent(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    return 0
