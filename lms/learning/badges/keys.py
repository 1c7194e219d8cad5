"""The signing key for badges, and all public keys that badges were signed with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.learning.badges.data_integrity import (
    decode_private_key,
    decode_public_key,
    encode_private_key,
    encode_public_key,
)
from lms.learning.errors import InvalidSigningKey

KEY_FILE = "signing-keys.json"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """``signing``: the present private key. ``published``: all public keys, old ones included, by Multikey name."""

    signing: Ed25519PrivateKey
    published: Mapping[str, Ed25519PublicKey]

    @property
    def name(self) -> str:
        """The signing key's public half as Multikey."""
        return encode_public_key(self.signing.public_key())


def load_key_ring(data_dir: Path, given: str | None = None) -> KeyRing:
    """The keys of this installation. Without ``given`` (``LMS_SIGNING_KEY``) the first start generates a key.

    The file holds ``{"private": "z3u2…" or null, "published": ["z6Mk…", …]}``. A replaced key stays published:
    otherwise its badges could not be verified any more.

    Raises:
        InvalidSigningKey: ``LMS_SIGNING_KEY`` or the file cannot be read.
    """
    path = data_dir / KEY_FILE
    if given is None and not path.exists():
        generated = Ed25519PrivateKey.generate()
        _write_key_file(
            path,
            {"private": encode_private_key(generated), "published": [encode_public_key(generated.public_key())]},
            replace=False,
        )
    stored = _read_key_file(path)
    if given is not None:
        signing = _decode_given_key(given)
    elif stored["private"]:
        signing = decode_private_key(stored["private"])
    else:
        # The site ran with LMS_SIGNING_KEY so far: do not generate another key silently.
        raise InvalidSigningKey(f"{path} has no private key: set LMS_SIGNING_KEY, as before")
    name = encode_public_key(signing.public_key())
    if name not in stored["published"]:
        stored["published"] = [*stored["published"], name]
        _write_key_file(path, stored, replace=True)
    return KeyRing(signing, _decode_public_keys(stored["published"]))


def _decode_given_key(text: str) -> Ed25519PrivateKey:
    """A Multikey private key, or a seed of 32 bytes, both in multibase base58btc."""
    try:
        raw = base58.b58decode(text.strip().removeprefix("z"))
        return Ed25519PrivateKey.from_private_bytes(raw) if len(raw) == 32 else decode_private_key(text.strip())
    except ValueError as error:
        raise InvalidSigningKey(f"LMS_SIGNING_KEY is not an Ed25519 key in multibase: {error}") from None


def _decode_public_keys(names: Iterable[str]) -> dict[str, Ed25519PublicKey]:
    return {name: decode_public_key(name) for name in names}


def _read_key_file(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text("utf-8"))
        _decode_public_keys(stored["published"])
        if stored["private"]:
            decode_private_key(stored["private"])
        return stored
    except FileNotFoundError:
        return {"private": None, "published": []}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidSigningKey(f"{path} cannot be read: {error}") from None


def _write_key_file(path: Path, content: dict[str, Any], *, replace: bool) -> None:
    """Write the file atomically; without ``replace`` an existing file stays."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            os.replace(temporary, path)
        else:
            os.link(temporary, path)
    except FileExistsError:
        pass
    except OSError:  # no hard links, as on a memory stick
        if not path.exists():
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
