"""Open Badges 3.0 credentials, the one closed shape that we issue: written, signed, and judged when shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms.learning.badges import data_integrity
from lms.learning.badges.credential_schema import fits
from lms.learning.badges.keys import KeyRing
from lms.learning.badges.linked_data import CONTEXTS, NotCanonical

ISSUER_PATH = "/huy-hieu/nguoi-trao"
ISSUER_NAME = "Trang tự học Bình dân học vụ số"
NOT_OFFICIAL = (
    "Huy hiệu này nói rằng người học đã hoàn thành bài tập. Đây không phải giấy của nhà nước. "
    "Xác nhận của nhà nước lấy ở binhdanhocvuso.gov.vn."
)


class Verdict(StrEnum):
    """What can be said of a credential that is shown."""

    VALID = "valid"
    ALTERED = "altered"  # it names a key of ours, but was changed after signing, or was never signed
    REVOKED = "revoked"
    FORGOTTEN = "forgotten"  # genuine, but its holder asked to be forgotten
    NOT_OURS = "not_ours"  # a credential of somebody else, or one that only says that it is ours
    MALFORMED = "malformed"  # no credential at all


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: the site at ``public_url`` (no slash at its end) with its keys."""

    public_url: str
    keys: KeyRing
    name: str = ISSUER_NAME

    @property
    def address(self) -> str:
        return self.public_url + ISSUER_PATH


@dataclass(frozen=True, slots=True)
class Award:
    """What one badge says. ``evidence``: (name, sentence) a stage. All of it is text, in Vietnamese."""

    badge_id: str
    subject: str  # a random urn:uuid, another one for each badge, so that two badges do not betray one person
    title: str  # "Huy hiệu bài …"
    description: str
    criteria: str
    achievement: str  # address of the course or lesson
    evidence: tuple[tuple[str, str], ...]
    holder: str | None
    awarded_at: datetime


def sign(award: Award, issuer: Issuer) -> dict[str, Any]:
    """The credential with its proof.

    Raises:
        NotCanonical: something in it would not be covered by the signature.
        ValueError: it does not fit the shape that we accept ourselves.
    """
    document = _document(award, issuer)
    method = f"{issuer.address}#{issuer.keys.name}"
    proof = data_integrity.sign(document, issuer.keys.signing, method=method, created=award.awarded_at)
    signed = document | {"proof": [proof]}
    if not fits(signed):
        raise ValueError(f"badge {award.badge_id} does not have our own shape")
    return signed


def verify(document: Any, keys: Mapping[str, Ed25519PublicKey]) -> Verdict:
    """Judge a parsed document by itself: valid, altered, not_ours or malformed.

    ``keys``: ours, by Multikey name. Only the closed shape that we issue is looked at closely, so nothing that
    somebody sends can keep the canonicaliser busy.
    """
    if not _is_credential(document):
        return Verdict.MALFORMED
    key = keys.get(_key_name(document))
    if key is None:
        return Verdict.NOT_OURS
    if not fits(document):
        return Verdict.ALTERED
    try:
        return Verdict.VALID if data_integrity.verifies(document, key) else Verdict.ALTERED
    except NotCanonical:
        return Verdict.ALTERED


def badge_id(document: Mapping[str, Any]) -> str:
    """The id of a badge that was judged valid."""
    return document["id"].rpartition("/")[2]


def holder(document: Mapping[str, Any]) -> str | None:
    """The name in a credential that was judged valid."""
    identifiers = document["credentialSubject"].get("identifier")
    return identifiers[0]["identityHash"] if identifiers else None


def issuer_document(issuer: Issuer) -> dict[str, Any]:
    """The issuer's profile, which also tells verifiers its public keys, retired ones included."""
    return {
        "@context": [*CONTEXTS, "https://w3id.org/security/multikey/v1"],
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
            for name in issuer.keys.published
        ],
        "assertionMethod": [f"{issuer.address}#{name}" for name in issuer.keys.published],
    }


def _document(award: Award, issuer: Issuer) -> dict[str, Any]:
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
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": award.title,
        "issuer": {"id": issuer.address, "type": ["Profile"], "name": issuer.name, "url": issuer.public_url},
        "validFrom": award.awarded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": subject,
        "evidence": [{"type": ["Evidence"], "name": name, "narrative": sentence} for name, sentence in award.evidence],
    }


def _is_credential(document: Any) -> bool:
    if not isinstance(document, dict):
        return False
    kinds = document.get("type")
    return isinstance(kinds, list) and "VerifiableCredential" in kinds and "credentialSubject" in document


def _key_name(document: Mapping[str, Any]) -> str:
    """The key that the first proof names, "" when there is none."""
    proof = document.get("proof")
    first = proof[0] if isinstance(proof, list) and proof else proof
    method = first.get("verificationMethod") if isinstance(first, dict) else None
    return method.rpartition("#")[2] if isinstance(method, str) else ""
