"""What a page weighs on an empty cache: everything that a real Chromium fetches for it, as a hall's phone gets it.

Over plain http browsers ask for gzip and not for brotli, so what Chromium fetched is fetched again with gzip and its
bytes are counted. Pictures of the lesson are left out, as the bar says.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench.classroom import Room, open_room
from bench.figures import Figure, at_most
from bench.graduate import Graduate, graduate
from bench.sites import Site, our_site

KB = 1000
SETTLED = 1500  # ms, in which scripts fetch what they import
_PICTURES = ("image/png", "image/jpeg", "image/webp")


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        learner, room = graduate(site), open_room(site)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield from _weigh(browser, site, learner, room)
        browser.close()


def _weigh(browser: Browser, site: Site, learner: Graduate, room: Room) -> Iterator[Figure]:
    for name, path, cookie, script_bar in (
        ("first lesson page", learner.lesson_path, None, 15),
        ("questions page", f"{learner.lesson_path}/hieu", None, 15),
        ("practice page", learner.open_attempt_path, learner.cookie, 14),
        ("class, a learner's page", *room.seat, 15),
    ):
        parts = _parts(browser, site, path, cookie)
        whole, scripts = sum(parts.values()), sum(size for part, size in parts.items() if part.endswith(".js"))
        said = ", ".join(f"{urlsplit(part).path.rsplit('/', 1)[-1] or 'page'} {size}" for part, size in parts.items())
        yield at_most(f"{name}, all of it, gzip", whole / KB, 45, "KB", f"{len(parts)} requests")
        yield at_most(f"{name}, its JavaScript, gzip", scripts / KB, script_bar, "KB", said)


def _parts(browser: Browser, site: Site, path: str, cookie: str | None) -> dict[str, int]:
    """The addresses that the page makes Chromium fetch, and their bytes with gzip."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    if cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": site.url}])
    page = context.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(site.url + path, wait_until="load")
    page.wait_for_timeout(SETTLED)  # not until the network is idle: in class a stream stays open
    context.close()
    sizes = {}
    for url in fetched:
        if not url.startswith(site.url):
            raise RuntimeError(f"the page asks a third party: {url}")
        headers = {"Accept_Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})
        if "/lop/dong" in url:  # a stream has no end
            continue
        answer = site.ask(url.removeprefix(site.url), **headers)
        if answer.status == 200 and answer.headers.get("content-type") not in _PICTURES:
            sizes[url] = len(answer.body)
    return sizes
