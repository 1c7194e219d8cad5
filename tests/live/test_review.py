"""POSTs of answers to cards of a review by scripts: graded as in the lesson, and counted there not at all."""

from __future__ import annotations

import json

import pytest

from tests.live.lessons import questions, sample_lesson
from tests.live.raw_http import post_form

LESSON = sample_lesson()
FIRST = questions(LESSON)[0]
SCRIPT = {"Accept": "application/json"}


def answer(url: str, path: str, keys: tuple[str, ...], **headers: str):
    return post_form(url, f"/on{path}", [("answer", key) for key in keys], {**SCRIPT, **headers})


def test_an_answer_is_graded_with_the_authors_feedback_and_without_progress(live_server):
    right, wrong = (answer(live_server.url, FIRST.path, keys) for keys in (FIRST.right, (FIRST.wrong,)))
    assert (right.status, wrong.status) == (200, 200)
    assert json.loads(right.body)["right"] is True
    outcome = json.loads(wrong.body)
    assert outcome["right"] is False
    assert [said["key"] for said in outcome["said"]] == [FIRST.wrong]
    assert "progress" not in outcome


def test_it_counts_for_no_mark(live_server):
    reviewed = answer(live_server.url, FIRST.path, (FIRST.wrong,))
    again = post_form(
        live_server.url, FIRST.path, [("answer", key) for key in FIRST.right], {**SCRIPT, "Cookie": reviewed.cookie}
    )
    reviewed_again = answer(live_server.url, FIRST.path, (FIRST.wrong,), Cookie=again.cookie)
    assert reviewed_again.status == 200
    last = post_form(
        live_server.url, FIRST.path, [("answer", key) for key in FIRST.right], {**SCRIPT, "Cookie": again.cookie}
    )
    assert json.loads(last.body)["progress"]["right"] == 1


@pytest.mark.parametrize("path", [f"/{LESSON.course}/{LESSON.slug}/hieu/khong-co", "/khong/co/hieu/q1"])
def test_what_is_no_card_is_not_found(live_server, path):
    assert answer(live_server.url, path, ("a",)).status == 404


def test_another_site_is_refused(live_server):
    assert answer(live_server.url, FIRST.path, FIRST.right, Origin="http://la.example").status == 403


def test_an_empty_answer_is_refused_with_a_sentence(live_server):
    reply = answer(live_server.url, FIRST.path, ())
    assert reply.status == 422
    assert json.loads(reply.body)["error"]
