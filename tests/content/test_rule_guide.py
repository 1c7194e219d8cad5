"""The pages of the checker's rules: every rule has one, and what its examples say of themselves is true."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lms.content.authoring_advice.path_advice import advise_path
from lms.content.library import check_path
from lms.content.problems import Problem
from lms.content.rule_guide import RuleText, nearest_rule, rule_texts, rules_by_group
from lms.content.rule_guide.examples import TODAY, check_example, example_file, example_problem
from tests.content.rule_trees import FRONT, PRACTICE, write_tree
from tests.content.rules_in_code import rules_in_the_code

TEXTS = rule_texts()
# The engine proves them; no file is known that breaks one of them without breaking a rule that says where.
WITHOUT_EXAMPLE = {"path-fails", "no-recovery"}
IN_ONE_FILE = [text for text in TEXTS.values() if not text.says]
IN_A_FOLDER = [text for text in TEXTS.values() if text.says and text.rule not in WITHOUT_EXAMPLE]
LEVEL_WORDS = {"error": "lỗi", "warning": "cảnh-báo", "advice": "gợi-ý"}


def by_rule(text: RuleText) -> str:
    return text.rule


def found_in_folder(folder: Path, text: RuleText, excerpt: str) -> list[Problem]:
    """What ``lms check --craft`` finds in a course with the example."""
    if text.context == "tree":
        write_tree(folder, excerpt)
    else:
        lesson = folder / "vneid" / "01-mot"
        lesson.mkdir(parents=True)
        (folder / "vneid" / "course.md").write_text(FRONT["course.md"], "utf-8")
        files = {"hieu.md": FRONT["hieu.md"], "lam.md": PRACTICE, "dung.md": FRONT["dung.md"]}
        files[text.file_name] = example_file(text, excerpt)[0]
        for name, content in files.items():
            (lesson / name).write_text(content, "utf-8")
    advice = [one for result in advise_path(folder, today=TODAY) for one in result.advice]
    is_about_craft = text.says.startswith("gợi-ý")
    return advice if is_about_craft else check_path(folder, today=TODAY)


@pytest.mark.slow
def test_every_rule_has_a_page_and_every_page_a_rule():
    assert set(TEXTS) == rules_in_the_code()
    assert {text.rule for text in TEXTS.values() if not text.bad} == WITHOUT_EXAMPLE


def test_a_page_says_what_and_why_in_a_few_sentences():
    for text in TEXTS.values():
        assert text.title and not text.title.endswith("."), text.rule
        assert 1 <= text.explanation.count(". ") + 1 <= 5, text.rule
        assert 40 <= len(text.explanation) <= 320, text.rule


@pytest.mark.parametrize("text", IN_ONE_FILE, ids=by_rule)
def test_the_bad_example_gives_exactly_this_problem_and_the_good_one_none(text):
    assert [problem.rule for problem in check_example(text, text.bad)] == [text.rule]
    assert check_example(text, text.good) == []


@pytest.mark.parametrize("text", IN_A_FOLDER, ids=by_rule)
def test_an_example_of_several_files_gives_exactly_the_sentence_on_its_page(text, tmp_path):
    if text.rule == "unreadable" and os.geteuid() == 0:  # root reads everything
        assert "Không mở được tệp này; bác xem lại quyền đọc của nó." in text.says
        return
    bad, good = tmp_path / "bad" / "khoa", tmp_path / "good" / "khoa"
    bad.mkdir(parents=True)
    good.mkdir(parents=True)
    found = found_in_folder(bad, text, text.bad)
    assert [problem.rule for problem in found] == [text.rule]
    assert f"{LEVEL_WORDS[found[0].level]} {found[0].sentence}" == text.says
    assert text.rule not in [problem.rule for problem in found_in_folder(good, text, text.good)]


@pytest.mark.parametrize("rule", TEXTS)
def test_the_page_shows_a_sentence_of_the_checker(rule):
    found = example_problem(rule)
    assert found is not None and found.sentence and found.sentence != "?"
    assert found.line <= TEXTS[rule].bad.count("\n") + 1


def test_a_mistyped_rule_leads_to_the_nearest_one():
    assert nearest_rule("near-arow") == "near-arrow"
    assert nearest_rule("tabs") == "tab"


def test_the_groups_are_those_of_the_guide():
    guide = (Path(__file__).parents[2] / "docs" / "huong-dan-soan-bai.md").read_text("utf-8")
    tables = guide.split("## Mọi quy tắc của bộ kiểm tra")[1]
    headings = [line.removeprefix("### ").replace("`", "") for line in tables.split("\n") if line.startswith("### ")]
    assert list(rules_by_group()) == headings
