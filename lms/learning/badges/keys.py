"""The key that signs badges, and every public key that ever did."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.learning.badges.data_integrity import read_private, read_public, write_private, write_public
from lms.learning.errors import InvalidSigningKey

FILE = "signing-keys.json"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """``signing`` signs from now on; ``published``: it and its forerunners, by their Multikey names."""

    signing: Ed25519PrivateKey
    published: Mapping[str, Ed25519PublicKey]

    @property
    def name(self) -> str:
        """The signing key's public half as Multikey."""
        return write_public(self.signing.public_key())


def load_keys(data_dir: Path, given: str | None = None) -> KeyRing:
    """The ring of this installation. Without ``given`` (``LMS_SIGNING_KEY``) a key is made at the first start.

    The file holds ``{"private": "z3u2…" or null, "published": ["z6Mk…", …]}``. A key that gives way to another one
    stays published there, or what it signed could not be verified any more.

    Raises:
        InvalidSigningKey: ``LMS_SIGNING_KEY`` or the file cannot be read.
    """
    path = data_dir / FILE
    if given is None and not path.exists():
        made = Ed25519PrivateKey.generate()
        _write(path, {"private": write_private(made), "published": [write_public(made.public_key())]}, replace=False)
    kept = _read(path)
    if given is not None:
        signing = _given(given)
    elif kept["private"]:
        signing = read_private(kept["private"])
    else:
        # It was run with LMS_SIGNING_KEY so far. Going on with another key unasked would puzzle everybody.
        raise InvalidSigningKey(f"{path} has no private key: set LMS_SIGNING_KEY, as before")
    name = write_public(signing.public_key())
    if name not in kept["published"]:
        kept["published"] = [*kept["published"], name]
        _write(path, kept, replace=True)
    return KeyRing(signing, _public(kept["published"]))


def _given(text: str) -> Ed25519PrivateKey:
    """A Multikey private key, or the bare seed of 32 bytes, both as multibase base58btc."""
    try:
        raw = base58.b58decode(text.strip().removeprefix("z"))
        return Ed25519PrivateKey.from_private_bytes(raw) if len(raw) == 32 else read_private(text.strip())
    except ValueError as error:
        raise InvalidSigningKey(f"LMS_SIGNING_KEY is not an Ed25519 key in multibase: {error}") from None


def _public(names: Iterable[str]) -> dict[str, Ed25519PublicKey]:
    return {name: read_public(name) for name in names}


def _read(path: Path) -> dict:
    try:
        kept = json.loads(path.read_text("utf-8"))
        _public(kept["published"])
        if kept["private"]:
            read_private(kept["private"])
        return kept
    except FileNotFoundError:
        return {"private": None, "published": []}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidSigningKey(f"{path} cannot be read: {error}") from None


def _write(path: Path, kept: dict, *, replace: bool) -> None:
    """Put the whole file in place at once; without ``replace`` the process that comes first wins."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with open(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            os.replace(scratch, path)
        else:
            os.link(scratch, path)
    except FileExistsError:
        pass
    except OSError:  # no hard links here, as on a memory stick
        if not path.exists():
            os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)
