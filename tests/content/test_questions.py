"""Questions: grading, feedback and display order."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.questions import Feedback, UnknownOption, arrange, grade
from lms.content.understand_stage import read_understand
from tests.content.question_blocks import question


def key(question, text: str) -> str:
    return next(option.key for option in question.options if option.text == text)


SINGLE = "::: hỏi\nBác làm gì?\n- [ ] Đọc mã\n  > Đừng đọc.\n- [x] Cúp máy\n  > Đúng rồi.\n- [ ] Chờ\n  > Chờ gì.\n:::"
MULTIPLE = "::: hỏi\nMang gì?\n- [x] Thẻ\n- [x] Máy\n- [ ] Ghế\n  > Không cần.\n:::"
ORDERING = "::: sắp xếp\nXếp.\n1. một\n2. hai\n3. ba\n:::"
MATCHING = "::: ghép\nGhép.\n- OTP = một lần\n- Passcode = sáu số\n- Mật khẩu = tám ký tự\n:::"
POLL = "::: thăm dò\nDễ không?\n- Dễ\n- Khó\n:::"


def test_a_single_choice_gives_the_feedback_of_the_option_picked():
    asked = question(SINGLE)
    right, wrong = key(asked, "Cúp máy"), key(asked, "Đọc mã")
    assert grade(asked, [right]).right
    assert grade(asked, [right]).feedback == (Feedback(right, "Đúng rồi."),)
    assert grade(asked, [wrong]).score == 0.0
    assert grade(asked, [wrong]).feedback == (Feedback(wrong, "Đừng đọc."),)
    assert grade(asked, []).score == 0.0


def test_a_multiple_choice_has_no_partial_score():
    asked = question(MULTIPLE)
    card, phone, chair = (key(asked, text) for text in ("Thẻ", "Máy", "Ghế"))
    assert asked.multiple
    assert grade(asked, [phone, card]).right
    assert not grade(asked, [card]).right
    assert not grade(asked, [card, phone, chair]).right
    assert grade(asked, [chair, card]).feedback == (Feedback(card, None), Feedback(chair, "Không cần."))


@pytest.mark.parametrize("block", [SINGLE, MULTIPLE, ORDERING, MATCHING, POLL])
@pytest.mark.parametrize("given_keys", [["zz"], ["a", "zz"], ["A"]])
def test_an_unknown_key_is_refused(block, given_keys):
    with pytest.raises(UnknownOption):
        grade(question(block), given_keys)


@pytest.mark.parametrize("block", [SINGLE, POLL, "::: hỏi\nSố?\n= 5\n:::"])
def test_too_many_answers_are_refused(block):
    with pytest.raises(UnknownOption):
        grade(question(block), ["a", "b"])


def test_an_ordering_is_right_only_with_all_items_in_place():
    asked = question(ORDERING)
    right = [item.key for item in asked.items]
    assert grade(asked, right).right
    assert not grade(asked, right[::-1]).right
    assert not grade(asked, right[:2]).right
    assert not grade(asked, [right[0], right[0], right[1]]).right


def test_a_matching_is_graded_in_the_order_of_the_left_column():
    asked = question(MATCHING)
    belongs = {pair.left.key: pair.right.key for pair in asked.pairs}
    right = [belongs[left.key] for left in arrange(asked).lefts]
    assert grade(asked, right).right
    assert not grade(asked, [right[1], right[0], right[2]]).right
    assert not grade(asked, [right[0], "", right[2]]).right
    assert not grade(asked, []).right


@pytest.mark.parametrize(
    ("answer", "typed", "right"),
    [
        ("= 1900 0368", "19000368", True),
        ("= 1900 0368", "1900.0368", True),
        ("= 1900 0368", "1900 0369", False),
        ("= Cúp máy", "cup  MAY!", True),
        ("= Cúp máy", "cúp", False),
        ("= Đăng nhập", "dang nhap", True),
        ("= Đăng nhập", "Đa\u0306ng nhâ\u0323p", True),
        ("= *#06#", "*#06#", True),
        ("= ?!", "?!", True),
        ("= ?!", "x", False),
        ("= a\n= b", "B", True),
        ("= 10..12", "11", True),
        ("= 10..12", "10", True),
        ("= 10..12", "12,0", True),
        ("= 10..12", "12,1", False),
        ("= 10..12", "11 ", True),
        ("= 10..12", "mười một", True),
        ("= 10..12", "dạ mười ba", False),
        ("= 1,5..2,5", "2", True),
        ("= 1,5..2,5", "1.6", True),
        ("= -5..5", "-3", True),
        ("= 1.000..2.000", "1.500", True),
        ("= 1.000..2.000", "1500", True),
        ("= 1.000..2.000", "1 500", True),
        ("= 10..12\n= một tá", "Một tá", True),
        ("= a", "", False),
        ("= a", "  ", False),
    ],
)
def test_a_typed_answer_is_compared_leniently(answer, typed, right):
    assert grade(question(f"::: hỏi\nGì?\n{answer}\n:::"), [typed]).right is right


@pytest.mark.parametrize(
    ("typed", "right"),
    [("hòa bình", True), ("HOÀ BÌNH", True), ("hoa binh", False), ("hóa bình", False), ("hòabình", True)],
)
def test_tone_marks_count_where_the_author_says_so(typed, right):
    assert grade(question("::: hỏi đúng dấu\nGì?\n= Hòa bình\n:::"), [typed]).right is right


def test_every_answer_to_a_poll_is_right():
    asked = question(POLL)
    assert [option.text for option in arrange(asked)] == ["Dễ", "Khó"]
    assert all(grade(asked, [option.key]).right for option in asked.options)


def test_options_keep_their_order_only_where_the_author_says_so():
    options = "".join(f"- [{'x' if n == 0 else ' '}] số {n}\n  > v\n" for n in range(8))
    written = [f"số {n}" for n in range(8)]
    kept = question(f"::: hỏi giữ thứ tự\nGì?\n{options}:::")
    shuffled = question(f"::: hỏi\nGì?\n{options}:::")
    assert [option.text for option in arrange(kept)] == written
    assert [option.text for option in arrange(shuffled)] != written
    assert arrange(shuffled) == arrange(question(f"::: hỏi\nGì?\n{options}:::"))


def test_orderings_and_matchings_are_never_displayed_solved():
    for number in range(30):
        asked = question(f"::: sắp xếp\nXếp {number}.\n1. một\n2. hai\n:::")
        assert arrange(asked) != asked.items
        pairs = question(f"::: ghép\nGhép {number}.\n- a = b\n- c = d\n:::")
        sides = arrange(pairs)
        assert sides.rights != tuple(pair.right for pair in pairs.pairs)


def test_inserting_a_question_keeps_other_ids():
    below = question(SINGLE).id
    understand, _ = read_understand(f"---\ntên: Bài\nphút: 5\n---\n{MULTIPLE}\n\n{POLL}\n\n{SINGLE}\n", "hieu.md")
    assert understand.questions[2].id == below


def test_questions_with_the_same_text_have_different_ids():
    other = SINGLE.replace("Chờ\n", "Nghe tiếp\n")
    understand, _ = read_understand(f"---\ntên: Bài\nphút: 5\n---\n{SINGLE}\n\n{other}\n\n{SINGLE}\n", "hieu.md")
    assert len({asked.id for asked in understand.questions}) == 3


@pytest.mark.slow
@given(st.lists(st.text(max_size=6), max_size=4))
@settings(deadline=None)
def test_any_form_input_is_graded_or_refused(sent):
    for block in (SINGLE, MULTIPLE, ORDERING, MATCHING, POLL, "::: hỏi\nGì?\n= 10..12\n= a\n:::"):
        with contextlib.suppress(UnknownOption):
            assert grade(question(block), sent).score in (0.0, 1.0)
