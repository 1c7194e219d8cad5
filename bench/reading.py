"""A lesson page, warm, against a bare Flask page of as many bytes: one row, one template, sixty items."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

from bench.figures import Figure, at_least
from bench.load import Load, generate
from bench.saving import questions
from bench.sites import Site, bare_site, our_site, whole_request

PHONES = 16
SECONDS = 6.0


def measure() -> Iterator[Figure]:
    question = questions()[0]
    lesson = question.path.rsplit("/hieu/", 1)[0]
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs, our_site(Path(ours)) as site:
        cookie = site.ask(question.path, fields=parse_qsl(question.body.decode())).cookie
        size = len(site.ask(lesson, Cookie=cookie).body)
        with bare_site(Path(theirs), size) as bare:
            plain = _run(bare, whole_request("GET", "/page"))
            stranger = _run(site, whole_request("GET", lesson))
            learner = _run(site, whole_request("GET", lesson, Cookie=cookie))
    said = f"bare {plain.rate:,.0f} pages a second of {size / 1000:.1f} KB"
    yield at_least("lesson page, warm, a learner's own, against bare Flask", learner.rate / plain.rate, 1.0, "×", said)
    said = f"{stranger.rate:,.0f} a second"
    yield at_least(
        "lesson page, warm, without a cookie, against bare Flask", stranger.rate / plain.rate, 1.0, "×", said
    )


def _run(site: Site, request: bytes) -> Load:
    connections = [[request]] * PHONES
    generate("127.0.0.1", site.port, connections, 1.0)  # warm
    load = generate("127.0.0.1", site.port, connections, SECONDS)
    if set(load.statuses) != {"200"}:
        raise RuntimeError(f"expected 200 only: {load.statuses}")
    return load
