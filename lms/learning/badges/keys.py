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
from lms.learning.startup_errors import InvalidSigningKey

KEY_FILE = "signing-keys.json"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """``signing``: the present private key. ``published``: the public keys of this host, by Multikey name."""

    signing: Ed25519PrivateKey
    published: Mapping[str, Ed25519PublicKey]
    # Signs a laptop's hand-ins, and so names it, after the signing key was replaced; None: the signing key does.
    laptop: Ed25519PrivateKey | None = None

    @property
    def hand_in(self) -> Ed25519PrivateKey:
        return self.laptop or self.signing

    @property
    def name(self) -> str:
        """The signing key's public half as Multikey."""
        return encode_public_key(self.signing.public_key())


def load_key_ring(data_dir: Path, given: str | None = None) -> KeyRing:
    """The keys of this installation. Without ``given`` (``LMS_SIGNING_KEY``) the first start generates a key.

    The file holds ``{"private": "z3u2…" or null, "published": ["z6Mk…", …]}``, and "laptop" once the key was replaced.
    A replaced key stays published: otherwise its badges could not be verified any more.

    Raises:
        InvalidSigningKey: ``LMS_SIGNING_KEY`` or the file cannot be read.
    """
    path = data_dir / KEY_FILE
    if given is None and not path.exists():
        private, name = generate_signing_key()
        _write_key_file(path, {"private": private, "published": [name]}, replace=False)
    keys = read_key_ring(data_dir, given)
    stored = _read_key_file(path)
    if keys.name not in stored["published"]:
        _write_key_file(path, stored | {"published": list(keys.published)}, replace=True)
    return keys


def read_key_ring(data_dir: Path, given: str | None) -> KeyRing:
    """``load_key_ring``, where a key is there. Writes nothing.

    Raises:
        InvalidSigningKey: as ``load_key_ring``.
    """
    path = data_dir / KEY_FILE
    stored = _read_key_file(path)
    if given is not None:
        signing = _decode_given_key(given)
    elif stored["private"]:
        signing = decode_private_key(stored["private"])
    else:
        # The site ran with LMS_SIGNING_KEY so far: do not generate another key silently.
        raise InvalidSigningKey(f"{path} has no private key: set LMS_SIGNING_KEY, as before")
    name = encode_public_key(signing.public_key())
    published = stored["published"] if name in stored["published"] else [*stored["published"], name]
    laptop = decode_private_key(stored["laptop"]) if given is None and stored.get("laptop") else None
    return KeyRing(signing, _decode_public_keys(published), laptop)


def has_private_key(data_dir: Path, given: str | None) -> bool:
    """Whether a key is there that need not be generated; of a file also if it cannot be read."""
    return given is not None or (data_dir / KEY_FILE).exists()


def replace_signing_key(data_dir: Path) -> KeyRing:
    """Generate another signing key for this host's file. The one before stays published.

    Its private half stays, too, but signs hand-ins only: a laptop is known by the key of its first file.

    Raises:
        InvalidSigningKey: the file cannot be read.
    """
    stored = _read_key_file(data_dir / KEY_FILE)
    private, name = generate_signing_key()
    if stored["private"]:
        stored = {"laptop": stored["private"]} | stored
    stored |= {"private": private, "published": [*stored["published"], name]}
    _write_key_file(data_dir / KEY_FILE, stored, replace=True)
    return load_key_ring(data_dir)


def generate_signing_key() -> tuple[str, str]:
    """A new private key, and the name of its public half, both as Multikey."""
    generated = Ed25519PrivateKey.generate()
    return encode_private_key(generated), encode_public_key(generated.public_key())


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
        for private in filter(None, (stored["private"], stored.get("laptop"))):
            decode_private_key(private)
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
