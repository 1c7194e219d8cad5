"""Saving an answer, durable, 64 phones at once: bare Flask, our form, our script's post.

Each phone plays many learners one after another, and each learner answers every question of a lesson that has boxes,
so that rows are spread as in a city and not heaped on 64 people.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from bench.figures import Figure, at_least, at_most
from bench.load import Load, generate
from bench.sites import COURSES, Site, bare_site, our_site, whole_request
from lms.content.library import read_library
from lms.content.model import Choice, Lesson
from lms.learning.learners import new_learner_id
from lms.learning.passes import COOKIE, Pass, sign_pass

PHONES = 64
LEARNERS = 60  # on each phone
SECONDS = 8.0
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with boxes: its address, and the form body that answers it rightly."""

    path: str
    body: bytes


def measure() -> Iterator[Figure]:
    asked = questions()
    with tempfile.TemporaryDirectory() as folder, bare_site(Path(folder), 10_000) as bare:
        rows = _run(bare, [[whole_request("POST", "/row", asked[0].body, Content_Type=_FORM)]] * PHONES, 303)
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site:
        form = _run(site, _phones(site, asked), 303)
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site:
        live = _run(site, _phones(site, asked, Accept="application/json"), 200)
    yield at_least("an answer by form, against bare Flask's row", form.rate / rows.rate, 1.0, "×", _said(form, rows))
    yield at_least("an answer by script, against bare Flask's row", live.rate / rows.rate, 4.0, "×", _said(live, rows))
    for name, load in (("form", form), ("script", live)):
        yield at_most(
            f"an answer by {name}, p99", load.p99, 150, "ms", f"the generator's lag p99 {load.lag_p99:.1f} ms"
        )
        yield at_most(f"an answer by {name}, p99.9", load.p999, 250, "ms", f"{load.answers:,} answers")


def questions() -> list[Asked]:
    """Those of the first lesson that has several."""
    for course in read_library(COURSES, today=datetime.now(UTC).date()).library:
        for lesson in course.lessons:
            if len(found := _choices(lesson)) > 1:
                return found
    raise RuntimeError("no lesson in courses/ has questions with boxes")


def _choices(lesson: Lesson) -> list[Asked]:
    return [
        Asked(
            f"/{lesson.course}/{lesson.slug}/hieu/{question.id}",
            urlencode([("answer", option.key) for option in question.options if option.right]).encode(),
        )
        for question in lesson.understand.graded
        if isinstance(question, Choice)
    ]


def _phones(site: Site, asked: list[Asked], **headers: str) -> list[list[bytes]]:
    """What each phone sends in turn: learner by learner, question by question."""
    secret = (site.folder / "secret-key").read_text("ascii").strip()

    def one_learner() -> list[bytes]:
        cookie = f"{COOKIE}={sign_pass(secret, Pass((new_learner_id(),)))}"
        own = {"Content_Type": _FORM, "Origin": site.url, "Cookie": cookie, **headers}
        return [whole_request("POST", one.path, one.body, **own) for one in asked]

    return [[request for _ in range(LEARNERS) for request in one_learner()] for _ in range(PHONES)]


def _run(site: Site, phones: list[list[bytes]], status: int) -> Load:
    generate("127.0.0.1", site.port, phones, 1.0)  # warm
    load = generate("127.0.0.1", site.port, phones, SECONDS)
    if set(load.statuses) != {str(status)}:
        raise RuntimeError(f"expected {status} only: {load.statuses}")
    return load


def _said(load: Load, bare: Load) -> str:
    return f"{load.rate:,.0f} a second; bare {bare.rate:,.0f}, its p99 {bare.p99:.0f} ms"
