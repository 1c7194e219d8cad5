"""Which walls this process has heard of since they were last recorded."""

from __future__ import annotations

import threading


class WallPresence:
    """Projectors whose pages asked for something. Used by all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: set[str] = set()

    def hear(self, projector_id: str) -> None:
        with self._lock:
            self._heard.add(projector_id)

    def take(self) -> set[str]:
        """The projectors heard of since the last call."""
        with self._lock:
            heard, self._heard = self._heard, set()
        return heard
