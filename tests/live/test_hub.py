"""The hub's attributes that the poller's thread reads."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from lms.http.errors import StreamNotReady
from lms.learning.classroom.session.stream_tokens import StreamToken
from lms.live.hub import Hub


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


def test_sets_that_the_poller_reads_are_replaced_and_not_mutated():
    with ThreadPoolExecutor(1) as another_thread:  # not the one with the event loop of browser tests
        another_thread.submit(asyncio.run, one_class_after_another()).result()
