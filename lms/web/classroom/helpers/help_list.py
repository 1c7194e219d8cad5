"""Who needs help, in the words of the list: "Số 17 – con gà", "Giơ tay, sai 3 lần", "Nhập mã OTP, 2 phút"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.model import Practice

SIGNS = {"hand": "raised", "wrong": "careful", "hint": "idea", "again": "again", "long": "clock", "silent": "clock"}
COMING = "tick"


@dataclass(frozen=True, slots=True)
class Person:
    """``where``: the screen and since when; "" when there is nothing to say of it. ``sign`` is an icon's name."""

    seat: int
    picture: str
    slug: str
    name: str | None
    sign: str
    reason: str
    where: str
    helping: str | None


def people_of(found: Iterable[Mapping[str, Any]], practice: Practice | None) -> tuple[Person, ...]:
    return tuple(
        Person(
            seat=one["seat"],
            picture=one["picture"],
            slug=one["slug"],
            name=one["name"],
            sign=COMING if one["helping"] else SIGNS[one["reason"]],
            reason=one["said"][:1].upper() + one["said"][1:],
            where=_where(one, practice),
            helping=one["helping"],
        )
        for one in found
    )


def list_words(count: int) -> str:
    return f"{count} người cần giúp" if count else "Chưa ai cần giúp"


def _where(one: Mapping[str, Any], practice: Practice | None) -> str:
    screen = practice.screen(one["screen"]) if practice and one["screen"] else None
    parts = [screen.title] if screen else []
    if one["minutes"]:
        parts.append(f"{one['minutes']} phút")
    else:
        parts.append("chưa tới 1 phút" if parts else "Chưa tới 1 phút")
    return ", ".join(parts)
