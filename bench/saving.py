"""Saving an answer durably, 64 connections at once: by form and by script, compared with bare Flask.

Each connection plays many learners one after another, each of whom answers every choice question of a lesson, so that
the rows belong to thousands of learners and not to 64.
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
from bench.load_generator import LoadResult, generate
from bench.sites import COURSES, Site, bare_site, build_request, our_site
from lms.content.library import read_library
from lms.content.model import Choice, Lesson
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.learners.learner_store import new_learner_id

CONNECTIONS = 64
LEARNERS = 60  # on each connection
ROUNDS = 3
SECONDS = 5.0  # of each of the three in each round
BARS = {"form": 1.1, "script": 4.0}  # times bare Flask
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """The path of a choice question, and the form body of the right answer."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Round:
    """The three loads are measured one after another, so that a machine that slows down slows all of them."""

    bare: LoadResult
    form: LoadResult
    script: LoadResult


def measure() -> Iterator[Figure]:
    requests = questions()
    with (
        tempfile.TemporaryDirectory() as bare_folder,
        tempfile.TemporaryDirectory() as folder,
        bare_site(Path(bare_folder), 10_000) as bare,
        our_site(Path(folder)) as site,
    ):
        rounds = [_round(bare, site, requests) for _ in range(ROUNDS)]
    for name, loads in (("form", [each.form for each in rounds]), ("script", [each.script for each in rounds])):
        ratio = median(load.rate / each.bare.rate for load, each in zip(loads, rounds, strict=True))
        yield at_least(f"an answer by {name}, against bare Flask's row", ratio, BARS[name], "×", _rates(loads, rounds))
        lag = f"the generator's lag p99 {median(load.lag_p99 for load in loads):.1f} ms"
        yield at_most(f"an answer by {name}, p99", median(load.p99 for load in loads), 150, "ms", lag)
        answers = f"{sum(load.response_count for load in loads):,} answers"
        yield at_most(f"an answer by {name}, p99.9", median(load.p999 for load in loads), 250, "ms", answers)


def _round(bare: Site, site: Site, requests: list[AnswerRequest]) -> Round:
    row = build_request("POST", "/row", requests[0].body, Content_Type=_FORM)
    return Round(
        bare=_run(bare, [[row]] * CONNECTIONS, 303),
        form=_run(site, _connections(site, requests), 303),
        script=_run(site, _connections(site, requests, Accept="application/json"), 200),
    )


def questions() -> list[AnswerRequest]:
    """Return those of the first lesson with at least two choice questions."""
    for course in read_library(COURSES, today=datetime.now(UTC).date()).library:
        for lesson in course.lessons:
            if len(choices := _choices(lesson)) > 1:
                return choices
    raise RuntimeError("no lesson in courses/ has two choice questions")


def _choices(lesson: Lesson) -> list[AnswerRequest]:
    return [
        AnswerRequest(
            f"/{lesson.course}/{lesson.slug}/hieu/{question.id}",
            urlencode([("answer", option.key) for option in question.options if option.right]).encode(),
        )
        for question in lesson.understand.graded_questions
        if isinstance(question, Choice)
    ]


def _connections(site: Site, requests: list[AnswerRequest], **headers: str) -> list[list[bytes]]:
    """Return the requests of each connection: learner by learner, question by question."""
    secret = (site.folder / "secret-key").read_text("ascii").strip()

    def requests_of_learner() -> list[bytes]:
        cookie = f"{COOKIE_NAME}={dump_cookie(secret, LearnerCookie((new_learner_id(),)))}"
        all_headers = {"Content_Type": _FORM, "Origin": site.url, "Cookie": cookie, **headers}
        return [build_request("POST", each.path, each.body, **all_headers) for each in requests]

    return [[request for _ in range(LEARNERS) for request in requests_of_learner()] for _ in range(CONNECTIONS)]


def _run(site: Site, connections: list[list[bytes]], status: int) -> LoadResult:
    generate("127.0.0.1", site.port, connections, 1.0)  # warm
    load = generate("127.0.0.1", site.port, connections, SECONDS)
    if set(load.statuses) != {str(status)}:
        raise RuntimeError(f"expected {status} only: {load.statuses}")
    return load


def _rates(loads: list[LoadResult], rounds: list[Round]) -> str:
    """Describe the rates behind a ratio, round by round."""
    pairs = (f"{load.rate:,.0f} to {each.bare.rate:,.0f}" for load, each in zip(loads, rounds, strict=True))
    return f"{', '.join(pairs)} a second; medians of {len(rounds)} rounds"
