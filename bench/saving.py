"""Saving an answer, durable, 64 phones at once: bare Flask, our form, our script's post."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from bench.figures import Figure, at_least, at_most
from bench.load import Load, generate
from bench.sites import COURSES, Site, bare_site, our_site, whole_request
from lms.content.library import read_library
from lms.content.model import Choice

PHONES = 64
SECONDS = 8.0
_FORM = "application/x-www-form-urlencoded"


def measure() -> Iterator[Figure]:
    path, key = a_question()
    body = urlencode([("answer", key)]).encode()
    with tempfile.TemporaryDirectory() as folder, bare_site(Path(folder), 10_000) as bare:
        rows = _run(bare, [whole_request("POST", "/row", body, Content_Type=_FORM)] * PHONES, 303)
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site:
        cookies = [site.ask(path, fields=[("answer", key)]).cookie for _ in range(PHONES)]
        common = {"Content_Type": _FORM, "Origin": site.url}
        form = _run(site, [whole_request("POST", path, body, Cookie=one, **common) for one in cookies], 303)
        common["Accept"] = "application/json"
        live = _run(site, [whole_request("POST", path, body, Cookie=one, **common) for one in cookies], 200)
    yield at_least(
        "an answer by form, against bare Flask's one row", form.rate / rows.rate, 1.0, "×", _said(form, rows)
    )
    yield at_least(
        "an answer by script, against bare Flask's one row", live.rate / rows.rate, 4.0, "×", _said(live, rows)
    )
    for name, load in (("form", form), ("script", live)):
        yield at_most(
            f"an answer by {name}, p99", load.p99, 150, "ms", f"generator's own lag p99 {load.lag_p99:.1f} ms"
        )
        yield at_most(f"an answer by {name}, p99.9", load.p999, 250, "ms", f"{load.answers:,} answers")


def _run(site: Site, requests: list[bytes], status: int) -> Load:
    connections = [[request] for request in requests]
    generate("127.0.0.1", site.port, connections, 1.0)  # warm
    load = generate("127.0.0.1", site.port, connections, SECONDS)
    if set(load.statuses) != {str(status)}:
        raise RuntimeError(f"expected {status} only: {load.statuses}")
    return load


def _said(load: Load, bare: Load) -> str:
    return f"{load.rate:,.0f} a second; bare {bare.rate:,.0f}, its p99 {bare.p99:.0f} ms"


def a_question() -> tuple[str, str]:
    """The address of a question with boxes, and the key of its first option."""
    for course in read_library(COURSES, today=datetime.now(UTC).date()).library:
        for lesson in course.lessons:
            for question in lesson.understand.graded:
                if isinstance(question, Choice):
                    return f"/{course.slug}/{lesson.slug}/hieu/{question.id}", question.options[0].key
    raise RuntimeError("no question with boxes in courses/")
