"""What a trainer may get wrong in lam.md, and the place and rule of the one thing that is said about it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from lms.content.practice.storyboard import read_practice

TODAY = date(2026, 11, 25)
FAULTS = Path(__file__).parent / "faults"
SOUND = (FAULTS / "sound.md").read_text("utf-8")
# A case: "### rule level line:column", what is replaced, "--->", by what. Lines and columns are of the changed file.
CASE = re.compile(r"^### (?P<found>.*)\n(?P<old>(?:.*\n)*?)--->\n(?P<new>(?:.*\n)*?)(?=###|\Z)", re.MULTILINE)


def cases() -> list:
    return [
        pytest.param(match["old"], match["new"], match["found"], id=f"{path.stem}: {match['new'][:50]!r}")
        for path in sorted(FAULTS.glob("*.txt"))
        for match in CASE.finditer(path.read_text("utf-8"))
    ]


def found_in(text: str) -> str:
    _, problems = read_practice(text, "lam.md", today=TODAY)
    return ", ".join(f"{one.rule} {one.line}:{one.column}" for one in problems) or "nothing"


def test_the_sound_file_is_sound():
    assert found_in(SOUND) == "nothing"


@pytest.mark.parametrize(("old", "new", "found"), cases())
def test_a_fault_is_reported_where_it_is_and_nothing_else(old, new, found):
    assert SOUND.count(old) == 1
    assert found_in(SOUND.replace(old, new)) == found


def test_places_count_what_lies_on_disk():
    text = unicodedata.normalize("NFD", SOUND).replace("=> Xong", "= > Xong").replace("\n", "\r\n")
    line = next(line for line in text.split("\n") if "= >" in line)
    _, problems = read_practice("\ufeff" + text, "lam.md", today=TODAY)
    (error,) = (one for one in problems if one.level == "error")
    assert (error.rule, error.column) == ("near-arrow", line.index("= >") + 1)
    assert {one.rule for one in problems} == {"near-arrow", "bom", "crlf"}


@pytest.mark.parametrize("heading", ["### Nhà ông Ba", "#### Nhà ông Ba ####", "### Nhà ông Ba {loại=lạc}"])
def test_a_screen_with_a_mark_too_many_is_shown_where_it_is(heading):
    text = SOUND.replace("-> Hai", "-> Nhà ông Ba").replace("## Hai", heading)
    _, problems = read_practice(text, "lam.md", today=TODAY)
    (said,) = (one.message for one in problems if one.rule == "unknown-target")
    assert said.startswith("“Nhà ông Ba” ở dòng 19 có quá hai dấu #")


def test_everything_is_reported_in_one_run():
    text = SOUND.replace("[nút] Đi =>", "[nut bam] Đi =>").replace("> Gợi ý", "> Gợi")
    text = text.replace("  - sai: Bác so lại 12 chữ số.\n", "")
    assert found_in(text) == "unknown-quote 12:3, wrong-missing 14:1, unknown-role 15:4"


@pytest.mark.parametrize(
    ("old", "new", "suggestion"),
    [
        ("> Gợi ý:", "> Gợi í5:", "Gợi ý"),
        ("> Gợi ý: Số", "> Gợi ý Số", "Gợi ý:"),
        ("  - sai:", "  - saii:", "sai"),
        ("[nút] Về", "[nútt] Về", "nút"),
        ("{dài=12}", "{dàii=12}", "dài"),
        ("-> Hai", "-> hai", "Hai"),
        ("{{cccd}}", "{{ccdc}}", "cccd"),
    ],
)
def test_the_nearest_valid_spelling_is_the_word_alone(old, new, suggestion):
    _, problems = read_practice(SOUND.replace(old, new), "lam.md", today=TODAY)
    assert suggestion in [one.suggestion for one in problems]
