"""Which numbers and addresses look like a real person's."""

from __future__ import annotations

import pytest

from lms.content.personal_data import find_pii


@pytest.mark.parametrize(
    ("text", "kind", "start"),
    [
        ("001060000123", "identity", 0),
        ("096 060 000 123", "identity", 0),
        ("Số 0790.6000.0123.", "identity", 3),
        ("0 7 9 0 6 0 0 0 0 1 2 3", "identity", 0),
        ("0790\u00a06000\u200b0123", "identity", 0),
        ("0912345678", "phone", 0),
        ("gọi 09-1234-5678 nhé", "phone", 4),
        ("0283822123", "phone", 0),
        ("028 3822 1234", "phone", 0),
        ("0512345678", "phone", 0),
        ("+84912345678", "phone", 1),
        ("84 0912 345 678", "phone", 0),
        ("0084912345678", "phone", 0),
        ("０９１２３４５６７８", "phone", 0),
        ("12 0912345678", "phone", 3),
        ("0912345678 0100000777", "phone", 0),
        ("DN4790123456789", "insurance", 0),
        ("thẻ gd 4 79 012 345 6789", "insurance", 4),
        ("a@b.vn", "email", 0),
        ("thư: ten.ho+x@gmail.com", "email", 5),
        ("a @ gmail . com", "email", 0),
        ("a@example.com", "email", 0),
        ("a@b.example.vn", "email", 0),
    ],
)
def test_data_that_looks_real_is_found_at_its_position(text, kind, start):
    (found,) = find_pii(text)
    assert (found.kind, found.start) == (kind, start)


@pytest.mark.parametrize(
    "text",
    [
        "099060000123",
        "099160000456",
        "0100000777",
        "0990 6000 0123",
        "097060000123",
        "000060000123",
        "0412345678",
        "0612345678",
        "10912345678",
        "09123456789",
        "1790600001234",
        "84100000777",
        "DN4990123456789",
        "DN4000123456789",
        "XDN4790123456789",
        "số 4790123456789",
        "Hết hạn 05-12-2026 10:30, phí 15.000 đồng.",
        "1900 0368",
        "tap@thu.example",
        "Tap@Thu.EXAMPLE.",
        "@ban và a@b",
        "482915",
    ],
)
def test_fictitious_data_is_not_reported(text):
    assert find_pii(text) == []
