"""Compiled practices, kept once under the hash of what they say."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.learning.models import PracticeModel

_MOST_IN_MEMORY = 256
_memory: OrderedDict[str, dict[str, Any]] = OrderedDict()  # models never change, so any thread may share them
_lock = Lock()


def keep_model(connection: Connection, model: dict[str, Any], *, now: datetime) -> str:
    """Keep a model that attempts will refer to; its digest."""
    digest = digest_of(model)
    connection.execute(_KEEP[connection.dialect.name], {"digest": digest, "model": model, "created_at": now})
    return digest


def digest_of(model: dict[str, Any]) -> str:
    """What a model is kept under, whether or not it is."""
    text = json.dumps(model, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def load_model(connection: Connection, digest: str) -> dict[str, Any]:
    """The model with this digest, from memory when it was used lately."""
    with _lock:
        if digest in _memory:
            _memory.move_to_end(digest)
            return _memory[digest]
    model = connection.scalars(select(PracticeModel.model).where(PracticeModel.digest == digest)).one()
    with _lock:
        _memory[digest] = model
        while len(_memory) > _MOST_IN_MEMORY:
            _memory.popitem(last=False)
    return model


_KEEP = {
    "sqlite": sqlite.insert(PracticeModel.__table__).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(PracticeModel.__table__).on_conflict_do_nothing(),
}
