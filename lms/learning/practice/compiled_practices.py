"""Compiled practices, kept once under the hash of what they say."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.content.model import Practice
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model
from lms.learning.store.models import PracticeModel

_MOST_IN_MEMORY = 256
_memory: OrderedDict[str, dict[str, Any]] = OrderedDict()  # models never change, so any thread may share them
_prepared: OrderedDict[int, Prepared] = OrderedDict()  # by id(practice): to hash one means reading all of it
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What attempts at one practice have in common when they begin. ``state`` is the engine's as kept; it is shared."""

    practice: Practice
    model: dict[str, Any]
    digest: str
    state: dict[str, Any]


def prepare(practice: Practice) -> Prepared:
    """Compile a practice, or remember what came of it: a hall begins the same one within a minute.

    A rehearsal is a practice object of its own, though it has the digest of the whole one.
    """
    with _lock:
        found = _prepared.get(id(practice))
        if found is not None and found.practice is practice:
            _prepared.move_to_end(id(practice))
            return found
    model = compile_model(practice)
    start = engine.begin(model)
    found = Prepared(practice, model, digest_of(model), start.as_kept(start))
    with _lock:
        _prepared[id(practice)] = found  # holds the practice, so that its id is not another's meanwhile
        while len(_prepared) > _MOST_IN_MEMORY:
            _prepared.popitem(last=False)
    return found


def keep_models(connection: Connection, models: Iterable[Prepared], *, now: datetime) -> None:
    """Keep the models that attempts are going to refer to; those that are there already are not sent again."""
    wanted = {one.digest: one for one in models}
    kept = set(connection.scalars(_KEPT, {"digests": list(wanted)}))
    # In one order for everybody: two processes may bring the same ones.
    new = [wanted[digest] for digest in sorted(wanted.keys() - kept)]
    if new:
        rows = [{"digest": one.digest, "model": one.model, "created_at": now} for one in new]
        connection.execute(_KEEP[connection.dialect.name], rows)


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


_KEPT = select(PracticeModel.digest).where(PracticeModel.digest.in_(bindparam("digests", expanding=True)))
_KEEP = {
    "sqlite": sqlite.insert(PracticeModel.__table__).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(PracticeModel.__table__).on_conflict_do_nothing(),
}
