"""docs/format.md, tested through `lms check`: how a line of a practice may be written."""

from __future__ import annotations

import pytest

from tests.format.commands import LAM, check, errors, line_of, pointed, warnings


def with_line(line: str) -> str:
    return LAM.replace("- [nút] Về nhà -> Hai", line + "\n- [nút] Về nhà -> Hai")


@pytest.mark.parametrize(
    "line",
    [
        "- [nút] X -> Hai",
        "- [nút] ✕ -> Hai",
        "- [nút] iPhone X -> Hai",
        "- [nút] 2 x 3 -> Hai",
        "- [nút] Cài đặt > Mạng -> Hai",
        '- [nút] Màn hình 5" -> Hai',
        "- [nút] a=b -> Hai",
        "- [chữ] Mã {{CCCD}} {hình=thẻ}",
        '- [chọn] Ô {mục="A } B | C"} = C\n  - sai: A.',
        "- [nút] Bẫy x> Một\n  - báo: A.",
        "- [nút] " + "a" * 40 + " -> Hai",
    ],
)
def test_valid_spellings_of_a_line(lesson, line):
    (lesson / "lam.md").write_text(with_line(line), "utf-8")
    assert check(lesson) == []


@pytest.mark.parametrize(
    "arrow", ["= >", "=>>", "→", "==>", "-->", "=->", "⇒", "- >", "x >", "X>", "×>", "–>", "＝ ＞"]
)
def test_a_near_arrow_is_always_an_error(lesson, arrow):
    text, place = pointed(with_line(f"- [nút] Ô ‸{arrow} Hai"))
    (lesson / "lam.md").write_text(text, "utf-8")
    assert [(one["line"], one["column"], one["level"]) for one in check(lesson)] == [(*place, "error")]


@pytest.mark.parametrize(
    "line",
    [
        "- [nút] Ô ＝＞ Xong",
        "- [nút] Ô －＞ Hai",
        "- [ô số] Ô ＝ 12\n  - sai： A.",
        "- [ô chữ] Ô = A ｜ B\n  - sai: A.",
    ],
)
def test_full_width_punctuation_in_a_line_is_a_warning(lesson, line):
    (lesson / "lam.md").write_text(with_line(line), "utf-8")
    found = check(lesson)
    assert found and errors(found) == []


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("- [‸nútt] Ô -> Hai", "nút"),
        ("- [nút] Ô -> ‸hai", "Hai"),
        ("- [nút] Ô -> ‸#Hai", "#hai"),
        ("- [ô số] Ô {‸dàii=2} = 12\n  - sai: A.", "dài"),
        ("- [ô chữ] Ô = ‸~mat-khau-mah\n  - sai: A.", "~mat-khau-manh"),
        ("- [nút] Ô -> Hai\n  - ‸báoo: A.", "báo"),
        ("> ‸Gợi í5: A.", "Gợi ý"),
        ('- [chọn] Ô {mục="Huế | Hà Nội"} = ‸Hue\n  - sai: A.', "Huế"),
        ("- [công tắc] Ô = ‸batt\n  - sai: A.", "bật"),
        ("- [‸vuốtt] Ô {hướng=lên} -> Hai", "vuốt"),
        ("- [vuốt] Ô {hướng=‸xuốn} -> Hai", "xuống"),
        ("- [chụm] Ô {hướng=‸raa} -> Hai", "ra"),
        ("- [vuốt] Ô {‸hươn=lên} -> Hai", "hướng"),
    ],
)
def test_a_misspelt_keyword_is_one_error_with_a_suggestion(lesson, line, suggestion):
    text, place = pointed(with_line(line))
    (lesson / "lam.md").write_text(text, "utf-8")
    assert [(one["line"], one["column"], one["suggestion"]) for one in check(lesson)] == [(*place, suggestion)]


@pytest.mark.parametrize(
    "value",
    [
        "001060000123", "096060000123", "001 060 000 123", "001-060.000+123", "0212345678", "0312345678", "0512345678",
        "0712345678", "0812345678", "0912345678", "091 234 56 78", "84912345678", "840912345678", "HS4010123456789",
        "hs-4-96-01234-56789", "ban@gmail.com", "ten@vi-du.example.com",
    ],
)  # fmt: skip
def test_data_that_looks_real_is_an_error(lesson, value):
    (lesson / "lam.md").write_text(LAM.replace("  otp: sinh(6)", f"  otp: sinh(6)\n  so: {value}"), "utf-8")
    assert errors(check(lesson)) == [("lam.md", 8)]
    for line in (f"- [ô chữ] Ô = 12 | {value}\n  - sai: A.", f"- [tin nhắn] Ô\n  - nội dung: Gọi 113, {value} nhé."):
        (lesson / "lam.md").write_text(with_line(line), "utf-8")
        assert len(errors(check(lesson))) == 1


def test_all_errors_are_reported_in_one_run_without_consequential_errors(lesson):
    faults = [
        "- [nút] A x> Hai", "- [ô số] B = ba", "- [tin nhắn] C", "- [quét] D", "- [nutt] E", "- [nút] F -> Haii",
        "- [nút] G → Hai", "- [chữ] H -> Hai", "- [nút] I = 5", "- [nút] => Xong", "- K", "> Linh tinh",
    ]  # fmt: skip
    (lesson / "lam.md").write_text(with_line("\n".join(faults)), "utf-8")
    first = line_of(LAM, "[nút] Về nhà")
    assert [line for _, line in errors(check(lesson))] == list(range(first, first + len(faults)))


def test_a_message_must_come_on_the_screen_or_earlier_on_the_path(lesson):
    field, message = "- [ô số] Mã = {{otp}}\n  - sai: A.", "- [tin nhắn] T\n  - nội dung: Mã {{O TP}}."
    aside = with_line(field).replace("- [nút] Quay về", message + "\n- [nút] Quay về")
    (lesson / "lam.md").write_text(aside, "utf-8")
    assert errors(check(lesson)) == [("lam.md", line_of(aside, "[ô số] Mã"))]
    earlier = with_line(field).replace("bắt đầu: Một", "bắt đầu: Mở")
    earlier = earlier.replace("## Một", f"## Mở\n> Việc: Chạm.\n\n{message}\n- [nút] Mở => Một\n\n## Một")
    (lesson / "lam.md").write_text(earlier, "utf-8")
    assert check(lesson) == []


@pytest.mark.parametrize(
    "line",
    ["- [nút] ‸" + "a" * 41 + " -> Hai", "> Gợi ý: ‸" + "ab " * 15 + "." + " ab" * 15 + "." + " ab" * 10, "#### ‸Nhỏ"],
)
def test_texts_that_are_too_long_are_warnings(lesson, line):
    text, (at, _) = pointed(with_line(line))
    (lesson / "lam.md").write_text(text, "utf-8")
    found = check(lesson)
    assert errors(found) == [] and warnings(found) == [("lam.md", at)]
