"""What the editor in the browser knows of the language is what the reader knows."""

from __future__ import annotations

import re
from datetime import date

import pytest

from lms.content.blocks import BLOCK_NAMES
from lms.content.course_page import read_course_page
from lms.content.editor_support.grammar import colour_patterns
from lms.content.editor_support.snippets import PIECES
from lms.content.file_keys import KEYS_BY_STEM
from lms.content.fuzzy_matching import strip_diacritics
from lms.content.practice.storyboard import read_practice
from lms.content.practice.vocabulary import ATTRIBUTES, QUOTES, ROLES, RULES, SUB_LINES
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use

TODAY = date(2026, 11, 25)
READ = {
    "course": lambda text: read_course_page(text, "course.md", today=TODAY)[2],
    "hieu": lambda text: read_understand(text, "hieu.md")[1],
    "lam": lambda text: read_practice(text, "lam.md", today=TODAY)[1],
    "dung": lambda text: read_use(text, "dung.md")[1],
}
GOOD = {
    "course": "tên: Khóa\ntóm tắt: Ngắn.\nkiểm tra ngày: 2026-11-01\nnguồn:\n  - Tờ",
    "hieu": "tên: Bài\nphút: 5",
    "lam": "tên: Tập\nbắt đầu: Một\nđích: Xong",
    "dung": "tên: Bài",
}
BODY = {
    "course": "Chữ.",
    "hieu": "Chữ.",
    "lam": "## Một\n> Việc: Bác đi tiếp.\n\n- [nút] Tiếp tục => Xong\n\n## Xong {loại=kết}",
    "dung": "- [ ] Mở máy",
}

# A line in which the reader takes a keyword, the keyword's scope, and its vocabulary.
LINES = [
    ("- [{}] Nhãn", "keyword.control.role", ROLES),
    ("- [nút] A {{{}=b}}", "entity.other.attribute-name", ATTRIBUTES),
    ("> {}: Chữ", "keyword.other.quote", QUOTES),
    ("  - {}: Chữ", "keyword.other.sub-line", SUB_LINES),
    ("::: {}", "keyword.control.block", BLOCK_NAMES),
]


PATTERNS = [(re.compile(pattern["match"]), pattern) for pattern in colour_patterns()]


def scopes(line: str) -> set[tuple[str, str]]:
    """(scope, text) of everything that the grammar colours in a line."""
    found: set[tuple[str, str]] = set()
    for shape, pattern in PATTERNS:
        for match in shape.finditer(line):
            found.add((pattern.get("name", ""), match[0]))
            found |= {
                (capture["name"], match[int(number)] or "") for number, capture in pattern.get("captures", {}).items()
            }
    return found


def assert_coloured(line: str, scope: str, word: str) -> None:
    for typed in (word, word.upper(), word.replace(" ", "-"), strip_diacritics(word)):
        assert (scope, typed) in scopes(line.format(typed)), line.format(typed)


@pytest.mark.parametrize(("line", "scope", "vocabulary"), LINES, ids=[line for line, _, _ in LINES])
def test_every_keyword_of_the_reader_is_coloured_also_without_marks_and_in_capitals(line, scope, vocabulary):
    for code in vocabulary:
        for word in vocabulary.spellings(code):
            assert_coloured(line, scope, word)


def test_every_key_of_the_front_matter_is_coloured():
    for key in (key for keys in KEYS_BY_STEM.values() for key in keys):
        for word in key.spellings:
            assert_coloured("{}: chữ", "entity.name.tag.key", word)


def test_arrows_rules_placeholders_and_notes_are_coloured_and_prose_is_not():
    assert ("entity.name.section.target", "Xong") in scopes("- [nút] Đi => Xong")
    assert ("markup.deleted", "x>") in scopes("- [nút] Đọc mã x> Mã đã lộ")
    assert ("support.function.rule", "~co-chu") in scopes("- [ô chữ] Tên = ~co-chu")
    assert all(("support.function.rule", f"~{RULES.spelling(code)}") in scopes(f"= ~{code}") for code in RULES)
    assert ("variable.other.placeholder", "{{otp}}") in scopes("Mã là {{otp}}.")
    assert ("comment.line.percentage", "%% hỏi lại") in scopes("%% hỏi lại")
    assert scopes("Bác mở máy rồi chạm vào nút xanh.") == set()


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.prefix)
def test_a_snippet_is_a_correct_piece_of_its_file(piece):
    title = re.match(r"## (.+?)(?: \{|$)", piece.filled, re.MULTILINE)
    front = GOOD[piece.stem]
    body = piece.filled
    if piece.stem == "lam":
        front = f"tên: Tập\nbắt đầu: {title[1] if title else ''}\nđích: Xong\ndữ liệu:\n  otp: sinh(6)"
        body += "\n## Xong {loại=kết}\n"
    assert READ[piece.stem](f"---\n{front}\n---\n\n{body}\n") == []
