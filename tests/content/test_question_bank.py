"""Questions of other programs keep what they say, whatever signs are in them, or are refused with a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.question_bank.bank_question import BankOption, BankQuestion, BankText
from lms.content.question_bank.gift_reader import read_gift
from lms.content.question_bank.question_blocks import QuestionBlock, write_block
from tests.content.question_blocks import right_options

GIFT = Path(__file__).parents[3] / "shared" / "data" / "gift"
needs_gift = pytest.mark.skipif(not GIFT.is_dir(), reason="the GIFT questions of ../shared/data are not here")


texts = st.text(st.characters(exclude_categories=["Cc", "Cf", "Co", "Cs", "Zl", "Zp"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() and text == text.strip()
)
signs = st.text("*_[]`<>|#-+=?:%~{}\\&;. a1", min_size=1, max_size=30).filter(lambda text: text.strip() == text)


@pytest.mark.slow
@given(st.lists(st.one_of(texts, signs), min_size=3, max_size=5))
def test_a_plain_question_says_what_it_said_or_is_refused(given_texts):
    prompt, right, *wrong = map(BankText, given_texts)
    question = BankQuestion(1, prompt, [BankOption(right, True), *(BankOption(text, False) for text in wrong)])
    block = write_block(question)
    if isinstance(block, QuestionBlock):
        assert right_options(block.question) == [True, *(False for _ in wrong)]
    else:
        assert block.is_refusal and block.message


@pytest.mark.parametrize(
    "text",
    [
        "# 5",
        "- trừ",
        "1. Một",
        "= 2",
        "> lớn",
        "? gì",
        "*sao*",
        "<b>",
        "a_b_c",
        "[x](y)",
        "::: hỏi",
        "%% 5",
        "a & b",
        "|a|b|",
    ],
)
def test_signs_of_our_own_format_are_shown_as_typed(text):
    block = write_block(
        BankQuestion(1, BankText(text), [BankOption(BankText(text), True), BankOption(BankText("khác"), False)])
    )
    assert isinstance(block, QuestionBlock), block


@given(st.text("{}~=#\\:%-> \nabT$/[]*", max_size=80))
def test_any_gift_is_read(text):
    bank = read_gift(text)
    lines = range(1, text.count("\n") + 2)
    assert all(finding.line in lines and finding.message for finding in bank.findings)
    assert all(question.line in lines for question in bank.questions)


@needs_gift
def test_moodles_own_examples_come_in_or_are_refused_with_a_line():
    counts = {"questions": 0, "refused": 0}
    for path in sorted(GIFT.glob("*.gift")):
        bank = read_gift(path.read_text("utf-8"))
        blocks = [write_block(question) for question in bank.questions]
        assert all(isinstance(block, QuestionBlock) for block in blocks), path
        counts["questions"] += len(blocks)
        counts["refused"] += sum(finding.is_refusal for finding in bank.findings)
        kinds = [entry["type"] for entry in json.loads(path.with_suffix(".json").read_text("utf-8"))]
        carried = [kind for kind in kinds if kind not in ("Essay", "Description", "Category")]
        assert len(blocks) == len(carried), path
    assert counts == {"questions": 50, "refused": 7}
