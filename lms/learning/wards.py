"""The 168 wards of the city, as the program was delivered with them."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Ward:
    """``code``: five digits of the Statistics Office, for machines only. ``kind``: "Phường", "Xã" or "Đặc khu"."""

    code: str
    kind: str
    name: str

    @property
    def full(self) -> str:
        """ "Phường An Đông" """
        return f"{self.kind} {self.name}"


def ward(code: str) -> Ward:
    """
    Raises:
        KeyError: there is no such ward; "", the whole city, is none.
    """
    return _by_code()[code]


def all_wards() -> tuple[Ward, ...]:
    """All of them, as a Vietnamese reader looks for them: by name, tone marks last."""
    return tuple(sorted(_by_code().values(), key=lambda one: (_plain(one.name.replace("Đ", "Dzz")), one.name)))


def place_name(code: str) -> str:
    """ "Phường An Đông"; "Toàn thành phố" for ""; the code itself when the list no longer has it."""
    if not code:
        return "Toàn thành phố"
    found = _by_code().get(code)
    return found.full if found else code


def find_wards(text: str) -> tuple[Ward, ...]:
    """Those whose code or name this is, with its kind or without: two names differ by a mark only, so marks count."""
    wanted = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return tuple(one for one in all_wards() if wanted in (one.code, one.name.casefold(), one.full.casefold()))


def unmarked_wards(text: str) -> tuple[Ward, ...]:
    """Those whose name has these letters, whatever their marks: for whoever types without them."""
    plain = _plain(" ".join(unicodedata.normalize("NFC", text).split()))
    return tuple(one for one in all_wards() if plain in (_plain(one.name), _plain(one.full)))


def near_wards(text: str, most: int = 3) -> list[Ward]:
    """Those that somebody may have meant who typed without marks, or a letter wrong."""
    same = unmarked_wards(text)
    if same:
        return list(same[:most])
    plain = _plain(" ".join(unicodedata.normalize("NFC", text).split()))
    names = {_plain(one.name): one for one in all_wards()}
    return [names[name] for name in get_close_matches(plain, names, most, 0.75)]


@cache
def _by_code() -> dict[str, Ward]:
    text = files("lms.learning").joinpath("data/wards.csv").read_text("utf-8")
    return {row["code"]: Ward(**row) for row in csv.DictReader(text.splitlines())}


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
