"""The screens of a practice have numbers by the main path, and sentences that tell all their arrows."""

from __future__ import annotations

from datetime import date

import pytest

from lms.content.practice.screen_sentences import describe_screens, number_screens
from lms.content.practice.storyboard import read_practice

TODAY = date(2026, 11, 25)

# A side way of three screens, arrows that skip and go back, two traps to one screen.
TANGLED = """---
tên: Rối <b>&"'
bắt đầu: A
đích: Xong
---

## A
> Việc: Đi.

- [nút] Tới => B
- [nút] Một -> L1
- [nút] Bẫy x> L3
  - báo: Thôi.

## L1
> Việc: Chọn.

- [nút] Sâu hơn -> #l2
- [nút] Về => A

## Màn hình có cái tên thật dài để xem nó xuống dòng thế nào </text><script>alert(1)</script> {#l2}
> Việc: Chọn.

- [nút] Sâu nữa -> L4
- [nút] Về thẳng => A
- [nút] Về một -> L1

## L4 {loại=lạc}
> Lạc: Xa quá.

- [nút] Về thẳng B => B

## L3 {loại=lạc}
> Lạc: Bẫy.

- [nút] Về => A

## B
> Việc: Đi.

- [nút] Tới => C
- [nút] Lùi -> A
- [nút] Nhảy -> D
- [nút] Xem -> L1

## C
> Việc: Đi.

- [nút] Tới => D
- [nút] Bỏ -> Bỏ dở
- [nút] Bẫy x> L3
  - báo: Thôi.
  - chí tử: có

## D
> Việc: Đi.

- [nút] Tới => Xong
- [nút] Lùi -> A

## Bỏ dở {loại=kết}

## Xong {loại=kết}
"""


@pytest.fixture(scope="module")
def described(practices):
    tangled, problems = read_practice(TANGLED, "lam.md", today=TODAY)
    assert tangled is not None, problems
    return {**practices, "tangled": tangled}


def test_every_screen_and_arrow_is_in_a_sentence(described):
    for name, practice in described.items():
        numbers = number_screens(practice)
        assert len(set(numbers.values())) == len(practice.screens) and "?" not in numbers.values(), name
        told = " ".join(describe_screens(practice))
        for screen in practice.screens:
            assert f"Màn {numbers[screen.id]}, {screen.title}: " in told, name
            for widget in screen.widgets:
                assert not widget.arrow or f"“{widget.label}”" in told, name


def test_a_sentence_names_the_kind_of_each_arrow(described):
    told = list(describe_screens(described["tangled"]))
    assert told[0] == ("Màn 1, A: “Tới” (đường đúng) tới màn 2; “Một” (lối phụ) tới màn 1a; “Bẫy” (bẫy) tới màn 1b.")
    assert "“Bẫy” (bẫy chí tử) tới màn 1b" in " ".join(told) and told[-1].endswith(": hết bài.")


def test_an_english_reader_gets_english_words_around_the_texts_of_the_practice(described):
    told = next(describe_screens(described["tangled"], "en", lambda text: f"<{text}>"))
    assert told == (
        "Screen 1, <A>: “<Tới>” (right way) to screen 2; “<Một>” (side way) to screen 1a; “<Bẫy>” (trap) to screen 1b."
    )
