"""Which projectors this process has seen since they were last recorded."""

from __future__ import annotations

import threading


class ProjectorPresence:
    """Projectors whose pages asked for something. Used by all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: set[str] = set()

    def mark_seen(self, projector_id: str) -> None:
        with self._lock:
            self._seen.add(projector_id)

    def pop_seen(self) -> set[str]:
        """The projectors seen since the last call."""
        with self._lock:
            seen, self._seen = self._seen, set()
        return seen
