"""A byte stream encrypted with a passphrase: scrypt, then AES-256-GCM in chunks of authenticated order and end."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from lms.learning.backup.errors import WrongPassphrase

MAGIC = b"lms-backup-scrypt-aes256gcm-1\n"
_SALT_BYTES, _PREFIX_BYTES, _TAG_BYTES = 16, 7, 16
_CHUNK_BYTES = 1 << 20


class EncryptingWriter:
    """Write-only. ``close`` writes the last chunk, without which the file cannot be read; it leaves ``file`` open."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, self._prefix = os.urandom(_SALT_BYTES), os.urandom(_PREFIX_BYTES)
        self._header = MAGIC + salt + self._prefix
        self._cipher = _cipher(passphrase, salt)
        self._file, self._pending, self._number = file, bytearray(), 0
        file.write(self._header)

    def write(self, data: bytes) -> int:
        self._pending += data
        while len(self._pending) > _CHUNK_BYTES:  # one chunk stays for ``close``, which marks it as the last
            self._write_chunk(bytes(self._pending[:_CHUNK_BYTES]), is_last=False)
            del self._pending[:_CHUNK_BYTES]
        return len(data)

    def close(self) -> None:
        self._write_chunk(bytes(self._pending), is_last=True)

    def _write_chunk(self, plain: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, plain, self._header))
        self._number += 1


class DecryptingReader:
    """Read-only. Raises WrongPassphrase for a wrong passphrase, and for a file that was cut or changed."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        """``file`` is at its begin."""
        self._header = file.read(len(MAGIC) + _SALT_BYTES + _PREFIX_BYTES)
        salt = self._header[len(MAGIC) : len(MAGIC) + _SALT_BYTES]
        self._prefix = self._header[len(MAGIC) + _SALT_BYTES :]
        if len(self._prefix) != _PREFIX_BYTES:
            raise WrongPassphrase("the header is cut")
        self._cipher = _cipher(passphrase, salt)
        self._file, self._plain, self._number = file, b"", 0
        self._next = file.read(_CHUNK_BYTES + _TAG_BYTES)
        self._is_done = False

    def read(self, size: int) -> bytes:
        while len(self._plain) < size and not self._is_done:
            self._plain += self._read_chunk()
        data, self._plain = self._plain[:size], self._plain[size:]
        return data

    def _read_chunk(self) -> bytes:
        sealed, self._next = self._next, self._file.read(_CHUNK_BYTES + _TAG_BYTES)
        self._is_done = not self._next
        nonce = _nonce(self._prefix, self._number, is_last=self._is_done)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, sealed, self._header)
        except (InvalidTag, ValueError) as error:
            raise WrongPassphrase(f"chunk {self._number}") from error


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << 16, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, is_last)
