"""Page weight on an empty cache: everything that a real Chromium fetches for a page.

Over plain http browsers accept gzip and not brotli, so each URL that Chromium fetched is fetched again with gzip, and
its bytes are counted. Pictures of the lesson do not count.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench.figures import Figure, at_most
from bench.sample_class import SampleClass, open_sample_class
from bench.sample_learner import SampleLearner, create_reviewing_learner, create_sample_learner
from bench.sites import COURSES, Site, our_site

KB = 1000
SETTLED = 1500  # ms, in which scripts fetch their imports
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/svg+xml")


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        learner, sample_class = create_sample_learner(site), open_sample_class(site)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield from _weigh(browser, site, learner, sample_class)
        browser.close()
        yield _weigh_downloads(site)


def _weigh(browser: Browser, site: Site, learner: SampleLearner, sample_class: SampleClass) -> Iterator[Figure]:
    for name, path, cookie, page_bar, script_bar in (
        ("first lesson page", learner.lesson_path, None, 14, 4),
        ("questions page", f"{learner.lesson_path}/hieu", None, 25, 15),
        # The drawn phones' stylesheets come on top of the questions page.
        ("questions page with drawn phones", f"{learner.gesture_lesson_path}/hieu", None, 27, 15),
        ("practice page", learner.open_attempt_path, learner.cookie, 40, 15),
        ("practice page with gestures", learner.gesture_attempt_path, learner.cookie, 40, 15),
        ("review, a card", "/on", create_reviewing_learner(site), 25, 15),
        ("class, a learner's page", *sample_class.seat, 30, 15),
    ):
        sizes = _sizes(browser, site, path, cookie)
        whole, scripts = sum(sizes.values()), sum(size for url, size in sizes.items() if url.endswith(".js"))
        list_of_files = ", ".join(
            f"{urlsplit(url).path.rsplit('/', 1)[-1] or 'page'} {size}" for url, size in sizes.items()
        )
        yield at_most(f"{name}, all of it, gzip", whole / KB, page_bar, "KB", f"{len(sizes)} requests")
        yield at_most(f"{name}, its JavaScript, gzip", scripts / KB, script_bar, "KB", list_of_files)


def _weigh_downloads(site: Site) -> Figure:
    """The largest course that "Tải khóa về máy" brings, as sent over https: pages with Brotli, static files.

    The bar: what a phone on a slow 3G line (400 kbit/s) fetches in 16 seconds.
    """
    sizes: dict[str, tuple[float, int]] = {}
    for folder in sorted(COURSES.iterdir()):
        response = site.request(f"/{folder.name}/tai-ve.json")
        if response.status != 200:
            continue
        listed = json.loads(response.body)
        pages = listed["pages"]
        files = listed["bytes"] - sum(page["bytes"] for page in pages)
        sent = sum(len(site.request(page["url"], Accept_Encoding="br").body) for page in pages)
        sizes[folder.name] = (files + sent, len(pages))
    name = max(sizes, key=lambda slug: sizes[slug][0])
    note = ", ".join(f"{slug} {size / KB:.0f} KB in {count} pages" for slug, (size, count) in sizes.items())
    return at_most(f"offline copy of a course, the largest ({name}), Brotli", sizes[name][0] / KB, 800, "KB", note)


def _sizes(browser: Browser, site: Site, path: str, cookie: str | None) -> dict[str, int]:
    """The size in bytes, with gzip, of each URL that the page makes Chromium fetch."""
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
        if "/lop/dong" in url:  # a stream has no end
            continue
        response = site.request(url.removeprefix(site.url), Accept_Encoding="gzip", Cookie=cookie or "")
        is_picture = (
            not url.startswith(f"{site.url}/static/")
            and response.headers.get("content-type", "").partition(";")[0] in _PICTURES
        )
        if response.status == 200 and not is_picture:
            sizes[url] = len(response.body)
    return sizes
