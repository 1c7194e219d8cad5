"""RDFC-1.0 with a time limit: its work can grow exponentially with a hostile document."""

from __future__ import annotations

import time
from typing import Any

from pyld.canon import URDNA2015
from pyld.identifier_issuer import IdentifierIssuer


class TimedURDNA2015(URDNA2015):
    """The canonicalization algorithm, which raises TimeoutError where its work grows exponentially past the deadline.

    ``deadline``: on the monotonic clock, in seconds.
    """

    def __init__(self, deadline: float) -> None:
        super().__init__()
        self._deadline = deadline

    def hash_n_degree_quads(self, id_: str, issuer: IdentifierIssuer) -> dict[str, Any]:
        return super().hash_n_degree_quads(id_, _TimedIssuer.of(issuer, self._deadline))


class _TimedIssuer(IdentifierIssuer):
    """Checks the time limit when it is copied, which happens for every permutation that is tried."""

    def __init__(self, prefix: str, deadline: float) -> None:
        super().__init__(prefix)
        self.deadline = deadline

    @classmethod
    def of(cls, issuer: IdentifierIssuer, deadline: float) -> _TimedIssuer:
        if isinstance(issuer, cls):
            return issuer
        timed = cls(issuer.prefix, deadline)
        timed.counter, timed.existing, timed.order = issuer.counter, dict(issuer.existing), list(issuer.order)
        return timed

    def __deepcopy__(self, memo: object) -> _TimedIssuer:
        if time.monotonic() > self.deadline:
            raise TimeoutError("timeout")
        copied = _TimedIssuer(self.prefix, self.deadline)
        copied.counter, copied.existing, copied.order = self.counter, dict(self.existing), list(self.order)
        return copied
