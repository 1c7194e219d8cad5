"""Work without a network: the service worker, the page in place of a missing one, and the list of a course download."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from flask import Blueprint, Response, render_template

from lms.assets import load_assets
from lms.content.links import find_picture
from lms.content.model import Course, Lesson, Practice, Stage
from lms.message_catalog import LANGUAGE_NAMES
from lms.web.course_pictures import served_bytes
from lms.web.courses import course_page, lesson_page
from lms.web.language import announce_missing_translation, begin_page
from lms.web.lesson_language import PartOf, in_chosen_language, in_page_language, practice_part, understand_of, use_of
from lms.web.offline_copies import page_version
from lms.web.page_cache import SharedPage, shared_page, uncached_page
from lms.web.practice import demo_walkthrough, real_device
from lms.web.practice.attempt_page import render_unstarted_attempt
from lms.web.practice.introduction import OFFLINE_MODES, render_introduction
from lms.web.request_context import course_or_404, settings
from lms.web.understand_stage import understand_page
from lms.web.urls import practice_url, stage_url
from lms.web.use_stage import use_page

bp = Blueprint("offline", __name__)

SCRIPTS = ("stored-pages", "outbox", "course-download", "events")


@bp.get("/sw.js")
def show_service_worker() -> Response:
    """The service worker: it only names the scripts of this build.

    Browsers fetch it after every page and compare it, so it is small; with a new build they replace the old worker.
    """
    assets = load_assets()
    scripts = ", ".join(f'"{assets.url(f"js/service-worker/{name}.js")}"' for name in SCRIPTS)
    constants = f'self.BUILD = "{assets.build}"\nself.LANGUAGES = {json.dumps(list(LANGUAGE_NAMES))}\n'
    response = Response(f"{constants}importScripts({scripts})\n", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/ngoai-mang")
def show_missing_page() -> Response:
    """The page in place of one that is not on the phone; the service worker adds what is there."""
    return _shell_page("offline.html")


@bp.get("/ngoai-mang/ket-qua")
def show_awaited_result() -> Response:
    """The page in place of the result of a practice, which opens it when there is a network."""
    return _shell_page("offline_result.html")


def _shell_page(template: str) -> Response:
    response = Response(render_template(template), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Page-Version"] = page_version(None)
    return response


@bp.get("/<course_slug>/tai-ve.json")
def list_course_download(course_slug: str) -> Response:
    """All pages of a course, for its download, as ``{"name", "version", "bytes", "pages": [{"url", "bytes"}…]}``.

    ``bytes`` are as transferred with gzip, in the language of this address or phone; the total includes the static
    files that the pages load.
    """
    course = course_or_404(course_slug)
    listed = shared_page(("tai-ve", course.slug), lambda: json.dumps(_course_download(course)))
    return Response(listed.plain, mimetype="application/json", headers={"Cache-Control": "no-cache"})


def _course_download(course: Course) -> dict[str, Any]:
    pages = dict(_course_pages(course))
    html = "".join(page.plain.decode() for page in pages.values())
    files = set(_FILES.findall(html))
    sizes = {url: len(page.gzip) for url, page in pages.items()}
    return {
        "name": course.name,
        "version": page_version(course),
        "bytes": sum(sizes.values()) + _static_bytes(files) + _picture_bytes(course, set(_PICTURES.findall(html))),
        "pages": [{"url": url, "bytes": size} for url, size in sizes.items()],
    }


def _course_pages(course: Course) -> Iterator[tuple[str, SharedPage]]:
    """The pages of a course by URL, as a phone without a learner gets them in the language of this request."""
    begin_page(offers_others=True)
    shown = in_page_language(course)
    announce_missing_translation(shown)
    yield f"/{course.slug}", course_page(shown)
    for lesson in course.lessons:
        translated = _begin_lesson_page(course, lesson, understand_of)
        yield f"/{course.slug}/{lesson.slug}", lesson_page(*translated)
        yield stage_url(lesson, Stage.UNDERSTAND), understand_page(*translated)
        for practice in lesson.practices:
            yield from _practice_pages(course, lesson, practice)
        if lesson.use:
            yield stage_url(lesson, Stage.USE), use_page(*_begin_lesson_page(course, lesson, use_of))


def _begin_lesson_page(course: Course, lesson: Lesson, part: PartOf) -> tuple[Course, Lesson]:
    begin_page(offers_others=False)
    return in_chosen_language(course, lesson, part)


def _practice_pages(course: Course, lesson: Lesson, original: Practice) -> Iterator[tuple[str, SharedPage]]:
    course, lesson = _begin_lesson_page(course, lesson, practice_part(original.name))
    practice = lesson.practice_named(original.name) or original
    url = practice_url(lesson, practice.name)
    yield url, uncached_page(lambda: render_introduction(course, lesson, practice, None))
    for mode in OFFLINE_MODES:
        yield (
            f"{url}?luot={mode}",
            uncached_page(lambda mode=mode: render_unstarted_attempt(course, lesson, practice, mode)),
        )
    yield f"{url}?che-do={demo_walkthrough.DEMO}", demo_walkthrough.demo_page(course, lesson, practice)
    if real_device.has_real_steps(course, practice):
        yield f"{url}?che-do={real_device.REAL_DEVICE}", real_device.real_device_page(course, lesson, practice)


def _static_bytes(paths: set[str]) -> int:
    """The size of static files and of what they import."""
    assets = load_assets()
    left, sizes = {path for path in paths if assets.find(path)}, {}
    while left:
        path = left.pop()
        asset = assets.find(path)
        if asset is None or path in sizes:
            continue
        sizes[path] = len(asset.gzip or asset.content)
        if path.endswith((".js", ".css")):
            folder = posixpath.dirname(path)
            found = _IMPORTS.finditer(asset.content.decode())
            left |= {posixpath.normpath(posixpath.join(folder, match[1] or match[2])) for match in found}
    return sum(sizes.values())


def _picture_bytes(course: Course, urls: set[str]) -> int:
    folders = {f"/{course.slug}": course.folder}
    folders |= {f"/{course.slug}/{lesson.slug}": lesson.folder for lesson in course.lessons}
    total = 0
    for url in urls:
        base, _, name = url.partition("/images/")
        found = find_picture(Path(folders[base]), unquote(name)) if base in folders else None
        total += served_bytes(found, settings().data_dir) if found else 0
    return total


_FILES = re.compile(r'(?:href|src)="/static/[^/"]+/([^"#]+)')
_PICTURES = re.compile(r'(?:href|src)="(/[^"#]+/images/[^"#]+)')
_IMPORTS = re.compile(r"""(?:from|import)\s*\(?\s*"(\.{1,2}/[^"]+)"|url\("?([^")]+)"?\)""")
