"""Streams of a class over restarts, an unreachable database, broken connections and slow readers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

from lms.live import poller, stream_endpoint
from lms.live import stream as pulse
from tests.live.raw_http import wait_until
from tests.live.streaming import (
    Listener,
    open_streams,
    phone_token,
    poll_state,
    stream_server,
)

LONG = "muc-" + "x" * 2_000_000  # a step whose state is long
SMALL = 64 * 1024  # bytes


def test_a_stop_ends_the_streams(tmp_path, classes):
    with (
        stream_server(tmp_path, classes) as server,
        open_streams(server.url, *map(phone_token, range(1, 21))) as phones,
    ):
        for one in phones:
            one.read_until(step="vao")
        server.stop()
        for one in phones:
            assert one.read_to_end(), "the server cuts off who is still there when its patience is over"


def test_a_stop_does_not_wait_for_a_database_that_does_not_answer(tmp_path, classes, monkeypatch):
    monkeypatch.setattr(poller, "STOP_SECONDS", 0.1)
    with stream_server(tmp_path, classes) as server, open_streams(server.url, phone_token(1)) as [lan]:
        lan.read_until(step="vao")
        with classes.unanswered_poll():
            server.stop()
            assert lan.read_to_end()


def test_after_a_restart_all_streams_have_the_current_step(tmp_path, classes):
    with stream_server(tmp_path, classes) as server, open_streams(server.url, phone_token(1)) as [lan]:
        lan.read_until(step="vao")
    classes.change_step("hoi-mat-khau")
    with stream_server(tmp_path, classes) as server, open_streams(server.url, phone_token(1)) as [lan]:
        lan.read_until(step="hoi-mat-khau")


def test_two_servers_send_the_same_state(tmp_path, classes):
    with ExitStack() as stack:
        servers = [stack.enter_context(stream_server(tmp_path, classes)) for _ in range(2)]
        phones = [stack.enter_context(open_streams(one.url, phone_token(1)))[0] for one in servers]
        for one in phones:
            one.read_until(step="vao")
        classes.change_step("ket")
        for one in phones:
            one.read_until(step="ket")


def test_streams_stay_open_while_the_database_is_down_and_then_send_the_current_state(server, classes):
    with open_streams(server.url, phone_token(1)) as [lan]:
        lan.read_until(step="vao")
        classes.is_down = True
        wait_until(lambda: classes.failed_polls > 1)
        classes.change_step("ket")
        classes.is_down = False
        lan.read_until(step="ket")


def test_requests_that_time_out_while_the_database_is_down_leave_no_waiters(server, classes, monkeypatch):
    monkeypatch.setattr(stream_endpoint, "TIMEOUT_SECONDS", 0.2)
    classes.is_down = True
    with ThreadPoolExecutor(20) as hall:
        replies = list(hall.map(lambda number: poll_state(server.url, phone_token(number)), range(1, 21)))
    assert {reply.status for reply in replies} == {503}
    assert server.streams._hub._waiters._waiters == {}


def test_a_broken_connection_leaves_no_stream_behind(server, classes):
    hub = server.streams._hub
    for _ in range(5):
        with open_streams(server.url, *map(phone_token, range(1, 11))) as phones:
            for one in phones:
                one.read_until(step="vao")
    wait_until(lambda: len(hub._heartbeat) == 0)


def test_a_client_that_does_not_read_is_disconnected_and_delays_no_other(server, classes, monkeypatch):
    hub = server.streams._hub
    lazy = Listener(server.url, phone_token(1), holds=SMALL)
    with open_streams(server.url, phone_token(2)) as [lan]:
        lan.read_until(step="vao")
        for number in range(8):  # more than the kernel buffers
            classes.change_step(f"{LONG}{number}")
            lan.read_until(step=f"{LONG}{number}")
        classes.change_step("ngan")  # with it lan has everything, and does not wait for the lazy client
        lan.read_until(step="ngan")
        assert len(hub._heartbeat) == 2
        monkeypatch.setattr(pulse, "SLOW_SECONDS", 0.1)
        wait_until(lambda: len(hub._heartbeat) < 2)
        classes.change_step("ket")
        lan.read_until(step="ket")
    lazy.close()


def test_a_slow_client_that_reads_again_gets_one_whole_state(server, classes, monkeypatch):
    lazy = Listener(server.url, phone_token(1), holds=SMALL)
    with open_streams(server.url, phone_token(2)) as [lan]:
        for number in range(8):
            classes.change_step(f"{LONG}{number}")
            lan.read_until(v=number + 2)
    classes.change_step("ket")
    lazy.read_until(step="ket")
    assert len(lazy.events) < 8
    lazy.close()


def test_a_change_before_a_stream_can_start_is_in_its_first_state(server, classes):
    """The stream starts late because its client still reads the response before, on the same connection."""
    long = LONG * 8  # more than the kernel buffers
    classes.change_step(long)
    with open_streams(server.url, phone_token(2)) as [lan]:
        lan.read_until(step=long)
        with closing(Listener(server.url, phone_token(1), holds=SMALL, polls_first=True)) as lazy:
            classes.change_step("ket")
            lan.read_until(step="ket")
            lazy.skip_polled_state()
            assert lazy.read_event()
            assert lazy.state["step"] == "ket"
