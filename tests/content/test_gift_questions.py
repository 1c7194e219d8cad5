"""Questions that others wrote for Moodle (GIFT), converted to our blocks, are graded as their authors intended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.content.model import Question
from lms.content.questions import arrange, grade
from lms.content.understand_stage import read_understand

GIFT = Path(__file__).parents[3] / "shared" / "data" / "gift"
needs_gift = pytest.mark.skipif(not GIFT.is_dir(), reason="the GIFT questions of ../shared/data are not here")


def gift_questions(*kinds: str) -> Iterator[dict]:
    for path in sorted(GIFT.glob("*.json")):
        read = json.loads(path.read_text("utf-8"))
        for question in read if isinstance(read, list) else [read]:
            if question["type"] in kinds:
                yield question


def line(value: dict | str | None) -> str:
    return " ".join((value["text"] if isinstance(value, dict) else value or "").split())


def read_question(opening: str, question: dict, *items: str) -> Question:
    block = "\n".join([f"::: {opening}", line(question["stem"]), *items, ":::"])
    understand, problems = read_understand(f"---\ntên: Bài\nphút: 5\n---\n\n{block}\n", "hieu.md")
    assert [problem for problem in problems if problem.level == "error"] == [], block
    assert {problem.rule for problem in problems} <= {"raw-html", "long-sentence", "silent-option"}, block
    (read,) = understand.questions
    return read


def keys(question: Question, right: list[bool]) -> list[tuple[str, bool]]:
    """The key of each option in file order, and whether it is right."""
    return [(option.key, good) for option, good in zip(question.options, right, strict=True)]


@needs_gift
def test_gift_choices_are_graded_like_their_authors_say():
    count = 0
    for question in gift_questions("MC", "TF"):
        if question["type"] == "TF":
            choices = [("Đúng", question["isTrue"], None), ("Sai", not question["isTrue"], None)]
        else:
            choices = [(line(one["text"]), one["isCorrect"], line(one["feedback"])) for one in question["choices"]]
            weights = [one["weight"] or 0 for one in question["choices"]]
            if not any(good for _, good, _ in choices):  # several right options with partial scores
                choices = [(text, weight > 0, said) for (text, _, said), weight in zip(choices, weights, strict=True)]
        items = [f"- [{'x' if good else ' '}] {text}\n  > {said or 'Bác xem lại.'}" for text, good, said in choices]
        read = read_question("hỏi", question, *items)
        options = keys(read, [good for _, good, _ in choices])
        assert grade(read, [key for key, good in options if good]).right
        for key, good in options:
            assert good or not grade(read, [key]).right
        count += 1
    assert count == 30


@needs_gift
def test_gift_short_answers_are_graded_like_their_authors_say():
    count = 0
    for question in gift_questions("Short"):
        answers = [line(one["text"]) for one in question["choices"] if one["isCorrect"] or one["weight"]]
        answers = [answer for answer in answers if answer != "*"]  # in GIFT "*" matches any other answer
        read = read_question("hỏi", question, *(f"= {answer}" for answer in answers))
        for answer in answers:
            assert grade(read, [answer]).right
            assert grade(read, [f"  {answer.upper()}. "]).right
        assert not grade(read, ["điều gì khác hẳn"]).right
        count += 1
    assert count == 13


@needs_gift
def test_gift_numerical_answers_are_accepted_within_their_bounds():
    count = 0
    for question in gift_questions("Numerical"):
        wanted = question["choices"]
        numbers = [one["text"] for one in wanted if one["isCorrect"]] if isinstance(wanted, list) else [wanted]
        ranges = [(one["number"] - one.get("range", 0), one["number"] + one.get("range", 0)) for one in numbers]
        read = read_question("hỏi", question, *(f"= {low}..{high}" for low, high in ranges))
        low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
        assert grade(read, [str(low)]).right and grade(read, [str(high)]).right
        assert not grade(read, [str(low - 1)]).right and not grade(read, [str(high + 1)]).right
        count += 1
    assert count == 4


@needs_gift
def test_gift_matchings_are_graded_like_their_authors_say():
    count = 0
    for question in gift_questions("Matching"):
        pairs = [(line(pair["subquestion"]), line(pair["subanswer"])) for pair in question["matchPairs"]]
        read = read_question("ghép", question, *(f"- {left} = {right}" for left, right in pairs))
        sides = arrange(read)
        assert [option.text for option in sides.lefts] == [left for left, _ in pairs]
        key = {option.text: option.key for option in sides.rights}
        right = [key[text] for _, text in pairs]
        assert grade(read, right).right and not grade(read, right[::-1]).right
        count += 1
    assert count == 3
