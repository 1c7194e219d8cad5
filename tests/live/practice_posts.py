"""What a phone posts of a practice: the start of an attempt, and its events."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.live.lessons import practice_of, sample_lesson
from tests.live.raw_http import HttpResponse, post_form, send_request

LESSON = sample_lesson()
PRACTICE = practice_of(LESSON)
START = f"/{LESSON.course}/{LESSON.slug}/lam"


def begin(url: str) -> tuple[str, str]:
    """Start an attempt like a page does; returns (its path, the learner's cookie)."""
    reply = post_form(url, START, [("mode", "tu-lam")])
    assert reply.status == 303
    return re.sub(r"^https?://[^/]+", "", reply.headers["location"]), reply.cookie


def send(url: str, attempt: str, body: Any, cookie: str | None, **headers: str) -> HttpResponse:
    own = {"Content-Type": "application/json", "Origin": url, **headers} | ({"Cookie": cookie} if cookie else {})
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return send_request(url, f"{attempt}/su-kien", method="POST", body=text, headers=own)


def misses(first: int, count: int) -> list[list[Any]]:
    """Taps on nothing on the first screen: always possible, and without effect."""
    return [[q, 100 * q, PRACTICE.start, -1, "miss"] for q in range(first, first + count)]
