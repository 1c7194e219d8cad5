"""Open Badges 3.0 credentials in the one closed shape that we issue: build, sign and verify them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms.learning.badges import data_integrity
from lms.learning.badges.credential_schema import matches_own_schema
from lms.learning.badges.keys import KeyRing
from lms.learning.badges.linked_data import CONTEXTS, NotCanonical
from lms.learning.json_types import JsonValue

ISSUER_PATH = "/huy-hieu/nguoi-trao"
ISSUER_NAME = "Trang tự học Bình dân học vụ số"
# They define ``assertionMethod``, ``verificationMethod`` and the type Multikey, so that a verifier can read from this
# document which keys may sign. Verifiers recognise a document of keys by the first one.
CONTROLLER_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
NOT_OFFICIAL = (
    "Huy hiệu này nói rằng người học đã hoàn thành bài tập. Đây không phải giấy của nhà nước. "
    "Xác nhận của nhà nước lấy ở binhdanhocvuso.gov.vn."
)


class Verdict(StrEnum):
    """The result of checking a credential."""

    VALID = "valid"
    ALTERED = "altered"  # names a key of ours, but was changed after signing, or never signed
    REVOKED = "revoked"
    FORGOTTEN = "forgotten"  # valid, but its holder asked to be forgotten
    UNKNOWN = "unknown"  # only an id was given, and no badge here has it
    NOT_OURS = "not_ours"  # of another issuer, or one that falsely names us
    MALFORMED = "malformed"  # not a credential


@dataclass(frozen=True, slots=True)
class Issuer:
    """The site at ``public_url`` (without a final slash) with its keys."""

    public_url: str
    keys: KeyRing
    name: str = ISSUER_NAME

    @property
    def address(self) -> str:
        return self.public_url + ISSUER_PATH


@dataclass(frozen=True, slots=True)
class Award:
    """The content of one badge, as Vietnamese text. ``evidence``: (name, sentence) for each stage."""

    badge_id: str
    subject: str  # a random urn:uuid for each badge, so that two badges cannot be linked to one person
    title: str  # "Huy hiệu bài …"
    description: str
    criteria: str
    achievement: str  # address of the course or lesson
    evidence: tuple[tuple[str, str], ...]
    holder: str | None
    awarded_at: datetime


def sign(award: Award, issuer: Issuer) -> dict[str, Any]:
    """Build and sign the credential.

    Raises:
        NotCanonical: the signature would not cover everything.
        ValueError: the credential does not match our own schema.
    """
    document = _unsigned_credential(award, issuer)
    method = f"{issuer.address}#{issuer.keys.name}"
    proof = data_integrity.sign(document, issuer.keys.signing, method=method, created=award.awarded_at)
    signed = document | {"proof": [proof]}
    if not matches_own_schema(signed):
        raise ValueError(f"badge {award.badge_id} does not match our own schema")
    return signed


def verify(document: Any, keys: Mapping[str, Ed25519PublicKey]) -> Verdict:
    """Verify a parsed document by itself: VALID, ALTERED, NOT_OURS or MALFORMED.

    ``keys``: our public keys, by Multikey name. Only documents that match our schema are canonicalized, so that a
    hostile one costs no time.
    """
    if not _is_credential(document):
        return Verdict.MALFORMED
    key = keys.get(_key_name_of_proof(document))
    if key is None:
        return Verdict.NOT_OURS
    if not matches_own_schema(document):
        return Verdict.ALTERED
    try:
        return Verdict.VALID if data_integrity.verify_proof(document, key) else Verdict.ALTERED
    except NotCanonical:
        return Verdict.ALTERED


def credential_badge_id(document: Mapping[str, Any]) -> str:
    """The badge id in a valid credential."""
    return document["id"].rpartition("/")[2]


def credential_holder(document: Mapping[str, Any]) -> str | None:
    """The holder's name in a valid credential, None when it has none."""
    identifiers = document["credentialSubject"].get("identifier")
    return identifiers[0]["identityHash"] if identifiers else None


def issuer_document(issuer: Issuer, published: Iterable[str] | None = None) -> dict[str, Any]:
    """The issuer's profile, with all public keys for verifiers, old ones included.

    ``published``: names of the keys; None for those of this host.
    """
    names = list(issuer.keys.published if published is None else published)
    return {
        "@context": [*CONTROLLER_CONTEXTS, *CONTEXTS],
        "id": issuer.address,
        "type": ["Profile"],
        "name": issuer.name,
        "url": issuer.public_url,
        "description": NOT_OFFICIAL,
        "verificationMethod": [
            {
                "id": f"{issuer.address}#{name}",
                "type": "Multikey",
                "controller": issuer.address,
                "publicKeyMultibase": name,
            }
            for name in names
        ],
        "assertionMethod": [f"{issuer.address}#{name}" for name in names],
    }


def _unsigned_credential(award: Award, issuer: Issuer) -> dict[str, Any]:
    address = f"{issuer.public_url}/huy-hieu/{award.badge_id}"
    subject: dict[str, Any] = {"id": award.subject, "type": ["AchievementSubject"]}
    if award.holder:
        subject["identifier"] = [
            {"type": "IdentityObject", "hashed": False, "identityHash": award.holder, "identityType": "name"}
        ]
    subject["achievement"] = {
        "id": award.achievement,
        "type": ["Achievement"],
        "achievementType": "Badge",
        "name": award.title,
        "description": award.description,
        "criteria": {"narrative": award.criteria},
        "image": {"id": f"{address}.png", "type": "Image"},
        "inLanguage": "vi",
    }
    return {
        "@context": list(CONTEXTS),
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.title,
        "issuer": {"id": issuer.address, "type": ["Profile"], "name": issuer.name, "url": issuer.public_url},
        "validFrom": award.awarded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": subject,
        "evidence": [{"type": ["Evidence"], "name": name, "narrative": sentence} for name, sentence in award.evidence],
    }


def _is_credential(document: JsonValue) -> bool:
    if not isinstance(document, dict):
        return False
    types: JsonValue = document.get("type")
    return isinstance(types, list) and "VerifiableCredential" in types and "credentialSubject" in document


def _key_name_of_proof(document: Mapping[str, Any]) -> str:
    """The name of the key in the first proof, "" when there is none."""
    proof: JsonValue = document.get("proof")
    first: JsonValue = proof[0] if isinstance(proof, list) and proof else proof
    method: JsonValue = first.get("verificationMethod") if isinstance(first, dict) else None
    return method.rpartition("#")[2] if isinstance(method, str) else ""
