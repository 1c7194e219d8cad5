"""POSTs of answers by scripts: the rules are those of forms."""

from __future__ import annotations

import json

import pytest

from tests.live.lessons import questions, sample_lesson
from tests.live.raw_http import HttpResponse, post_form, send_request

LESSON = sample_lesson()
FIRST, SECOND = questions(LESSON)[:2]
SCRIPT = {"Accept": "application/json"}


def answer(url: str, path: str, keys: tuple[str, ...], **headers: str) -> HttpResponse:
    return post_form(url, path, [("answer", key) for key in keys], {**SCRIPT, **headers})


def parsed(reply: HttpResponse) -> dict:
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"
    return json.loads(reply.body)


def test_a_right_answer_is_reported_and_counted(live_server):
    reply = answer(live_server.url, FIRST.path, FIRST.right)
    assert reply.status == 200
    outcome = parsed(reply)
    assert outcome["right"] is True
    assert outcome["score"] == 1.0
    assert outcome["progress"]["right"] == 1
    assert outcome["progress"]["total"] == len(LESSON.understand.graded_questions)
    assert outcome["progress"]["earned"] is False


def test_a_wrong_answer_gets_the_authors_feedback(live_server):
    outcome = parsed(answer(live_server.url, FIRST.path, (FIRST.wrong,)))
    assert outcome["right"] is False
    assert outcome["progress"]["right"] == 0
    assert [said["key"] for said in outcome["said"]] == [FIRST.wrong]


def test_the_first_answer_sets_a_cookie_that_identifies_the_learner(live_server):
    first = answer(live_server.url, FIRST.path, FIRST.right)
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=Lax" in first.headers["set-cookie"]
    assert "Secure" not in first.headers["set-cookie"]  # the site runs on plain http
    second = answer(live_server.url, SECOND.path, SECOND.right, Cookie=first.cookie)
    assert parsed(second)["progress"]["right"] == 2


def test_a_form_and_a_script_fill_the_same_record(live_server):
    by_form = post_form(live_server.url, FIRST.path, [("answer", key) for key in FIRST.right])
    assert by_form.status == 303
    by_script = answer(live_server.url, SECOND.path, SECOND.right, Cookie=by_form.cookie)
    assert parsed(by_script)["progress"]["right"] == 2


def test_a_form_of_a_forgotten_learner_is_saved_for_a_new_one(live_server):
    first = post_form(live_server.url, FIRST.path, [("answer", key) for key in FIRST.right])
    forgotten = post_form(live_server.url, "/toi/quen", [("chac", "co")], {"Cookie": first.cookie})
    assert forgotten.status < 400
    again = post_form(live_server.url, FIRST.path, [("answer", key) for key in FIRST.right], {"Cookie": first.cookie})
    assert again.status == 303
    assert again.cookie != first.cookie
    counted = answer(live_server.url, SECOND.path, SECOND.right, Cookie=again.cookie)
    assert parsed(counted)["progress"]["right"] == 2


def test_the_same_answer_twice_counts_once(live_server):
    cookie = answer(live_server.url, FIRST.path, FIRST.right).cookie
    again = answer(live_server.url, FIRST.path, FIRST.right, Cookie=cookie)
    assert parsed(again)["progress"]["right"] == 1


def test_a_cookie_with_a_wrong_signature_is_ignored(live_server):
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
def test_a_page_of_another_site_cannot_post_an_answer(live_server, headers):
    reply = answer(live_server.url, FIRST.path, FIRST.right, **headers)
    assert reply.status == 403
    assert parsed(reply)["error"].startswith("Trang không nhận")
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
def test_an_invalid_answer_is_refused_with_a_sentence(live_server, path, fields, status):
    reply = post_form(live_server.url, path, fields, SCRIPT)
    assert reply.status == status
    assert parsed(reply)["error"].endswith((".", "nhé."))
    assert "set-cookie" not in reply.headers


def test_a_body_that_is_not_utf8_is_refused_with_a_sentence(live_server):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": live_server.url, **SCRIPT}
    reply = send_request(live_server.url, FIRST.path, method="POST", body=b"answer=\xff\xfe", headers=headers)
    assert reply.status == 400
    assert "error" in parsed(reply)


@pytest.mark.parametrize(
    "cookie", ['prefs={"a":1}; {}', "theme=a b; {}", "tên=x; {}", "{}; learner=tossed", 'a=[1,2]; {}; b="x,y"']
)
def test_malformed_cookies_of_other_programs_do_not_hide_the_learner_cookie(live_server, cookie):
    hers = answer(live_server.url, FIRST.path, FIRST.right).cookie
    both = cookie.replace("{}", hers).encode().decode("latin-1")
    assert parsed(answer(live_server.url, SECOND.path, SECOND.right, Cookie=both))["progress"]["right"] == 2
