"""What a trainer may get wrong in lam.md, and the place and rule of the one thing that is said about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lms.content.practice.storyboard import read_practice

TODAY = date(2026, 11, 25)
FAULTS = Path(__file__).parent / "faults"
SOUND = (FAULTS / "sound.md").read_text("utf-8")
SLIPS = {  # what may stand where a sign should
    "{": ("", "{{", "("),
    "}": ("", "}}", ")"),
    "[": ("", "[[", "("),
    "]": ("", "]]", ")"),
    '"': ("", '""', "'"),
    ":": ("", "::", ";"),
    "#": ("", "##"),
    ">": ("", ">>"),
    "=": ("",),
    "-": ("",),
}
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


def slips() -> Iterator[tuple[int, str, str]]:
    """A sign of the sound file left out, typed twice, or with another in its place: line, the line, the file."""
    lines = SOUND.split("\n")
    for number, line in enumerate(lines, 1):
        for at, sign in enumerate(line):
            for typed in SLIPS.get(sign, ()):
                slip = line[:at] + typed + line[at + 1 :]
                yield number, slip, "\n".join([*lines[: number - 1], slip, *lines[number:]])


def test_a_slip_of_one_sign_is_one_sentence_about_its_line():
    for number, line, text in slips():
        _, problems = read_practice(text, "lam.md", today=TODAY)
        said = [one for one in problems if one.level == "error"]
        assert len(said) <= 1, (line, said)
        if said and said[0].rule == "task-missing":  # belongs to the heading, and names the line
            assert f"Thêm dấu > ở đầu dòng {number}:" in said[0].message
        elif said:
            assert said[0].line == number, (line, said)


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
    [problem] = problems if "lạc" not in heading else [one for one in problems if not one.rule.startswith("lost-")]
    assert (problem.rule, problem.line, problem.message) == (
        "heading-level",
        19,
        "Bắt đầu tên màn hình bằng hai dấu ##.",
    )


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
