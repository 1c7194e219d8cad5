"""A class whose server is killed or stopped, or that has two of them: its phones go on, and no answer is lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPException

import pytest

from tests.live.class_server import SECRET, open_class_streams, saved_answers, site, solutions
from tests.live.live_class import LiveClass, Phone
from tests.live.processes import Server
from tests.live.raw_http import wait_until
from tests.live.streaming import Listener


@pytest.fixture
def own_hall(migrated_database_url: str) -> Iterator[LiveClass]:
    """A class for tests that stop and start servers."""
    opened = LiveClass(migrated_database_url, SECRET)
    yield opened
    opened.engine.dispose()


def test_after_a_kill_all_phones_see_the_current_step_and_no_answer_is_lost(tmp_path, own_hall, migrated_database_url):
    phones = [own_hall.join() for _ in range(20)]
    own_hall.open_question()
    with site(tmp_path, migrated_database_url) as server, open_class_streams(server, phones[0].token) as [lan]:
        lan.read_until(phase="open")
        with ThreadPoolExecutor(20) as many:
            answering = [many.submit(_try, one, server, own_hall) for one in phones]
            server.kill()
            acknowledged = [future.result() for future in answering]
    with site(tmp_path, migrated_database_url) as server, open_class_streams(server, phones[0].token) as [lan]:
        lan.read_until(step=f"hoi-{own_hall.question}", phase="open")
        assert {one.seat for one, told in zip(phones, acknowledged, strict=True) if told} <= saved_answers(
            own_hall
        ).keys()
        for one in phones:
            assert one.answer(server.url, own_hall.question, own_hall.options[0]).status == 200
        assert saved_answers(own_hall) == {one.seat: [own_hall.options[0]] for one in phones}


def _try(phone: Phone, server: Server, hall: LiveClass) -> bool:
    try:
        return phone.answer(server.url, hall.question, hall.options[0]).status == 200
    except (OSError, HTTPException):
        return False


@pytest.mark.parametrize("store", ["postgresql"], scope="session")  # two servers cannot share an SQLite file
def test_a_class_lives_on_two_servers_and_one_of_them_may_die(tmp_path, own_hall, migrated_database_url):
    with ExitStack() as stack:
        one, two = (stack.enter_context(site(tmp_path / name, migrated_database_url)) for name in ("one", "two"))
        lan, hoa = own_hall.join(), own_hall.join()
        hers, other = Listener(one.url, lan.token, SECRET), Listener(two.url, hoa.token, SECRET)
        own_hall.send_command(to=f"hoi-{own_hall.other_question}")
        own_hall.send_command(step=f"hoi-{own_hall.other_question}", phase="shown")
        [told, told_by_two] = solutions([hers, other], phase="shown")
        assert told == told_by_two
        assert "Câu đúng" in told[0]
        own_hall.open_question()
        hers.read_until(phase="open")
        other.read_until(phase="open")
        assert lan.answer(two.url, own_hall.question, own_hall.options[0]).status == 200
        wall = own_hall.add_projector()
        with open_class_streams(one, own_hall.desk_token) as [desk], open_class_streams(two, wall):
            desk.read_until(answers={"given": 1})
            own_hall.let_minutes_pass_for_projectors()
            wait_until(lambda: own_hall.is_projector_seen(wall))  # two tells one
            desk.read_until(walls=1)
        one.kill()
        with open_class_streams(two, lan.token) as [again]:
            again.read_until(phase="open")
            assert lan.answer(two.url, own_hall.question, own_hall.options[1]).status == 200
            own_hall.send_command(step=f"hoi-{own_hall.question}", phase="locked")
            again.read_until(phase="locked")
            other.read_until(phase="locked")
        assert saved_answers(own_hall) == {lan.seat: [own_hall.options[1]]}


def test_a_stop_ends_streams_soon_and_cleanly(tmp_path, own_hall, migrated_database_url):
    phones = [own_hall.join() for _ in range(10)]
    with (
        site(tmp_path, migrated_database_url) as server,
        open_class_streams(server, *(one.token for one in phones)) as streams,
    ):
        for one in streams:
            one.read_until(step="vao")
        assert server.stop() in (0, -15)
        for one in streams:
            assert one.read_to_end(), "a stream was cut off"
        assert "Traceback" not in server.read_log()
