"""Passwords: which are too easy to guess, and argon2id over the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.learning.errors import Busy, WeakPassword

SHORTEST = 8  # characters (code points)
LONGEST = 1000

# What whoever knows this site would try: its names, its apps, the duties, the place.
OWN_WORDS = (
    "binh dan hoc vu so", "binh dan hoc vu", "hoc vu so", "vneid", "vssid", "etax", "mat khau", "nguoi dung lop",
    "facilitator", "helper", "author", "organiser", "administrator", "quan tri", "to chuc", "tinh nguyen", "phuong xa",
    "thanh pho ho chi minh", "ho chi minh", "sai gon", "viet nam", "vietnam", "lms",
)  # fmt: skip

# OWASP's second choice of parameters: 19 MB and about 25 ms a password. Two at once, so that a flood of guesses takes
# neither the memory of a small server nor all of its threads.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_TURNS = BoundedSemaphore(2)
# Whoever waits holds a thread of the site: a few may, so that pages are answered, however many guess.
_PLACES = BoundedSemaphore(6)
_PATIENCE = 5  # seconds


@contextmanager
def waiting_room() -> Iterator[None]:
    """To be in before a try is counted: whoever finds it full has not tried, and is asked to come again.

    Raises:
        Busy: it is full.
    """
    if not _PLACES.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _PLACES.release()


def hash_password(password: str, *, names: Iterable[str] = ()) -> str:
    """The argon2id hash to keep. ``names``: of the account and its ward, which are no passwords.

    Call it before the transaction that keeps it: it takes its time.

    Raises:
        WeakPassword: with what is wrong, as ``error.why``: "short", "long", "common", "own".
        Busy: too many are being looked at.
    """
    why = weakness(password, names=names)
    if why:
        raise WeakPassword(why)
    with _turn():
        return _HASHER.hash(_received(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether it is the one. Without a kept hash it takes as long, and is not.

    Raises:
        Busy: too many are being looked at.
    """
    if len(password) > LONGEST:
        return False
    with _turn():
        try:
            return _HASHER.verify(kept or _nobodys(), _received(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def weakness(password: str, *, names: Iterable[str] = ()) -> str:
    """Why it cannot be taken, "" when it can. Nothing is asked of its kinds of letters."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if password.casefold() in _common() or len(set(password)) < 3 or _is_a_row(password):
        return "common"
    # A name with a year or a sign behind it is still the name.
    bare = _bare(password)
    own = {_bare(word) for word in (*OWN_WORDS, *names)} - {""}
    return "own" if bare in own else ""


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURNS.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _TURNS.release()


def _received(password: str) -> str:
    """NFC, or the same password typed at a Vietnamese keyboard of Windows would be another one."""
    return unicodedata.normalize("NFC", password)


def _bare(text: str) -> str:
    """Its letters alone, without marks: "Sài Gòn 2026!" is "saigon"."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z]", "", letters)


def _is_a_row(password: str) -> bool:
    """12345678, abcdefgh, 87654321."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return steps in ({1}, {-1})


@cache
def _common() -> frozenset[str]:
    return frozenset(files("lms.learning").joinpath("data/common-passwords.txt").read_text("utf-8").split())


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's")
