"""Learning codes: twelve characters that carry somebody's progress to another phone.

The database holds a random number, the code is that number under a permutation keyed by the secret key: whoever steals
the database has no codes, and the page can show hers again whenever she wants it. The permutation is a Feistel network
over two halves of six characters, as NIST's FF1 builds it, with HMAC-SHA-256 as its round function.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

# No letter that looks like a digit (O I L Z S B G), no vowel and no D or W: a Vietnamese keyboard joins those
# into marked letters while one types.
ALPHABET = "0123456789CFHJKMNPRTVX"
LENGTH = 12
SEEDS = len(ALPHABET) ** LENGTH  # 1.3e16: with a million learners one guess in 10^10 hits

_SLIPS = str.maketrans("OQDILZEASGBUYW", "00011234568VVV")
_HALF = len(ALPHABET) ** (LENGTH // 2)
_ROUNDS = 10


def new_seed() -> int:
    return secrets.randbelow(SEEDS)


def code_of(seed: int, secret: str) -> str:
    """The code as it is printed: "7K2 M9P 4XC 031"."""
    left, right = divmod(seed, _HALF)
    for number in range(_ROUNDS):
        left, right = right, (left + _mix(secret, number, right)) % _HALF
    text = _spell(left * _HALF + right)
    return " ".join(text[start : start + 3] for start in range(0, LENGTH, 3))


def seed_of(code: str, secret: str) -> int | None:
    """The number behind a typed code, or None when it cannot be one.

    Case, spaces, hyphens and tone marks do not matter, and what is easily mistaken is mended: O is 0, S is 5.
    """
    number = _read(code)
    if number is None:
        return None
    left, right = divmod(number, _HALF)
    for turn in reversed(range(_ROUNDS)):
        left, right = (right - _mix(secret, turn, left)) % _HALF, left
    return left * _HALF + right


def as_typed(code: str) -> str:
    """Its twelve characters as they were meant, "" when it cannot be a code. Sign-in slips are written so, too."""
    if len(code) > 100:
        return ""
    letters = unicodedata.normalize("NFKD", code.upper().replace("Đ", "D")).translate(_SLIPS)
    meant = "".join(letter for letter in letters if letter.isascii() and letter.isalnum())
    return meant if len(meant) == LENGTH and set(meant) <= set(ALPHABET) else ""


def _read(code: str) -> int | None:
    meant = as_typed(code)
    if not meant:
        return None
    number = 0
    for letter in meant:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number


def _spell(number: int) -> str:
    letters = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))


def _mix(secret: str, number: int, half: int) -> int:
    message = f"learning-code:{number}:{half}".encode("ascii")
    return int.from_bytes(hmac.digest(secret.encode("utf-8"), message, hashlib.sha256)) % _HALF
