"""A class on a real site: what its screens are told, and which answers it takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.learning.classroom.session.stream_tokens import Ticket
from lms.learning.learners.learner_store import forget_id
from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from lms.learning.store.models import ClassAnswer, Learner
from lms.live.class_posts import MOST_A_SECOND, MOST_AT_ONCE
from tests.live.hall import LiveClass, Phone
from tests.live.processes import Server, serving
from tests.live.raw import Reply, ask
from tests.live.streaming import Listener, ask_once, listening

SECRET = "the same for the site and for these tests"


@contextmanager
def site(folder: Path, database_url: str) -> Iterator[Server]:
    folder.mkdir(exist_ok=True)
    with serving(folder, LMS_DATABASE_URL=database_url, LMS_SECRET_KEY=SECRET) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, lasting_database_url: str) -> Iterator[Server]:
    """For all that leaves it running."""
    with site(tmp_path_factory.mktemp("site") / "server", lasting_database_url) as running:
        yield running


@pytest.fixture
def hall(server: Server, lasting_database_url: str) -> Iterator[LiveClass]:
    opened = LiveClass(lasting_database_url, SECRET)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def own_hall(database_url: str) -> Iterator[LiveClass]:
    """Where servers come and go."""
    engine = make_engine(database_url)
    upgrade(engine)
    engine.dispose()
    opened = LiveClass(database_url, SECRET)
    yield opened
    opened.engine.dispose()


def hears(server: Server, *tickets: Ticket):
    return listening(server.url, *tickets, secret=SECRET)


def asks(server: Server, ticket: Ticket) -> Reply:
    return ask_once(server.url, ticket, secret=SECRET)


def kept(hall: LiveClass) -> dict[int, list[str]]:
    of_class = select(ClassAnswer.seat, ClassAnswer.given).where(ClassAnswer.class_id == hall.id)
    rows = hall.sees(lambda session: session.execute(of_class).all())
    assert len({row.seat for row in rows}) == len(rows)
    return {row.seat: row.given for row in rows}


def test_every_screen_follows_the_class(server, hall):
    lan = hall.join()
    with hears(server, lan.ticket, hall.desk_ticket, hall.add_projector()) as [phone, desk, wall]:
        assert phone.until(step="vao")["seat"] == lan.seat
        hall.ask()
        for screen in (phone, desk, wall):
            assert screen.until(step=f"hoi-{hall.question}", phase="open")["closed"] is False
        hall.join()
        wall.until(machines=2)
        assert lan.answer(server.url, hall.question, hall.options[0]).status == 200
        wall.until(answers={"given": 1})
        assert "stuck_list" in desk.state
        assert "stuck_list" not in wall.state
        hall.say(close="true")
        for screen in (phone, desk, wall):
            screen.until(closed=True)


def test_an_answer_counts_while_its_question_is_open_and_the_last_one_counts(server, hall):
    lan = hall.join()
    hall.ask("read")
    early = lan.answer(server.url, hall.question, hall.options[0])
    assert early.status == 409
    said = json.loads(early.body)
    assert "chưa được tính" in said["error"]
    assert said["answer"] == []
    hall.ask("open")
    first = json.loads(lan.answer(server.url, hall.question, hall.options[0]).body)
    assert first == {
        "kept": True, "seat": lan.seat, "question": hall.question, "round": 1, "answer": [hall.options[0]],
    }  # fmt: skip
    again = lan.answer(server.url, hall.question, hall.options[1])
    assert json.loads(again.body)["answer"] == [hall.options[1]]
    assert lan.answer(server.url, hall.question, hall.options[0], round=2).status == 409
    assert lan.answer(server.url, hall.other_question, hall.options[0]).status == 409
    hall.say(step=f"hoi-{hall.question}", phase="locked")
    late = lan.answer(server.url, hall.question, hall.options[0])
    assert late.status == 409
    assert json.loads(late.body)["answer"] == [hall.options[1]], "what the class has from her all the same"
    assert kept(hall) == {lan.seat: [hall.options[1]]}


def test_answers_that_the_class_cannot_take_are_refused_in_a_sentence(server, hall):
    lan, hoa = hall.join(), hall.join()
    stranger = Phone(SECRET, "0" * 32, hall.id, hall.code, 1)
    hall.ask()
    hall.put_out(hoa)
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
    hall.let_in(hoa)
    assert hoa.answer(server.url, hall.question, hall.options[0]).status == 200
    assert kept(hall) == {hoa.seat: [hall.options[0]]}
    hall.say(close="true")
    assert lan.answer(server.url, hall.question, hall.options[0]).status == 410


def test_a_hall_begins_its_practice_at_once_and_whoever_taps_twice_goes_on(server, hall):
    sat = [hall.join() for _ in range(24)]
    hall.say(to="tap")
    with ThreadPoolExecutor(12) as many:
        replies = list(many.map(lambda phone: phone.post(server.url, "tap"), sat * 2))
    assert {reply.status for reply in replies} == {200}
    begun = [json.loads(reply.body)["address"] for reply in replies]
    assert begun[:24] == begun[24:]
    assert len(set(begun)) == 24
    assert replies[0].headers["cache-control"] == "no-store"
    for phone, address in list(zip(sat, begun, strict=False))[:3]:
        assert ask(server.url, address, headers={"Cookie": phone.cookie}).status == 200


def test_a_phone_begins_by_its_script_as_by_the_form(server, hall):
    lan = hall.join()
    by_script, by_form = lan.post(server.url, "tap"), lan.post(server.url, "tap", Accept="text/html")
    assert by_form.status == 303
    assert by_form.headers["location"] == json.loads(by_script.body)["address"]
    assert by_script.cookie == by_form.cookie
    assert all("Max-Age=34560000" in reply.headers["set-cookie"] for reply in (by_script, by_form))
    again = ask(server.url, by_form.headers["location"], headers={"Cookie": by_script.cookie})
    assert again.status == 200


def test_who_may_not_begin_the_practice_is_told_why_in_a_sentence(server, hall):
    lan, hoa, lost = hall.join(), hall.join(), hall.join()
    stranger = Phone(SECRET, "0" * 32, hall.id, hall.code, 1)
    hall.put_out(hoa)
    hall.does(forget_id, lost.learner_id, now=datetime.now(UTC))
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
    hall.say(close="true")
    refused["closed"] = (lan.post(server.url, "tap"), 410, "đã kết thúc")
    for what, (reply, status, words) in refused.items():
        assert (reply.status, what) == (status, what)
        assert words in json.loads(reply.body)["error"], what
    assert not hall.sees(lambda session: session.get(Learner, stranger.learner_id))


def test_a_flood_from_one_phone_is_held_and_the_class_undisturbed(server, hall):
    lan, hoa = hall.join(), hall.join()
    hall.ask()
    began = time.monotonic()
    with ThreadPoolExecutor(8) as many:
        flood = list(many.map(lambda _: lan.answer(server.url, hall.question, hall.options[0]), range(100)))
    allowed = MOST_AT_ONCE + MOST_A_SECOND * (time.monotonic() - began)  # a slow machine is a slow flood
    assert {reply.status for reply in flood} == {200, 429}
    assert sum(reply.status == 200 for reply in flood) <= allowed
    held = next(reply for reply in flood if reply.status == 429)
    assert held.headers["retry-after"]
    assert "nhiều quá" in json.loads(held.body)["error"]
    assert hoa.answer(server.url, hall.question, hall.options[1]).status == 200
    assert kept(hall) == {lan.seat: [hall.options[0]], hoa.seat: [hall.options[1]]}


def test_who_is_put_out_of_the_class_sees_it_no_more_until_she_is_let_in(server, hall):
    lan, hoa = hall.join(), hall.join()
    with hears(server, lan.ticket, hoa.ticket) as [hers, other]:
        hers.until(step="vao")
        other.until(step="vao")
        hall.put_out(lan)
        hers.until(out=True)
        hall.ask()
        other.until(phase="open")
        assert "step" not in json.loads(asks(server, lan.ticket).body)
        hall.let_in(lan)
        hers.until(out=False, phase="open")


def test_a_seat_that_went_to_another_phone_is_seen_and_used_there_alone(server, hall):
    lan, hoa = hall.join(), hall.join()
    with hears(server, lan.ticket, hoa.ticket) as [old, neighbour]:
        old.until(step="vao")
        neighbour.until(step="vao")
        new = hall.give_to_another(lan)
        with hears(server, new.ticket) as [phone]:
            assert phone.status == 200
            old.until_the_end()
            hall.ask()
            assert phone.until(phase="open")["seat"] == lan.seat
            neighbour.until(phase="open")
        assert "phase" not in old.state or old.state["phase"] != "open"
        refusal = asks(server, lan.ticket)
        assert (refusal.status, json.loads(refusal.body)) == (403, {"error": "Số của máy này giờ ở máy khác."})
        with hears(server, lan.ticket) as [again]:
            assert again.status == 403
    assert lan.answer(server.url, hall.question, hall.options[0]).status == 409
    assert lan.post(server.url, "tay", tay="len").status == 409
    assert lan.post(server.url, "tap").status == 409
    assert new.answer(server.url, hall.question, hall.options[1]).status == 200
    assert kept(hall) == {lan.seat: [hall.options[1]]}


def test_screens_whose_right_is_taken_back_see_nothing_more(server, hall):
    helper, projector, lan = hall.add_helper(), hall.add_projector(), hall.join()
    with hears(server, helper, projector, hall.desk_ticket, lan.ticket) as [hanh, wall, desk, phone]:
        hanh.until(stuck_list=[])
        for one in (wall, desk, phone):
            one.until(step="vao")
        hall.send_away(helper)
        hanh.until_the_end()
        hall.unpair(projector)
        wall.until_the_end()
        hall.disable_minh()
        desk.until_the_end()
        for ticket in (helper, projector, hall.desk_ticket):
            assert asks(server, ticket).status == 403
        assert asks(server, lan.ticket).status == 200


def test_a_ticket_of_one_thing_opens_no_other(server, hall):
    projector = hall.add_projector()
    assert asks(server, replace(projector, role="helper")).status == 403
    assert asks(server, replace(hall.desk_ticket, who=projector.who)).status == 403
    assert asks(server, replace(hall.desk_ticket, since=hall.desk_ticket.since + 1)).status == 403


def test_after_a_kill_everybody_is_on_the_right_step_and_no_answer_is_lost(tmp_path, own_hall, database_url):
    phones = [own_hall.join() for _ in range(20)]
    own_hall.ask()
    with site(tmp_path, database_url) as server, hears(server, phones[0].ticket) as [lan]:
        lan.until(phase="open")
        with ThreadPoolExecutor(20) as many:
            answering = [many.submit(_try, one, server, own_hall) for one in phones]
            server.kill()
            acknowledged = [future.result() for future in answering]
    with site(tmp_path, database_url) as server, hears(server, phones[0].ticket) as [lan]:
        lan.until(step=f"hoi-{own_hall.question}", phase="open")
        assert {one.seat for one, told in zip(phones, acknowledged, strict=True) if told} <= kept(own_hall).keys()
        for one in phones:
            assert one.answer(server.url, own_hall.question, own_hall.options[0]).status == 200
        assert kept(own_hall) == {one.seat: [own_hall.options[0]] for one in phones}


def _try(phone: Phone, server: Server, hall: LiveClass) -> bool:
    try:
        return phone.answer(server.url, hall.question, hall.options[0]).status == 200
    except (OSError, HTTPException):
        return False


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)  # two servers share no SQLite file
def test_a_class_lives_on_two_servers_and_one_of_them_may_die(tmp_path, own_hall, database_url):
    with ExitStack() as stack:
        one, two = (stack.enter_context(site(tmp_path / name, database_url)) for name in ("one", "two"))
        lan, hoa = own_hall.join(), own_hall.join()
        hers, other = Listener(one.url, lan.ticket, SECRET), Listener(two.url, hoa.ticket, SECRET)
        own_hall.ask()
        hers.until(phase="open")
        other.until(phase="open")
        assert lan.answer(two.url, own_hall.question, own_hall.options[0]).status == 200
        with hears(one, own_hall.desk_ticket) as [desk]:
            desk.until(answers={"given": 1})
        one.kill()
        with hears(two, lan.ticket) as [again]:
            again.until(phase="open")
            assert lan.answer(two.url, own_hall.question, own_hall.options[1]).status == 200
            own_hall.say(step=f"hoi-{own_hall.question}", phase="locked")
            again.until(phase="locked")
            other.until(phase="locked")
        assert kept(own_hall) == {lan.seat: [own_hall.options[1]]}


def test_a_stop_ends_streams_soon_and_cleanly(tmp_path, own_hall, database_url):
    phones = [own_hall.join() for _ in range(10)]
    with site(tmp_path, database_url) as server, hears(server, *(one.ticket for one in phones)) as streams:
        for one in streams:
            one.until(step="vao")
        assert server.stop() in (0, -15)
        for one in streams:
            assert one.until_the_end(), "a stream was cut off"
        assert "Traceback" not in server.said()
