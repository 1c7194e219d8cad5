"""Read a file of questions from another program; its kind is recognised by what it says, not by its name."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Literal

from lms.content.files import MAX_BYTES
from lms.content.question_bank.aiken import looks_like_aiken, read_aiken
from lms.content.question_bank.bank_question import Bank
from lms.content.question_bank.gift_reader import looks_like_gift, read_gift

BankKind = Literal["gift", "aiken"]

ENCODINGS = ("utf-8", "utf-16", "windows-1258")
MAX_QUESTIONS = 300
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"%PDF")


class UnreadableBank(Exception):
    """The file is no file of questions; the message is a Vietnamese sentence."""


def read_bank(path: Path, encoding: str | None = None) -> tuple[BankKind, Bank]:
    """Read the questions of a file. ``encoding``: one of ENCODINGS, if the bytes do not say it.

    Raises:
        OSError: the file cannot be read.
        UnreadableBank: it is too large, in another encoding, or of no known kind.
    """
    if path.exists() and not path.is_file():  # reading a pipe would block for ever
        raise UnreadableBank("Đây không phải một tệp thường.")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    text = decode_bank(data, encoding)
    kind, bank = _read(text)
    if len(bank.questions) > MAX_QUESTIONS:
        raise UnreadableBank(f"Tệp có hơn {MAX_QUESTIONS} câu; bác tách nó ra, một bài chỉ cần vài câu.")
    return kind, bank


def _read(text: str) -> tuple[BankKind, Bank]:
    if looks_like_aiken(text):
        return "aiken", read_aiken(text)
    if looks_like_gift(text):
        return "gift", read_gift(text)
    raise UnreadableBank("Không thấy câu hỏi nào: tệp GIFT có ngoặc { }, tệp Aiken có dòng “ANSWER: A”.")


def decode_bank(data: bytes, encoding: str | None = None) -> str:
    """The text with LF alone between lines and composed letters.

    Raises:
        UnreadableBank: it is too large, or in another encoding.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableBank(f"Tệp lớn hơn {MAX_BYTES // 1000} KB; bác tách nó ra.")
    if data.startswith(_ARCHIVES):
        raise UnreadableBank(
            "Tệp này do Word hay một chương trình khác lưu; bác lưu lại thành văn bản thường, mã UTF-8."
        )
    if encoding is None and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    if encoding != "utf-16" and b"\0" in data:
        raise UnreadableBank("Tệp này không phải văn bản; nếu nó là UTF-16 thì thêm --encoding utf-16.")
    try:
        text = data.decode({"utf-16": "utf-16", "windows-1258": "cp1258"}.get(encoding or "", "utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        remedy = "bác lưu lại với mã UTF-8"
        if encoding is None:
            remedy += ", hoặc thêm --encoding windows-1258 nếu tệp ở bảng mã ấy, rồi xem chữ có đúng không"
        raise UnreadableBank(f"Dòng {line} không phải mã {(encoding or 'utf-8').upper()}; {remedy}.") from error
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
