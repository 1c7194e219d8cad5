"""The hub, with results as the poller gives them, and without a server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from unittest.mock import Mock

from lms.http.errors import StreamNotReady
from lms.learning.classroom.session.stream_tokens import StreamToken
from lms.live.http_protocol import Connection
from lms.live.hub import Hub
from lms.live.poll_result import PollResult, RoleUpdate, make_snapshot
from lms.live.responses import Message

DESK = StreamToken("desk", "a" * 32, "f" * 32, generation=3)


async def ask_state(hub: Hub, class_id: str) -> None:
    with suppress(StreamNotReady):
        await hub.current_state(StreamToken("phone", class_id, "1"), timeout_seconds=0)


async def one_class_after_another() -> None:
    hub = Hub()
    await ask_state(hub, "first")
    in_hand = hub.unread_channels
    before = frozenset(in_hand)
    await ask_state(hub, "second")
    assert in_hand == before
    assert hub.unread_channels == before | {("second", "phone")}


async def open_stream_of_a_token_revoked_meanwhile() -> list[bytes]:
    hub, sent = Hub(), list[bytes]()

    async def send(message: Message) -> None:
        sent.append(message["body"])

    state = asyncio.create_task(hub.current_state(DESK, timeout_seconds=60))
    await asyncio.sleep(0)
    update = RoleUpdate(DESK.class_id, DESK.role, make_snapshot({"v": 1}))
    hub.apply(PollResult((update,), valid_tokens=frozenset({DESK})))
    assert (await state).text == b'{"v":1}'
    hub.apply(PollResult(revoked_tokens=frozenset({DESK})))
    hub.join(DESK, send, Mock(Connection))
    return sent


def test_sets_that_the_poller_reads_are_replaced_and_not_mutated():
    with ThreadPoolExecutor(1) as another_thread:  # not the one with the event loop of browser tests
        another_thread.submit(asyncio.run, one_class_after_another()).result()


def test_a_token_that_is_revoked_before_its_stream_starts_sees_nothing():
    with ThreadPoolExecutor(1) as another_thread:
        sent = another_thread.submit(asyncio.run, open_stream_of_a_token_revoked_meanwhile()).result()
    assert sent == [b"event: over\ndata: 1\n\n", b""]
