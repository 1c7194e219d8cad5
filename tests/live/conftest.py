"""A server without timeouts, for tests that send slowly on purpose or on a busy machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.processes import WITHOUT_TIMEOUTS, Server, serving


@pytest.fixture(scope="session")
def patient_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real ``lms serve`` without timeouts for requests, shared like ``live_server``."""
    with serving(tmp_path_factory.mktemp("patient"), **WITHOUT_TIMEOUTS) as running:
        yield running
