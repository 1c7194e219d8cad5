"""Errors in lam.md: each gives exactly one problem, with this rule and position."""

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
VALID = (FAULTS / "sound.md").read_text("utf-8")
TYPING_ERRORS = {  # what may be typed in place of a sign
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
# A case: "### rule line:column", the old lines, "--->", the new lines. Positions refer to the changed file.
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


def test_the_valid_file_has_no_problems():
    assert found_in(VALID) == "nothing"


def test_a_file_without_newer_syntax_keeps_its_digest():
    """Attempts under way refer to it: with another digest they would be told that the practice was edited."""
    practice, _ = read_practice(VALID, "lam.md", today=TODAY)
    assert practice is not None and practice.digest == "dd846aa339d432719e6c7b166a67e82d"


@pytest.mark.parametrize(("old", "new", "found"), cases())
def test_a_fault_is_reported_where_it_is_and_nothing_else(old, new, found):
    assert VALID.count(old) == 1
    assert found_in(VALID.replace(old, new)) == found


def test_a_file_without_later_syntax_keeps_its_digest():
    """Open attempts continue as long as the digest of their practice stays."""
    practice, _ = read_practice(VALID, "lam.md", today=TODAY)
    assert practice is not None and practice.digest == "dd846aa339d432719e6c7b166a67e82d"
    changed, _ = read_practice(VALID.replace("## Hai", '## Hai {hiện="Máy bác"}'), "lam.md", today=TODAY)
    assert changed is not None and changed.digest != practice.digest


def typing_errors() -> Iterator[tuple[int, str, str]]:
    """For each sign of the valid file that is left out, doubled or replaced: line number, line, and text."""
    lines = VALID.split("\n")
    for number, line in enumerate(lines, 1):
        for at, sign in enumerate(line):
            for typed in TYPING_ERRORS.get(sign, ()):
                changed_line = line[:at] + typed + line[at + 1 :]
                yield number, changed_line, "\n".join([*lines[: number - 1], changed_line, *lines[number:]])


@pytest.mark.slow
def test_one_mistyped_sign_gives_one_problem_in_its_line():
    for number, line, text in typing_errors():
        _, problems = read_practice(text, "lam.md", today=TODAY)
        errors = [one for one in problems if one.level == "error"]
        assert len(errors) <= 1, (line, errors)
        if errors and errors[0].rule == "task-missing":  # reported at the heading; names the line
            assert f"Thêm dấu > ở đầu dòng {number}:" in errors[0].message
        elif errors:
            assert errors[0].line == number, (line, errors)


def test_positions_refer_to_the_file_on_disk():
    text = unicodedata.normalize("NFD", VALID).replace("=> Xong", "= > Xong").replace("\n", "\r\n")
    line = next(line for line in text.split("\n") if "= >" in line)
    _, problems = read_practice("\ufeff" + text, "lam.md", today=TODAY)
    (error,) = (one for one in problems if one.level == "error")
    assert (error.rule, error.column) == ("near-arrow", line.index("= >") + 1)
    assert {one.rule for one in problems} == {"near-arrow", "bom", "crlf"}


@pytest.mark.parametrize("heading", ["### Nhà ông Ba", "#### Nhà ông Ba ####", "### Nhà ông Ba {loại=lạc}"])
def test_a_heading_with_an_extra_mark_is_reported_at_its_position(heading):
    text = VALID.replace("-> Hai", "-> Nhà ông Ba").replace("## Hai", heading)
    _, problems = read_practice(text, "lam.md", today=TODAY)
    [problem] = problems if "lạc" not in heading else [one for one in problems if not one.rule.startswith("lost-")]
    assert (problem.rule, problem.line, problem.message) == (
        "heading-level",
        19,
        "Bắt đầu tên màn hình bằng hai dấu ##.",
    )


def test_everything_is_reported_in_one_run():
    text = VALID.replace("[nút] Đi =>", "[nut bam] Đi =>").replace("> Gợi ý", "> Gợi")
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
def test_a_suggestion_is_the_keyword_only(old, new, suggestion):
    _, problems = read_practice(VALID.replace(old, new), "lam.md", today=TODAY)
    assert suggestion in [one.suggestion for one in problems]
