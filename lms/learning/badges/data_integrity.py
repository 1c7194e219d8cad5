"""Data Integrity proofs with the cryptosuite eddsa-rdfc-2022 (W3C, 2025), and Multikey encoding of keys."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.learning.badges.linked_data import canonicalize
from lms.learning.json_types import JsonValue

CRYPTOSUITE = "eddsa-rdfc-2022"

_PUBLIC = b"\xed\x01"  # multicodec ed25519-pub
_PRIVATE = b"\x80\x26"  # multicodec ed25519-priv


def sign(
    document: Mapping[str, Any], key: Ed25519PrivateKey, *, method: str, created: datetime, contexts: Any = None
) -> dict[str, Any]:
    """The proof for a document without one. ``method``: the URL of the public key.

    Raises:
        NotCanonical: the signature would not cover everything in the document.
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


def verify_proof(document: Mapping[str, Any], key: Ed25519PublicKey, *, contexts: Any = None) -> bool:
    """Whether the document's only proof is a signature of this key over the whole document.

    Raises:
        NotCanonical: the document contains something that a signature cannot cover.
    """
    proofs: JsonValue = document["proof"]
    proof: Any = proofs[0] if isinstance(proofs, list) else proofs
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


def hash_data(document: Mapping[str, Any], options: Mapping[str, Any], *, contexts: Any) -> bytes:
    """The bytes to sign: the hash of the proof options and the hash of the document, 64 bytes."""
    configuration = {"@context": document["@context"], **options}
    return _sha256(canonicalize(configuration, contexts=contexts)) + _sha256(canonicalize(document, contexts=contexts))


def encode_public_key(key: Ed25519PublicKey) -> str:
    """The key as Multikey: "z6Mk…"."""
    return "z" + base58.b58encode(_PUBLIC + key.public_bytes_raw()).decode("ascii")


def decode_public_key(text: str) -> Ed25519PublicKey:
    """The public key in a Multikey text; raises ValueError if there is none."""
    return Ed25519PublicKey.from_public_bytes(_decode_multikey(text, _PUBLIC))


def encode_private_key(key: Ed25519PrivateKey) -> str:
    return "z" + base58.b58encode(_PRIVATE + key.private_bytes_raw()).decode("ascii")


def decode_private_key(text: str) -> Ed25519PrivateKey:
    """The private key in a Multikey text; raises ValueError if there is none."""
    return Ed25519PrivateKey.from_private_bytes(_decode_multikey(text, _PRIVATE))


def _decode_multikey(text: str, prefix: bytes) -> bytes:
    if not text.startswith("z") or len(text) > 80:
        raise ValueError("not a multibase key in base58btc")
    raw = base58.b58decode(text[1:])
    if not raw.startswith(prefix) or len(raw) != len(prefix) + 32:
        raise ValueError("not an Ed25519 key of this kind")
    return raw[len(prefix) :]


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()
