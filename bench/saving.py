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
from statistics import median
from urllib.parse import urlencode

from bench.figures import Figure, at_least, at_most
from bench.load import Load, generate
from bench.sites import COURSES, Site, bare_site, our_site, whole_request
from lms.content.library import read_library
from lms.content.model import Choice, Lesson
from lms.http.learner_cookie import COOKIE, Pass, sign_pass
from lms.learning.learners.learner_store import new_learner_id

PHONES = 64
LEARNERS = 60  # on each phone
ROUNDS = 3
SECONDS = 5.0  # of each of the three in each round
BARS = {"form": 1.0, "script": 4.0}  # times bare Flask
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with boxes: its address, and the form body that answers it rightly."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Round:
    """The three right after one another, so that a machine that slows down slows all of them."""

    rows: Load
    form: Load
    script: Load


def measure() -> Iterator[Figure]:
    asked = questions()
    with (
        tempfile.TemporaryDirectory() as theirs,
        tempfile.TemporaryDirectory() as ours,
        bare_site(Path(theirs), 10_000) as bare,
        our_site(Path(ours)) as site,
    ):
        rounds = [_round(bare, site, asked) for _ in range(ROUNDS)]
    for name, loads in (("form", [one.form for one in rounds]), ("script", [one.script for one in rounds])):
        times = median(load.rate / one.rows.rate for load, one in zip(loads, rounds, strict=True))
        yield at_least(f"an answer by {name}, against bare Flask's row", times, BARS[name], "×", _said(loads, rounds))
        lag = f"the generator's lag p99 {median(load.lag_p99 for load in loads):.1f} ms"
        yield at_most(f"an answer by {name}, p99", median(load.p99 for load in loads), 150, "ms", lag)
        answers = f"{sum(load.answers for load in loads):,} answers"
        yield at_most(f"an answer by {name}, p99.9", median(load.p999 for load in loads), 250, "ms", answers)


def _round(bare: Site, site: Site, asked: list[Asked]) -> Round:
    row = whole_request("POST", "/row", asked[0].body, Content_Type=_FORM)
    return Round(
        rows=_run(bare, [[row]] * PHONES, 303),
        form=_run(site, _phones(site, asked), 303),
        script=_run(site, _phones(site, asked, Accept="application/json"), 200),
    )


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


def _said(loads: list[Load], rounds: list[Round]) -> str:
    """The rates behind a ratio, round by round."""
    pairs = (f"{load.rate:,.0f} to {one.rows.rate:,.0f}" for load, one in zip(loads, rounds, strict=True))
    return f"{', '.join(pairs)} a second; medians of {len(rounds)} rounds"
