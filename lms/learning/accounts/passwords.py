"""Password rules, and argon2id hashing with a limit on concurrent hashes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.learning.errors import ServiceBusy, WeakPassword

MIN_LENGTH = 8  # characters (code points)
MAX_LENGTH = 1000

# What an attacker who knows this site would try first: its names, apps, roles and places.
SITE_WORDS = (
    "binh dan hoc vu so", "binh dan hoc vu", "hoc vu so", "vneid", "vssid", "etax", "mat khau", "nguoi dung lop",
    "facilitator", "helper", "author", "organiser", "administrator", "quan tri", "to chuc", "tinh nguyen", "phuong xa",
    "thanh pho ho chi minh", "ho chi minh", "sai gon", "viet nam", "vietnam", "lms",
)  # fmt: skip

# OWASP's second recommended setting: 19 MB and about 25 ms a hash. Two at a time, so that a flood of guesses exhausts
# neither memory nor CPU.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_HASH_SLOTS = BoundedSemaphore(2)
# A waiting request occupies a server thread: at most six, so that other pages are still served.
_QUEUE_SLOTS = BoundedSemaphore(6)
_SLOT_TIMEOUT_SECONDS = 5  # seconds


@contextmanager
def hash_queue() -> Generator[None]:
    """Take a place in the queue for hashing. Enter it before counting a try: a rejected request is not a try.

    Raises:
        ServiceBusy: the queue is full.
    """
    if not _QUEUE_SLOTS.acquire(blocking=False):
        raise ServiceBusy
    try:
        yield
    finally:
        _QUEUE_SLOTS.release()


def hash_password(password: str, *, names: Iterable[str] = ()) -> str:
    """Return the argon2id hash of a new password. Call it outside a transaction: it is slow.

    ``names`` are the account's and its ward's, which are too easy to guess.

    Raises:
        WeakPassword: ``error.why`` is "short", "long", "common" or "own".
        ServiceBusy: too many passwords are being hashed.
    """
    why = find_weakness(password, names=names)
    if why:
        raise WeakPassword(why)
    with _hash_slot():
        return _HASHER.hash(_normalize(password))


def verify_password(password: str, stored_hash: str | None) -> bool:
    """Whether the password matches. Without a stored hash it is False, in the same time.

    Raises:
        ServiceBusy: too many passwords are being hashed.
    """
    if len(password) > MAX_LENGTH:
        return False
    with _hash_slot():
        try:
            return _HASHER.verify(stored_hash or _dummy_hash(), _normalize(password)) and stored_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def find_weakness(password: str, *, names: Iterable[str] = ()) -> str:
    """Return "short", "long", "common" or "own", or "" for an acceptable password."""
    if len(password) < MIN_LENGTH:
        return "short"
    if len(password) > MAX_LENGTH:
        return "long"
    if password.casefold() in _common_passwords() or len(set(password)) < 3 or _is_sequence(password):
        return "common"
    # A name followed by a year or a symbol is still the name.
    own_words = {_letters_only(word) for word in (*SITE_WORDS, *names)} - {""}
    return "own" if _letters_only(password) in own_words else ""


@contextmanager
def _hash_slot() -> Generator[None]:
    if not _HASH_SLOTS.acquire(timeout=_SLOT_TIMEOUT_SECONDS):
        raise ServiceBusy
    try:
        yield
    finally:
        _HASH_SLOTS.release()


def _normalize(password: str) -> str:
    """Normalize to NFC: Vietnamese keyboards on Windows produce decomposed letters."""
    return unicodedata.normalize("NFC", password)


def _letters_only(text: str) -> str:
    """Return the letters a to z without accents: "Sài Gòn 2026!" gives "saigon"."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z]", "", letters)


def _is_sequence(password: str) -> bool:
    """Whether it is a run such as 12345678, abcdefgh or 87654321."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return steps in ({1}, {-1})


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(files("lms.learning").joinpath("data/common-passwords.txt").read_text("utf-8").split())


@cache
def _dummy_hash() -> str:
    """A hash to verify against for an account without a password, so that the time does not reveal it."""
    return _HASHER.hash("nobody's")
