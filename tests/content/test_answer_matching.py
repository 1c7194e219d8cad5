"""Typed answers as people say them: one line takes all ways to say one thing, and no other thing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.fuzzy_matching import strip_diacritics
from lms.content.keystrokes import read_keystrokes
from lms.content.questions import grade
from lms.content.questions.answer_matching import MAX_LENGTH, MAX_WORDS, matches_answer
from lms.content.questions.numerals import read_numbers
from lms.content.questions.typed import allowed_digit_counts
from tests.content.question_blocks import question

DIGITS = "<p>Số định danh cá nhân có mấy chữ số?</p>"
TIME = "<p>Xe trễ, cháu tới nhà lúc 23 giờ 30. Bác phải báo trước mấy giờ sáng hôm sau?</p>"
MONEY = "<p>Máy ghi: phải nộp 400.000, đã nộp 250.000. Bà còn phải nộp <b>bao nhiêu</b>?</p>"
CALL = "<p>Mất điện thoại, bác gọi số nào?</p>"
PLACE = "<p>Máy hỏi mã hồ sơ. Bác tìm mã ấy ở đâu?</p>"
TYPING = '<p>Gõ kiểu Telex, bác gõ gì để ra chữ "má"?</p>'

SAID = [
    (DIGITS, "12", "dạ 12 số; là mười hai; thưa cô 12 chữ số ạ; MUOI HAI; 12.; có 12 số nha con; mười hai chữ số"),
    (DIGITS, "12", "dạ thưa cô, mười hai ạ; 12so; - 12 số; Dạ: 12; một chục hai; đủ 12 con số; em ơi 12 số đó"),
    (DIGITS, "mười hai chữ số", "12; 12 số; mười hai; muoi hai chu so ạ"),
    (TIME, "8", "8 giờ; 8h; tám giờ sáng; 8:00; 08:00; 08h00; trước 8h sáng hôm sau; lúc 8 giờ; 8 giờ đúng; dạ 8g ạ"),
    (TIME, "trước 8 giờ sáng", "8; tam gio sang; trước tám giờ; báo trước 8 giờ; 8h sáng hôm sau; 8 giờ 00"),
    ("Mấy giờ tối đóng cửa?", "8 giờ tối", "8; 8 giờ; 20 giờ; 20:00; 20h; tám giờ tối"),
    ("Mấy giờ đóng cửa?", "15 giờ 30", "3 giờ rưỡi chiều; 15h30; 15:30; mười lăm giờ ba mươi phút"),
    (MONEY, "150.000 đồng", "150k; 150.000; 150000; 150,000đ; một trăm rưỡi; trăm rưỡi ngàn; một trăm năm chục ngàn"),
    (MONEY, "150.000 đồng", "còn phải nộp 150 nghìn; còn 150 ngàn đồng ạ; 150 000; 150.000 VNĐ; 150.000₫; nộp 150k"),
    (MONEY, "1.200.000", "1tr2; một triệu hai; 1,2 triệu; 1 triệu 200; một triệu hai trăm nghìn đồng; 1200k"),
    ("Chờ mấy năm?", "100 năm", "một trăm năm; 100; trăm năm"),
    ("Chờ mấy năm?", "5", "năm năm; năm; nam nam; 5 năm"),
    (CALL, "1900 0368", "19000368; 1900.0368; 1900-0368; gọi số 1900 0368 ạ; dạ tổng đài 1900 03 68; số 1900.03.68"),
    (CALL, "1900 0368", "một chín không không không ba sáu tám; (1900) 0368; bác gọi 1900 0368"),
    (CALL, "115", "một một năm; số 115; dạ 115"),
    (
        PLACE,
        "giấy hẹn",
        "trên giấy hẹn; o giay hen; tìm ở trong tờ giấy hẹn ạ; dạ ở trên giấy hẹn đó; Giấy hẹn!; giayhen",
    ),
]
NOT_SAID = [
    (DIGITS, "12", "11; 13; không phải 12; 12 hay 13; 12 hoặc 13; 12-13; 1,2; 1/2; 12 tháng; 12%; khoảng 12; cỡ 12 số"),
    (DIGITS, "12", "hơn 12 số; 12 năm; mười hai mười ba; 120; 012; mười; hai; hai mươi; chưa tới 12; 12 13; một hai"),
    (
        DIGITS,
        "12",
        "1 2; 12 tuổi; dưới 12 số; 12 số không đúng; không; sau 12; tầm 12 số; 12.5; dạ; 12 giờ; 12+; ~12; -12",
    ),
    (
        TIME,
        "8",
        "9 giờ; 20 giờ; 8 giờ tối; 8 giờ rưỡi; 8h30; 8:30; sau 8 giờ; không phải 8 giờ; 8 giờ hay 9 giờ; 8 phút",
    ),
    (TIME, "8", "23 giờ 30; 8 tiếng; 8 giờ chiều; 8 giờ kém 15; trước 9 giờ; 8 ngày; 80; 8:0; 8:75"),
    ("Mấy giờ tối đóng cửa?", "8 giờ tối", "8 giờ sáng; 8 giờ chiều mai; 20 giờ sáng; 18 giờ"),
    (
        MONEY,
        "150.000 đồng",
        "150; 15.000; 150 triệu; 1.500.000; 150.000 đô; 400.000; không phải 150.000; 150 đồng; 15k",
    ),
    (
        MONEY,
        "150.000 đồng",
        "150 nghìn hay 160 nghìn; hơn 150.000; một trăm năm; 150.000 usd; rưỡi; 150.000.000; 150 chục",
    ),
    (MONEY, "1.200.000", "1tr; một triệu hai nghìn; 12 triệu; 1,2; 1.200"),
    (CALL, "1900 0368", "1900 0369; 1900 036; không phải 1900 0368; 1900 0368 hay 1900 9068; 1900 0368 1900 9068"),
    (CALL, "1900 0368", "đừng gọi 1900 0368; 0368; 1900 0368 9; một chín không không ba sáu tám; 19000386"),
    (CALL, "115", "113; 11; 1 triệu 15; không gọi 115"),
    (
        PLACE,
        "giấy hẹn",
        "không ở giấy hẹn; giấy; hẹn; giấy khai sinh; giấy hẹn hay phiếu thu; dưới giấy hẹn; giấy hẹn giả",
    ),
    ("Mạng nào nhanh hơn?", "4G", "4; 4 giờ; bốn; 4 g 30"),
    ("Trường này ghi gì?", "năm sinh", "5; 5 sinh; năm"),
    ("Ai giữ thẻ?", "ba", "3"),
    ("Mấy độ?", "-5", "5; năm; 5 độ"),
    ("Chờ mấy ngày?", "2 ngày rưỡi", "2 ngày; 2; hai"),
    ("Con số nào, 9 hay 12?", "12", "9 hay 12; 9 12; con số nào 12"),
    ("Mã nào bác không được đọc cho ai?", "OTP", "không OTP; không được đọc OTP; bác không được OTP"),
    ("Có hơn hai mạng. Mạng nào tốt hơn?", "Wi-Fi", "hơn Wi-Fi; tốt hơn Wi-Fi"),
    (TYPING, "mas", "gõ mà; gõ"),
]


def each(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(prompt, answer, typed.strip()) for prompt, answer, several in rows for typed in several.split(";")]


@pytest.mark.parametrize(("prompt", "answer", "typed"), each(SAID))
def test_one_line_takes_what_people_type(prompt, answer, typed):
    assert matches_answer(typed, answer, prompt)


@pytest.mark.parametrize(("prompt", "answer", "typed"), each(NOT_SAID))
def test_a_word_too_many_or_another_number_is_another_answer(prompt, answer, typed):
    assert not matches_answer(typed, answer, prompt)


def test_where_tone_marks_count_words_around_the_answer_are_taken_as_well():
    for typed, right in (("gõ mas", True), ("dạ, mas ạ", True), ("go mas", True), ("gõ mà", False), ("gọ mas", False)):
        assert matches_answer(typed, "mas", TYPING, exact=True) is right
    assert not matches_answer("5", "năm", DIGITS, exact=True)


TYPED_KEYS = [
    ("::: hỏi đúng dấu\nGõ gì để ra chữ má?\n= mas\n= má\n:::", "ma1", "VNI"),
    ("::: hỏi đúng dấu\nViết tên món.\n= bún bò\n:::", "buns bof", "Telex"),
    ("::: hỏi\nTìm mã ở đâu?\n= giấy hẹn\n:::", "dạ giaays hejn", "Telex"),
    ("::: hỏi\nTìm mã ở đâu?\n= giấy hẹn\n:::", "Gia61y he5n", "VNI"),
    ("::: hỏi\nTìm mã ở đâu?\n= đường quen\n:::", "dduwowngf quen", "Telex"),
    ("::: hỏi\nTìm mã ở đâu?\n= đường quen\n:::", "d9uong72 quen", "VNI"),
    ("::: hỏi\nTrời sao?\n= mưa nhỏ\n:::", "muaw nhor", "Telex"),
    ("::: hỏi\nMón gì?\n= quăn\n:::", "quawn", "Telex"),
]


@pytest.mark.parametrize(("block", "typed", "method"), TYPED_KEYS)
def test_the_keys_of_an_answer_are_right_and_their_input_method_is_named(block, typed, method):
    outcome = grade(question(block), [typed])
    assert outcome.right
    assert f"kiểu {method}" in (outcome.feedback[0].html or "")


@pytest.mark.parametrize(
    ("block", "typed"),
    [
        ("::: hỏi đúng dấu\nViết tên món.\n= bún bò\n:::", "buns bos"),
        ("::: hỏi\nKhu nào?\n= khu A\n:::", "khu A1"),
        ("::: hỏi\nBuồng nào?\n= A2\n:::", "A1"),
        ("::: hỏi\nMấy số?\n= 12\n:::", "a12"),
        ("::: hỏi\nAi giữ thẻ?\n= má\n:::", "maf"),
        ("::: hỏi\nAi giữ thẻ?\n= má\n:::", "không phải mas"),
    ],
)
def test_keys_of_another_word_are_another_answer(block, typed):
    assert not grade(question(block), [typed]).right


@pytest.mark.slow
@given(st.text(max_size=30))
def test_any_keys_are_read(typed):
    assert all(reading.text for reading in read_keystrokes(typed))


def spell(number: int) -> str:
    """A whole number below a billion in Vietnamese words, as schools teach it."""
    ones = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]

    def below_thousand(rest: int, *, whole: bool) -> list[str]:
        hundreds, tens, last = rest // 100, rest // 10 % 10, rest % 10
        said = [ones[hundreds], "trăm"] if hundreds or not whole else []
        if tens == 0:
            return said + (["lẻ", ones[last]] if said and last else [ones[last]] if last else [])
        said += ["mười"] if tens == 1 else [ones[tens], "mươi"]
        if last:
            said.append("lăm" if last == 5 else "mốt" if last == 1 and tens > 1 else ones[last])
        return said

    if number == 0:
        return "không"
    said: list[str] = []
    for size, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        part, number = divmod(number, size)
        if part:
            said += [*below_thousand(part, whole=not said), *([name] if name else [])]
    return " ".join(said)


numbers = st.integers(0, 999_999_999)


@given(numbers, st.booleans())
def test_every_number_can_be_said_in_words(number, with_marks):
    words = spell(number) if with_marks else strip_diacritics(spell(number))
    assert matches_answer(f"dạ {words} số ạ", str(number), DIGITS)
    assert matches_answer(f"{number}", spell(number), DIGITS)


@given(numbers, st.one_of(numbers, st.sampled_from([-1, 1, 10, 100, 1000])))
def test_no_number_says_another_one(number, other):
    other = number + other if abs(other) in (1, 10, 100, 1000) else other
    if other != number and 0 <= other < 10**9:  # which `spell` can write
        assert not matches_answer(spell(other), str(number), DIGITS)
        assert not matches_answer(f"{other:,}".replace(",", "."), str(number), DIGITS)


@given(
    numbers,
    st.sampled_from(["không phải {}", "{} hay {}", "khoảng {}", "{} con gà", "{}, {}", "gần {}", "{} rưỡi nữa"]),
)
def test_doubt_and_denial_say_no_number(number, sentence):
    assert not matches_answer(sentence.format(number, number + 1), str(number), DIGITS)


@given(st.text(max_size=30), st.text(min_size=1, max_size=12))
def test_any_text_is_judged(typed, answer):
    assert matches_answer(typed, answer, DIGITS) in (True, False)
    assert matches_answer(answer, answer, "Gì?") or not answer.strip()


@pytest.mark.slow
@given(
    st.lists(
        st.sampled_from(["dạ", "là", "năm", "trăm", "rưỡi", "nghìn", "mươi", "1", ",", ".", "1.000", "giờ", "số", "ạ"]),
        max_size=120,
    )
)
def test_long_texts_are_judged_too(words):
    for answer in ("12", "8 giờ", "1900 0368", "giấy hẹn"):
        matches_answer(" ".join(words), answer, MONEY)
    assert matches_answer("dạ " * 9 + "12", "12", DIGITS)
    assert not matches_answer("dạ " * MAX_WORDS + "12", "12", DIGITS)
    assert not matches_answer("dạ" + " " * MAX_LENGTH + "12", "12", DIGITS)


def test_readings_of_a_numeral_that_has_two():
    assert set(read_numbers(["mot", "tram", "nam"])) == {(Decimal(1), 1), (Decimal(100), 2), (Decimal(150), 3)}


def test_a_range_takes_words_and_the_unit_that_is_asked_for():
    asked = question("::: hỏi\nMã có mấy số?\n= 4..6\n:::")
    for typed, right in (("bốn số", True), ("dạ sáu", True), ("7 số", False), ("4 hay 6", False), ("5 ngày", False)):
        assert grade(asked, [typed]).right is right


def test_an_amount_in_figures_is_no_number_of_the_learners_own():
    asked = question("::: hỏi\nBà còn phải nộp bao nhiêu?\n= 150 nghìn\n:::")
    assert allowed_digit_counts(asked) == (6,)
    assert not grade(asked, ["160.000"]).is_private
    assert grade(asked, ["099060000123"]).is_private
