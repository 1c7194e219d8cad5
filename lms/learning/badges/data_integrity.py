"""Data Integrity proofs of the cryptosuite eddsa-rdfc-2022 (W3C, 2025), and keys as Multikey writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.learning.badges.linked_data import canonical

CRYPTOSUITE = "eddsa-rdfc-2022"

_PUBLIC = b"\xed\x01"  # multicodec ed25519-pub
_PRIVATE = b"\x80\x26"  # multicodec ed25519-priv


def sign(
    document: Mapping[str, Any], key: Ed25519PrivateKey, *, method: str, created: datetime, contexts: Any = None
) -> dict[str, Any]:
    """The proof for a document that has none yet. ``method`` is the address of the public key.

    Raises:
        NotCanonical: something in the document would not be signed.
    """
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(hash_data(document, proof, contexts=contexts))
    return proof | {"proofValue": "z" + base58.b58encode(signature).decode("ascii")}


def verifies(document: Mapping[str, Any], key: Ed25519PublicKey, *, contexts: Any = None) -> bool:
    """Whether the document's only proof was made with the key over exactly what it says.

    Raises:
        NotCanonical: the document says something that cannot have been signed.
    """
    proof = document["proof"]
    proof = proof[0] if isinstance(proof, list) else proof
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        signature = base58.b58decode(proof["proofValue"].removeprefix("z"))
    except ValueError:
        return False
    try:
        key.verify(signature, hash_data(unsigned, options, contexts=contexts))
    except InvalidSignature:
        return False
    return True


def hash_data(document: Mapping[str, Any], options: Mapping[str, Any], *, contexts: Any = None) -> bytes:
    """What is signed: the hash of the proof's options, then the hash of the document, 64 bytes."""
    configuration = {"@context": document["@context"], **options}
    return _sha256(canonical(configuration, contexts=contexts)) + _sha256(canonical(document, contexts=contexts))


def write_public(key: Ed25519PublicKey) -> str:
    """The key as Multikey has it: "z6Mk…"."""
    return "z" + base58.b58encode(_PUBLIC + key.public_bytes_raw()).decode("ascii")


def read_public(text: str) -> Ed25519PublicKey:
    """Raises ValueError when this is no Ed25519 public key."""
    return Ed25519PublicKey.from_public_bytes(_read(text, _PUBLIC))


def write_private(key: Ed25519PrivateKey) -> str:
    return "z" + base58.b58encode(_PRIVATE + key.private_bytes_raw()).decode("ascii")


def read_private(text: str) -> Ed25519PrivateKey:
    """Raises ValueError when this is no Ed25519 private key."""
    return Ed25519PrivateKey.from_private_bytes(_read(text, _PRIVATE))


def _read(text: str, prefix: bytes) -> bytes:
    if not text.startswith("z") or len(text) > 80:
        raise ValueError("not a multibase key in base58btc")
    raw = base58.b58decode(text[1:])
    if not raw.startswith(prefix) or len(raw) != len(prefix) + 32:
        raise ValueError("not an Ed25519 key of this kind")
    return raw[len(prefix) :]


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()
