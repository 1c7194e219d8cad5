"""POSTs of single ticks by the script of Dùng liền: they change what they name, and nothing else."""

from __future__ import annotations

import json

import pytest

from tests.live.lessons import sample_lesson
from tests.live.raw_http import HttpResponse, post_form

LESSON = sample_lesson()
PATH = f"/{LESSON.course}/{LESSON.slug}/dung"
TASKS = [task.id for task in LESSON.use.tasks]
SCRIPT = {"Accept": "application/json"}


def change(url: str, *fields: tuple[str, str], **headers: str) -> HttpResponse:
    return post_form(url, PATH, list(fields), {**SCRIPT, **headers})


def parsed(reply: HttpResponse) -> dict:
    assert reply.headers["content-type"] == "application/json"
    return json.loads(reply.body)


def counts(reply: HttpResponse) -> tuple[int, int, bool]:
    value = parsed(reply)
    return value["done"], value["total"], value["earned"]


def test_ticks_of_two_phones_add_up(live_server):
    first = change(live_server.url, ("ticked", TASKS[0]))
    assert counts(first) == (1, len(TASKS), False)
    second = change(live_server.url, ("ticked", TASKS[1]), Cookie=first.cookie)
    assert parsed(second)["done"] == 2
    assert parsed(second)["learner"] == parsed(first)["learner"]
    again = change(live_server.url, ("ticked", TASKS[1]), ("unticked", TASKS[0]), Cookie=first.cookie)
    assert parsed(again)["done"] == 1


def test_all_tasks_earn_the_mark_whether_a_form_or_a_script_sent_them(live_server):
    by_form = post_form(live_server.url, PATH, [("task", task) for task in TASKS[1:]])
    assert by_form.status == 303
    last = change(live_server.url, ("ticked", TASKS[0]), Cookie=by_form.cookie)
    assert counts(last) == (len(TASKS), len(TASKS), True)


def test_a_tick_of_a_forgotten_learner_is_saved_for_a_new_one(live_server):
    first = change(live_server.url, ("ticked", TASKS[0]))
    assert post_form(live_server.url, "/toi/quen", [("chac", "co")], {"Cookie": first.cookie}).status == 200
    again = change(live_server.url, ("ticked", TASKS[1]), Cookie=first.cookie)
    assert parsed(again)["done"] == 1
    assert again.cookie != first.cookie
    assert parsed(again)["learner"] != parsed(first)["learner"]


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        (PATH, [("ticked", "khong-co")], 404),
        (PATH, [("ticked", TASKS[0]), ("unticked", "khong-co")], 404),
        ("/khong-co/khong-co/dung", [("ticked", TASKS[0])], 404),
        (PATH, [], 400),
        (PATH, [("task", TASKS[0])], 400),
        (PATH, [("ticked", TASKS[0])] * 300, 400),
    ],
    ids=["task", "one-of-two", "lesson", "nothing", "other-field", "many"],
)
def test_an_invalid_change_is_refused_with_a_sentence(live_server, path, fields, status):
    reply = post_form(live_server.url, path, fields, SCRIPT)
    assert reply.status == status
    assert parsed(reply)["error"].endswith("nhé.")
    assert "set-cookie" not in reply.headers


def test_a_page_of_another_site_cannot_tick(live_server):
    assert change(live_server.url, ("ticked", TASKS[0]), Origin="https://elsewhere.example").status == 403
