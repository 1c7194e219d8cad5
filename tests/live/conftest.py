"""A running site for tests that send slowly on purpose, or by accident."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.processes import PATIENT, Server, serving


@pytest.fixture(scope="module")
def patient_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real ``lms serve`` that gives up nobody, however late the rest of a request comes."""
    with serving(tmp_path_factory.mktemp("patient"), **PATIENT) as running:
        yield running
