"""The closed schema of our credentials: all keys and the format of each value; no other keys are allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lms.learning.badges.linked_data import CONTEXTS
from lms.learning.json_types import JsonValue

Check = Callable[[JsonValue], bool]


def matches_own_schema(document: Any) -> bool:
    """Whether the document has exactly the shape of a credential that we sign, with consistent URLs."""
    if not _CREDENTIAL(document):
        return False
    site, _, _ = document["issuer"]["id"].rpartition("/huy-hieu/nguoi-trao")
    method = document["proof"][0]["verificationMethod"]
    image = document["credentialSubject"]["achievement"]["image"]["id"]
    return (
        bool(site)
        and document["issuer"]["url"] == site
        and document["id"].startswith(f"{site}/huy-hieu/")
        and image == f"{document['id']}.png"
        and method.rpartition("#")[0] == document["issuer"]["id"]
        and document["name"] == document["credentialSubject"]["achievement"]["name"]
    )


def _matching(pattern: str) -> Check:
    whole = re.compile(pattern)
    return lambda value: isinstance(value, str) and len(value) <= 300 and whole.fullmatch(value) is not None


def _text(max_length: int) -> Check:
    """Printable text on one line."""
    return lambda value: isinstance(value, str) and 0 < len(value) <= max_length and value.isprintable()


def _exactly(wanted: Any) -> Check:
    # True == 1 in Python, but not in JSON.
    return lambda value: type(value) is type(wanted) and value == wanted


def _one_of(*allowed: Any) -> Check:
    return lambda value: any(_exactly(each)(value) for each in allowed)


def _object(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    allowed = required | (optional or {})

    def check(value: JsonValue) -> bool:
        return (
            isinstance(value, dict)
            and required.keys() <= value.keys() <= allowed.keys()
            and all(allowed[name](part) for name, part in value.items())
        )

    return check


def _list(part: Check, *, most: int) -> Check:
    return lambda value: isinstance(value, list) and 1 <= len(value) <= most and all(map(part, value))


_ADDRESS = r"https?://[A-Za-z0-9.:\[\]-]+"
_SECOND = _matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
# The two types are one in linked data. Strict verifiers want the name that compaction chooses, so badges have it since
# November 2026; badges from before keep the other.
_OLDER_TYPES = ["VerifiableCredential", "AchievementCredential"]

_ACHIEVEMENT = _object(
    {
        "id": _matching(_ADDRESS + r"/[a-z0-9-]+(/[a-z0-9-]+)?"),
        "type": _exactly(["Achievement"]),
        "achievementType": _exactly("Badge"),
        "name": _text(300),
        "description": _text(1000),
        "criteria": _object({"narrative": _text(1000)}),
        "image": _object({"id": _matching(_ADDRESS + r"/huy-hieu/[0-9a-f]{24}\.png"), "type": _exactly("Image")}),
        "inLanguage": _exactly("vi"),
    }
)
_IDENTITY = _object(
    {
        "type": _exactly("IdentityObject"),
        "hashed": _exactly(False),
        "identityHash": _text(60),
        "identityType": _exactly("name"),
    }
)
_PROOF = _object(
    {
        "type": _exactly("DataIntegrityProof"),
        "cryptosuite": _exactly("eddsa-rdfc-2022"),
        "created": _SECOND,
        "verificationMethod": _matching(_ADDRESS + r"/huy-hieu/nguoi-trao#z[1-9A-HJ-NP-Za-km-z]+"),
        "proofPurpose": _exactly("assertionMethod"),
        "proofValue": _matching(r"z[1-9A-HJ-NP-Za-km-z]{60,100}"),
    }
)
_CREDENTIAL = _object(
    {
        "@context": _exactly(list(CONTEXTS)),
        "id": _matching(_ADDRESS + r"/huy-hieu/[0-9a-f]{24}"),
        "type": _one_of(["VerifiableCredential", "OpenBadgeCredential"], _OLDER_TYPES),
        "name": _text(300),
        "issuer": _object(
            {
                "id": _matching(_ADDRESS + "/huy-hieu/nguoi-trao"),
                "type": _exactly(["Profile"]),
                "name": _text(300),
                "url": _matching(_ADDRESS),
            }
        ),
        "validFrom": _SECOND,
        "credentialSubject": _object(
            {
                "id": _matching(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
                "type": _exactly(["AchievementSubject"]),
                "achievement": _ACHIEVEMENT,
            },
            {"identifier": _list(_IDENTITY, most=1)},
        ),
        "evidence": _list(
            _object({"type": _exactly(["Evidence"]), "name": _text(60), "narrative": _text(300)}), most=3
        ),
        "proof": _list(_PROOF, most=1),
    }
)
