"""Read a file of questions from another program; its kind is recognised by what it says, not by its name."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Literal

from lms.content.files import MAX_BYTES
from lms.content.office_archive import (
    OLE_SIGNATURE,
    ZIP_SIGNATURE,
    ArchiveProblem,
    OfficeKind,
    UnsafeOfficeFile,
    check_office_archive,
    office_kind,
    without_macros,
)
from lms.content.question_bank.bank_question import Bank
from lms.content.question_bank.gift_reader import looks_like_gift, read_gift
from lms.content.question_bank.marked_text import MarkedText
from lms.content.question_bank.question_list import NumberedLine, read_question_list
from lms.content.question_bank.sheet_file import read_sheet_questions, read_text_table

BankKind = Literal["gift", "word", "sheet", "text"]

ENCODINGS = ("utf-8", "utf-16", "windows-1258")
MAX_QUESTIONS = 300
MAX_OFFICE_BYTES = 10_000_000  # a Word file with pictures, which are not taken
_OTHER_FORMATS = (b"{\\rtf", b"%PDF")
_ARCHIVE_PROBLEMS: dict[ArchiveProblem, str] = {
    "too_large": "Tệp này bung ra quá lớn, nên không mở; bác bỏ bớt hình, hay tách nó ra.",
    "broken": "Tệp này hỏng, hay có chỗ mà Word và Excel không bao giờ ghi; bác mở nó ra, lưu lại rồi thử lại.",
    "encrypted": "Tệp này có mật khẩu, hay là kiểu cũ (.doc, .xls); bác lưu lại thành .docx, .xlsx.",
    "not_office": "Tệp này là một tệp nén khác; ở đây nhận .docx của Word, .xlsx của Excel.",
}


class UnreadableBank(Exception):
    """The file is no file of questions; the message is a Vietnamese sentence.

    ``why``: "encoding" or "binary" if it may be readable in another encoding.
    """

    def __init__(self, message: str, why: Literal["", "encoding", "binary"] = "") -> None:
        super().__init__(message)
        self.why = why


def read_bank(path: Path, encoding: str | None = None) -> tuple[BankKind, Bank]:
    """Read the questions of a file. ``encoding``: one of ENCODINGS, if the bytes do not say it.

    Raises:
        OSError: the file cannot be read.
        UnreadableBank: it is too large, in another encoding, or of no known kind.
    """
    if path.exists() and not path.is_file():  # reading a pipe would block for ever
        raise UnreadableBank("Đây không phải một tệp thường.")
    return read_bank_data(_read_bank_bytes(path), encoding)


def read_bank_data(data: bytes, encoding: str | None) -> tuple[BankKind, Bank]:
    """Read the questions of a file's bytes. ``encoding``: one of ENCODINGS, if the bytes do not say it.

    Raises:
        UnreadableBank: it is too large, in another encoding, or of no known kind.
    """
    office = _find_office_kind(data)
    kind, bank = _read(_decode_bank(data, encoding)) if office is None else _read_office(data, office)
    if not bank.questions and not any(finding.is_refusal for finding in bank.findings):
        raise UnreadableBank(
            "Không thấy câu hỏi nào: mỗi câu cần các lựa chọn “A. …”, “B. …”, hay một bảng có cột Câu hỏi."
        )
    if len(bank.questions) > MAX_QUESTIONS:
        raise UnreadableBank(f"Tệp có hơn {MAX_QUESTIONS} câu; bác tách nó ra, một bài chỉ cần vài câu.")
    return kind, bank


def _read_bank_bytes(path: Path) -> bytes:
    """The file's bytes: of a text and of an office file no more than such a file may have.

    Raises:
        OSError: the file cannot be read.
        UnreadableBank: it is too large.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
        if data.startswith(ZIP_SIGNATURE):
            data += file.read(MAX_OFFICE_BYTES + 1)
    if len(data) > MAX_OFFICE_BYTES:
        raise UnreadableBank(
            f"Tệp lớn hơn {MAX_OFFICE_BYTES // 1_000_000} MB; bác tách nó ra, hay thu nhỏ hình trong đó."
        )
    return data


def _find_office_kind(data: bytes) -> OfficeKind | None:
    """What kind of office file it is, by its content; None if it is a text.

    Raises:
        UnreadableBank: it is one that must not be opened, or of an old kind.
    """
    if not data.startswith((ZIP_SIGNATURE, OLE_SIGNATURE)):
        return None
    try:
        if data.startswith(OLE_SIGNATURE):
            raise UnsafeOfficeFile("encrypted")
        check_office_archive(data)
        return office_kind(data)
    except UnsafeOfficeFile as error:
        raise UnreadableBank(_ARCHIVE_PROBLEMS[error.why]) from error


def _read_office(data: bytes, kind: OfficeKind) -> tuple[BankKind, Bank]:
    data = without_macros(data, kind)
    try:
        if kind == "sheet":
            return kind, read_sheet_questions(data)
        from lms.content.question_bank.word_file import read_word  # lazily: few sites ever need its library

        return kind, read_word(data)
    except ValueError as error:
        raise UnreadableBank(_ARCHIVE_PROBLEMS["broken"]) from error


def _read(text: str) -> tuple[BankKind, Bank]:
    table = read_text_table(text)
    if table is not None:
        return "sheet", table
    if looks_like_gift(text):
        return "gift", read_gift(text)
    bank = Bank()
    read_question_list(
        [NumberedLine(number, MarkedText(line).strip()) for number, line in enumerate(text.split("\n"), 1)], bank
    )
    return "text", bank


def _decode_bank(data: bytes, encoding: str | None = None) -> str:
    """The text with LF alone between lines and composed letters.

    Raises:
        UnreadableBank: it is too large, or in another encoding.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableBank(f"Tệp lớn hơn {MAX_BYTES // 1000} KB; bác tách nó ra.")
    if data.startswith(_OTHER_FORMATS):
        raise UnreadableBank("Tệp này là RTF hay PDF; bác lưu lại thành .docx, hay văn bản thường mã UTF-8.")
    if encoding is None and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    if encoding != "utf-16" and b"\0" in data:
        raise UnreadableBank("Tệp này không phải văn bản; nếu nó là UTF-16 thì thêm --encoding utf-16.", "binary")
    try:
        text = data.decode({"utf-16": "utf-16", "windows-1258": "cp1258"}.get(encoding or "", "utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        remedy = "bác lưu lại với mã UTF-8"
        if encoding is None:
            remedy += ", hoặc thêm --encoding windows-1258 nếu tệp ở bảng mã ấy, rồi xem chữ có đúng không"
        sentence = f"Dòng {line} không phải mã {(encoding or 'utf-8').upper()}; {remedy}."
        raise UnreadableBank(sentence, "encoding") from error
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
