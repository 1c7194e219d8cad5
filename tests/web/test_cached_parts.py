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

from lms.content.catalog import Catalog
from lms.content.model import Library, Mode
from lms.learning.classroom.seats import seat_claims
from lms.web.page_cache import shared_page
from lms.web.request_context import library
from tests.web.desk_client import Desk, call_service, class_session_of, open_desk
from tests.web.every_screen import write_every_screen
from tests.web.nojs_phone import NoJsPhone
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import signed_in_client

LESSON = "thu/moi-thu"
# Drawn for each attempt, and on the first screen: in a sentence, in a name for whoever hears the page, in a hint.
DRAWN = (
    ("thẻ việc: Bác Nguyễn Văn Tập.", "thẻ việc: Bác Nguyễn Văn Tập. Mã hôm nay **{{Otp}}**."),
    ('> Việc: Chạm vào biểu tượng "Kho ứng dụng".', '> Việc: Mã {{otp}}. Chạm vào biểu tượng "Kho ứng dụng".'),
    ("> Gợi ý: Biểu tượng có hình cái túi.", "> Gợi ý: Biểu tượng có hình cái túi, mã {{otp}}."),
    ("- [nút] Về màn hình chính", "- [nút] Về màn hình chính {{ôtp}}"),
)
TICKET = re.compile(r"ve=phone~[0-9a-f]+~(\d+)~")


def write_courses_with_drawn_values(courses: Path) -> Path:
    folder = write_every_screen(courses)
    file = folder / "thu/01-moi-thu/lam.md"
    text = file.read_text("utf-8")
    for before, after in DRAWN:
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_courses_with_drawn_values


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"), LESSON)


@pytest.fixture
def lan(app: Flask) -> NoJsPhone:
    return NoJsPhone(app)


@pytest.fixture
def hoa(app: Flask) -> NoJsPhone:
    return NoJsPhone(app)


def page(phone: NoJsPhone, address: str = "") -> str:
    answer = phone.client.get(address or phone.address)
    assert answer.status_code == 200
    return answer.text


def codes_in(text: str) -> set[str]:
    """The codes of six digits in a page, wherever they are: in groups to look at, whole in an attribute or a fact."""
    joined = text.replace('</span><span class="digits__group">', "")
    return set(re.findall(r"(?<![\da-f#-])\d{6}(?![\da-f])", joined)) - {"000123", "000777"}


def join_class(desk: Desk, app: Flask, phone: NoJsPhone) -> str:
    address = f"/lop/{class_session_of(app, desk).code}"
    assert phone.client.post(address, data={"nguoi": "1"}).status_code == 303
    return address


def start_class_practice(desk: Desk, app: Flask, phone: NoJsPhone) -> None:
    began = phone.client.post(join_class(desk, app, phone) + "/tap")
    assert phone.open(began.location) == 200


def highlights_and_notes(phone: NoJsPhone) -> tuple[int, int]:
    """The numbers of highlighted widgets on the phone and of notes above it."""
    phone.open(phone.address)
    rings = phone.page.xpath("//form[@id='man-hinh']//*[contains(concat(' ', @class, ' '), ' pointed ')]")
    return len(rings), len(phone.feedback_texts())


# --- a practice --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", Mode)
def test_cached_parts_contain_nothing_of_another_learner(lan, hoa, mode):
    pages = []
    for phone in (lan, hoa, lan, hoa):
        phone.address or phone.start(mode)
        pages.append(page(phone))
    (hers,), (others,) = codes_in(pages[0]), codes_in(pages[1])
    assert hers != others
    assert [codes_in(one) for one in pages] == [{hers}, {others}, {hers}, {others}]
    assert not any("{{" in one.partition("data-practice")[0] for one in pages)
    ids = [phone.address.rpartition("/")[2] for phone in (lan, hoa)]
    assert [[one in text for one in ids] for text in pages] == [[True, False], [False, True]] * 2


@pytest.mark.parametrize("mode", Mode)
def test_the_first_screen_is_the_same_from_the_cache_and_without_it(app, courses, lan, hoa, mode):
    lan.start(mode)
    first = page(lan)
    app.extensions["catalog"].reload()
    hoa.start(mode)
    assert page(lan) == first


@pytest.mark.slow
@pytest.mark.parametrize("mode", Mode)
def test_a_learner_who_returns_in_the_middle_sees_the_current_screen(lan, hoa, mode):
    for phone in (lan, hoa):
        phone.start(mode)
    lan.follow_expected_path(until="hoi-lai")
    page(hoa)
    lan.open(lan.address)
    assert lan.screen == "hoi-lai"
    hoa.open(hoa.address)
    assert hoa.screen == "man-hinh-chinh"


@pytest.mark.slow
def test_the_cache_distinguishes_guidance_levels_of_classes_and_of_single_learners(app, lan, hoa):
    rooms = [open_desk(signed_in_client(app, name), LESSON) for name in ("Minh", "Thu")]
    for desk, phone, level in ((rooms[0], lan, "0"), (rooms[1], hoa, "1")):
        desk.send_command(to="tap")
        desk.send_command(level=level)
        start_class_practice(desk, app, phone)
    alone = NoJsPhone(app)
    alone.start("lam-theo")
    for _ in range(2):
        assert [highlights_and_notes(phone) for phone in (lan, hoa, alone)] == [(0, 0), (0, 1), (1, 1)]
    rooms[0].send_command(level="2")
    rooms[1].send_command(level="0")
    assert [highlights_and_notes(phone) for phone in (lan, hoa, alone)] == [(1, 1), (0, 0), (1, 1)]


@pytest.mark.slow
def test_in_a_class_its_guidance_level_applies_to_all_learners(app, desk, lan):
    for _ in range(6):
        lan.start("lam-theo")
        lan.follow_expected_path()
    desk.send_command(to="tap")
    start_class_practice(desk, app, lan)
    assert highlights_and_notes(lan)[0] == 0
    desk.send_command(level="2")
    assert highlights_and_notes(lan) == (1, 1)


@pytest.mark.slow
def test_the_class_bar_belongs_to_one_seat(app, desk, lan, hoa):
    desk.send_command(to="tap")
    for phone in (lan, hoa):
        start_class_practice(desk, app, phone)
    for _ in range(2):
        for number, name, phone in ((1, "mặt trời", lan), (2, "hoa sen", hoa)):
            text = page(phone)
            assert TICKET.findall(text) == [str(number)]
            bar = html.fromstring(text).xpath("//*[self::class-bar or self::result-class-bar]")[0]
            assert f"Số {number}, {name}" in text_of(bar)
            assert set(bar.xpath(".//input[@name='ve']/@value")) == {phone.address}
    lan.client.post(f"/lop/{class_session_of(app, desk).code}/tay", data={"tay": "len"})
    assert ["<span data-hand-label>Bỏ tay</span>" in page(phone) for phone in (lan, hoa)] == [True, False]


def test_a_practice_page_is_compressed_as_the_browser_accepts(lan):
    lan.start("lam-theo")
    plain = lan.client.get(lan.address)
    for accepted, unpack in (("gzip, deflate", gzip.decompress), ("gzip, deflate, br", brotli.decompress)):
        packed = lan.client.get(lan.address, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] in accepted
        assert unpack(packed.data) == plain.data
        assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"] == "no-store"
        assert "Accept-Encoding" in packed.headers["Vary"]


# --- the class page ----------------------------------------------------------------------------------------------


def test_each_phone_sees_its_own_seat_number_and_state(app, desk, lan, hoa):
    question = app.extensions["catalog"].library.lesson("thu", "moi-thu").understand.questions[0]
    desk.send_command(to=f"hoi-{question.id}")
    desk.send_command(step=f"hoi-{question.id}", phase="open")
    address = {join_class(desk, app, phone) for phone in (lan, hoa)}.pop()
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
        assert ["<span data-hand-label>Bỏ tay xuống</span>" in text for text in pages] == [False, True]


# --- courses that change while a page is being made ----------------------------------------------------------------


class ReloadingCatalog:
    """A catalog whose courses are edited and reloaded right after the first access."""

    authoring = False

    def __init__(self, catalog: Catalog, edit: Callable[[], None]) -> None:
        self._catalog = catalog
        self._edit: Callable[[], None] | None = edit

    @property
    def library(self) -> Library:
        seen, edit = self._catalog.library, self._edit
        if edit is not None:
            self._edit = None
            edit()
            self._catalog.reload()
        return seen


def edit_during_next_request(app: Flask, file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    app.extensions["catalog"] = ReloadingCatalog(
        app.extensions["catalog"], lambda: file.write_text(text.replace(before, after), "utf-8") and None
    )


@pytest.mark.slow
def test_a_practice_that_is_edited_during_a_request_is_new_for_the_next_one(app, courses, lan, hoa):
    lan.start("lam-theo")
    edit_during_next_request(app, courses / "thu/01-moi-thu/lam.md", "Biểu tượng có hình cái túi", "Hình cái túi")
    assert "Biểu tượng có hình cái túi" in page(lan)
    hoa.start("lam-theo")
    assert "Biểu tượng có hình cái túi" not in page(hoa)


@pytest.mark.slow
def test_a_question_that_is_edited_during_a_request_is_new_for_the_next_class(app, courses, desk, lan, hoa):
    address = {join_class(desk, app, phone) for phone in (lan, hoa)}.pop()
    edit_during_next_request(app, courses / "thu/01-moi-thu/hieu.md", "Đúng hay không?", "Phải hay không?")
    assert "Đúng hay không?" in page(lan, address)
    for phone in (hoa, lan):
        assert "Đúng hay không?" in page(phone, address)
    later = open_desk(desk.client, LESSON)
    address = {join_class(later, app, phone) for phone in (lan, hoa)}.pop()
    for phone in (hoa, lan):
        assert "Phải hay không?" in page(phone, address)
        assert "Đúng hay không?" not in page(phone, address)


def test_a_late_request_with_the_old_courses_does_not_clear_the_new_cache(app, courses):
    """It waited for a thread or the store, while others have already been shown the new courses."""
    made = []

    def ask() -> None:
        shared_page(("one",), lambda: made.append(library().digest) or "")

    def ask_in_another_request() -> None:
        with app.test_request_context():
            ask()

    with app.test_request_context():
        before = library().digest
        file = courses / "thu/01-moi-thu/hieu.md"
        file.write_text(file.read_text("utf-8").replace("Đúng hay không?", "Phải hay không?"), "utf-8")
        after = app.extensions["catalog"].reload().library.digest
        assert before != after
        Context().run(ask_in_another_request)
        ask()
        Context().run(ask_in_another_request)
    assert made == [after, before]


# --- a seat that another phone has got ----------------------------------------------------------------------------


@pytest.fixture
def old(app: Flask, desk: Desk, lan: NoJsPhone, hoa: NoJsPhone) -> NoJsPhone:
    """A phone in the middle of the practice whose seat has just been given to Hoa's."""
    desk.send_command(to="tap")
    start_class_practice(desk, app, lan)
    class_session = class_session_of(app, desk)
    assert hoa.client.post(f"/lop/{class_session.code}/toi-da-vao", data={"so": "1"}).status_code == 303
    library = app.extensions["catalog"].library
    call_service(
        app,
        seat_claims.resolve_claim,
        class_id=desk.id,
        number=1,
        account_id=class_session.opened_by,
        library=library,
        now=datetime.now(UTC),
    )
    return lan


@pytest.mark.slow
def test_without_a_script_the_page_of_the_old_phone_comes_to_say_so_by_itself(app, desk, lan, hoa, request):
    address = join_class(desk, app, lan)
    (again,) = re.findall(r'http-equiv="refresh" content="\d+; url=([^"]+)"', page(lan, address))
    assert "Vào lớp" not in html.fromstring(page(lan, again)).xpath("string(//main)")
    request.getfixturevalue("old")
    lan.open(again)
    assert "Số 1 giờ ở máy khác. Bác chạm “Vào lớp” thì máy này có số mới." in lan.text
    lan.client.post(address, data={"nguoi": "1"})
    lan.open(again)
    assert "Số 2" in lan.text


@pytest.mark.slow
def test_in_the_middle_of_a_practice_too_and_the_practice_stays(old):
    old.follow_expected_path(until="hoi-lai")
    assert old.screen == "hoi-lai"
    assert "Số 1 giờ ở máy khác. Bác tập tiếp cũng được, hoặc vào lớp lại." in old.text
    assert not old.page.xpath("//*[self::class-bar or self::result-class-bar]")
    (way,) = old.page.xpath("//section[@aria-label='Lớp học']//a/@href")
    old.open(way)
    assert "Số 1 giờ ở máy khác." in old.text
