"""A class on a real server: what its streams send, and which answers it accepts."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lms.learning.classroom.session.stream_tokens import StreamToken
from lms.learning.learners.learner_store import forget_learner_id
from lms.learning.store.models import Learner
from lms.live.rate_limits import CLASS_LIMIT, GENERAL_LIMIT
from tests.live.class_server import SECRET, open_class_streams, saved_answers, site, solutions
from tests.live.lessons import sample_lesson
from tests.live.live_class import LiveClass, Phone
from tests.live.processes import Server
from tests.live.raw_http import HttpResponse, post_form, send_request, wait_until
from tests.live.streaming import poll_state


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, lasting_database_url: str) -> Iterator[Server]:
    """A server for all tests that leave it running."""
    with site(tmp_path_factory.mktemp("site") / "server", lasting_database_url) as running:
        yield running


@pytest.fixture
def hall(server: Server, lasting_database_url: str) -> Iterator[LiveClass]:
    opened = LiveClass(lasting_database_url, SECRET)
    yield opened
    opened.engine.dispose()


def poll_class_state(server: Server, ticket: StreamToken) -> HttpResponse:
    return poll_state(server.url, ticket, secret=SECRET)


def test_the_streams_of_all_roles_follow_the_class(server, hall):
    lan = hall.join()
    with open_class_streams(server, lan.token, hall.desk_token, hall.add_projector()) as [phone, desk, wall]:
        assert phone.read_until(step="vao")["seat"] == lan.seat
        hall.open_question()
        for screen in (phone, desk, wall):
            assert screen.read_until(step=f"hoi-{hall.question}", phase="open")["closed"] is False
        hall.join()
        wall.read_until(machines=2)
        assert lan.answer(server.url, hall.question, hall.options[0]).status == 200
        wall.read_until(answers={"given": 1})
        assert "stuck_list" in desk.state
        assert "stuck_list" not in wall.state
        hall.send_command(close="true")
        for screen in (phone, desk, wall):
            screen.read_until(closed=True)


def test_an_answer_counts_while_its_question_is_open_and_the_last_one_counts(server, hall):
    lan = hall.join()
    hall.open_question("read")
    early = lan.answer(server.url, hall.question, hall.options[0])
    assert early.status == 409
    said = json.loads(early.body)
    assert "chưa được tính" in said["error"]
    assert said["answer"] == []
    hall.open_question("open")
    first = json.loads(lan.answer(server.url, hall.question, hall.options[0]).body)
    assert first == {
        "kept": True, "seat": lan.seat, "question": hall.question, "round": 1, "answer": [hall.options[0]],
    }  # fmt: skip
    again = lan.answer(server.url, hall.question, hall.options[1])
    assert json.loads(again.body)["answer"] == [hall.options[1]]
    assert lan.answer(server.url, hall.question, hall.options[0], round=2).status == 409
    assert lan.answer(server.url, hall.other_question, hall.options[0]).status == 409
    hall.send_command(step=f"hoi-{hall.question}", phase="locked")
    late = lan.answer(server.url, hall.question, hall.options[0])
    assert late.status == 409
    assert json.loads(late.body)["answer"] == [hall.options[1]], "what the class has from her all the same"
    assert saved_answers(hall) == {lan.seat: [hall.options[1]]}


def test_the_right_answer_comes_with_the_state_in_which_the_class_sees_it(server, hall):
    lan, hoa, ba = hall.join(), hall.join(), hall.join()
    asked = sample_lesson().understand.question(hall.question)
    right, wrong = (next(option for option in asked.options if option.right is is_right) for is_right in (True, False))
    step, nothing = f"hoi-{hall.question}", [("", "")] * 3
    with open_class_streams(server, lan.token, hoa.token, ba.token) as phones:
        hall.open_question()
        assert lan.answer(server.url, hall.question, right.key).status == 200
        assert hoa.answer(server.url, hall.question, wrong.key).status == 200
        hall.send_command(step=step, phase="locked")
        assert solutions(phones, phase="locked") == nothing
        before = b"".join(event for phone in phones for event in phone.events).decode()
        assert not [text for text in ("Câu đúng", right.feedback, wrong.feedback) if text and text in before]
        hall.send_command(step=step, phase="shown")
        told = solutions(phones, phase="shown")
        path = f"/lop/{hall.code}/dap/{hall.question}?lesson=1"
        html = json.loads(send_request(server.url, path, headers={"Cookie": hoa.cookie}).text)["html"]
        assert "Câu đúng" in html
        assert told == [(html, f"{hall.question}/1"), (html, ""), (html, "")]
        with open_class_streams(server, hall.join().token) as came_late:
            assert solutions(came_late, phase="shown") == [(html, "")]
        assert json.loads(poll_class_state(server, lan.token).text)["right"] == f"{hall.question}/1"
        hall.send_command(step=step, round="2")
        assert solutions(phones, round=2) == nothing
        hall.send_command(step=step, phase="shown")
        assert solutions(phones, phase="shown", round=2) == [(html, "")] * 3
        hall.send_command(to=f"hoi-{hall.other_question}")
        assert solutions(phones, step=f"hoi-{hall.other_question}") == nothing


def test_answers_that_the_class_cannot_take_are_refused_in_a_sentence(server, hall):
    lan, hoa = hall.join(), hall.join()
    stranger = Phone(SECRET, "0" * 32, hall.id, hall.code, 1)
    hall.open_question()
    hall.remove_seat(hoa)
    wrong_code = hall.code[:-1] + str((int(hall.code[-1]) + 1) % 10)
    refused = {
        "stranger": (stranger.answer(server.url, hall.question, hall.options[0]), 409),
        "no cookie": (lan.answer(server.url, hall.question, hall.options[0], Cookie="x=y"), 409),
        "out": (hoa.answer(server.url, hall.question, hall.options[0]), 403),
        "code": (lan.answer(server.url, hall.question, hall.options[0], code=wrong_code), 404),
        "option": (lan.answer(server.url, hall.question, "zz"), 422),
        "nothing": (lan.answer(server.url, hall.question), 422),
        "question": (lan.answer(server.url, "<b>", hall.options[0]), 400),
        "round": (lan.answer(server.url, hall.question, hall.options[0], round=-1), 400),
        "long": (lan.answer(server.url, hall.question, "x" * 5000), 413),
        "another site": (lan.answer(server.url, hall.question, "a", Origin="http://evil.example"), 403),
    }
    for what, (reply, status) in refused.items():
        assert reply.status == status, what
        assert len(json.loads(reply.body)["error"]) > 20
    hall.readmit_seat(hoa)
    assert hoa.answer(server.url, hall.question, hall.options[0]).status == 200
    assert saved_answers(hall) == {hoa.seat: [hall.options[0]]}
    hall.send_command(close="true")
    assert lan.answer(server.url, hall.question, hall.options[0]).status == 410


def test_many_phones_start_the_practice_at_once_and_a_second_tap_continues_it(server, hall):
    sat = [hall.join() for _ in range(24)]
    hall.send_command(to="tap")
    with ThreadPoolExecutor(12) as many:
        replies = list(many.map(lambda phone: phone.post(server.url, "tap"), sat * 2))
    assert {reply.status for reply in replies} == {200}
    begun = [json.loads(reply.body)["address"] for reply in replies]
    assert begun[:24] == begun[24:]
    assert len(set(begun)) == 24
    assert replies[0].headers["cache-control"] == "no-store"
    for phone, address in list(zip(sat, begun, strict=False))[:3]:
        assert send_request(server.url, address, headers={"Cookie": phone.cookie}).status == 200


def test_a_script_and_a_form_start_the_same_attempt(server, hall):
    lan = hall.join()
    by_script, by_form = lan.post(server.url, "tap"), lan.post(server.url, "tap", Accept="text/html")
    assert by_form.status == 303
    assert by_form.headers["location"] == json.loads(by_script.body)["address"]
    assert by_script.cookie == by_form.cookie
    assert all("Max-Age=34560000" in reply.headers["set-cookie"] for reply in (by_script, by_form))
    again = send_request(server.url, by_form.headers["location"], headers={"Cookie": by_script.cookie})
    assert again.status == 200


def test_a_phone_that_may_not_start_the_practice_gets_the_reason(server, hall):
    lan, hoa, lost = hall.join(), hall.join(), hall.join()
    stranger = Phone(SECRET, "0" * 32, hall.id, hall.code, 1)
    hall.remove_seat(hoa)
    hall.write(forget_learner_id, lost.learner_id, now=datetime.now(UTC))
    wrong_code = hall.code[:-1] + str((int(hall.code[-1]) + 1) % 10)
    refused = {
        "stranger": (stranger.post(server.url, "tap"), 409, "chưa có chỗ"),
        "no cookie": (lan.post(server.url, "tap", Cookie="x=y"), 409, "chưa có chỗ"),
        "out": (hoa.post(server.url, "tap"), 403, "ngoài lớp"),
        "forgotten": (lost.post(server.url, "tap"), 409, "Vào lớp"),
        "code": (lan.post(server.url, "tap", code=wrong_code), 404, "mã này"),
        "no code": (lan.post(server.url, "tap", code="abc"), 404, "màn chiếu"),
        "another site": (lan.post(server.url, "tap", Origin="http://evil.example"), 403, "trang khác"),
    }
    hall.send_command(close="true")
    refused["closed"] = (lan.post(server.url, "tap"), 410, "đã kết thúc")
    for what, (reply, status, words) in refused.items():
        assert (reply.status, what) == (status, what)
        assert words in json.loads(reply.body)["error"], what
    assert not hall.read(lambda session: session.get(Learner, stranger.learner_id))


@pytest.mark.parametrize(
    "kind",
    [
        "answers", "answers by form", "taps on the practice", "taps on the practice by form",
        "hands", "hands by form", "not following", "not following by form",
    ],
)  # fmt: skip
def test_a_flood_from_one_phone_is_refused_without_affecting_others(server, hall, kind):
    lan, hoa = hall.join(), hall.join()
    hall.open_question()
    answer = {"question": hall.question, "round": "1", "answer": hall.options[0]}
    send = {
        "answers": lambda: lan.answer(server.url, hall.question, hall.options[0]),
        "answers by form": lambda: lan.post(server.url, "tra-loi", Accept="text/html", **answer),
        "taps on the practice": lambda: lan.post(server.url, "tap"),
        "taps on the practice by form": lambda: lan.post(server.url, "tap", Accept="text/html"),
        "not following": lambda: lan.post(server.url, "theo-kip", kip="chua"),
        "not following by form": lambda: lan.post(server.url, "theo-kip", Accept="text/html", kip="chua"),
        "hands": lambda: lan.post(server.url, "tay", tay="len"),
        "hands by form": lambda: lan.post(server.url, "tay", Accept="text/html", tay="len"),
    }[kind]
    began = time.monotonic()
    with ThreadPoolExecutor(8) as many:
        flood = list(many.map(lambda _: send(), range(100)))
    allowed = CLASS_LIMIT.burst + CLASS_LIMIT.refill_per_second * (time.monotonic() - began)  # slower: more are allowed
    statuses = [reply.status for reply in flood]
    assert set(statuses) == {303 if "form" in kind else 200, 429}
    assert sum(status != 429 for status in statuses) <= allowed
    held = next(reply for reply in flood if reply.status == 429)
    assert held.headers["retry-after"]
    assert "nhiều quá" in held.text
    assert (f'href="/lop/{hall.code}"' in held.text) == ("form" in kind), "a page leads back to the class"
    assert hoa.answer(server.url, hall.question, hall.options[1]).status == 200
    assert saved_answers(hall)[hoa.seat] == [hall.options[1]]


def test_other_forms_have_a_wider_limit_which_a_hall_behind_one_address_never_meets(server, hall):
    lan, *others = (hall.join() for _ in range(41))

    def post_name(phone: Phone) -> int:
        return post_form(server.url, "/toi/ten", [("ten", "Lan")], {"Cookie": phone.cookie}).status

    with ThreadPoolExecutor(8) as many:
        flood = list(many.map(post_name, [lan] * 500))
        of_the_hall = list(many.map(post_name, others * 4))
    assert flood.count(303) >= GENERAL_LIMIT.burst
    assert set(flood) == {303, 429}
    assert set(of_the_hall) == {303}


def test_a_removed_seat_sees_nothing_of_the_class_until_it_is_readmitted(server, hall):
    lan, hoa = hall.join(), hall.join()
    with open_class_streams(server, lan.token, hoa.token) as [hers, other]:
        hers.read_until(step="vao")
        other.read_until(step="vao")
        hall.remove_seat(lan)
        hers.read_until(out=True)
        hall.open_question()
        other.read_until(phase="open")
        assert "step" not in json.loads(poll_class_state(server, lan.token).body)
        hall.readmit_seat(lan)
        hers.read_until(out=False, phase="open")


def test_after_a_claim_only_the_new_phone_sees_and_uses_the_seat(server, hall):
    lan, hoa = hall.join(), hall.join()
    with open_class_streams(server, lan.token, hoa.token) as [old, neighbour]:
        old.read_until(step="vao")
        neighbour.read_until(step="vao")
        new = hall.claim_by_new_phone(lan)
        with open_class_streams(server, new.token) as [phone]:
            assert phone.status == 200
            old.read_to_end()
            hall.open_question()
            assert phone.read_until(phase="open")["seat"] == lan.seat
            neighbour.read_until(phase="open")
        assert "phase" not in old.state or old.state["phase"] != "open"
        refusal = poll_class_state(server, lan.token)
        assert (refusal.status, json.loads(refusal.body)) == (403, {"error": "Số của máy này giờ ở máy khác."})
        with open_class_streams(server, lan.token) as [again]:
            assert again.status == 403
    assert lan.answer(server.url, hall.question, hall.options[0]).status == 409
    assert lan.post(server.url, "tay", tay="len").status == 409
    assert lan.post(server.url, "tap").status == 409
    assert new.answer(server.url, hall.question, hall.options[1]).status == 200
    assert saved_answers(hall) == {lan.seat: [hall.options[1]]}


def test_revoked_screens_see_nothing_more(server, hall):
    helper, projector, lan = hall.add_helper(), hall.add_projector(), hall.join()
    with open_class_streams(server, helper, projector, hall.desk_token, lan.token) as [hanh, wall, desk, phone]:
        hanh.read_until(stuck_list=[])
        for one in (wall, desk, phone):
            one.read_until(step="vao")
        hall.revoke_helper(helper)
        hanh.read_to_end()
        hall.unpair(projector)
        wall.read_to_end()
        hall.disable_facilitator()
        desk.read_to_end()
        for ticket in (helper, projector, hall.desk_token):
            assert poll_class_state(server, ticket).status == 403
        assert poll_class_state(server, lan.token).status == 200


def test_a_stream_token_cannot_be_changed_into_another(server, hall):
    projector = hall.add_projector()
    assert poll_class_state(server, replace(projector, role="helper")).status == 403
    assert poll_class_state(server, replace(hall.desk_token, subject=projector.subject)).status == 403
    assert poll_class_state(server, replace(hall.desk_token, generation=hall.desk_token.generation + 1)).status == 403


@pytest.mark.parametrize("way", ["stream", "poll"])
def test_a_wall_is_connected_while_its_page_is_open(server, hall, way):
    """Time is moved in the store, where the server notes an open wall every two seconds."""
    wall = hall.add_projector()
    with open_class_streams(server, hall.desk_token) as [desk]:
        desk.read_until(walls=1, walls_away=0)
        if way == "stream":
            with open_class_streams(server, wall):
                hall.let_minutes_pass_for_projectors()
                wait_until(lambda: hall.is_projector_seen(wall))
        else:
            hall.let_minutes_pass_for_projectors()
            assert poll_class_state(server, wall).status == 200
            wait_until(lambda: hall.is_projector_seen(wall))
        desk.read_until(walls=1)

        def is_gone() -> bool:
            hall.let_minutes_pass_for_projectors()
            return json.loads(poll_class_state(server, hall.desk_token).text)["walls"] == 0

        wait_until(is_gone)
        desk.read_until(walls=0, walls_away=1)
        hall.let_minutes_pass_for_projectors(11)
        desk.read_until(walls_away=0)
