"""The sentences of the pages: each that is marked has its English, and a page in English has no other."""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from lms.web.app import BLUEPRINTS
from lms.web.language import TRANSLATED_BLUEPRINTS

REPOSITORY = Path(__file__).parents[2]
WEB = REPOSITORY / "lms" / "web"
ENGLISH = WEB / "locale" / "en" / "LC_MESSAGES" / "messages"
# Of pages that are translated: folders and files of lms/web/templates, and of lms.
TRANSLATED_TEMPLATES = (
    "accounts",
    "badges",
    "calendar",
    "courses/course.html",
    "courses/lesson.html",
    "error.html",
    "home.html",
    "layout.html",
    "ledger",
    "macros/answer_places.html",
    "macros/back.html",
    "macros/button.html",
    "macros/code_card.html",
    "macros/course_download.html",
    "macros/home.html",
    "macros/home_screen.html",
    "macros/inline.html",
    "macros/language_switch.html",
    "macros/lesson_rows.html",
    "macros/marks.html",
    "macros/question.html",
    "macros/unreachable_note.html",
    "macros/share_address.html",
    "macros/signed_in.html",
    "macros/stage_end.html",
    "macros/stage_nav.html",
    "macros/stale.html",
    "macros/task.html",
    "macros/tools.html",
    "macros/ward_letters.html",
    "macros/ward_select.html",
    "me",
    "movement",
    "offline.html",
    "offline_result.html",
    "practice",
    "privacy.html",
    "review",
    "understand",
    "units",
    "use",
    "verify",
    # Not classroom/in_vietnamese: paper for others, and addresses in the guide.
    *(f"classroom/{room}" for room in ("desk", "helper_pages", "join", "practice", "report", "seat", "wall")),
    "workshop",
)
TRANSLATED_MODULES = (
    "class_context",
    "class_header",
    "desk",
    "display/stuck",
    "follow_up_lines",
    "helper_pages",
    "http/error_responses.py",
    "join",
    "learning/classroom/{name}.py",
    "lesson_overview",
    "live/responses.py",
    "seat",
    "session/seat_emblems",
    "session/steps",
    "wall",
    "web/accounts",
    "web/badges.py",
    "web/calendar",
    "web/badge_view.py",
    "web/classroom/report/hand_in.py",
    "web/classroom/{name}.py",
    "web/classroom/{room}",
    "web/courses.py",
    "web/errors.py",
    "web/home.py",
    "web/language.py",
    "web/my_page.py",
    "web/movement_statistics",
    "web/next_steps.py",
    "web/ledger",
    "web/period_words.py",
    "web/practice/attempt_page.py",
    "web/practice/live_class_bar.py",
    "web/practice/decision_screen_view.py",
    "web/practice/inline_screens.py",
    "web/practice/introduction.py",
    "web/practice/mismatch_report.py",
    "web/practice/number_typo.py",
    "web/practice/replay.py",
    "web/spaced_review.py",
    "web/org_units",
    "web/badge_check.py",
    "web/ward_words.py",
    "web/workshop",
)
# Among these: papers, files for other programs, what people type and texts of courses, Vietnamese in any language.
VIETNAMESE_FILES = frozenset(
    {
        *("accounts/printed_slips.html", "ledger/sheet.html"),
        *("web/accounts/slip_sheets.py", "web/calendar/plan_form.py", "web/calendar/planned_class_page.py"),
        *("web/movement_statistics/open_data.py", "web/org_units/unit_files.py"),
        *("web/ledger/report_files.py", "web/ledger/report_table.py"),
        *("web/workshop/editor.py", "web/workshop/authors_guide.py", "web/workshop/lesson_pictures.py"),
        "web/workshop/question_import.py",
    }
)
# Vietnamese in any language: names, letters that a program looks for, and the value of a switch.
OWN_NAMES = ("Bình dân học vụ số", "Tiếng Việt", "À-ỹ", '"bật"', "'bật'")
# The same in any language, in letters.
NAMES = (
    "iPhone",
    "Android",
    "Wi-Fi",
    "QR",
    "PIN",
    "VNeID",
    "VssID",
    "eTax Mobile",
    "LMS",
    "CC BY",
    "binhdanhocvuso<wbr>.gov.vn",
)

_MARKS = re.search(r"^MARKS := ((?:.*\\\n)*.+)$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
MARKS = _MARKS[1].replace("\\\n", " ").split() if _MARKS else []
MARKING_CALLS = {mark.partition(":")[0] for mark in MARKS}
_TAG = re.compile(r"</?[a-z]+[^>]*>")
_PLACE = re.compile(r"%\(\w+\)s|\{\w*\}")
_VIETNAMESE = re.compile("[À-ỹ]")
_TRANSLATION = re.compile(r"\{%-?\s*trans\b.*?\bendtrans\s*-?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_CALL = re.compile(r"""(?<!\w)(?:_|n?p?gettext|vietnamese)\((?:\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?)+""")
_OUTSIDE_THE_PAGE = re.compile(  # blocks of class names, and the data of scripts
    r"\{% block (?:main_class|body_class|keyboard) %\}.*?\{% endblock %\}|<script\b.*?</script>", re.DOTALL
)
_LOOSE_ATTRIBUTE = re.compile(r"\b(?:aria|data)-[a-z-]+=\"[^\"]*\"|[ ]autofocus\b")  # which a macro puts into a tag
_WORD = re.compile(r"[A-Za-zÀ-ỹ]{2,}")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.with_suffix(".po").open("rb") as file:
        return read_po(file, locale="en")


def marked_sentences() -> set[tuple[str, ...]]:
    """With their contexts, as ``key`` says."""
    with (WEB / "locale" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(REPOSITORY / "lms", methods, options, keywords=parse_keywords(MARKS))
    return {key(context, message) for _, _, message, _, context in found}


def texts(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Those of a sentence, or the two of one for a number."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def key(context: str | None, text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """What tells a sentence from others: "" or the context in which it means something else, and its text or two."""
    return (context or "", *texts(text))


def sentences(catalog: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {key(message.context, message.id): texts(message.string) for message in catalog if message.id}


@pytest.mark.slow
def test_every_sentence_that_is_marked_has_its_english_and_no_english_is_left_over(english):
    translated = {known for known, text in sentences(english).items() if all(text)}
    assert translated == marked_sentences(), "run make messages, and write the English of what is new"


def test_a_translation_has_the_places_of_its_sentence(english):
    for message in english:
        for text in texts(message.string) if message.id else ():
            assert sorted(_PLACE.findall(text)) == sorted(_PLACE.findall(texts(message.id)[0])), message.id


def test_a_translation_cannot_break_the_markup_around_it(english):
    for message in english:
        for text in texts(message.string) if message.id else ():
            assert _TAG.findall(text) == _TAG.findall(texts(message.id)[0]), message.id
            assert not set('"<>&') & set(_TAG.sub("", text)), message.id


def test_the_compiled_file_is_made_of_the_written_one(english):
    compiled = read_mo(io.BytesIO(ENGLISH.with_suffix(".mo").read_bytes()))
    assert sentences(compiled) == sentences(english), "run make messages"


def test_the_blueprints_in_english_exist():
    assert {blueprint.name for blueprint in BLUEPRINTS} >= TRANSLATED_BLUEPRINTS


def files_of(folder: Path, paths: tuple[str, ...], pattern: str) -> list[Path]:
    found = [
        file
        for path in paths
        for file in ([folder / path] if (folder / path).is_file() else (folder / path).rglob(pattern))
    ]
    assert len(set(found)) >= len(paths), "a folder is empty, or named twice"
    return [file for file in found if file.relative_to(folder).as_posix() not in VIETNAMESE_FILES]


def unmarked_words(template: str) -> list[str]:
    """What a template says that no translation can change: letters outside tags, Vietnamese anywhere."""
    for name in (*OWN_NAMES, *NAMES):
        template = template.replace(name, "")
    left = _OUTSIDE_THE_PAGE.sub("", _TRANSLATION.sub("", _COMMENT.sub("", template)))
    left = _CALL.sub("", left)
    shown = _LOOSE_ATTRIBUTE.sub("", re.sub(r"<[^>]*>|&\w+;", " ", _CODE.sub("", left)))
    return [*_WORD.findall(shown), *(line.strip() for line in left.splitlines() if _VIETNAMESE.search(line))]


@pytest.mark.parametrize(
    "file", files_of(WEB / "templates", TRANSLATED_TEMPLATES, "*.html"), ids=lambda file: file.name
)
def test_a_template_of_translated_pages_says_nothing_that_is_not_marked(file: Path):
    assert not unmarked_words(file.read_text("utf-8"))


def test_words_without_a_mark_are_found_in_a_template():
    assert unmarked_words('<p class="soft">Xem {{ name }}</p>') == ["Xem"]
    assert unmarked_words('<p title="Đóng">{{ _("Xem") }}</p>')
    assert unmarked_words("{{ words or 'chưa có' }}")
    assert not unmarked_words('<p title="{{ _("Đóng") }}">{% trans %}Xem <b>{{ name }}</b>{% endtrans %}</p>')


def unmarked_strings(module: str) -> list[str]:
    """The Vietnamese strings of a module that no call marks for translation."""
    tree = ast.parse(module)
    marked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKING_CALLS:
            marked |= {id(part) for argument in node.args for part in ast.walk(argument)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
            marked.add(id(node.value))
    left = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in marked]
    found = [text for text in left if isinstance(text, str)]
    for name in OWN_NAMES:
        found = [text.replace(name, "") for text in found]
    return [text for text in found if _VIETNAMESE.search(text)]


@pytest.mark.parametrize("file", files_of(REPOSITORY / "lms", TRANSLATED_MODULES, "*.py"), ids=lambda file: file.name)
def test_a_module_of_translated_pages_says_nothing_that_is_not_marked(file: Path):
    assert not unmarked_strings(file.read_text("utf-8"))


def test_strings_without_a_mark_are_found_in_a_module():
    assert unmarked_strings('"""Về một trang."""\nNAME = "Khóa học"\n') == ["Khóa học"]
    assert unmarked_strings('def f(n):\n    return f"{n} lớp"\n') == [" lớp"]
    assert not unmarked_strings('NAME = mark_for_translation("Khóa học")\nOTHER = translate("Lớp " "học")\n')
