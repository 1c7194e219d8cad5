"""How a typing mistake in a number is described: the page without a script and the phone say the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from flask import Flask, g

from lms.message_catalog import LANGUAGE_NAMES
from lms.web.practice.data_fill import digit_groups
from lms.web.practice.number_typo import describe_typo

SCRIPT = Path(__file__).with_name("number_typos.mjs")
CARD = "099060000123"
TYPOS = [  # typed, wanted, what is told in a guided practice, and what elsewhere
    ("09906000012", CARD, "Mới có 11 số, ở đây cần 12 số.", "Mới có 11 số, ở đây cần 12 số."),
    ("099 060 000 12", CARD, "Mới có 11 số, ở đây cần 12 số.", "Mới có 11 số, ở đây cần 12 số."),
    ("0990600001233", CARD, "Đang có 13 số, thừa 1 số.", "Đang có 13 số, thừa 1 số."),
    (
        "099060000132",
        CARD,
        "Hai số đổi chỗ cho nhau: trong ô là 32, ở đây là 23.",
        "Chỗ 132 có hai số đổi chỗ cho nhau.",
    ),
    (
        "099600000123",
        CARD,
        "Hai số đổi chỗ cho nhau: trong ô là 60, ở đây là 06.",
        "Chỗ 600 có hai số đổi chỗ cho nhau.",
    ),
    (
        "090960000123",
        CARD,
        "Hai số đổi chỗ cho nhau: trong ô là 09, ở đây là 90.",
        "Chỗ 090 960 có hai số đổi chỗ cho nhau.",
    ),
    ("123546", "123456", "Hai số đổi chỗ cho nhau: trong ô là 54, ở đây là 45.", "Chỗ 546 có hai số đổi chỗ cho nhau."),
    (
        "124356",
        "123456",
        "Hai số đổi chỗ cho nhau: trong ô là 43, ở đây là 34.",
        "Chỗ 124 356 có hai số đổi chỗ cho nhau.",
    ),
    ("099061000123", CARD, "Chỗ 061 chưa khớp, ở đây là 060.", "Chỗ 061 chưa khớp."),
    ("099161000123", CARD, "Chỗ 161 chưa khớp, ở đây là 060.", "Chỗ 161 chưa khớp."),
    ("0200000777", "0100000777", "Chỗ 0200 chưa khớp, ở đây là 0100.", "Chỗ 0200 chưa khớp."),
    ("1236", "1234", "", ""),  # in one group there is no place to point at
    ("1243", "1234", "Hai số đổi chỗ cho nhau: trong ô là 43, ở đây là 34.", "Chỗ 1243 có hai số đổi chỗ cho nhau."),
    ("199060000124", CARD, "", ""),  # too much differs
    ("099 060 000 123", CARD, "", ""),
    ("", CARD, "", ""),
    ("abc", CARD, "", ""),
    ("150", "150.000", "Mới có 3 số, ở đây cần 6 số.", "Mới có 3 số, ở đây cần 6 số."),
    ("12", "bún bò", "", ""),
]


def both_sentences(typed, wanted):
    sentences = [describe_typo(typed, wanted, tells_digits=tells) for tells in (True, False)]
    return [sentence.removesuffix(" Bác so lại từng số nhé.") for sentence in sentences]


@pytest.mark.parametrize(("typed", "wanted", "guided", "alone"), TYPOS)
def test_a_typo_is_described_in_one_sentence(typed, wanted, guided, alone):
    assert both_sentences(typed, wanted) == [guided, alone]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_phone_describes_typos_and_groups_digits_alike(app: Flask, language):
    given = {"language": language, "typos": [typo[:2] for typo in TYPOS], "lengths": list(range(14))}
    done = subprocess.run(["node", SCRIPT], input=json.dumps(given), capture_output=True, text=True, check=True)
    with app.test_request_context("/"):
        g.page_language = language
        sentences = [
            [describe_typo(typed, wanted, tells_digits=tells) for tells in (True, False)] for typed, wanted, *_ in TYPOS
        ]
    assert json.loads(done.stdout) == {
        "sentences": sentences,
        "groups": [digit_groups(length) for length in range(14)],
    }
    assert ("Digits so far" in sentences[0][0]) is (language == "en")


@pytest.mark.slow
def test_without_a_script_a_picked_near_miss_is_told(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    shorter = next(value for value in lan.page.xpath("//input[@name='f0']/@value") if value == "?11")
    lan.tap("Gửi yêu cầu", f0=shorter)
    (note,) = lan.feedback_texts()
    assert note.startswith("Mới có 11 số, ở đây cần 12 số.")
    swapped = next(value for value in lan.page.xpath("//input[@name='f0']/@value") if value == "?12")
    lan.tap("Gửi yêu cầu", f0=swapped)
    (note,) = lan.feedback_texts()
    assert "có hai số đổi chỗ cho nhau. Bác so lại từng số nhé." in note


@pytest.mark.slow
def test_only_a_guided_practice_tells_the_digits_that_are_wanted(lan):
    for mode, told in (("lam-theo", True), ("tu-lam", False), ("kiem-tra", False)):
        lan.start(mode)
        lan.follow_expected_path(until="nhap-thong-tin")
        swapped = next(value for value in lan.page.xpath("//input[@name='f0']/@value") if value == "?12")
        lan.tap("Gửi yêu cầu", f0=swapped)
        assert any("ở đây là" in note for note in lan.feedback_texts()) is told


def test_an_empty_field_is_called_empty(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu")
    assert lan.feedback_texts() == ["Ô “Số định danh cá nhân” còn trống. Bác chọn một dòng nhé."]
    (field,) = lan.page.xpath("//fieldset[@aria-describedby]")
    assert lan.page.xpath("//div[@data-feedback]/@id") == [field.get("aria-describedby")]
