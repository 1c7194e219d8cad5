"""Stream tokens: the signed value with which a page of a class connects to the class's event stream."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal, get_args

from lms.signing import SecretKeys, loads_or_none, timestamp_signer

Role = Literal["phone", "wall", "desk", "helper"]
ROLES: tuple[Role, ...] = get_args(Role)
MAX_AGE = 16 * 3600  # in seconds; a page that stays open longer is reloaded, with a new token

_ROLES_BY_NAME: dict[str, Role] = {role: role for role in ROLES}
_SALT = "lms.class-ticket"
_MAX_LENGTH = 300  # characters
_VALUE = re.compile(
    r"(?P<role>[a-z]+)~(?P<class_id>[0-9a-f]{32})~(?P<subject>[0-9A-Za-z_-]{1,64})~(?P<generation>[0-9]{1,9})\Z"
)


@dataclass(frozen=True, slots=True)
class StreamToken:
    """Who may see what of which class.

    ``subject``: the seat number of a phone, the account id of a desk, the id of a helper or projector. ``generation``:
    the account's session_version when the page was made; for a phone the ``holder`` of its seat; 0 for the others. It
    differs once the account was signed out everywhere, or the seat was given to another phone.
    """

    role: Role
    class_id: str
    subject: str
    generation: int = 0

    @property
    def seat(self) -> int:
        """The seat number, for the token of a phone."""
        return int(self.subject)


def holder_digest(learner_id: str | None) -> int:
    """Nine digits that distinguish the learners of a seat without revealing their ids; 0 for no learner."""
    if learner_id is None:
        return 0
    return int.from_bytes(hashlib.sha256(learner_id.encode()).digest()[:8], "big") % 999_999_999 + 1


def sign_stream_token(secret: str, token: StreamToken) -> str:
    """The token as a page carries it: signed, and safe in a URL."""
    value = f"{token.role}~{token.class_id}~{token.subject}~{token.generation}"
    return timestamp_signer(secret, _SALT).sign(value).decode("ascii")


def load_stream_token(secret: SecretKeys, text: str) -> StreamToken | None:
    """The token that a request sent; None when the signature is wrong or it is older than 16 hours.

    Whether it has been revoked since is answered by ``find_revoked_tokens``.
    """
    if len(text) > _MAX_LENGTH:
        return None
    value = loads_or_none(timestamp_signer(secret, _SALT).unsign, text, max_age=MAX_AGE)
    match = _VALUE.match(value.decode("ascii", "replace")) if value is not None else None
    if match is None:
        return None
    role = _ROLES_BY_NAME.get(match["role"])
    if role is None or (role == "phone" and not match["subject"].isdecimal()):
        return None
    return StreamToken(role, match["class_id"], match["subject"], int(match["generation"]))
