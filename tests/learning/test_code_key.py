"""The key of learning codes in the store: which secret keys open it during a rotation, and after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from lms.learning.startup_errors import SecretKeyMismatch
from lms.learning.store.learning_code_key import is_known_secret_key, wrap_code_key

OLD, NEW = "o" * 32, "n" * 32
NOW = datetime(2026, 11, 29, 6, tzinfo=UTC)


def start(engine: Engine, *secret_keys: str, day: int) -> str:
    return wrap_code_key(engine, secret_keys, now=NOW + timedelta(days=day))


def test_the_new_key_alone_ends_a_rotation_and_the_old_one_alone_does_not(engine):
    for day, secret_keys in enumerate([(OLD,), (NEW, OLD), (OLD,), (NEW,)]):  # the third: a shell that was not told
        assert start(engine, *secret_keys, day=day) == OLD
    assert not is_known_secret_key(engine, [OLD])
    with pytest.raises(SecretKeyMismatch):
        start(engine, OLD, day=4)


def test_a_store_of_an_older_release_may_begin_with_both(engine):
    assert start(engine, NEW, OLD, day=0) == OLD
    assert start(engine, NEW, day=1) == OLD
    assert not is_known_secret_key(engine, [OLD])
