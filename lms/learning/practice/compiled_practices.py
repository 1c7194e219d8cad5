"""Compiled practices: cached in memory, and stored once under the digest of their JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from lms.content.model import Practice
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model
from lms.learning.store.models import PracticeModel
from lms.learning.store.upsert import Upsert
from lms.lru_cache import LruCache

_CACHED = 256
_models: LruCache[str, dict[str, Any]] = LruCache(_CACHED)  # by digest; models are never changed, so threads share them


@dataclass(frozen=True, slots=True)
class CompiledPractice:
    """What all attempts at one practice share when they start. ``state``: the engine's initial state, as stored."""

    practice: Practice
    model: dict[str, Any]
    digest: str
    state: dict[str, Any]


# By id(practice), since hashing a practice means reading all of it. The value holds the practice, so that its id is
# not reused while it is cached.
_compiled: LruCache[int, CompiledPractice] = LruCache(_CACHED)


def compile_practice(practice: Practice) -> CompiledPractice:
    """Compile a practice, with a cache: a whole class starts the same one within a minute.

    A drill is a Practice object of its own, though it has the digest of the whole practice.
    """
    cached = _compiled.get(id(practice))
    if cached is not None and cached.practice is practice:
        return cached
    model = compile_model(practice)
    start = engine.initial_state(model)
    compiled = CompiledPractice(practice, model, model_digest(model), start.as_stored(start))
    _compiled.put(id(practice), compiled)
    return compiled


def save_models(connection: Connection, practices: Iterable[CompiledPractice], *, now: datetime) -> None:
    """Store the models that new attempts refer to, unless they are stored already."""
    by_digest = {practice.digest: practice for practice in practices}
    stored = set(connection.scalars(_STORED, {"digests": list(by_digest)}))
    # In the order of the keys: two processes may insert the same models.
    rows = [
        {"digest": digest, "model": by_digest[digest].model, "created_at": now}
        for digest in sorted(by_digest.keys() - stored)
    ]
    if rows:
        _INSERT_MODELS.execute(connection, rows)


def model_digest(model: dict[str, Any]) -> str:
    """The SHA-256 of the model's canonical JSON, under which it is stored."""
    text = json.dumps(model, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def load_model(connection: Connection, digest: str) -> dict[str, Any]:
    """The stored model with this digest, cached in memory."""
    model = _models.get(digest)
    if model is None:
        model = connection.scalars(select(PracticeModel.model).where(PracticeModel.digest == digest)).one()
        _models.put(digest, model)
    return model


_STORED = select(PracticeModel.digest).where(PracticeModel.digest.in_(bindparam("digests", expanding=True)))
_INSERT_MODELS = Upsert(PracticeModel)
