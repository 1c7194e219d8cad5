"""Answering a question by script: the same rules as by form, without a thread for each phone."""

from __future__ import annotations

import json

import pytest

from tests.live.lessons import questions, the_lesson
from tests.live.raw import Reply, ask, post_form

LESSON = the_lesson()
FIRST, SECOND = questions(LESSON)[:2]
SCRIPT = {"Accept": "application/json"}


def answer(url: str, path: str, keys: tuple[str, ...], **headers: str) -> Reply:
    return post_form(url, path, [("answer", key) for key in keys], {**SCRIPT, **headers})


def told(reply: Reply) -> dict:
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"
    return json.loads(reply.body)


def test_a_right_answer_is_told_and_counted(live_server):
    reply = answer(live_server.url, FIRST.path, FIRST.right)
    assert reply.status == 200
    outcome = told(reply)
    assert outcome["right"] is True
    assert outcome["score"] == 1.0
    assert outcome["progress"]["right"] == 1
    assert outcome["progress"]["total"] == len(LESSON.understand.graded)
    assert outcome["progress"]["earned"] is False


def test_a_wrong_answer_gets_what_the_author_says_to_it(live_server):
    outcome = told(answer(live_server.url, FIRST.path, (FIRST.wrong,)))
    assert outcome["right"] is False
    assert outcome["progress"]["right"] == 0
    assert [said["key"] for said in outcome["said"]] == [FIRST.wrong]


def test_whoever_answers_first_gets_a_cookie_that_keeps_her(live_server):
    first = answer(live_server.url, FIRST.path, FIRST.right)
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=Lax" in first.headers["set-cookie"]
    assert "Secure" not in first.headers["set-cookie"]  # the hall's address is plain http
    second = answer(live_server.url, SECOND.path, SECOND.right, Cookie=first.cookie)
    assert told(second)["progress"]["right"] == 2


def test_a_form_and_a_script_fill_the_same_record(live_server):
    by_form = post_form(live_server.url, FIRST.path, [("answer", key) for key in FIRST.right])
    assert by_form.status == 303
    by_script = answer(live_server.url, SECOND.path, SECOND.right, Cookie=by_form.cookie)
    assert told(by_script)["progress"]["right"] == 2


def test_the_same_answer_twice_counts_once(live_server):
    cookie = answer(live_server.url, FIRST.path, FIRST.right).cookie
    again = answer(live_server.url, FIRST.path, FIRST.right, Cookie=cookie)
    assert told(again)["progress"]["right"] == 1


def test_a_foreign_cookie_is_nobodys(live_server):
    reply = answer(live_server.url, FIRST.path, FIRST.right, Cookie="learner=0123456789abcdef0123456789abcdef.x.y")
    assert reply.status == 200
    assert reply.cookie is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_cannot_answer(live_server, headers):
    reply = answer(live_server.url, FIRST.path, FIRST.right, **headers)
    assert reply.status == 403
    assert told(reply)["error"].startswith("Trang không nhận")
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        (FIRST.path.rsplit("/", 1)[0] + "/khong-co", [("answer", "a")], 404),
        (f"/khong-co/khong-co/hieu/{FIRST.path.rsplit('/', 1)[1]}", [("answer", "a")], 404),
        (FIRST.path, [("answer", "khong-co")], 422),
        (FIRST.path, [], 422),
        (FIRST.path, [("answer", " ")], 422),
        (FIRST.path, [("answer", "x" * 10_000)], 413),
        (FIRST.path, [("x", "y")] * 300, 400),
    ],
    ids=["question", "lesson", "option", "nothing", "blank", "long", "many"],
)
def test_what_cannot_be_answered_is_refused_in_words(live_server, path, fields, status):
    reply = post_form(live_server.url, path, fields, SCRIPT)
    assert reply.status == status
    assert told(reply)["error"].endswith((".", "nhé."))
    assert "set-cookie" not in reply.headers


def test_a_body_that_is_no_text_is_refused_in_words(live_server):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": live_server.url, **SCRIPT}
    reply = ask(live_server.url, FIRST.path, method="POST", body=b"answer=\xff\xfe", headers=headers)
    assert reply.status == 400
    assert "error" in told(reply)


@pytest.mark.parametrize(
    "cookie", ['prefs={"a":1}; {}', "theme=a b; {}", "tên=x; {}", "{}; learner=tossed", 'a=[1,2]; {}; b="x,y"']
)
def test_cookies_of_other_programs_at_the_same_host_do_not_hide_hers(live_server, cookie):
    hers = answer(live_server.url, FIRST.path, FIRST.right).cookie
    both = cookie.replace("{}", hers).encode().decode("latin-1")
    assert told(answer(live_server.url, SECOND.path, SECOND.right, Cookie=both))["progress"]["right"] == 2
