"""What the pages of a hall have in common is kept and filled: nothing of one phone may ever show on another."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from flask import Flask
from lxml import html

from lms.content.catalog import Shelf
from lms.content.model import Library
from lms.content.practice import engine
from lms.learning.classroom.seats import seats
from lms.web.page_cache import shared_page
from lms.web.request_context import library
from tests.web.desks import Desk, found, in_class, open_desk
from tests.web.duty import signed_in
from tests.web.every_screen import write_every_screen
from tests.web.plain_phone import PlainPhone

LESSON = "thu/moi-thu"
# Drawn anew for each go, and on the first screen: in a sentence, in a name for whoever hears the page, in a hint.
DRAWN = (
    ("thẻ việc: Bác Nguyễn Văn Tập.", "thẻ việc: Bác Nguyễn Văn Tập. Mã hôm nay **{{Otp}}**."),
    ('> Việc: Chạm vào biểu tượng "Kho ứng dụng".', '> Việc: Mã {{otp}}. Chạm vào biểu tượng "Kho ứng dụng".'),
    ("> Gợi ý: Biểu tượng có hình cái túi.", "> Gợi ý: Biểu tượng có hình cái túi, mã {{otp}}."),
    ("- [nút] Về màn hình chính", "- [nút] Về màn hình chính {{ôtp}}"),
)
TICKET = re.compile(r"ve=phone~[0-9a-f]+~(\d+)~")


@pytest.fixture
def courses(tmp_path):
    folder = write_every_screen(tmp_path / "courses")
    file = folder / "thu/01-moi-thu/lam.md"
    text = file.read_text("utf-8")
    for before, after in DRAWN:
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, "utf-8")
    return folder


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in(app, "Minh"), LESSON)


@pytest.fixture
def lan(app: Flask) -> PlainPhone:
    return PlainPhone(app)


@pytest.fixture
def hoa(app: Flask) -> PlainPhone:
    return PlainPhone(app)


def page(phone: PlainPhone, address: str = "") -> str:
    answer = phone.client.get(address or phone.address)
    assert answer.status_code == 200
    return answer.text


def code_in(text: str) -> set[str]:
    """The six digits that this go drew, wherever they stand: in groups to look at, whole in an attribute or a fact."""
    joined = text.replace('</span><span class="digits__group">', "")
    return set(re.findall(r"(?<![\da-f#-])\d{6}(?![\da-f])", joined)) - {"000123", "000777"}


def joins(desk: Desk, app: Flask, phone: PlainPhone) -> str:
    address = f"/lop/{found(app, desk).code}"
    assert phone.client.post(address, data={"nguoi": "1"}).status_code == 303
    return address


def practises(desk: Desk, app: Flask, phone: PlainPhone) -> None:
    began = phone.client.post(joins(desk, app, phone) + "/tap")
    assert phone.opens(began.location) == 200


def pointed(phone: PlainPhone) -> tuple[int, int]:
    """Rings on the phone, and notes above it."""
    phone.opens(phone.address)
    rings = phone.page.xpath("//form[@id='man-hinh']//*[contains(concat(' ', @class, ' '), ' pointed ')]")
    return len(rings), len(phone.notes())


# --- a practice --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", engine.MODES)
def test_what_was_drawn_for_one_never_stands_on_anothers_page(lan, hoa, mode):
    pages = []
    for phone in (lan, hoa, lan, hoa):
        phone.address or phone.starts(mode)
        pages.append(page(phone))
    (hers,), (others,) = code_in(pages[0]), code_in(pages[1])
    assert hers != others
    assert [code_in(one) for one in pages] == [{hers}, {others}, {hers}, {others}]
    assert not any("{{" in one.partition("data-practice")[0] for one in pages)
    ids = [phone.address.rpartition("/")[2] for phone in (lan, hoa)]
    assert [[one in text for one in ids] for text in pages] == [[True, False], [False, True]] * 2


@pytest.mark.parametrize("mode", engine.MODES)
def test_a_beginning_is_drawn_the_same_for_the_first_and_the_last_who_comes(app, lan, hoa, mode):
    lan.starts(mode)
    first = page(lan)
    app.extensions["shelf"].reload()
    hoa.starts(mode)
    assert page(lan) == first


@pytest.mark.parametrize("mode", engine.MODES)
def test_whoever_comes_back_in_the_middle_finds_where_she_was(lan, hoa, mode):
    for phone in (lan, hoa):
        phone.starts(mode)
    lan.goes_the_expected_way(until="hoi-lai")
    page(hoa)
    lan.opens(lan.address)
    assert lan.screen == "hoi-lai"
    hoa.opens(hoa.address)
    assert hoa.screen == "man-hinh-chinh"


def test_the_levels_of_two_classes_and_of_whoever_is_alone_stay_apart(app, lan, hoa):
    rooms = [open_desk(signed_in(app, name), LESSON) for name in ("Minh", "Thu")]
    for desk, phone, level in ((rooms[0], lan, "0"), (rooms[1], hoa, "1")):
        desk.sends(to="tap")
        desk.sends(level=level)
        practises(desk, app, phone)
    alone = PlainPhone(app)
    alone.starts("lam-theo")
    for _ in range(2):
        assert [pointed(phone) for phone in (lan, hoa, alone)] == [(0, 0), (0, 1), (1, 1)]
    rooms[0].sends(level="2")
    rooms[1].sends(level="0")
    assert [pointed(phone) for phone in (lan, hoa, alone)] == [(1, 1), (0, 0), (1, 1)]


def test_the_class_counts_for_everybody_in_it_whatever_she_can_do(app, desk, lan):
    for _ in range(6):
        lan.starts("lam-theo")
        lan.goes_the_expected_way()
    desk.sends(to="tap")
    practises(desk, app, lan)
    assert pointed(lan)[0] == 0
    desk.sends(level="2")
    assert pointed(lan) == (1, 1)


def test_the_bar_of_the_class_is_each_seats_own(app, desk, lan, hoa):
    desk.sends(to="tap")
    for phone in (lan, hoa):
        practises(desk, app, phone)
    for _ in range(2):
        for number, name, phone in ((1, "mặt trời", lan), (2, "hoa sen", hoa)):
            text = page(phone)
            assert TICKET.findall(text) == [str(number)]
            bar = html.fromstring(text).xpath("//section[@data-inclass]")[0]
            assert f"Số {number}, {name}" in " ".join(bar.text_content().split())
            assert set(bar.xpath(".//input[@name='ve']/@value")) == {phone.address}
    lan.client.post(f"/lop/{found(app, desk).code}/tay", data={"tay": "len"})
    assert ["Bỏ tay" in page(phone) for phone in (lan, hoa)] == [True, False]


def test_a_practice_is_packed_as_the_phone_reads_it(lan):
    lan.starts("lam-theo")
    plain = lan.client.get(lan.address)
    for accepted, unpack in (("gzip, deflate", gzip.decompress), ("gzip, deflate, br", brotli.decompress)):
        packed = lan.client.get(lan.address, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] in accepted
        assert unpack(packed.data) == plain.data
        assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"] == "no-store"
        assert "Accept-Encoding" in packed.headers["Vary"]


# --- the class page ----------------------------------------------------------------------------------------------


def test_each_phone_has_its_own_number_and_what_it_did(app, desk, lan, hoa):
    question = app.extensions["shelf"].library.lesson("thu", "moi-thu").understand.questions[0]
    desk.sends(to=f"hoi-{question.id}")
    desk.sends(step=f"hoi-{question.id}", phase="open")
    address = {joins(desk, app, phone) for phone in (lan, hoa)}.pop()
    for _ in range(2):
        for number, phone in ((1, lan), (2, hoa)):
            text = page(phone, address)
            assert TICKET.findall(text) == [str(number)]
            assert f"Số {number}</span>" in text
            assert f"Số {3 - number}" not in text
    assert lan.client.post(f"{address}/tra-loi", data={"question": question.id, "round": "1",
                           "answer": question.options[0].key}).status_code == 303  # fmt: skip
    hoa.client.post(f"{address}/tay", data={"tay": "len"})
    for _ in range(2):
        pages = [page(phone, address) for phone in (lan, hoa)]
        assert ["Đổi câu trả lời</span>" in text for text in pages] == [True, False]
        assert [" checked" in text for text in pages] == [True, False]
        assert ["Bỏ tay xuống" in text for text in pages] == [False, True]


# --- courses that change while a page is being made ----------------------------------------------------------------


class SwappedAfterOneLook:
    """A shelf whose courses are edited and read again right after the first look at them."""

    watched = False

    def __init__(self, shelf: Shelf, edit: Callable[[], None]) -> None:
        self._shelf = shelf
        self._edit: Callable[[], None] | None = edit

    @property
    def library(self) -> Library:
        seen, edit = self._shelf.library, self._edit
        if edit is not None:
            self._edit = None
            edit()
            self._shelf.reload()
        return seen


def edits_during_the_next_look(app: Flask, file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    app.extensions["shelf"] = SwappedAfterOneLook(
        app.extensions["shelf"], lambda: file.write_text(text.replace(before, after), "utf-8") and None
    )


def test_a_practice_that_is_edited_while_one_page_is_made_is_new_for_whoever_comes_after(app, courses, lan, hoa):
    lan.starts("lam-theo")
    edits_during_the_next_look(app, courses / "thu/01-moi-thu/lam.md", "Biểu tượng có hình cái túi", "Hình cái túi")
    assert "Biểu tượng có hình cái túi" in page(lan)
    hoa.starts("lam-theo")
    assert "Biểu tượng có hình cái túi" not in page(hoa)


def test_a_question_that_is_edited_while_one_page_is_made_is_new_for_whoever_comes_after(app, courses, desk, lan, hoa):
    address = {joins(desk, app, phone) for phone in (lan, hoa)}.pop()
    edits_during_the_next_look(app, courses / "thu/01-moi-thu/hieu.md", "Đúng hay không?", "Phải hay không?")
    assert "Đúng hay không?" in page(lan, address)
    for phone in (hoa, lan):
        assert "Phải hay không?" in page(phone, address)
        assert "Đúng hay không?" not in page(phone, address)


def test_a_late_page_of_the_old_courses_leaves_the_new_ones_kept(app, courses):
    """It waited for a thread or the store, while others have already been shown the new courses."""
    made = []

    def asks() -> None:
        shared_page(("one",), lambda: made.append(library().digest) or "")

    def another_asks() -> None:
        with app.test_request_context():
            asks()

    with app.test_request_context():
        before = library().digest
        file = courses / "thu/01-moi-thu/hieu.md"
        file.write_text(file.read_text("utf-8").replace("Đúng hay không?", "Phải hay không?"), "utf-8")
        after = app.extensions["shelf"].reload().library.digest
        assert before != after
        Context().run(another_asks)
        asks()
        Context().run(another_asks)
    assert made == [after, before]


# --- a seat that another phone has got ----------------------------------------------------------------------------


@pytest.fixture
def old(app: Flask, desk: Desk, lan: PlainPhone, hoa: PlainPhone) -> PlainPhone:
    """A phone in the middle of the practice whose seat has just been given to Hoa's."""
    desk.sends(to="tap")
    practises(desk, app, lan)
    klass = found(app, desk)
    assert hoa.client.post(f"/lop/{klass.code}/toi-da-vao", data={"so": "1"}).status_code == 303
    library = app.extensions["shelf"].library
    in_class(
        app, seats.agree, class_id=desk.id, number=1, account_id=klass.opened_by, library=library, now=datetime.now(UTC)
    )
    return lan


def test_without_a_script_the_page_of_the_old_phone_comes_to_say_so_by_itself(app, desk, lan, hoa, request):
    address = joins(desk, app, lan)
    (again,) = re.findall(r'http-equiv="refresh" content="\d+; url=([^"]+)"', page(lan, address))
    assert "Vào lớp" not in html.fromstring(page(lan, again)).xpath("string(//main)")
    request.getfixturevalue("old")
    lan.opens(again)
    assert "Số 1 giờ ở máy khác. Bác chạm “Vào lớp” thì máy này có số mới." in lan.words
    lan.client.post(address, data={"nguoi": "1"})
    lan.opens(again)
    assert "Số 2" in lan.words


def test_in_the_middle_of_a_practice_too_and_the_practice_stays(old):
    old.goes_the_expected_way(until="hoi-lai")
    assert old.screen == "hoi-lai"
    assert "Số 1 giờ ở máy khác. Bác tập tiếp cũng được, hoặc vào lớp lại." in old.words
    assert not old.page.xpath("//section[@data-inclass]")
    (way,) = old.page.xpath("//section[@aria-label='Lớp học']//a/@href")
    old.opens(way)
    assert "Số 1 giờ ở máy khác." in old.words
