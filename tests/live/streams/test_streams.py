"""Streams of a class: who gets what, and who gets none."""

from __future__ import annotations

import gc
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest

from lms.http.error_responses import error_text
from lms.http.errors import StreamNotReady
from lms.learning.classroom.session.stream_tokens import StreamToken, sign_stream_token
from lms.live import hub, poller
from lms.live.hub import MAX_STREAMS_PER_TOKEN
from lms.live.stream_endpoint import PATH
from lms.message_catalog import translate_into
from tests.live.raw_http import TIMEOUT_SECONDS, connect, send_request, wait_until
from tests.live.streaming import (
    CLASS_ID,
    OTHER_CLASS_ID,
    SECRET,
    Seat,
    open_stream_without_reading,
    open_streams,
    phone_token,
    poll_state,
    stream_url,
)

DESK = StreamToken("desk", CLASS_ID, "f" * 32, generation=3)


def test_a_stream_starts_with_the_whole_state_and_sends_each_change(server, classes):
    with open_streams(server.url, phone_token(17)) as [lan]:
        assert lan.read_until(step="vao") == {
            "v": 1,
            "step": "vao",
            "role": "phone",
            "seat": 17,
            "out": False,
            "helping": None,
        }
        classes.change_step("hoi-mat-khau")
        assert lan.read_until(step="hoi-mat-khau")["v"] == 2


def test_a_stream_is_not_cached_and_not_buffered_by_a_proxy(server):
    with open_streams(server.url, phone_token(17)) as [lan]:
        assert lan.status == 200
        assert lan.headers["content-type"].startswith("text/event-stream")
        assert lan.headers["cache-control"] == "no-store"
        assert lan.headers["x-accel-buffering"] == "no"
        assert "content-encoding" not in lan.headers


def test_an_open_stream_keeps_no_headers_of_its_request(server):
    """Ten thousand phones would keep twenty megabytes of them."""
    with closing(connect(server.url)) as connection:
        head = f"GET {stream_url(phone_token(17))} HTTP/1.1", "Host: hall", "Accept: text/event-stream", "X-Large: 1"
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        assert connection.recv(1)
        scopes = [each for each in gc.get_objects() if type(each) is dict and each.get("path") == PATH]
        kept = [value for scope in scopes for value in scope.values() if b"x-large" in repr(value).encode()]
    assert (bool(scopes), kept) == (True, [])


def test_phones_reconnect_after_random_delays(server):
    with open_streams(server.url, *(phone_token(number) for number in range(1, 13))) as phones:
        for one in phones:
            one.read_until(step="vao")
        assert all(1000 <= one.retry_milliseconds <= 10_000 for one in phones)
        assert len({one.retry_milliseconds for one in phones}) > 6


def test_a_snapshot_is_drawn_once_for_all_phones(server, classes):
    with open_streams(server.url, *(phone_token(number) for number in range(1, 31))) as phones:
        for one in phones:
            one.read_until(step="vao")
        classes.change_step("hoi-mat-khau")
        for one in phones:
            one.read_until(step="hoi-mat-khau")
        assert len({one.events[-1] for one in phones}) == 1
    assert classes.drawn.count(("phone", "hoi-mat-khau")) == 1


def test_a_change_is_sent_even_if_the_version_decreases(server, classes):
    with open_streams(server.url, phone_token(1)) as [lan]:
        lan.read_until(step="vao")
        classes.steps[CLASS_ID] = (0, "muc-mot")
        lan.read_until(step="muc-mot")


def test_other_classes_get_nothing(server, classes):
    with open_streams(server.url, phone_token(1), phone_token(1, OTHER_CLASS_ID)) as [lan, hoa]:
        lan.read_until(step="vao")
        hoa.read_until(step="vao")
        classes.change_step("hoi-mat-khau")
        lan.read_until(step="hoi-mat-khau")
        classes.change_step("ket", OTHER_CLASS_ID)
        hoa.read_until(step="ket")
        assert len(hoa.events) == 2


def test_a_change_of_a_seat_is_sent_to_its_phone_only(server, classes):
    with open_streams(server.url, phone_token(1), phone_token(2), DESK) as [lan, hoa, minh]:
        for one in (lan, hoa, minh):
            one.read_until(step="vao")
        classes.change_seat(1, helper_name="Minh")
        lan.read_until(helping="Minh")
        classes.change_step("ket")
        assert hoa.read_until(step="ket")["helping"] is None
        minh.read_until(step="ket")
        assert len(hoa.events) == 2


def test_a_step_and_what_it_means_for_a_seat_come_in_one_event(server, classes):
    classes.own_parts = {("ket", 17), ("ket", 19)}
    with open_streams(server.url, *map(phone_token, (17, 18, 19))) as phones:
        for one in phones:
            one.read_until(step="vao")
        classes.change_seat(19, removed=True)
        phones[2].read_until(out=True)
        classes.change_step("ket")
        for one in phones[:2]:
            one.read_until(step="ket")
        classes.change_step("vao")
        for one in phones[:2]:
            one.read_until(step="vao")
        own, common = ([json.loads(event[6:]) for event in one.events[1:2]] for one in phones[:2])
        assert own == [
            {"v": 2, "step": "ket", "role": "phone", "seat": 17, "out": False, "helping": None, "own": "ket"}
        ]
        assert common == [{"v": 2, "step": "ket", "role": "phone"}]
        classes.change_seat(19, removed=False)
        phones[2].read_until(step="vao", out=False)
        assert all("ket" not in json.loads(event[6:]).values() for event in phones[2].events if b'"step"' in event)


def test_a_removed_seat_gets_nothing_else_until_it_is_readmitted(server, classes):
    with open_streams(server.url, phone_token(1), phone_token(2)) as [lan, hoa]:
        lan.read_until(step="vao")
        hoa.read_until(step="vao")
        classes.change_seat(1, removed=True)
        lan.read_until(out=True)
        classes.change_step("hoi-mat-khau")
        hoa.read_until(step="hoi-mat-khau")
        again = json.loads(poll_state(server.url, phone_token(1)).body)
        assert again == {"seat": 1, "out": True, "helping": None}
        assert lan.state["step"] == "vao"
        classes.change_seat(1, removed=False)
        assert lan.read_until(out=False)["step"] == "hoi-mat-khau"


def test_a_new_holder_of_a_seat_ends_only_the_old_phones_streams(server, classes):
    with open_streams(server.url, phone_token(7), phone_token(8)) as [old, neighbour]:
        old.read_until(seat=7, step="vao")
        neighbour.read_until(step="vao")
        classes.change_seat(7, holder=5)
        old.read_to_end()
        assert poll_state(server.url, phone_token(7)).status == 403
        assert poll_state(server.url, replace(phone_token(7), generation=6)).status == 403
        with open_streams(server.url, replace(phone_token(7), generation=5)) as [new]:
            classes.change_step("hieu")
            new.read_until(seat=7, step="hieu")
        neighbour.read_until(step="hieu")
        assert old.state["step"] == "vao"


def test_a_revoked_token_ends_its_streams_and_opens_no_new_ones(server, classes):
    with open_streams(server.url, DESK, phone_token(1)) as [minh, lan]:
        minh.read_until(step="vao")
        lan.read_until(step="vao")
        classes.revoked.add(DESK)
        minh.read_to_end()
        refused = poll_state(server.url, DESK)
        assert refused.status == 403
        assert "error" in json.loads(refused.body)
        classes.change_step("ket")
        lan.read_until(step="ket")


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "nonsense",
        sign_stream_token("another secret that is long enough, too", phone_token(1)),
        sign_stream_token(SECRET, phone_token(1)).replace("~1~", "~2~"),
        "x" * 5000,
    ],
    # Tokens contain the time of signing, and two workers collect tests at different times.
    ids=["none", "nonsense", "of another secret", "for another seat", "long"],
)
def test_a_token_with_a_wrong_signature_is_refused(server, shown):
    refused = send_request(server.url, f"{PATH}?ve={shown}", headers={"Accept": "text/event-stream"})
    assert refused.status == 403
    assert "Tải lại trang" in json.loads(refused.body)["error"]


def test_an_unknown_class_or_seat_is_not_found(server):
    assert poll_state(server.url, phone_token(1, "c" * 32)).status == 404
    assert poll_state(server.url, phone_token(99)).status == 404


def test_polling_clients_get_the_state_and_then_304_until_it_changes(server, classes):
    first = poll_state(server.url, phone_token(17))
    assert json.loads(first.body)["step"] == "vao"
    assert json.loads(first.body)["seat"] == 17
    same = poll_state(server.url, phone_token(17), first.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    assert poll_state(server.url, phone_token(18), first.headers["etag"]).status == 200
    classes.change_step("hoi-mat-khau")
    with open_streams(server.url, phone_token(1)) as [lan]:
        lan.read_until(step="hoi-mat-khau")
    changed = poll_state(server.url, phone_token(17), first.headers["etag"])
    assert changed.status == 200
    assert json.loads(changed.body)["step"] == "hoi-mat-khau"


def test_a_seat_that_was_just_taken_is_known_at_once(server, classes):
    with open_streams(server.url, phone_token(1)) as [lan]:
        lan.read_until(step="vao")
        classes.seats_of[CLASS_ID, 61] = Seat(CLASS_ID, 61)
        with open_streams(server.url, phone_token(61)) as [hoa]:
            hoa.read_until(step="vao", seat=61)


def test_many_phones_that_connect_at_once_cause_one_read_of_the_class(server, classes, monkeypatch):
    """One more at most for phones that connected during the read."""
    monkeypatch.setattr(poller, "POLL_SECONDS", TIMEOUT_SECONDS)  # unless a client waits
    with ThreadPoolExecutor(30) as hall:
        replies = list(hall.map(lambda number: poll_state(server.url, phone_token(number)), range(1, 31)))
    assert {reply.status for reply in replies} == {200}
    assert len(classes.read_classes) <= 2


def test_the_oldest_of_many_tabs_of_one_phone_are_ended(server, classes):
    with open_streams(server.url, *[phone_token(1)] * (MAX_STREAMS_PER_TOKEN + 1)) as tabs:
        tabs[0].read_to_end()
        classes.change_step("ket")
        for one in tabs[1:]:
            one.read_until(step="ket")


def test_one_token_that_is_opened_many_times_takes_no_capacity_from_others(server, classes):
    with open_streams(server.url, phone_token(2)) as [hoa], ExitStack() as lines:
        hoa.read_until(step="vao")
        opened = [lines.enter_context(open_stream_without_reading(server.url, phone_token(1))) for _ in range(60)]
        for one in opened:
            assert one.recv(12) == b"HTTP/1.1 200"
        wait_until(lambda: len(server.streams._hub._heartbeat) <= MAX_STREAMS_PER_TOKEN + 1)
        assert len(server.streams._hub._heartbeat) == MAX_STREAMS_PER_TOKEN + 1
        classes.change_step("ket")
        hoa.read_until(step="ket")


def test_a_phone_for_which_there_is_no_room_is_told_so_in_its_language(server, monkeypatch):
    monkeypatch.setattr(hub, "MAX_STREAMS", 0)
    headers = {"Accept": "text/event-stream", "Cookie": "language=en"}
    refused = send_request(server.url, stream_url(phone_token(1)), headers=headers)
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    sentence = error_text(StreamNotReady()).json_sentence
    assert json.loads(refused.body)["error"] == translate_into("en", sentence) != sentence
