"""Classes that change as a test says, and a server that streams them and polls often."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.live import poller, stream_endpoint
from lms.live import stream as pulse
from tests.live.raw_http import TIMEOUT_SECONDS
from tests.live.streaming import FakeClasses, StreamServer, stream_server


@pytest.fixture(autouse=True)
def fast_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poll often, and let nothing time out on a busy machine."""
    for name in ("POLL_SECONDS", "SEAT_POLL_SECONDS", "TOKEN_CHECK_SECONDS"):
        monkeypatch.setattr(poller, name, 0.05)
    monkeypatch.setattr(poller, "FULL_READ_SECONDS", TIMEOUT_SECONDS)
    monkeypatch.setattr(stream_endpoint, "TIMEOUT_SECONDS", TIMEOUT_SECONDS)
    monkeypatch.setattr(pulse, "SLOW_SECONDS", 10 * TIMEOUT_SECONDS)


@pytest.fixture
def classes() -> FakeClasses:
    return FakeClasses()


@pytest.fixture
def server(tmp_path: Path, classes: FakeClasses) -> Iterator[StreamServer]:
    with stream_server(tmp_path, classes) as running:
        yield running
