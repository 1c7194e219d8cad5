"""docs/format.md, tested through `lms check`: lam.md."""

from __future__ import annotations

import unicodedata

import pytest

from tests.format.commands import LAM, check, errors, line_of, pointed, warnings


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("- [nút] Đi => Xong", "- [nút] Đi = > Xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nút] Đi =>> Xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nút] Đi → Xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nút] Đi => xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nút] Đi => Xông", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nút] Đi =>", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nút] => Xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- [chữ] Đi => Xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nút] Đi = 5 => Xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- Đi => Xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nut bam] Đi => Xong", "Đi =>"),
        ("- [nút] Đi => Xong", "- [nút] Đi {daì=3} => Xong", "Đi =>"),
        ("- [nút] Về nhà -> Hai", "- [nút] Về nhà x> Hai", "Về nhà"),
        ("- [nút] Về nhà -> Hai", "- [nút] Đi -> Hai", "Về nhà"),
        ("- [nút] Về nhà -> Hai", "- [nút] Về nhà => Hai", "Về nhà"),
        (" = {{cccd}}", "", "[ô số]"),
        (" = {{cccd}}", " = {{khong-co}}", "[ô số]"),
        (" = {{cccd}}", " = ~la-gi", "[ô số]"),
        ("- [nút] Quay về -> Một", "- [nút] Quay về", "## Hai"),
        ("> Việc: Chạm \"Quay về\".\n", "", "## Hai"),
        ("> Gợi ý: Số", "> Gợi: Số", "> Gợi ý"),
        ("## Hai", "## Một", "## Hai"),
        ("bắt đầu: Một", "bắt đầu: Đâu", "bắt đầu"),
        ("đích: Xong", "đích: Đâu", "đích"),
        ("  cccd: \"099060000123\"", "  cccd: \"079060000123\"", "cccd:"),
        ("  otp: sinh(6)", "  otp: sinh(6)\n  đt: 0903 000 777", "otp:"),
        ("  otp: sinh(6)", "  otp: sinh(6)\n  thẻ: DN4 79 1234567890", "otp:"),
        ("  otp: sinh(6)", "  otp: sinh(6)\n  thư: tap@gmail.com", "otp:"),
        ("  otp: sinh(6)", "  otp: sinh(6)\n  đt: +84 903 000 777", "otp:"),
    ],
)  # fmt: skip
def test_a_fault_in_a_practice_is_reported_where_it_is(lesson, old, new, at):
    assert old in LAM
    text = LAM.replace(old, new)
    (lesson / "lam.md").write_text(text, "utf-8")
    line = line_of(LAM, at) + (1 if old == "  otp: sinh(6)" else 0)
    assert ("lam.md", line) in errors(check(lesson)), text


def test_a_field_may_lack_its_sai(lesson):
    (lesson / "lam.md").write_text(LAM.replace("  - sai: Bác so lại 12 chữ số.\n", ""), "utf-8")
    found = check(lesson)
    assert errors(found) == [] and warnings(found) == [("lam.md", line_of(LAM, "[ô số]"))]


@pytest.mark.parametrize(
    "widget",
    [
        "- [biểu tượng] Ứng dụng {hình=phone} -> Hai",
        "- [icon] Ứng dụng -> Hai",
        "- [liên kết] Quên -> Hai",
        "- [quay lại] Quay lại -> Hai",
        "- [nút] Không đi đâu",
        "- [nút] Bẫy x> Hai\n  - báo: Cẩn thận bác nhé.",
        "- [nút] Bẫy x> Hai\n  - bao: Cẩn thận bác nhé.\n  - chí tử: có",
        "- [ô chữ] Tên {dài=5} = Tập | Nguyễn Văn Tập\n  - sai: Bác gõ lại tên.",
        "- [ô chữ] Tên = ~co-chu\n  - sai: Bác gõ tên.",
        "- [ô số] Passcode = ~6-so\n  - sai: Bác gõ 6 số.",
        "- [chọn] Tỉnh {mục=\"Hà Nội | Huế\"} = Huế\n  - sai: Bác chọn Huế.",
        "- [công tắc] Đồng ý = bật\n  - sai: Bác bật lên.",
        "- [switch] Đồng ý = on\n  - wrong: Bác bật lên.",
        "- [tin nhắn] VNeID {giây=3}\n  - nội dung: Mã là {{otp}}.",
        "- [chữ] Xin chào {{cccd}}",
        "- [label] Xin chào",
        "- [nút] Nút \"a -> b\" -> Hai",
        "- [nut] Đi vòng -> #hai",
    ],
)  # fmt: skip
def test_every_widget_is_read(lesson, widget):
    (lesson / "lam.md").write_text(LAM.replace("- [nút] Về nhà -> Hai", widget + "\n- [nút] Về nhà -> Hai"), "utf-8")
    assert check(lesson) == []


def test_an_otp_needs_a_message_that_shows_it(lesson):
    field = "- [ô số] Mã OTP = {{otp}}\n  - sai: Xem tin nhắn.\n"
    (lesson / "lam.md").write_text(LAM.replace("- [nút] Đi =>", field + "- [nút] Đi =>"), "utf-8")
    assert ("lam.md", line_of(LAM, "[nút] Đi")) in errors(check(lesson))
    message = "- [tin nhắn] Tin mới\n  - nội dung: Mã là {{otp}}.\n"
    (lesson / "lam.md").write_text(LAM.replace("- [nút] Đi =>", field + message + "- [nút] Đi =>"), "utf-8")
    assert check(lesson) == []


def test_unreachable_screens_and_dead_ends_are_reported_at_their_heading(lesson):
    text = LAM + "\n## Lẻ loi\n> Việc: Chạm.\n\n- [nút] Đi -> Một\n\n## Lẻ khác\n> Việc: Chạm.\n\n- [nút] Đi -> Một\n"
    (lesson / "lam.md").write_text(text, "utf-8")
    assert errors(check(lesson)) == [("lam.md", line_of(text, "## Lẻ loi")), ("lam.md", line_of(text, "## Lẻ khác"))]
    text = LAM.replace("- [nút] Quay về -> Một", "- [nút] Quay về -> Hai")
    (lesson / "lam.md").write_text(text, "utf-8")
    assert ("lam.md", line_of(text, "## Hai")) in errors(check(lesson))


def test_a_wrong_screen_needs_a_way_back_but_an_end_does_not(lesson):
    text = (
        LAM.replace("-> Hai", "-> Hỏng").replace(LAM[LAM.index("## Hai") : LAM.index("## Xong")], "")
        + "\n## Hỏng {loại=kết}\n"
    )
    (lesson / "lam.md").write_text(text, "utf-8")
    assert check(lesson) == []
    lost = text.replace("## Hỏng {loại=kết}", "## Hỏng {loại=lạc}\n> Lạc: Bác đi nhầm.\n\n- [nút] Về -> Một")
    (lesson / "lam.md").write_text(lost, "utf-8")
    assert check(lesson) == []
    for broken in (lost.replace("> Lạc: Bác đi nhầm.\n", ""), lost.replace("- [nút] Về -> Một", "")):
        (lesson / "lam.md").write_text(broken, "utf-8")
        assert ("lam.md", line_of(broken, "## Hỏng")) in errors(check(lesson))


ENGLISH = """---
name: Practice
start: Home
goal: Done
simulates: VNeID
device: iPhone
pass: 70
card: You are **{{id}}**.
checked: 2026-11-01
data:
  id: "099060000123"
  otp: sinh(6)
---

## Home {kind=home}
> Task: Open the app.
> Hint: Top left.
> Why: Because.
> Say: Hello.

- [icon] Other {picture=app} -> Wrong
- [link] Link -> Wrong
- [icon] VNeID => Form
- [label] Hello

## Wrong {kind=wrong}
> Lost: Not this one.

- [back] Back -> Home

## Form
> Task: Fill in.

- [number] Number {length=12} = {{id}}
  - wrong: Again.
- [password] Password = {{id}}
  - wrong: Again.
- [select] Choice {items="A | B"} = B
  - wrong: Again.
- [switch] Agree = on
  - wrong: Again.
- [sms] Bank {seconds=3}
  - body: Code {{otp}}.
- [text] Code = {{otp}}
  - wrong: Again.
- [button] Send => Wait
- [button] Trap x> Wrong
  - warn: No.
  - fatal: yes

## Wait {kind=loading}

- [wait] Wait {seconds=2} => Scan

## Scan {kind=scan}
> Task: Scan.

- [scan] Scan {hold=3} => List

## List {scroll=yes}
> Task: Use each gesture.

- [swipe] Up {direction=up} -> Home
- [swipe] Down {direction=down} -> Home
- [swipe] Left {direction=left} -> Home
- [swipe] Right {direction=right} -> Home
- [press] Hold {hold=1} -> Home
- [pinch] In {direction=in} -> Home
- [pinch] Out {direction=out} -> Home
- [double-tap] Twice => Done

## Done {kind=end}
"""
FOLDED = {
    "name:": "TEN:", "start:": "bat-dau:", "goal:": "Dich:", "simulates:": "mo phong:", "device:": "may:",
    "pass:": "dat:", "card:": "the-viec:", "checked:": "kiemtrangay:", "data:": "du lieu:",
    "> Task": "> viec", "> Hint": "> goi-y", "> Why": "> vi sao", "> Say": "> NOI", "> Lost": "> lac",
    "[icon]": "[bieu-tuong]", "[link]": "[lien ket]", "[label]": "[chu]", "[back]": "[QUAY LAI]",
    "[number]": "[oso]", "[text]": "[o-chu]", "[password]": "[mat khau]", "[select]": "[CHON]",
    "[switch]": "[cong-tac]", "[sms]": "[tin-nhan]", "[button]": "[Nut]", "[wait]": "[cho]", "[scan]": "[quet]",
    "- wrong:": "- SAI:", "- body:": "- noi-dung:", "- warn:": "- bao:", "- fatal: yes": "- chi tu: CO",
    "kind=home": "loai=trang-chu", "kind=wrong": "loai=lac", "kind=loading": "loai=cho", "kind=scan": "loai=quet",
    "kind=end": "LOAI=KET", "length=": "dai=", "items=": "muc=", "seconds=": "giay=", "hold=": "giu=",
    "picture=app": 'hinh="ung dung"', "[swipe]": "[VUOT]", "[press]": "[nhan-giu]", "[pinch]": "[chum]",
    "[double-tap]": "[cham dup]", "scroll=yes": "CUON=CO", "direction=up": "huong=len",
    "direction=down": "huong=xuong", "direction=left": "huong=trai", "direction=right": "HUONG=PHAI",
    "direction=in": "huong=vao", "direction=out": "huong=ra", "= on": "= BAT", "{{otp}}": "{{O-T-P}}",
}  # fmt: skip


def test_every_keyword_has_an_english_alias_and_needs_no_diacritics(lesson):
    folded = ENGLISH
    for english, vietnamese in FOLDED.items():
        assert english in folded, english
        folded = folded.replace(english, vietnamese)
    for text in (ENGLISH, folded, unicodedata.normalize("NFD", folded)):
        (lesson / "lam.md").write_text(text, "utf-8")
        assert check(lesson) == []


@pytest.mark.parametrize(
    "value",
    [
        "000060000123", "097060000123", "099160000456", "0112345678", "0412345678", "0612345678", "0100000777",
        "84112345678", "HS4000123456789", "HS4970123456789", "H4010123456789", "ten@vi-du.example", "0912345",
        "5091234567855", "0010600001234", "1900 0368", "100.000.000",
    ],
)  # fmt: skip
def test_fictitious_data_is_allowed(lesson, value):
    (lesson / "lam.md").write_text(LAM.replace("  otp: sinh(6)", f"  otp: sinh(6)\n  so: {value}"), "utf-8")
    assert check(lesson) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- [nút] Quay về -> Một", "- [‸nútt] Quay về -> Một"),
        ("- [nút] Quay về -> Một", "- [nút] Quay về ‸= > Một"),
        ("- [nút] Đi => Xong", "- [nút] Đi => ‸xong"),
        ("  - sai: Bác so lại 12 chữ số.", "  - ‸sai:"),
        ("## Xong {loại=kết}", "## Xong {loại=‸kêtt}"),
    ],
)
def test_an_error_in_the_only_way_forward_causes_no_others(lesson, old, new):
    text, place = pointed(LAM.replace(old, new))
    (lesson / "lam.md").write_text(text, "utf-8")
    assert [(one["line"], one["column"]) for one in check(lesson)] == [place]


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("- [nút] Đi => Xong", "- [nút] Đi -> Xong", "## Một"),
        ("- [nút] Đi => Xong", "- [nút] Đi x> Xong\n  - báo: A.", "- [nút] Đi x> Xong"),
        ("- [nút] Đi => Xong", "- [nút] Đi => Một\n- [nút] Ra -> Xong", "## Một"),
        ("- [nút] Quay về -> Một", "- [chữ] Hết", "## Hai"),
        ("## Hai", "##  Hai {loại=lạc}", "##  Hai"),
    ],
)
def test_the_goal_must_be_reachable_on_the_main_path(lesson, old, new, at):
    text = LAM.replace(old, new)
    (lesson / "lam.md").write_text(text, "utf-8")
    found = errors(check(lesson))
    assert found and set(found) == {("lam.md", line_of(text, at))}


def test_arrows_on_an_end_screen_are_ignored(lesson):
    again = LAM + "\n- [nút] Học lại => Một\n"
    (lesson / "lam.md").write_text(again, "utf-8")
    assert check(lesson) == []
    text, (line, _) = pointed(LAM + "\n- [nút] Nữa -> Ba\n\n‸## Ba\n> Việc: Chạm.\n\n- [nút] Về -> Một\n")
    (lesson / "lam.md").write_text(text, "utf-8")
    assert errors(check(lesson)) == [("lam.md", line)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bắt đầu: Một", "bắt đầu: Xog"),  # the nearest title is an end, where no practice may start
        ("- [ô số] Số", "1. Mở máy\n- [ô số] Số"),
        ("- [ô số] Số", "* Mở máy\n- [ô số] Số"),
        ("- [ô số] Số", "- [chữ] Chào\n  1. Mở máy\n- [ô số] Số"),
        ("{dài=12}", "{dài=0}"),
        ("- [nút] Đi =>", "- [chữ] Cài đặt → Bảo mật\n- [nút] Đi =>"),
        ("- [nút] Đi =>", "- [nút] Đi từ A->B =>"),
        ("= {{cccd}}", "= {{cccd}} => Xong {dài=3}"),
    ],
)
def test_an_error_hides_others_that_fixing_it_would_resolve(lesson, old, new):
    assert old in LAM
    (lesson / "lam.md").write_text(LAM.replace(old, new), "utf-8")
    assert len(check(lesson)) == 1


def test_a_practice_must_not_start_at_an_end(lesson):
    for start in ("Xong", "#xong"):
        (lesson / "lam.md").write_text(LAM.replace("bắt đầu: Một", f"bắt đầu: {start}"), "utf-8")
        (found,) = check(lesson)
        assert (found["line"], found["rule"]) == (line_of(LAM, "bắt đầu"), "start-is-end")
