"""POSTs of practice events: saved once, and replayed by the server."""

from __future__ import annotations

import json

import pytest

from tests.live.lessons import questions
from tests.live.practice_posts import LESSON, PRACTICE, begin, misses, send


def test_all_events_are_saved(live_server):
    attempt, cookie = begin(live_server.url)
    reply = send(live_server.url, attempt, {"events": misses(1, 3)}, cookie)
    assert reply.status == 200
    receipt = json.loads(reply.body)
    assert receipt["kept"] == 3
    assert receipt["screen"] == PRACTICE.start
    assert (receipt["ended"], receipt["passed"], receipt["marked"]) == (False, False, False)


def test_a_batch_that_is_sent_twice_counts_once(live_server):
    attempt, cookie = begin(live_server.url)
    hint = [[1, 0, PRACTICE.start, -1, "hint"]]
    replies = [send(live_server.url, attempt, {"events": hint + misses(2, 2)}, cookie) for _ in range(2)]
    assert replies[0].body == replies[1].body
    assert json.loads(replies[1].body)["kept"] == 3


def test_the_log_ends_at_a_gap_and_continues_when_it_is_filled(live_server):
    attempt, cookie = begin(live_server.url)
    assert json.loads(send(live_server.url, attempt, {"events": misses(1, 1) + misses(5, 3)}, cookie).body)["kept"] == 1
    assert json.loads(send(live_server.url, attempt, {"events": misses(2, 3)}, cookie).body)["kept"] == 4


def test_a_score_in_the_request_is_ignored(live_server):
    attempt, cookie = begin(live_server.url)
    claim = {"events": [[1, 0, PRACTICE.goal, -1, "miss"]], "score": 100, "passed": True, "ended": True}
    receipt = json.loads(send(live_server.url, attempt, claim, cookie).body)
    assert receipt["kept"] == 0
    assert receipt["passed"] is False
    assert receipt["marked"] is False


def test_an_attempt_of_another_learner_is_not_found(live_server):
    attempt, _ = begin(live_server.url)
    _, somebody = begin(live_server.url)
    for cookie in (somebody, None):
        reply = send(live_server.url, attempt, {"events": misses(1, 1)}, cookie)
        assert reply.status == 404
        assert json.loads(reply.body)["error"]


def test_an_unknown_attempt_is_not_found(live_server):
    _, cookie = begin(live_server.url)
    assert send(live_server.url, "/toi/luot/" + "0" * 32, {"events": []}, cookie).status == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"events": {}}', b"[" * 100_000, b'{"events": ' + b"9" * 5000 + b"}", b"\xff"],
    ids=["nothing", "half", "list", "null", "no list", "deep", "long number", "no text"],
)
def test_a_malformed_batch_is_refused_with_a_sentence(live_server, body):
    attempt, cookie = begin(live_server.url)
    reply = send(live_server.url, attempt, body, cookie)
    assert reply.status == 400
    assert json.loads(reply.body)["error"].startswith("Trang không đọc được")


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {"q": 1},
        [1],
        [True, 0, PRACTICE.start, -1, "miss"],
        [1, "0", PRACTICE.start, -1, "miss"],
        [1, 0, PRACTICE.start, 10**30, "tap"],
        [1, 0, "\ud800", -1, "miss"],
        [1, 0, PRACTICE.start, -1, "miss", "\x00"],
        [1, 0, PRACTICE.start, -1, ["miss"]],
    ],
    ids=repr,
)
def test_impossible_events_end_the_log_without_an_error(live_server, event):
    attempt, cookie = begin(live_server.url)
    reply = send(live_server.url, attempt, {"events": [event]}, cookie)
    assert reply.status == 200
    assert json.loads(reply.body)["kept"] == 0


def test_a_page_of_another_site_cannot_send_events(live_server):
    attempt, cookie = begin(live_server.url)
    assert send(live_server.url, attempt, {"events": misses(1, 1)}, cookie, Origin="https://x.example").status == 403
    assert json.loads(send(live_server.url, attempt, {"events": []}, cookie).body)["kept"] == 0


def test_events_sent_to_a_question_are_refused(live_server):
    reply = send(live_server.url, questions(LESSON)[0].path, {"events": []}, None)
    assert reply.status == 404
