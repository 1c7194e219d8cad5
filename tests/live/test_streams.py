"""Streams of a class: everybody sees its state, whatever happens to lines, readers and servers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from lms.learning.classroom.session.stream_tokens import Ticket, issue
from lms.live import poller, streams
from lms.live import stream as pulse
from lms.live.hub import MOST_A_TICKET
from lms.live.streams import PATH
from tests.live.raw import PATIENCE, ask, wait_until
from tests.live.streaming import (
    MINE,
    OTHER,
    SECRET,
    Listener,
    MadeUpClasses,
    Seat,
    StreamServer,
    ask_once,
    listening,
    opened_unread,
    phone,
    stream_server,
)

DESK = Ticket("desk", MINE, "f" * 32, since=3)
LONG = "muc-" + "x" * 2_000_000  # a step that takes its time on the line
SMALL = 64 * 1024  # bytes


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What changed is seen at once; and nothing is done, or given up, because a test took long on a busy machine."""
    for name in ("LOOK_SECONDS", "SEATS_SECONDS", "TICKETS_SECONDS"):
        monkeypatch.setattr(poller, name, 0.05)
    monkeypatch.setattr(poller, "WHOLE_SECONDS", PATIENCE)
    monkeypatch.setattr(streams, "PATIENCE", PATIENCE)
    monkeypatch.setattr(pulse, "SLOW_SECONDS", 10 * PATIENCE)


@pytest.fixture
def classes() -> MadeUpClasses:
    return MadeUpClasses()


@pytest.fixture
def server(tmp_path: Path, classes: MadeUpClasses) -> Iterator[StreamServer]:
    with stream_server(tmp_path, classes) as running:
        yield running


def test_a_stream_begins_with_the_whole_state_and_tells_each_change(server, classes):
    with listening(server.url, phone(17)) as [lan]:
        assert lan.until(step="vao") == {
            "v": 1,
            "step": "vao",
            "role": "phone",
            "seat": 17,
            "out": False,
            "helping": None,
        }
        classes.go("hoi-mat-khau")
        assert lan.until(step="hoi-mat-khau")["v"] == 2


def test_a_stream_is_not_kept_by_anybody_and_not_held_back_by_a_proxy(server):
    with listening(server.url, phone(17)) as [lan]:
        assert lan.status == 200
        assert lan.headers["content-type"].startswith("text/event-stream")
        assert lan.headers["cache-control"] == "no-store"
        assert lan.headers["x-accel-buffering"] == "no"
        assert "content-encoding" not in lan.headers


def test_phones_come_back_each_at_a_time_of_its_own(server):
    with listening(server.url, *(phone(number) for number in range(1, 13))) as phones:
        for one in phones:
            one.until(step="vao")
        assert all(1000 <= one.retry <= 10_000 for one in phones)
        assert len({one.retry for one in phones}) > 6


def test_a_state_is_drawn_once_for_all_phones(server, classes):
    with listening(server.url, *(phone(number) for number in range(1, 31))) as phones:
        for one in phones:
            one.until(step="vao")
        classes.go("hoi-mat-khau")
        for one in phones:
            one.until(step="hoi-mat-khau")
        assert len({one.events[-1] for one in phones}) == 1
    assert classes.drawn.count(("phone", "hoi-mat-khau")) == 1


def test_a_class_that_goes_back_in_its_numbers_is_told_all_the_same(server, classes):
    with listening(server.url, phone(1)) as [lan]:
        lan.until(step="vao")
        classes.steps[MINE] = (0, "muc-mot")
        lan.until(step="muc-mot")


def test_another_class_hears_nothing_of_it(server, classes):
    with listening(server.url, phone(1), phone(1, OTHER)) as [lan, hoa]:
        lan.until(step="vao")
        hoa.until(step="vao")
        classes.go("hoi-mat-khau")
        lan.until(step="hoi-mat-khau")
        classes.go("ket", OTHER)
        hoa.until(step="ket")
        assert len(hoa.events) == 2


def test_only_the_seat_itself_is_told_about_it(server, classes):
    with listening(server.url, phone(1), phone(2), DESK) as [lan, hoa, minh]:
        for one in (lan, hoa, minh):
            one.until(step="vao")
        classes.change_seat(1, helping="Minh")
        lan.until(helping="Minh")
        classes.go("ket")
        assert hoa.until(step="ket")["helping"] is None
        minh.until(step="ket")
        assert len(hoa.events) == 2


def test_who_was_put_out_is_told_so_and_nothing_else_until_she_is_back(server, classes):
    with listening(server.url, phone(1), phone(2)) as [lan, hoa]:
        lan.until(step="vao")
        hoa.until(step="vao")
        classes.change_seat(1, out=True)
        lan.until(out=True)
        classes.go("hoi-mat-khau")
        hoa.until(step="hoi-mat-khau")
        again = json.loads(ask_once(server.url, phone(1)).body)
        assert again == {"seat": 1, "out": True, "helping": None}
        assert lan.state["step"] == "vao"
        classes.change_seat(1, out=False)
        assert lan.until(out=False)["step"] == "hoi-mat-khau"


def test_a_seat_that_got_another_holder_ends_the_old_phones_streams_alone(server, classes):
    with listening(server.url, phone(7), phone(8)) as [old, neighbour]:
        old.until(seat=7, step="vao")
        neighbour.until(step="vao")
        classes.change_seat(7, holder=5)
        old.until_the_end()
        assert ask_once(server.url, phone(7)).status == 403
        assert ask_once(server.url, replace(phone(7), since=6)).status == 403
        with listening(server.url, replace(phone(7), since=5)) as [new]:
            classes.go("hieu")
            new.until(seat=7, step="hieu")
        neighbour.until(step="hieu")
        assert old.state["step"] == "vao"


def test_a_ticket_that_is_taken_back_ends_its_streams_and_opens_no_more(server, classes):
    with listening(server.url, DESK, phone(1)) as [minh, lan]:
        minh.until(step="vao")
        lan.until(step="vao")
        classes.taken_back.add(DESK)
        minh.until_the_end()
        refused = ask_once(server.url, DESK)
        assert refused.status == 403
        assert "error" in json.loads(refused.body)
        classes.go("ket")
        lan.until(step="ket")


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "nonsense",
        issue("another secret that is long enough, too", phone(1)),
        issue(SECRET, phone(1)).replace("~1~", "~2~"),
        "x" * 5000,
    ],
    # Tickets hold the second in which they were made, and two workers collect tests at two moments.
    ids=["none", "nonsense", "of another secret", "for another seat", "long"],
)
def test_a_ticket_that_is_not_ours_is_refused(server, shown):
    refused = ask(server.url, f"{PATH}?ve={shown}", headers={"Accept": "text/event-stream"})
    assert refused.status == 403
    assert "Tải lại trang" in json.loads(refused.body)["error"]


def test_a_class_or_a_seat_that_is_not_there_is_said_to_be_missing(server):
    assert ask_once(server.url, phone(1, "c" * 32)).status == 404
    assert ask_once(server.url, phone(99)).status == 404


def test_whoever_asks_gets_the_state_and_next_time_only_what_is_new(server, classes):
    first = ask_once(server.url, phone(17))
    assert json.loads(first.body)["step"] == "vao"
    assert json.loads(first.body)["seat"] == 17
    same = ask_once(server.url, phone(17), first.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    assert ask_once(server.url, phone(18), first.headers["etag"]).status == 200
    classes.go("hoi-mat-khau")
    with listening(server.url, phone(1)) as [lan]:
        lan.until(step="hoi-mat-khau")
    changed = ask_once(server.url, phone(17), first.headers["etag"])
    assert changed.status == 200
    assert json.loads(changed.body)["step"] == "hoi-mat-khau"


def test_who_joins_now_is_known_now(server, classes):
    with listening(server.url, phone(1)) as [lan]:
        lan.until(step="vao")
        classes.seats_of[MINE, 61] = Seat(MINE, 61)
        with listening(server.url, phone(61)) as [hoa]:
            hoa.until(step="vao", seat=61)


def test_a_crowd_that_comes_at_once_is_one_read_of_the_class(server, classes, monkeypatch):
    """Another one at most for those who came while it was read, and none because the crowd is let in slowly."""
    monkeypatch.setattr(poller, "LOOK_SECONDS", PATIENCE)  # unless somebody waits for it
    with ThreadPoolExecutor(30) as hall:
        replies = list(hall.map(lambda number: ask_once(server.url, phone(number)), range(1, 31)))
    assert {reply.status for reply in replies} == {200}
    assert len(classes.read) <= 2


def test_of_many_tabs_of_one_phone_the_last_ones_stay(server, classes):
    with listening(server.url, *[phone(1)] * (MOST_A_TICKET + 1)) as tabs:
        tabs[0].until_the_end()
        classes.go("ket")
        for one in tabs[1:]:
            one.until(step="ket")


def test_one_ticket_opened_again_and_again_takes_no_room_from_others(server, classes):
    with listening(server.url, phone(2)) as [hoa], ExitStack() as lines:
        hoa.until(step="vao")
        opened = [lines.enter_context(opened_unread(server.url, phone(1))) for _ in range(60)]
        for one in opened:
            assert one.recv(12) == b"HTTP/1.1 200"
        wait_until(lambda: len(server.streams._hub._pulse) <= MOST_A_TICKET + 1)
        assert len(server.streams._hub._pulse) == MOST_A_TICKET + 1
        classes.go("ket")
        hoa.until(step="ket")


def test_a_stop_ends_the_streams(tmp_path, classes):
    with stream_server(tmp_path, classes) as server, listening(server.url, *map(phone, range(1, 21))) as phones:
        for one in phones:
            one.until(step="vao")
        server.stop()
        for one in phones:
            assert one.until_the_end(), "the server cuts off who is still there when its patience is over"


def test_after_a_restart_everybody_is_on_the_right_step(tmp_path, classes):
    with stream_server(tmp_path, classes) as server, listening(server.url, phone(1)) as [lan]:
        lan.until(step="vao")
    classes.go("hoi-mat-khau")
    with stream_server(tmp_path, classes) as server, listening(server.url, phone(1)) as [lan]:
        lan.until(step="hoi-mat-khau")


def test_two_servers_tell_the_same(tmp_path, classes):
    with ExitStack() as stack:
        servers = [stack.enter_context(stream_server(tmp_path, classes)) for _ in range(2)]
        phones = [stack.enter_context(listening(one.url, phone(1)))[0] for one in servers]
        for one in phones:
            one.until(step="vao")
        classes.go("ket")
        for one in phones:
            one.until(step="ket")


def test_while_the_store_is_away_streams_stay_and_then_tell_what_is(server, classes):
    with listening(server.url, phone(1)) as [lan]:
        lan.until(step="vao")
        classes.broken = True
        wait_until(lambda: classes.asked_in_vain > 1)
        classes.go("ket")
        classes.broken = False
        lan.until(step="ket")


def test_who_asks_in_vain_while_the_store_is_away_leaves_nothing_behind(server, classes, monkeypatch):
    monkeypatch.setattr(streams, "PATIENCE", 0.2)
    classes.broken = True
    with ThreadPoolExecutor(20) as hall:
        replies = list(hall.map(lambda number: ask_once(server.url, phone(number)), range(1, 21)))
    assert {reply.status for reply in replies} == {503}
    assert server.streams._hub._waiting._waiters == {}


def test_a_line_that_broke_leaves_nothing_behind(server, classes):
    hub = server.streams._hub
    for _ in range(5):
        with listening(server.url, *map(phone, range(1, 11))) as phones:
            for one in phones:
                one.until(step="vao")
    wait_until(lambda: len(hub._pulse) == 0)


def test_who_does_not_read_is_let_go_and_delays_nobody(server, classes, monkeypatch):
    hub = server.streams._hub
    lazy = Listener(server.url, phone(1), holds=SMALL)
    with listening(server.url, phone(2)) as [lan]:
        lan.until(step="vao")
        for number in range(8):  # more than the kernel's buffers hold
            classes.go(f"{LONG}{number}")
            lan.until(step=f"{LONG}{number}")
        classes.go("ngan")  # with it lan has all that there is: nothing waits for her who waits for lazy now
        lan.until(step="ngan")
        assert len(hub._pulse) == 2
        monkeypatch.setattr(pulse, "SLOW_SECONDS", 0.1)
        wait_until(lambda: len(hub._pulse) < 2)
        classes.go("ket")
        lan.until(step="ket")
    lazy.close()


def test_who_reads_again_gets_one_whole_state_not_all_she_missed(server, classes, monkeypatch):
    lazy = Listener(server.url, phone(1), holds=SMALL)
    with listening(server.url, phone(2)) as [lan]:
        for number in range(8):
            classes.go(f"{LONG}{number}")
            lan.until(v=number + 2)
    classes.go("ket")
    lazy.until(step="ket")
    assert len(lazy.events) < 8
    lazy.close()
