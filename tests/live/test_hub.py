"""What the watcher's thread reads of the hub while the event loop goes on."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from lms.learning.classroom.session.stream_tokens import Ticket
from lms.live.channel import NotYet
from lms.live.hub import Hub


async def asks(hub: Hub, class_id: str) -> None:
    with suppress(NotYet):
        await hub.state_of(Ticket("phone", class_id, "1"), patience=0)


async def one_class_after_another() -> None:
    hub = Hub()
    await asks(hub, "first")
    in_hand = hub.unread
    before = frozenset(in_hand)
    await asks(hub, "second")
    assert in_hand == before
    assert hub.unread == before | {("second", "phone")}


def test_what_the_watcher_is_going_through_does_not_change_under_it_when_a_class_begins():
    with ThreadPoolExecutor(1) as another_thread:  # one without the loop of a browser
        another_thread.submit(asyncio.run, one_class_after_another()).result()
