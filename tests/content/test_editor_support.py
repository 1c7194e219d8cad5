"""``editors/vscode``: what an editor outside knows of the language is what the reader knows."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from lms.content.blocks import BLOCK_NAMES
from lms.content.course_page import read_course_page
from lms.content.editor_support import generated_files
from lms.content.editor_support.grammar import SCOPE, grammar
from lms.content.editor_support.schema import front_matter_schema
from lms.content.editor_support.snippets import PIECES
from lms.content.file_keys import KEYS_BY_STEM
from lms.content.front_matter import read_front_matter
from lms.content.fuzzy_matching import strip_diacritics
from lms.content.practice.storyboard import read_practice
from lms.content.practice.vocabulary import ATTRIBUTES, QUOTES, ROLES, RULES, SUB_LINES
from lms.content.source import normalize_source
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "editors" / "vscode"
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
# Lines that are added to the front matter, or that replace the first line with the same key.
ACCEPTED = [
    ("course", "MÀU: #0051c6"),
    ("course", "kiem-lai-sau: 90"),
    ("course", "thứ tự: 3"),
    ("course", "skills:\n  - Gọi"),
    ("course", "màu:\n  - #0051c6\n  - #2f4f5f"),
    ("course", "nháp: có"),
    ("hieu", "đạt: 70,5"),
    ("hieu", "muc tieu:\n  - Biết"),
    ("hieu", "phút: 005"),
    ("lam", "máy: Android, iPhone"),
    ("lam", "device: iphone"),
    ("lam", "dữ liệu:\n  otp: sinh(6)"),
    ("lam", "thẻ việc: Bác đóng vai bác Tập."),
    ("dung", "chuẩn bị:\n  - Thẻ"),
    ("dung", "minutes: 5"),
]
REFUSED = [
    ("course", "kiểm tra ngày: 1/11/2026"),
    ("course", "kiểm tra ngày: 2026-13-01"),
    ("course", "thứ tự: 0"),
    ("course", "màu: xanh"),
    ("course", "màuu: #0051c6"),
    ("course", "nháp: chưa"),
    ("course", "kỹ năng: Gọi"),
    ("course", "phút: 5"),
    ("hieu", "phút: năm"),
    ("hieu", "phút: 5 phút"),
    ("hieu", "đạt: 80%"),
    ("hieu", "đạt: 101"),
    ("hieu", "đích: Xong"),
    ("lam", "máy:\n  - Samsung"),
    ("lam", "đạt: -1"),
    ("lam", "dữ liệu: otp"),
    ("dung", "phút: 0"),
    ("dung", "đạt: 80"),
]


def instance(text: str, stem: str) -> dict[str, Any]:
    """The front matter of a file as an object, with the keys as typed; an unknown key is kept as text."""
    source, diagnostics = normalize_source(text, f"{stem}.md")
    matter = read_front_matter(source, diagnostics, KEYS_BY_STEM[stem])
    kinds = {key.code: key.kind for key in KEYS_BY_STEM[stem]}
    found: dict[str, Any] = {}
    for code, typed in matter.keys.items():
        values = [value.text for value in matter.values.get(code, ())]
        if kinds[code] == "map":
            found[typed.text] = {name.text: value.text for name, value in matter.mapping(code)}
            if not found[typed.text]:
                found[typed.text] = "otp"  # on the line of the key
        elif kinds[code] == "list" or len(values) > 1 or source.lines[typed.line].rstrip().endswith(":"):
            is_line = not source.lines[typed.line].rstrip().endswith(":")
            found[typed.text] = values[0] if is_line else values
        else:
            found[typed.text] = values[0] if values else ""
    for line in text.split("---")[1].split("\n"):
        key, colon, value = line.partition(": ")
        if colon and not line.startswith(" ") and key not in found:
            found[key] = value
    return found


def file_with(stem: str, line: str) -> str:
    key = line.partition(":")[0]
    kept = [each for each in GOOD[stem].split("\n") if not each.startswith(f"{key}:")]
    return f"---\n{chr(10).join([*kept, line])}\n---\n\n{BODY[stem]}\n"


def is_valid(stem: str, text: str) -> bool:
    return Draft7Validator(front_matter_schema(stem)).is_valid(instance(text, stem))


def test_the_generated_files_are_those_in_the_folder():
    for path, text in generated_files().items():
        assert (EXTENSION / path).read_text("utf-8") == text, f"{path}: run python -m lms.content.editor_support"


def test_the_extension_names_files_that_exist():
    package = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    [injected], [pieces] = package["contributes"]["grammars"], package["contributes"]["snippets"]
    assert injected["scopeName"] == SCOPE
    assert (EXTENSION / injected["path"]).is_file() and (EXTENSION / pieces["path"]).is_file()


@pytest.mark.parametrize("stem", KEYS_BY_STEM)
def test_a_schema_is_valid_and_accepts_the_front_matter_of_all_real_courses(stem):
    Draft7Validator.check_schema(front_matter_schema(stem))
    files = sorted((ROOT / "courses").glob("*/course.md" if stem == "course" else f"*/*/{stem}.md"))
    assert len(files) > 5
    assert [path for path in files if not is_valid(stem, path.read_text("utf-8"))] == []


@pytest.mark.parametrize(("stem", "line"), ACCEPTED)
def test_what_the_reader_accepts_the_schema_accepts(stem, line):
    assert READ[stem](file_with(stem, line)) == []
    assert is_valid(stem, file_with(stem, line))


@pytest.mark.parametrize(("stem", "line"), REFUSED)
def test_what_the_reader_refuses_the_schema_refuses(stem, line):
    assert READ[stem](file_with(stem, line))
    assert not is_valid(stem, file_with(stem, line))


@pytest.mark.parametrize(("stem", "key"), [("course", "nguồn"), ("course", "tên"), ("hieu", "phút")])
def test_a_missing_key_is_refused_and_its_english_name_is_enough(stem, key):
    text = file_with(stem, "nháp: có")
    without = re.sub(rf"^{key}:.*\n(?:  - .*\n)*", "", text, flags=re.MULTILINE)
    assert is_valid(stem, text) and not is_valid(stem, without)
    english = next(each.spellings[1] for each in KEYS_BY_STEM[stem] if each.spellings[0] == key)
    assert is_valid(stem, re.sub(rf"^{key}:", f"{english}:", text, flags=re.MULTILINE))


def test_numbers_that_a_yaml_parser_made_are_accepted():
    validator = Draft7Validator(front_matter_schema("hieu"))
    assert validator.is_valid({"tên": "Bài", "phút": 5, "đạt": 70.5})
    assert not validator.is_valid({"tên": "Bài", "phút": 0})


# A line in which the reader takes a keyword, the keyword's scope, and its vocabulary.
LINES = [
    ("- [{}] Nhãn", "keyword.control.role", ROLES),
    ("- {}: Nhãn", "keyword.control.role", ROLES),
    ("- [nút] A {{{}=b}}", "entity.other.attribute-name", ATTRIBUTES),
    ("> {}: Chữ", "keyword.other.quote", QUOTES),
    ("  - {}: Chữ", "keyword.other.sub-line", SUB_LINES),
    ("::: {}", "keyword.control.block", BLOCK_NAMES),
]


PATTERNS = [(re.compile(pattern["match"]), pattern) for pattern in grammar()["patterns"]]


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


def test_the_page_of_the_extension_names_every_snippet():
    page = (EXTENSION / "README.md").read_text("utf-8")
    assert {piece.prefix for piece in PIECES} <= set(re.findall(r"`(\w+)`", page))
