"""A thread-safe, weighted LRU cache."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """Holds values up to a total weight of ``max_weight``; the least recently used ones go first.

    ``weigh(value)`` is the weight of one value; by default each weighs 1.
    """

    def __init__(self, max_weight: int, weigh: Callable[[Value], int] = lambda _value: 1) -> None:
        self._max_weight = max_weight
        self._weigh = weigh
        self._weight = 0
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: Key, value: Value) -> None:
        with self._lock:
            before = self._values.pop(key, None)
            if before is not None:
                self._weight -= self._weigh(before)
            self._values[key] = value
            self._weight += self._weigh(value)
            while self._weight > self._max_weight:
                _, dropped = self._values.popitem(last=False)
                self._weight -= self._weigh(dropped)
