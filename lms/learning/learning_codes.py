"""Learning codes: twelve characters that move a learner's progress to another phone.

The database stores a random number, the seed. The code is the seed under a permutation keyed by the secret key: a
stolen database holds no codes, and a page can show the learner's code again at any time. The permutation is a Feistel
network over two halves of six characters, as in NIST's FF1, with HMAC-SHA-256 as its round function.
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
SEED_COUNT = len(ALPHABET) ** LENGTH  # 1.3e16: with a million learners one guess in 10^10 hits

_LOOKALIKES = str.maketrans("OQDILZEASGBUYW", "00011234568VVV")
_HALF = len(ALPHABET) ** (LENGTH // 2)
_ROUNDS = 10


def new_seed() -> int:
    return secrets.randbelow(SEED_COUNT)


def code_for_seed(seed: int, secret: str) -> str:
    """The code as it is printed: "7K2 M9P 4XC 031"."""
    left, right = divmod(seed, _HALF)
    for round_number in range(_ROUNDS):
        left, right = right, (left + _round(secret, round_number, right)) % _HALF
    text = _encode(left * _HALF + right)
    return " ".join(text[start : start + 3] for start in range(0, LENGTH, 3))


def seed_from_code(code: str, secret: str) -> int | None:
    """The seed behind a typed code, or None when the text cannot be a code.

    Ignores case, spaces, hyphens and tone marks, and corrects lookalikes: O is 0, S is 5.
    """
    number = _decode(code)
    if number is None:
        return None
    left, right = divmod(number, _HALF)
    for round_number in reversed(range(_ROUNDS)):
        left, right = (right - _round(secret, round_number, left)) % _HALF, left
    return left * _HALF + right


def normalize_code(code: str) -> str:
    """The twelve characters that a typed code means, "" when it cannot be one. Sign-in slips use the same alphabet."""
    if len(code) > 100:
        return ""
    letters = unicodedata.normalize("NFKD", code.upper().replace("Đ", "D")).translate(_LOOKALIKES)
    normalized = "".join(letter for letter in letters if letter.isascii() and letter.isalnum())
    return normalized if len(normalized) == LENGTH and set(normalized) <= set(ALPHABET) else ""


def code_digest(code: str) -> str | None:
    """What a laptop hands in instead of a code, hex; None when the text cannot be a code.

    A site with another secret key finds the learner by it when the code itself is typed. It takes 20 ms and 8 MB on
    purpose, so that nobody who has a file can try all codes. There is no salt, since a lookup has only the code.
    """
    normalized = normalize_code(code)
    if not normalized:
        return None
    return hashlib.scrypt(normalized.encode("ascii"), salt=b"lms-learning-code", n=2**13, r=8, p=1, dklen=32).hex()


def _decode(code: str) -> int | None:
    normalized = normalize_code(code)
    if not normalized:
        return None
    number = 0
    for letter in normalized:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number


def _encode(number: int) -> str:
    letters: list[str] = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))


def _round(secret: str, round_number: int, half: int) -> int:
    message = f"learning-code:{round_number}:{half}".encode("ascii")
    return int.from_bytes(hmac.digest(secret.encode("utf-8"), message, hashlib.sha256)) % _HALF
