"""FORMAT.md read back through the commands: what a trainer may type, what is reported and where, what a log is worth."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main

TODAY = "2026-11-25"

COURSE = """---
tên: VNeID
tóm tắt: Định danh trên điện thoại.
kiểm tra ngày: 2026-11-01
nguồn:
  - Tờ dữ kiện
---

Bài cho bác.
"""
HIEU = """---
tên: Bài một
phút: 5
---

## Phần một

Bác đọc nhé.

::: hỏi
Bác làm gì?
- [ ] Đọc mã
  > Công an không hỏi mã.
- [x] Cúp máy
  > Đúng rồi.
? Ai cầm chìa khoá thì vào được nhà.
:::
"""
LAM = """---
tên: Bài tập
bắt đầu: Một
đích: Xong
dữ liệu:
  cccd: "099060000123"
  otp: sinh(6)
---

## Một
> Việc: Gõ số rồi chạm "Đi".
> Gợi ý: Số ở trên thẻ.

- [ô số] Số định danh {dài=12} = {{cccd}}
  - sai: Bác so lại 12 chữ số.
- [nút] Đi => Xong
- [nút] Về nhà -> Hai

## Hai
> Việc: Chạm "Quay về".

- [nút] Quay về -> Một

## Xong {loại=kết}
"""
DUNG = """---
tên: Làm ngay
chuẩn bị:
  - Thẻ căn cước
---

- [ ] Mở VNeID thật
  > Hỏi người đứng lớp.
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "vneid" / "01-mot"
    folder.mkdir(parents=True)
    (folder.parent / "course.md").write_text(COURSE, "utf-8")
    for name, text in {"hieu.md": HIEU, "lam.md": LAM, "dung.md": DUNG}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def run(*arguments: object, given: str | None = None):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given, catch_exceptions=False)


def check(path: Path, *options: str) -> list[dict]:
    result = run("check", "--json", "--today", TODAY, *options, path)
    assert result.exit_code in (0, 1), result.output
    found = json.loads(result.stdout)
    assert result.exit_code == (1 if any(one["level"] == "error" for one in found) else 0)
    for one in found:
        assert set(one) == {"path", "line", "column", "level", "rule", "message", "suggestion"}
        assert one["line"] >= 1 and one["column"] >= 1
    return found


def errors(found: list[dict]) -> list[tuple[str, int]]:
    return [(Path(one["path"]).name, one["line"]) for one in found if one["level"] == "error"]


def warnings(found: list[dict]) -> list[tuple[str, int]]:
    return [(Path(one["path"]).name, one["line"]) for one in found if one["level"] == "warning"]


def line_of(text: str, needle: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if needle in line)


def test_a_clean_course_has_nothing_to_report(lesson):
    assert check(lesson.parent.parent) == []


# --- front matter ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "course",
    [
        COURSE.replace("tóm tắt", "tom tat").replace("kiểm tra ngày", "kiem-tra-ngay").replace("nguồn", "NGUON"),
        COURSE.replace("tên:", "name:").replace("tóm tắt", "summary").replace("kiểm tra ngày", "checked").replace("nguồn", "sources"),
        COURSE.replace("tóm tắt: Định", "tóm tắt: Bài này: định"),
        COURSE.replace("tên: VNeID", "tên: true"),
        COURSE.replace("tên: VNeID", 'tên: "VNeID"'),
    ],
)  # fmt: skip
def test_keys_are_read_however_they_are_spelt(lesson, course):
    (lesson.parent / "course.md").write_text(course, "utf-8")
    assert check(lesson.parent) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("tóm tắt: Định danh trên điện thoại.\n", "", 1),
        ("nguồn:\n  - Tờ dữ kiện\n", "", 1),
        ("kiểm tra ngày: 2026-11-01", "kiểm tra ngày: 1/11/2026", 4),
        ("kiểm tra ngày: 2026-11-01", "kiểm tra ngày: 2026-13-01", 4),
        ("nguồn:\n", "màu: #aaaaaa\nnguồn:\n", 5),
        ("nguồn:\n", "kiểm lại sau: 0\nnguồn:\n", 5),
        ("nguồn:\n", "kiểm lại sau: mười\nnguồn:\n", 5),
    ],
)
def test_a_bad_or_missing_key_of_the_course_is_an_error(lesson, old, new, line):
    assert old in COURSE
    (lesson.parent / "course.md").write_text(COURSE.replace(old, new), "utf-8")
    assert ("course.md", line) in errors(check(lesson.parent))


def test_an_unknown_key_is_an_error_with_the_nearest_spelling(lesson):
    (lesson.parent / "course.md").write_text(
        COURSE.replace("nguồn:\n", "ứng dung: VNeID\nphiên bảng: 2\nnguồn:\n"), "utf-8"
    )
    found = check(lesson.parent)
    assert errors(found) == [("course.md", 6)]
    assert found[0]["suggestion"] == "phiên bản"


def test_a_date_in_the_future_and_an_old_one_are_warnings(lesson):
    for day in ("2026-12-01", "2026-01-01"):
        (lesson.parent / "course.md").write_text(COURSE.replace("2026-11-01", day), "utf-8")
        assert warnings(check(lesson.parent)) == [("course.md", 4)]


def test_a_reserved_address_is_refused(lesson):
    lesson.parent.rename(lesson.parent.parent / "toi")
    assert errors(check(lesson.parent.parent))


def test_missing_stages_are_warnings(lesson):
    (lesson / "lam.md").unlink()
    (lesson / "dung.md").unlink()
    found = check(lesson)
    assert errors(found) == [] and len(warnings(found)) == 2


def test_strict_makes_warnings_count(lesson):
    (lesson / "dung.md").unlink()
    assert run("check", "--today", TODAY, lesson).exit_code == 0
    assert run("check", "--strict", "--today", TODAY, lesson).exit_code == 1


def test_a_path_that_does_not_exist_could_not_run(tmp_path):
    assert run("check", tmp_path / "nowhere").exit_code == 2


def test_a_file_alone_can_be_checked(lesson):
    assert check(lesson / "lam.md") == []
    (lesson / "lam.md").write_text(LAM.replace("=> Xong", "=> Đâu"), "utf-8")
    assert ("lam.md", line_of(LAM, "=> Xong")) in errors(check(lesson / "lam.md"))


def test_the_path_is_the_given_one_joined_to_the_files_own(lesson, monkeypatch):
    (lesson / "lam.md").write_text(LAM.replace("=> Xong", "=> Đâu"), "utf-8")
    monkeypatch.chdir(lesson.parent.parent)
    for path in ("vneid", "vneid/01-mot", "vneid/01-mot/lam.md", "."):
        found = json.loads(run("check", "--json", "--today", TODAY, path).stdout)
        assert {Path(one["path"]) for one in found} == {Path("vneid/01-mot/lam.md")}


# --- how it was typed ------------------------------------------------------------------------------------------


def test_decomposed_letters_mean_the_same(lesson):
    for name, text in {"hieu.md": HIEU, "lam.md": LAM}.items():
        (lesson / name).write_text(unicodedata.normalize("NFD", text), "utf-8")
    assert errors(check(lesson)) == []


def test_a_bom_crlf_and_tabs_are_mended_with_a_warning(lesson):
    (lesson / "lam.md").write_bytes(b"\xef\xbb\xbf" + LAM.replace("\n", "\r\n").encode())
    found = check(lesson)
    assert errors(found) == [] and warnings(found)
    (lesson / "lam.md").write_text(LAM.replace("  - sai", "\t- sai"), "utf-8")
    found = check(lesson)
    assert errors(found) == [] and warnings(found) == [("lam.md", line_of(LAM, "- sai"))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("> Việc: Gõ", "> Việc： Gõ"),
        ("{dài=12}", "｛dài＝12｝"),
        ("{dài=12}", "{dài=“12”}"),
        ("[ô số]", "［ô số］"),
        ("tên: Bài tập", "tên： Bài tập"),
    ],
)
def test_full_width_and_curly_punctuation_is_mended_with_a_warning(lesson, old, new):
    assert old in LAM
    (lesson / "lam.md").write_text(LAM.replace(old, new), "utf-8")
    found = check(lesson)
    assert errors(found) == [] and warnings(found) == [("lam.md", line_of(LAM, old))]


# --- questions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("- [x] Cúp máy", "- [ ] Cúp máy", "::: hỏi"),
        ("- [x] Cúp máy", "- [*] Cúp máy", "- [x] Cúp"),
        ("- [x] Cúp máy", "- [ x] Cúp máy", "- [x] Cúp"),
        ("- [ ] Đọc mã", "- [] Đọc mã", "- [ ] Đọc"),
        ("- [ ] Đọc mã", "- [ ] cúp máy", "- [x] Cúp"),
        ("::: hỏi", "::: hòi thăm", "::: hỏi"),
    ],
)
def test_a_broken_question_is_an_error_where_it_is(lesson, old, new, at):
    assert old in HIEU
    (lesson / "hieu.md").write_text(HIEU.replace(old, new), "utf-8")
    assert ("hieu.md", line_of(HIEU, at)) in errors(check(lesson))


def test_a_single_option_is_an_error_and_a_silent_wrong_one_a_warning(lesson):
    (lesson / "hieu.md").write_text(HIEU.replace("- [ ] Đọc mã\n  > Công an không hỏi mã.\n", ""), "utf-8")
    assert ("hieu.md", line_of(HIEU, "::: hỏi")) in errors(check(lesson))
    (lesson / "hieu.md").write_text(HIEU.replace("  > Công an không hỏi mã.\n", ""), "utf-8")
    assert warnings(check(lesson)) == [("hieu.md", line_of(HIEU, "Đọc mã"))]


@pytest.mark.parametrize(
    "block",
    [
        "::: hỏi\nSố nào?\n= 1900 0368\n= 19000368\n:::\n",
        "::: question\nBao nhiêu?\n= 10..12\n:::\n",
        "::: hỏi đúng dấu\nTên gì?\n= Hồ Chí Minh\n:::\n",
        "::: hỏi giữ thứ tự\nChọn?\n- [x] Một\n- [ ] Hai\n> Không phải hai.\n:::\n",
        "::: sắp xếp\nXếp lại.\n1. Mở máy\n2. Gõ mã\n3. Xong\n:::\n",
        "::: order\nXếp lại.\n1. Mở máy\n2. Gõ mã\n:::\n",
        "::: ghép\nGhép lại.\n- OTP = dùng một lần\n- Passcode = sáu số\n:::\n",
        "::: match\nGhép lại.\n- OTP = dùng một lần\n- Passcode = sáu số\n:::\n",
        "::: thăm dò\nBác thấy sao?\n- Dễ\n- Khó\n:::\n",
        "::: poll\nBác thấy sao?\n- Dễ\n- Khó\n:::\n",
        "::: mẹo\nBác nhớ nhé.\n:::\n",
        "::: tip\nBác nhớ nhé.\n:::\n",
        "::: cảnh báo\nBác nhớ nhé.\n:::\n",
        "::: người đứng lớp\nHỏi cả lớp.\n:::\n",
        "::: NGUOI DUNG LOP\nHỏi cả lớp.\n:::\n",
        "::: facilitator\nHỏi cả lớp.\n:::\n",
    ],
)
def test_every_block_is_read(lesson, block):
    (lesson / "hieu.md").write_text(HIEU + "\n" + block, "utf-8")
    assert check(lesson) == []


def test_an_open_block_is_reported_at_its_opening(lesson):
    (lesson / "hieu.md").write_text(HIEU + "\n::: mẹo\nBác nhớ nhé.\n", "utf-8")
    assert errors(check(lesson)) == [("hieu.md", len(HIEU.splitlines()) + 2)]


def test_raw_html_is_a_warning_and_ordinary_signs_are_not(lesson):
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", "Bác <b>đọc</b> nhé."), "utf-8")
    assert set(warnings(check(lesson))) == {("hieu.md", line_of(HIEU, "Bác đọc"))}
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", "Số 3 < 5 & 5 > 3."), "utf-8")
    assert check(lesson) == []


def test_pictures_must_be_there_and_described(lesson):
    for picture in ("![Thẻ](images/khong-co.png)", "![](images/khong-co.png)"):
        (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", picture), "utf-8")
        assert ("hieu.md", line_of(HIEU, "Bác đọc")) in errors(check(lesson))


def test_readers_are_spared_long_sentences_and_jumping_headings(lesson):
    long = " ".join(["dài"] * 21) + "."
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", long), "utf-8")
    assert warnings(check(lesson)) == [("hieu.md", line_of(HIEU, "Bác đọc"))]
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", "#### Nhảy"), "utf-8")
    assert warnings(check(lesson)) == [("hieu.md", line_of(HIEU, "Bác đọc"))]


def test_a_box_of_dung_is_exact(lesson):
    (lesson / "dung.md").write_text(DUNG.replace("- [ ] Mở", "- [] Mở"), "utf-8")
    assert ("dung.md", line_of(DUNG, "Mở VNeID")) in errors(check(lesson))


# --- practices -------------------------------------------------------------------------------------------------


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
        ("  - sai: Bác so lại 12 chữ số.\n", "", "[ô số]"),
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


def test_an_otp_needs_a_message_that_brings_it(lesson):
    field = "- [ô số] Mã OTP = {{otp}}\n  - sai: Xem tin nhắn.\n"
    (lesson / "lam.md").write_text(LAM.replace("- [nút] Đi =>", field + "- [nút] Đi =>"), "utf-8")
    assert ("lam.md", line_of(LAM, "[nút] Đi")) in errors(check(lesson))
    message = "- [tin nhắn] Tin mới\n  - nội dung: Mã là {{otp}}.\n"
    (lesson / "lam.md").write_text(LAM.replace("- [nút] Đi =>", field + message + "- [nút] Đi =>"), "utf-8")
    assert check(lesson) == []


def test_unreachable_and_hopeless_screens_are_each_reported_at_their_heading(lesson):
    text = LAM + "\n## Lẻ loi\n> Việc: Chạm.\n\n- [nút] Đi -> Một\n\n## Lẻ khác\n> Việc: Chạm.\n\n- [nút] Đi -> Một\n"
    (lesson / "lam.md").write_text(text, "utf-8")
    assert errors(check(lesson)) == [("lam.md", line_of(text, "## Lẻ loi")), ("lam.md", line_of(text, "## Lẻ khác"))]
    text = LAM.replace("- [nút] Quay về -> Một", "- [nút] Quay về -> Hai")
    (lesson / "lam.md").write_text(text, "utf-8")
    assert ("lam.md", line_of(text, "## Hai")) in errors(check(lesson))


def test_another_end_needs_no_way_back_and_a_lost_screen_does(lesson):
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


# --- lms walk and lms replay -----------------------------------------------------------------------------------


REPLAY = """---
tên: Bài tập
bắt đầu: Nhà
đích: Xong
đạt: 60
dữ liệu:
  cccd: "099060000123"
  otp: sinh(6)
  mk: HocSo@2026
---

## Nhà
> Việc: Mở ứng dụng.
> Gợi ý: Ở góc trái.

- [biểu tượng] Khác -> Lạc
- [biểu tượng] VNeID => Nhập
- [chữ] Chào
- [nút] Im

## Lạc {loại=lạc}
> Lạc: Bác mở nhầm.

- [quay lại] Quay lại -> Nhà

## Nhập
> Việc: Gõ số và tên, rồi chạm "Gửi".

- [ô số] Số {dài=12} = {{cccd}}
  - sai: Bác so lại.
- [ô chữ] Tên = Nguyễn Văn Tập | Tập
  - sai: Bác gõ lại.
- [chọn] Tỉnh {mục="Huế | Hà Nội"} = Huế
  - sai: Bác chọn lại.
- [công tắc] Đồng ý = bật
  - sai: Bác bật lên.
- [nút] Gửi => Chờ
- [nút] Về -> Nhà

## Chờ {loại=chờ}

- [chờ] Đang gửi {giây=2} => Mã

## Mã
> Việc: Gõ mã trong tin nhắn.
> Gợi ý: Xem tin nhắn.
> Gợi ý: Sáu chữ số.

- [tin nhắn] Tin mới {giây=3}
  - nội dung: Mã là {{otp}}.
- [ô số] Mã OTP = {{otp}}
  - sai: Xem lại tin nhắn.
- [mật khẩu] Mật khẩu = {{mk}}
  - sai: Gõ lại.
- [ô chữ] Mật khẩu mới = ~mat-khau-manh
  - sai: Gõ mạnh hơn.
- [nút] Tiếp => Gọi
- [nút] Tiếp tục => Gọi

## Gọi {loại="cuộc gọi"}
> Việc: Trả lời an toàn.

- [nút] Tắt máy => Xong
- [nút] Đọc mã x> Mất
  - báo: Đừng đọc.
- [nút] Chuyển tiền x> Mất
  - báo: Đừng chuyển.
  - chí tử: có
- [nút] Bỏ cuộc -> Bỏ

## Mất {loại=lạc}
> Lạc: Bác vừa mất mã.

- [nút] Quay lại -> Gọi

## Bỏ {loại=kết}

## Xong {loại=kết}
"""
DATA = {"cccd": "099060000123", "otp": "482915", "mk": "HocSo@2026"}


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    path = tmp_path / "lam.md"
    path.write_text(REPLAY, "utf-8")
    assert check(path) == []
    return path


def replay(practice: Path, *events: list, mode: str = "tu-lam", data: dict | None = None) -> dict:
    line = json.dumps({"data": DATA if data is None else data, "events": list(events)})
    result = run("replay", practice, "--mode", mode, given=line + "\n")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def log(*steps: tuple) -> list[list]:
    return [[q, q * 1000, *step] for q, step in enumerate(steps, 1)]


NHA = [("nha", 1, "tap")]
NHAP = [
    ("nhap", 0, "type", "099060000123"),
    ("nhap", 1, "type", "nguyễn  văn tập "),
    ("nhap", 2, "choose", "Huế"),
    ("nhap", 3, "switch", "bật"),
    ("nhap", 4, "tap"),
]
CHO = [("cho", 0, "wait")]
MA = [
    ("ma", 0, "read"),
    ("ma", 1, "type", "482 915"),
    ("ma", 2, "type", "HocSo@2026"),
    ("ma", 3, "type", "~ok"),
    ("ma", 4, "tap"),
]
GOI = [("goi", 0, "tap")]
RIGHT = NHA + NHAP + CHO + MA + GOI


def test_the_right_walk_gives_everything(practice):
    answer = replay(practice, *log(*RIGHT))
    assert answer == {
        "kept": len(RIGHT),
        "screen": "xong",
        "ended": True,
        "passed": True,
        "score": 100,
        "screens": {
            screen: {"wrong": 0, "help": 0, "trapped": False, "score": 100} for screen in ("nha", "nhap", "ma", "goi")
        },
    }


def test_nothing_done_scores_nothing_but_the_first_screen(practice):
    answer = replay(practice)
    assert (answer["kept"], answer["screen"], answer["ended"], answer["passed"]) == (0, "nha", False, False)
    assert {screen: one["score"] for screen, one in answer["screens"].items()} == {
        "nha": 100,
        "nhap": 0,
        "ma": 0,
        "goi": 0,
    }
    assert answer["score"] == 25


def test_walk_prints_the_expected_path(practice):
    steps = json.loads(run("walk", practice, "--json").stdout)
    assert [(step["screen"], step["widget"], step["action"]) for step in steps] == [
        ("nha", 1, "tap"), ("nhap", 0, "type"), ("nhap", 1, "type"), ("nhap", 2, "choose"), ("nhap", 3, "switch"),
        ("nhap", 4, "tap"), ("cho", 0, "wait"), ("ma", 1, "type"), ("ma", 2, "type"), ("ma", 3, "type"), ("ma", 4, "tap"),
        ("goi", 0, "tap"),
    ]  # fmt: skip
    assert set(steps[0]) == {"screen", "widget", "label", "action", "value"}
    assert steps[0]["label"] == "VNeID"
    values = [step["value"] for step in steps]
    assert values[1:5] == ["099060000123", "Nguyễn Văn Tập", "Huế", "bật"]
    assert values[8:10] == ["HocSo@2026", "~ok"]
    assert len(values[7]) == 6 and values[7].isdecimal()


def test_a_wrong_submit_costs_a_quarter_however_many_fields(practice):
    answer = replay(practice, *log(*NHA, ("nhap", 4, "tap"), ("nhap", 4, "tap"), *NHAP))
    assert answer["screens"]["nhap"] == {"wrong": 2, "help": 0, "trapped": False, "score": 50}
    answer = replay(practice, *log(*NHA, *[("nhap", 4, "tap")] * 5, *NHAP, *CHO, *MA, *GOI))
    assert answer["screens"]["nhap"] == {"wrong": 5, "help": 0, "trapped": False, "score": 25}
    assert answer["passed"] and answer["score"] in (81, 81.25)


def test_an_enter_is_a_tap_and_side_ways_cost_nothing(practice):
    answer = replay(
        practice, *log(("nha", 0, "tap"), ("lac", 0, "tap"), ("nha", 3, "tap"), ("nha", -1, "miss"), *RIGHT)
    )
    assert answer["score"] == 100 and answer["passed"]


def test_help_counts_the_highest_rung(practice):
    answer = replay(practice, *log(("nha", -1, "hint"), ("nha", -1, "hint"), ("nha", -1, "hint"), *RIGHT))
    assert answer["screens"]["nha"] == {"wrong": 0, "help": 25, "trapped": False, "score": 75}
    answer = replay(practice, *log(("nha", -1, "point"), ("nha", -1, "hint"), *RIGHT))
    assert answer["screens"]["nha"]["help"] == 50
    answer = replay(practice, *log(("nha", -1, "do"), *RIGHT[1:]))
    assert answer["screens"]["nha"]["help"] == 100 and answer["ended"] and not answer["passed"]


def test_do_fills_the_fields_and_takes_the_way(practice):
    answer = replay(practice, *log(*NHA, ("nhap", -1, "do")))
    assert answer["screen"] == "cho" and answer["kept"] == 2


def test_a_trap_costs_its_screen_and_a_fatal_one_the_mark(practice):
    answer = replay(practice, *log(*RIGHT[:-1], ("goi", 1, "tap"), ("mat", 0, "tap"), *GOI))
    assert answer["screens"]["goi"] == {"wrong": 0, "help": 0, "trapped": True, "score": 0}
    assert answer["passed"] and answer["score"] == 75
    answer = replay(practice, *log(*RIGHT[:-1], ("goi", 2, "tap"), ("mat", 0, "tap"), *GOI))
    assert answer["ended"] and not answer["passed"]


def test_another_end_ends_unpassed(practice):
    answer = replay(practice, *log(*RIGHT[:-1], ("goi", 3, "tap"), *GOI))
    assert (answer["screen"], answer["ended"], answer["passed"], answer["kept"]) == ("bo", True, False, len(RIGHT))


def test_following_stays_at_side_ways_and_traps_and_never_passes(practice):
    answer = replay(
        practice, *log(("nha", 0, "tap"), *RIGHT[:-1], ("goi", 1, "tap"), ("goi", 2, "tap"), *GOI), mode="lam-theo"
    )
    assert answer["ended"] and not answer["passed"] and answer["score"] == 100
    assert not answer["screens"]["goi"]["trapped"]


def test_help_is_impossible_in_a_test(practice):
    for rung in ("hint", "point", "do"):
        answer = replay(practice, *log(("nha", -1, rung), *RIGHT), mode="kiem-tra")
        assert answer["kept"] == 0 and answer["screen"] == "nha"
    assert replay(practice, *log(*RIGHT), mode="kiem-tra")["passed"]


@pytest.mark.parametrize(
    "bad",
    [
        ["nhap", 4, "tap"],
        ["nha", 9, "tap"],
        ["nha", -1, "tap"],
        ["nha", 2, "tap"],
        ["nha", 1, "type", "x"],
        ["nha", 1, "tap", "x"],
        ["nha", 1, "swim"],
        ["nha", True, "tap"],
        ["nha", "1", "tap"],
        ["nha", 1.5, "tap"],
        ["nha", 1, "wait"],
        ["nha", 1, "hint"],
        ["nha", 1],
        [],
        [None, 1, "tap"],
    ],
)
def test_an_impossible_event_ends_the_log_there(practice, bad):
    events = [[1, 0, "nha", 0, "tap"], [2, 0, "lac", 0, "tap"], [3, 0, *bad], [4, 0, "nha", 1, "tap"]]
    answer = replay(practice, *events)
    assert (answer["kept"], answer["screen"]) == (2, "nha")


@pytest.mark.parametrize("bad", [None, 5, "x", {}, [], [1], [0, 0, "nha", 1, "tap"], [-1, 0, "nha", 1, "tap"], [2, 0, "nha", 1, "tap"], ["1", 0, "nha", 1, "tap"], [1.5, 0, "nha", 1, "tap"], [True, 0, "nha", 1, "tap"], [1, "0", "nha", 1, "tap"], [1, True, "nha", 1, "tap"], [1, None, "nha", 1, "tap"]])  # fmt: skip
def test_an_event_of_another_shape_ends_the_log(practice, bad):
    answer = replay(practice, bad, [1, 0, "nha", 1, "tap"])
    assert (answer["kept"], answer["screen"]) == (0, "nha")


def test_whole_floats_are_numbers_and_time_decides_nothing(practice):
    answer = replay(
        practice, [1.0, 9e99, "nha", 1.0, "tap"], [2, -5.5, "nhap", 0, "type", "?3"], [3, 0, "nhap", 4, "tap"]
    )
    assert answer["kept"] == 3 and answer["screens"]["nhap"]["wrong"] == 1


def test_what_was_kept_is_ignored_when_it_comes_again(practice):
    events = log(*RIGHT)
    doubled = [event for pair in zip(events, events, strict=True) for event in pair]
    answer = replay(practice, *doubled)
    assert answer["score"] == 100 and answer["kept"] == len(RIGHT)
    answer = replay(practice, events[0], [1, "x", None], *events[1:])
    assert answer["kept"] == len(RIGHT)


def test_what_comes_after_an_end_is_ignored(practice):
    answer = replay(practice, *log(*RIGHT, ("nha", 1, "tap"), ("xong", 0, "swim")))
    assert answer["kept"] == len(RIGHT) and answer["passed"]


@pytest.mark.parametrize(
    ("event", "possible"),
    [
        (("nhap", 0, "type", "099-060 000 123"), True),
        (("nhap", 0, "type", "?12"), True),
        (("nhap", 0, "type", "~ok"), True),
        (("nhap", 0, "type", 99060000123), False),
        (("nhap", 2, "choose", "Huế"), True),
        (("nhap", 2, "choose", "Sài Gòn"), False),
        (("nhap", 2, "type", "Huế"), False),
        (("nhap", 3, "switch", "tắt"), True),
        (("nhap", 3, "switch", "on"), False),
        (("nhap", 3, "tap"), False),
    ],
)
def test_fields_hold_only_what_a_field_could_hold(practice, event, possible):
    answer = replay(practice, *log(*NHA, event))
    assert answer["kept"] == (2 if possible else 1)


@pytest.mark.parametrize(
    ("widget", "value", "holds"),
    [
        (0, "0990 6000 0123", True),
        (0, "09906000012", False),
        (0, "~ok", False),
        (0, "?12", False),
        (1, "TẬP", True),
        (1, " nguyễn\tvăn\u00a0\u00a0tập", True),
        (1, "nguyen van tap", False),
        (1, "nguyễn\nvăn tập", False),
        (1, unicodedata.normalize("NFD", "nguyễn văn tập"), True),
    ],
)
def test_a_field_holds_what_its_role_compares(practice, widget, value, holds):
    steps = [step if step[1] != widget else ("nhap", widget, "type", value) for step in NHAP]
    answer = replay(practice, *log(*NHA, *steps))
    assert answer["screen"] == ("cho" if holds else "nhap")


@pytest.mark.parametrize(
    ("value", "holds"),
    [("~ok", True), ("Abcdef1@", True), ("abcdef1@", False), ("Abcdefg1", False), ("Abcde1@", False), ("Abcdef1 ", False), ("?8", False)],
)  # fmt: skip
def test_a_strong_password_has_all_four_kinds(practice, value, holds):
    steps = [step if step[1] != 3 else ("ma", 3, "type", value) for step in MA]
    answer = replay(practice, *log(*NHA, *NHAP, *CHO, *steps))
    assert answer["screen"] == ("goi" if holds else "ma")


def test_fields_keep_their_values_when_the_screen_is_left(practice):
    answer = replay(practice, *log(*NHA, *NHAP[:4], ("nhap", 5, "tap"), *NHA, ("nhap", 4, "tap")))
    assert answer["screen"] == "cho"


def test_each_line_is_answered_and_a_bad_line_breaks_no_other(practice):
    good = json.dumps({"data": DATA, "events": log(*RIGHT)})
    result = run("replay", practice, given=f"{good}\nnot json\n{good}\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == 3 and answers[0]["passed"] and answers[2]["passed"]
    assert "Traceback" not in result.output
