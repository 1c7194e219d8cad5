"""Passwords that cost a test little: thousands of accounts are signed in, and argon2 is slow on purpose."""

from __future__ import annotations

from argon2 import PasswordHasher

from lms.learning.accounts import passwords

HASHER_OF_THE_SITE = passwords._HASHER


def make_passwords_cheap() -> None:
    """Let this process hash with argon2's least work; what the site asks for is HASHER_OF_THE_SITE's."""
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
