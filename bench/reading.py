"""A warm lesson page, and a review of 2,000 answers, compared with a bare Flask page of the same size.

The bare page reads one row and renders one template with sixty items.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

from bench.figures import Figure, at_least, at_most
from bench.load_generator import LoadResult, generate
from bench.sample_learner import REVIEW_ANSWERS, create_reviewing_learner
from bench.saving import questions
from bench.sites import Site, bare_site, build_request, our_site

PHONES = 16
FIRST_REVIEW_MS = 150  # as an answer's p99
SECONDS = 6.0


def measure() -> Iterator[Figure]:
    question = questions()[0]
    lesson = question.path.rsplit("/hieu/", 1)[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as bare_folder,
        our_site(Path(folder)) as site,
    ):
        cookie = site.request(question.path, fields=parse_qsl(question.body.decode())).cookie
        size = len(site.request(lesson, Cookie=cookie).body)
        with bare_site(Path(bare_folder), size) as bare:
            baseline = _run(bare, build_request("GET", "/page"))
            anonymous = _run(site, build_request("GET", lesson))
            learner = _run(site, build_request("GET", lesson, Cookie=cookie))
            earlier, reviewer = create_reviewing_learner(site), create_reviewing_learner(site)
            _time_first_review(site, earlier)  # compiles the templates
            opened = _time_first_review(site, reviewer)
            review = _run(site, build_request("GET", "/on", Cookie=reviewer))
    note = f"bare {baseline.rate:,.0f} pages a second of {size / 1000:.1f} KB"
    yield at_least(
        "lesson page, warm, a learner's own, against bare Flask", learner.rate / baseline.rate, 1.5, "×", note
    )
    note = f"{anonymous.rate:,.0f} a second"
    yield at_least(
        "lesson page, warm, without a cookie, against bare Flask", anonymous.rate / baseline.rate, 2.0, "×", note
    )
    note = f"{review.rate:,.0f} a second, after {REVIEW_ANSWERS:,} answers"
    yield at_least("review, warm, against bare Flask", review.rate / baseline.rate, 1.5, "×", note)
    yield at_most(f"review, the first after {REVIEW_ANSWERS:,} answers", opened * 1000, FIRST_REVIEW_MS, "ms")


def _time_first_review(site: Site, cookie: str) -> float:
    """Seconds until a review is there that nobody has opened since the last answer."""
    begin = time.perf_counter()
    response = site.request("/on", Cookie=cookie)
    if response.status != 200 or b"question__count" not in response.body:
        raise RuntimeError(f"no card was shown: {response.status}")
    return time.perf_counter() - begin


def _run(site: Site, request: bytes) -> LoadResult:
    connections = [[request]] * PHONES
    generate("127.0.0.1", site.port, connections, 1.0)  # warm
    load = generate("127.0.0.1", site.port, connections, SECONDS)
    if set(load.statuses) != {"200"}:
        raise RuntimeError(f"expected 200 only: {load.statuses}")
    return load
