"""Tickets: what a page of a class shows to be let onto the class's stream."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from itsdangerous import TimestampSigner

from lms.signing import read_signed

Role = Literal["phone", "wall", "desk", "helper"]
ROLES: tuple[Role, ...] = get_args(Role)
MAX_AGE = 16 * 3600  # in seconds; a page that stays open longer is loaded again and brings a new one

_LONGEST = 300  # characters
_VALUE = re.compile(r"(?P<role>[a-z]+)~(?P<class_id>[0-9a-f]{32})~(?P<who>[0-9A-Za-z_-]{1,64})~(?P<since>[0-9]{1,9})\Z")


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may see what of which class.

    ``who``: a phone's seat number, a desk's account id, the id of a helper or of a projector. ``since``: the account's
    session_version when the page was made, and of a phone its seat's ``holder``, 0 for the others. An account that was
    put out since has a higher one, and a seat that was given to another phone has another holder.
    """

    role: Role
    class_id: str
    who: str
    since: int = 0

    @property
    def seat(self) -> int:
        """The seat's number, of a phone's ticket."""
        return int(self.who)


def holder_of(learner_id: str | None) -> int:
    """A seat's learner as nine digits that tell her from another and say nothing of her id; 0 for nobody."""
    if learner_id is None:
        return 0
    return int.from_bytes(hashlib.sha256(learner_id.encode()).digest()[:8], "big") % 999_999_999 + 1


def issue(secret: str, ticket: Ticket) -> str:
    """The ticket as a page carries it, signed, in characters that an address may hold."""
    value = f"{ticket.role}~{ticket.class_id}~{ticket.who}~{ticket.since}"
    return _signer(secret).sign(value).decode("ascii")


def read(secret: str, text: str) -> Ticket | None:
    """The ticket that a request showed; None when we did not sign it, or it is older than 16 hours.

    Whether it has been withdrawn since is another question, see ``withdrawal``.
    """
    if len(text) > _LONGEST:
        return None
    value = read_signed(_signer(secret).unsign, text, max_age=MAX_AGE)
    found = _VALUE.match(value.decode("ascii", "replace")) if value is not None else None
    if found is None or found["role"] not in ROLES or (found["role"] == "phone" and not found["who"].isdecimal()):
        return None
    return Ticket(found["role"], found["class_id"], found["who"], int(found["since"]))


@lru_cache(maxsize=4)
def _signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt="lms.class-ticket", key_derivation="hmac", digest_method=hashlib.sha256)
