"""Difficulties and proposals on a report: who and when, two writers, the closing, and forgetting."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from lxml import html

from lms.learning.accounts.account import Account
from lms.learning.accounts.forgetting import Transactions, erase_names, revoke_duties
from lms.learning.org_units.unit_store import find_unit
from lms.learning.period_reports.report_notes import find_note, find_note_history, write_note
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.targets.periods import parse_period
from lms.learning.ward_changes import merge_ward
from lms.learning.wards import get_ward
from lms.vietnam_time import VIETNAM, to_vietnam_time
from lms.web import clock
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_text
from tests.web.signed_in_clients import (
    OTHER_WARD,
    WARD,
    csrf_token,
    engine_of,
    make_account,
    sign_in,
    signed_in_client,
)

THIS_YEAR = to_vietnam_time(clock.now()).year
REPORT = f"/quan-ly/bao-cao/{WARD}/{THIS_YEAR}"
CLOSED = f"/quan-ly/bao-cao/{WARD}/{THIS_YEAR - 1}-03"


@pytest.fixture
def account(app: Flask) -> Account:
    return make_account(app, "Lê Thị Thu", {"organiser"})


@pytest.fixture
def organiser(app: Flask, account: Account) -> CheckingClient:
    return sign_in(app, account)


def write(client: CheckingClient, report: str = REPORT, *, version: str = "0", **texts: str):
    fields = {"csrf_token": csrf_token(client), "ban": version}
    return client.post(
        f"{report}/ghi-chu", data=fields | {name.replace("_", "-"): text for name, text in texts.items()}
    )


def test_what_is_written_is_on_page_and_files_with_who_and_when(organiser):
    answer = write(organiser, kho_khan="Mạng yếu ở khu phố 3.\n\n  Thiếu máy chiếu. ", kien_nghi="=Thêm 2 máy")
    assert (answer.status_code, answer.location) == (303, REPORT)
    page = main_text(organiser.page(REPORT))
    assert "Khó khăn: Mạng yếu ở khu phố 3. Thiếu máy chiếu. Kiến nghị: =Thêm 2 máy" in page
    file = organiser.get(f"{REPORT}.csv").data.decode("utf-8-sig")
    assert '"Mạng yếu ở khu phố 3.\nThiếu máy chiếu."' in file
    assert "'=Thêm 2 máy" in file  # which a spreadsheet would compute
    form = organiser.page(f"{REPORT}/ghi-chu")
    assert form.xpath("//textarea[@name='kho-khan']")[0].text.strip() == "Mạng yếu ở khu phố 3.\nThiếu máy chiếu."
    assert "Lê Thị Thu ghi lúc" in main_text(form)


def test_the_second_of_two_writers_is_told_and_both_texts_are_kept(app, organiser):
    second = signed_in_client(app, "Ba", {"organiser"})
    assert write(organiser, kho_khan="Mạng yếu.", kien_nghi="").status_code == 303
    refused = write(second, kho_khan="Thiếu ghế.", kien_nghi="")
    assert refused.status_code == 409
    tree = html.fromstring(refused.text)
    assert "Có người vừa ghi vào báo cáo này." in tree.xpath("//*[@role='alert']")[0].text_content()
    assert tree.xpath("//textarea[@name='kho-khan']")[0].text.strip() == "Thiếu ghế."
    assert "Khó khăn: Mạng yếu." in main_text(tree)
    assert "Khó khăn: Mạng yếu." in main_text(organiser.page(REPORT))
    [version] = tree.xpath("//input[@name='ban']/@value")
    assert write(second, version=version, kho_khan="Mạng yếu. Thiếu ghế.", kien_nghi="").status_code == 303
    page = main_text(second.page(f"{REPORT}/ghi-chu"))
    assert page.index("Ba ghi lúc") < page.index("Lê Thị Thu ghi lúc")
    assert "Khó khăn: Mạng yếu. Không còn" not in page and "Khó khăn: Mạng yếu." in page
    # The same again, as after a double tap, is neither a conflict nor a new version.
    assert write(second, version="1", kho_khan="Mạng yếu. Thiếu ghế.", kien_nghi="").status_code == 303
    with read_sessions(engine_of(app))() as session:
        assert [note.version for note in find_note_history(session, WARD, str(THIS_YEAR))] == [2, 1]


def test_earlier_texts_can_be_erased_and_who_wrote_stays(app, organiser):
    write(organiser, kho_khan="Bà Sáu hẻm 12 chưa có máy.", kien_nghi="")
    write(organiser, version="1", kho_khan="Một người chưa có máy.", kien_nghi="")
    answer = organiser.post(f"{REPORT}/ghi-chu/bo-ban-cu", data={"csrf_token": csrf_token(organiser)})
    assert answer.status_code == 303
    page = main_text(organiser.page(f"{REPORT}/ghi-chu"))
    assert "Bà Sáu" not in page and "Một người chưa có máy." in page
    assert page.count("Lê Thị Thu ghi lúc") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 501, "Viết trong 500 chữ cái"),
        ("dòng\n" * 7, "Viết trong 500 chữ cái"),
        ("Gọi chị Ba 0912 345 678", "số điện thoại"),
        ("căn cước 079123456789", "số điện thoại"),
    ],
)
def test_what_cannot_stand_on_the_sheet_is_said_and_stays_in_the_field(organiser, text, said):
    refused = write(organiser, kho_khan=text, kien_nghi="Thêm máy")
    assert refused.status_code == 422
    tree = html.fromstring(refused.text)
    assert said in tree.xpath("//*[@role='alert']")[0].text_content()
    assert tree.xpath("//textarea[@name='kho-khan']")[0].text.strip() == text.strip()
    assert tree.xpath("//textarea[@name='kien-nghi']")[0].text.strip() == "Thêm máy"
    assert "Thêm máy" not in main_text(organiser.page(REPORT))


def test_large_sums_of_money_are_no_telephone_number(organiser):
    assert (
        write(organiser, kho_khan="Cần 1.500.000.000 đồng, 2.000.000.000 thì tốt hơn", kien_nghi="").status_code == 303
    )


def test_after_the_closing_a_supplement_stands_apart(app, account, organiser):
    period = parse_period(f"{THIS_YEAR - 1}-03")
    assert period
    in_time = datetime(THIS_YEAR - 1, 4, 3, 9, tzinfo=VIETNAM)
    texts = {"difficulties": "Mạng yếu.", "proposals": ""}
    with write_sessions(engine_of(app)).begin() as session:
        write_note(session, find_unit(session, WARD), period, texts, version=0, by=account, now=in_time)
    late = write(organiser, CLOSED, version="1", kho_khan="Mạng đã tốt.", kien_nghi="")  # the form was open since
    assert late.status_code == 409
    tree = html.fromstring(late.text)
    assert "Kỳ này vừa chốt." in tree.xpath("//*[@role='alert']")[0].text_content()
    assert tree.xpath("//textarea/@name") == ["ghi-them"]
    assert tree.xpath("//textarea")[0].text.strip() == "Mạng đã tốt."
    assert write(organiser, CLOSED, version="1", ghi_them="Mạng đã tốt.").status_code == 303
    page = main_text(organiser.page(CLOSED))
    assert "Khó khăn: Mạng yếu. Ghi thêm ngày" in page and "Mạng đã tốt." in page


def test_a_forgotten_account_leaves_its_notes_without_the_name(app, account, organiser):
    write(organiser, kho_khan="Lê Thị Thu đứng một mình ba lớp.", kien_nghi="")
    colleague = signed_in_client(app, "Ba", {"organiser"}, OTHER_WARD)
    write(colleague, f"/quan-ly/bao-cao/{OTHER_WARD}/{THIS_YEAR}", kho_khan="Lê Thị Thu qua giúp.", kien_nghi="")
    engine = engine_of(app)

    def run(work):
        with write_sessions(engine).begin() as session:
            return work(session)

    run(lambda session: merge_ward(session, get_ward(OTHER_WARD), get_ward(WARD), now=clock.now()))
    run(lambda session: revoke_duties(session, account, now=clock.now()))
    erase_names(Transactions(read=run, write=run), account.id, now=clock.now())
    with read_sessions(engine)() as session:
        note = find_note(session, WARD, str(THIS_YEAR))
        of_merged = find_note(session, OTHER_WARD, str(THIS_YEAR))
    assert (note.difficulties, note.written_by) == ("người đã rời đi đứng một mình ba lớp.", "Người đã rời đi")
    assert of_merged.difficulties == "người đã rời đi qua giúp."


def test_notes_of_another_ward_are_refused(app, organiser):
    other = f"/quan-ly/bao-cao/{OTHER_WARD}/{THIS_YEAR}"
    assert organiser.get(f"{other}/ghi-chu").status_code == 403
    assert write(organiser, other, kho_khan="x", kien_nghi="").status_code == 403
    assert organiser.get(f"/quan-ly/bao-cao/{WARD}/{THIS_YEAR + 1}/ghi-chu").status_code == 404
