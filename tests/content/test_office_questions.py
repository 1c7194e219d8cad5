"""``lms import`` of Word files and sheets that LibreOffice wrote: right, or refused at its place."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from docx.enum.text import WD_COLOR_INDEX

from lms.cli import main
from lms.content.model import Choice
from lms.content.understand_stage import read_understand
from tests.content.office_files import office_file, part_of, repacked

HIEU = "---\ntên: Bài thử\nphút: 3\n---\n\n## Một\n\nMột đoạn.\n"


@pytest.fixture
def hieu(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "courses" / "thu" / "01-bai"
    folder.mkdir(parents=True)
    (folder.parent / "course.md").write_text(
        "---\ntên: Khóa thử\nkiểm tra ngày: 2026-11-28\n---\n\nKhóa để thử.\n", "utf-8"
    )
    (folder / "hieu.md").write_text(HIEU, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LMS_COURSES", "courses")
    return folder / "hieu.md"


def bring(data: bytes, *options: str):
    Path("tep").write_bytes(data)
    arguments = ["import", "tep", "--to", "thu/01-bai", *options]
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def questions(path: Path) -> list[tuple[str, list[str]]]:
    """Each question of the lesson with its right options."""
    understand, problems = read_understand(path.read_text("utf-8"), str(path), folder=path.parent)
    assert understand is not None, problems
    assert all(isinstance(question, Choice) for question in understand.questions)
    return [
        (question.prompt.removeprefix("<p>").removesuffix("</p>"), [o.text for o in question.options if o.right])
        for question in understand.questions
        if isinstance(question, Choice)
    ]


def word(*paragraphs: str | list[tuple[str, str]]) -> bytes:
    """A Word file; a paragraph is a text, or runs with "b" (bold), "u" (underlined) and the like."""
    document = docx.Document()
    for paragraph in paragraphs:
        added = document.add_paragraph()
        for text, style in [(paragraph, "")] if isinstance(paragraph, str) else paragraph:
            run = added.add_run(text)
            run.bold = True if "b" in style else None
            run.underline = True if "u" in style else None
            if "y" in style:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    return saved(document)


def saved(document) -> bytes:
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def sheet(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return saved(book)


# --- what LibreOffice wrote -------------------------------------------------------------------------------------------


def test_a_plain_list_comes_in_whatever_marks_the_right_option(hieu):
    result = bring(office_file("danh-sach.docx"), "--skip-refused")
    assert result.exit_code == 0, result.output
    assert "tep:đoạn 16 (“Câu 4: Số nào là của cấp cứu?”): không nhận: Chưa thấy" in result.stderr  # shaded, not marked
    assert questions(hieu) == [
        ("Mất điện thoại, bác gọi ai trước?", ["Gọi nhà mạng khóa SIM"]),  # bold, lettered by the program
        ("Ai hay xin mã OTP?", ["Kẻ lừa đảo"]),  # "Đáp án: B"
        ("Mã OTP dùng mấy lần?", ["Một lần"]),  # underlined, one paragraph
        ("Điều nào nên làm khi có người lạ gọi?", ["Hỏi lại người nhà", "Cúp máy"]),  # an asterisk
    ]
    text = hieu.read_text("utf-8")
    assert "  > Người thật không bao giờ xin mã.\n" in text and "? OTP là mã dùng một lần.\n" in text
    assert "đoạn 20 (“Câu 5: Điều nào nên làm khi có n…”): lưu ý: Câu này có 2 lựa chọn đúng (A, C)" in result.stderr
    assert "đoạn 1 (“Đề ôn tập”): lưu ý: Chữ ở đây không thuộc câu hỏi nào" in result.stderr


@pytest.mark.parametrize(
    ("paragraph", "words"),
    [
        (1, "Chưa thấy lựa chọn nào đúng"),
        (4, "chỉ ở một phần"),
        (7, "Các dấu không chỉ cùng một chỗ"),
        (11, "Chưa thấy lựa chọn nào đúng"),
        (14, "không sót chữ nào"),
        (19, "không có chữ cái ở đầu"),
        (21, "Chưa thấy lựa chọn nào đúng"),
        (28, "gạch ngang"),
        (30, "có hình"),
        (33, "chưa có lựa chọn nào"),
        (38, "Bảng đáp án ở cuối"),
    ],
)
def test_what_is_not_certain_is_refused_at_its_paragraph(hieu, paragraph, words):
    result = bring(office_file("khong-chac.docx"))
    assert result.exit_code == 1
    lines = [line for line in result.stderr.splitlines() if line.startswith(f"tep:đoạn {paragraph} (")]
    assert [line for line in lines if ": không nhận: " in line and words in line], result.stderr
    assert "tep:cả tệp: không nhận: Có công thức, hình hay chữ nhỏ" in result.stderr  # 10² by LibreOffice
    assert hieu.read_text("utf-8") == HIEU


def test_a_table_of_word_comes_in_by_the_names_of_its_columns(hieu):
    refused = bring(office_file("bang.docx"))
    assert refused.exit_code == 1 and hieu.read_text("utf-8") == HIEU
    assert "tep:bảng 1, hàng 4: không nhận: Chưa thấy lựa chọn nào đúng" in refused.stderr
    assert "tep:bảng 1, hàng 5: không nhận: Đáp án ghi C" in refused.stderr
    assert bring(office_file("bang.docx"), "--skip-refused").exit_code == 0
    assert questions(hieu) == [
        ("VNeID là gì?", ["Ứng dụng định danh"]),
        ("Mật khẩu nào mạnh?", ["Cum-tu-dai-9"]),
    ]
    assert "  > Của Bộ Công an.\n" in hieu.read_text("utf-8")


def test_a_sheet_comes_in_and_a_date_in_it_is_refused_at_its_cell(hieu):
    result = bring(office_file("cau-hoi.xlsx"))
    assert result.exit_code == 1
    assert "tep:hàng 4: không nhận: Hàng này có ngày giờ hay số có định dạng riêng ở ô B4" in result.stderr
    assert "tep:hàng 5: không nhận: Chưa thấy lựa chọn nào đúng" in result.stderr
    assert bring(office_file("cau-hoi.xlsx"), "--skip-refused").exit_code == 0
    assert questions(hieu) == [
        ("Mã OTP có mấy chữ số?", ["6"]),
        ("Khi nào nên cập nhật ứng dụng?", ["Khi có thông báo từ kho ứng dụng"]),
    ]


def test_json_names_the_kind_and_each_place(hieu):
    said = json.loads(bring(office_file("bang.docx"), "--json", "--dry-run").stdout)
    assert said["kind"] == "word"
    assert [question["place"] for question in said["questions"]] == ["bảng 1, hàng 2", "bảng 1, hàng 3"]
    assert [finding["refused"] for finding in said["findings"]] == [False, True, True]
    assert hieu.read_text("utf-8") == HIEU


# --- ways of writing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraphs", "right"),
    [
        (["Gì?", "A. Một\tB. Hai\tC. Ba", "Đáp án: C"], ["Ba"]),
        (["Gì?", [("A", "u"), (". Một", "")], "B. Hai"], ["Một"]),
        (["Gì?", "a) Một", [("b) Hai", "y")]], ["Hai"]),
        (["Gì?", "A. Một", "*B. Hai"], ["Hai"]),
        (["Gì?", "A. Một", "B. Hai (đúng)"], ["Hai"]),
        (["Gì?", "☐ Một", "☒ Hai"], ["Hai"]),
        (["Gì?", "- Một", "+ Hai"], ["Hai"]),
        (["1. Gì?", "A. Một", "B. Hai", "Đáp án đúng là B. Hai"], ["Hai"]),
        (["Gì?", "A. Một", "B. Hai", "ANSWER: A"], ["Một"]),
        (["Gì?", "A. Một", "B. Hai", "C. Ba", "Đáp án: A và C"], ["Một", "Ba"]),
    ],
)
def test_the_right_option_may_be_told_in_many_ways(hieu, paragraphs, right):
    result = bring(word(*paragraphs))
    assert result.exit_code == 0, result.output
    assert questions(hieu) == [("Gì?", right)]


@pytest.mark.parametrize(
    ("paragraphs", "words"),
    [
        (["Gì?", "A. Một", "B. Hai", "Đáp án: B. Một"], "ghi “B. Một”"),
        (["Gì?", "A. Một", "B. Hai", "Đáp án: D"], "không có lựa chọn D"),
        (["Gì?", "A. Một", "B. Hai", "Đáp án: hai câu đều được"], "ghi chữ cái của lựa chọn đúng"),
        (["Gì?", "* Một", "* Hai"], "Không thấy câu hỏi nào"),
        (["A. Một", [("B. Hai", "b")]], "không có lời hỏi"),
        (["Gì?", [("A. Một", "b")]], "mới có một lựa chọn"),
        (["Gì?", "A. Một", "chen ngang", [("B. Hai", "b")]], "bắt đầu từ B"),
        (["Gì?", "A. Một", "B. Hai", "Đáp án: A", "Đáp án: B"], "hai dòng đáp án"),
        (["Câu 1. Gì?", "A. Một", "B. Hai", "Đáp án: A", "C. Ba"], "đứng sau dòng đáp án"),
    ],
)
def test_a_doubtful_list_is_refused_and_writes_nothing(hieu, paragraphs, words):
    result = bring(word(*paragraphs))
    assert result.exit_code in (1, 2)
    assert words in result.stderr
    assert hieu.read_text("utf-8") == HIEU


def test_a_number_that_goes_on_after_a_named_question_begins_the_next_one(hieu):
    first = ["Câu 1. Đi đâu?", "A. Chợ", "B. Phường", "Đáp án: B"]
    unsaid = ["Câu 2) Mấy giờ?", "A. Bảy", "B. Tám"]
    last = ["3. Mang gì?", "A. Thẻ", "B. Ghế", "Đáp án: A"]
    result = bring(word(*first, *unsaid, *last), "--skip-refused")
    assert questions(hieu) == [("Đi đâu?", ["Phường"]), ("Mang gì?", ["Thẻ"])]
    assert "“Câu 2) Mấy giờ?”" in result.stderr and "Trước lựa chọn này" not in result.stderr


def test_questions_that_word_numbers_itself_come_in(hieu):
    document = docx.Document()
    for prompt, answer in (("Đi đâu?", "B"), ("Mang gì?", "A")):
        document.add_paragraph(prompt, style="List Number")
        for text in ("A. Một", "B. Hai", f"Đáp án: {answer}"):
            document.add_paragraph(text)
    result = bring(saved(document))
    assert result.exit_code == 0, result.output
    assert questions(hieu) == [("Đi đâu?", ["Hai"]), ("Mang gì?", ["Một"])]


def test_inserted_text_counts_and_deleted_text_does_not(hieu):
    data = word("Gì?", "A. Một", "B. Hai", "Đáp án: A")
    xml = part_of(data, "word/document.xml").decode()
    changed, count = re.subn(
        r"<w:r>(?:<w:rPr/>|<w:rPr>.*?</w:rPr>)?<w:t>A. Một</w:t></w:r>",
        '<w:ins w:id="1" w:author="a"><w:r><w:t>A. Một rồi</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>A. Chưa</w:delText></w:r></w:del>',
        xml,
    )
    assert count == 1
    assert bring(repacked(data, {"word/document.xml": changed.encode()})).exit_code == 0
    assert questions(hieu) == [("Gì?", ["Một rồi"])]


def test_merged_cells_and_a_table_without_names_are_refused_at_their_row(hieu):
    document = docx.Document()
    table = document.add_table(2, 4)
    for column, text in enumerate(["Câu hỏi", "A", "B", "Đáp án"]):
        table.cell(0, column).text = text
        table.cell(1, column).text = ["Gì?", "Một", "Hai", "A"][column]
    table.cell(1, 1).merge(table.cell(1, 2))
    other = document.add_table(1, 2)
    other.cell(0, 0).text, other.cell(0, 1).text = "Tên", "Tuổi"
    result = bring(saved(document))
    assert result.exit_code == 1
    assert "bảng 1, hàng 2: không nhận: Hàng này có ô gộp" in result.stderr
    assert "bảng 2, hàng 1: không nhận: Bảng này cần hàng đầu ghi tên cột" in result.stderr


@pytest.mark.parametrize(
    ("value", "words"),
    [("=A1", "công thức hay lỗi ở ô C2"), (0.5, None), ("#N/A", "công thức hay lỗi ở ô C2")],
)
def test_a_cell_that_shows_what_it_does_not_hold_is_refused(hieu, value, words):
    result = bring(sheet(["Câu hỏi", "A", "B", "Đáp án"], ["Gì?", "Một", value, "A"]))
    if words is None:
        assert result.exit_code == 0 and "- [ ] 0,5\n" in hieu.read_text("utf-8")
    else:
        assert result.exit_code == 1 and words in result.stderr


def test_a_percentage_is_refused_because_the_sheet_shows_another_number(hieu):
    book = openpyxl.Workbook()
    for row in (["Câu hỏi", "A", "B", "Đáp án"], ["Gì?", 0.5, 1, "A"]):
        book.worksheets[0].append(row)
    book.worksheets[0]["B2"].number_format = "0%"
    result = bring(saved(book))
    assert result.exit_code == 1 and "định dạng riêng ở ô B2" in result.stderr


def test_another_sheet_of_the_book_is_told_about(hieu):
    book = openpyxl.Workbook()
    for row in (["Bộ câu hỏi"], [], ["Câu hỏi", "A", "B", "Đáp án"], ["Gì?", "Một", "Hai", "B"]):
        book.worksheets[0].append(row)
    book.create_sheet("Nháp")["A1"] = "ghi chú"
    result = bring(saved(book))
    assert result.exit_code == 0, result.output
    assert questions(hieu) == [("Gì?", ["Hai"])]
    assert "“Nháp” không mang sang" in result.stderr


@pytest.mark.parametrize(
    "text",
    [
        "Câu hỏi\tA\tB\tĐáp án\nGì?\tMột\tHai\tB\n",
        'Câu hỏi,A,B,Đáp án\r\n"Gì?",Một,Hai,B\r\n',
        "STT;Câu hỏi;Phương án 1;Phương án 2;Đáp án\n1;Gì?;Một;Hai;2\n",
        "1. Gì?\nA. Một\nB. Hai\nANSWER: B\n",
        "Gì?\nA. Một\n*B. Hai\n",
    ],
)
def test_a_table_and_a_list_also_come_as_text(hieu, text):
    result = bring(text.encode())
    assert result.exit_code == 0, result.output
    assert questions(hieu) == [("Gì?", ["Hai"])]


def test_a_row_of_text_is_refused_at_its_number(hieu):
    result = bring("Câu hỏi\tA\tB\tĐáp án\nGì?\tMột\tHai\tD\n".encode())
    assert result.exit_code == 1 and "tep:hàng 2: không nhận: Đáp án ghi D" in result.stderr


# --- files that were made to do harm ----------------------------------------------------------------------------------

GOOD = ("Gì?", "A. Một", "B. Hai", "Đáp án: A")
ENTITY = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""


def harmful_files() -> dict[str, tuple[bytes, str]]:
    good = word(*GOOD)
    return {
        "a bomb of many bytes": (repacked(good, {"word/big.xml": b" " * 31_000_000}), "bung ra quá lớn"),
        "a bomb of many parts": (repacked(good, {f"word/p{n}.bin": b"" for n in range(4_001)}), "bung ra quá lớn"),
        "an entity": (repacked(good, {"word/styles.xml": ENTITY}), "hỏng"),
        "an entity in UTF-16": (
            repacked(good, {"word/styles.xml": ENTITY.decode().encode("utf-16")}),
            "hỏng",
        ),
        "an encoding that hides an entity": (
            repacked(good, {"word/styles.xml": b'<?xml version="1.0" encoding="UTF-7"?><a/>'}),
            "hỏng",
        ),
        "cut in the middle": (good[: len(good) // 2], "hỏng"),
        "not well formed": (repacked(good, {"word/document.xml": b"<w:document>"}), "hỏng"),
        "without its main part": (repacked(good, {"word/document.xml": b"<a/>"}), "hỏng"),
        "a ZIP of something else": (repacked(good, {"[Content_Types].xml": b"<Types/>"}), "tệp nén khác"),
        "old Word": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "kiểu cũ"),
        "PDF": (b"%PDF-1.7 \n", "RTF hay PDF"),
        "RTF": (b"{\\rtf1 A. mot}", "RTF hay PDF"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", harmful_files())
def test_a_harmful_or_broken_file_is_refused_in_one_sentence(hieu, name):
    data, words = harmful_files()[name]
    result = bring(data)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1), result.output
    assert words in result.stderr
    assert hieu.read_text("utf-8") == HIEU


def test_a_picture_that_is_also_a_word_file_is_no_word_file(hieu):
    result = bring(b"GIF89a" + word(*GOOD))
    assert result.exit_code == 2
    assert hieu.read_text("utf-8") == HIEU


def test_a_file_with_macros_and_links_to_elsewhere_is_read_without_them(hieu):
    good = word(*GOOD)
    types = part_of(good, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    links = part_of(good, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" TargetMode="External" Target="http://127.0.0.1:9/x.dotm" Type="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>',
    )
    changes = {"[Content_Types].xml": types, "word/vbaProject.bin": b"\0", "word/_rels/document.xml.rels": links}
    result = bring(repacked(good, changes))
    assert result.exit_code == 0, result.output
    assert questions(hieu) == [("Gì?", ["Một"])]


def test_the_kind_is_recognised_by_content_whatever_the_name(hieu):
    Path("anh.jpg").write_bytes(office_file("cau-hoi.xlsx"))
    result = CliRunner().invoke(main, ["import", "anh.jpg", "--to", "thu/01-bai", "--dry-run", "--json"])
    assert json.loads(result.stdout)["kind"] == "sheet"
