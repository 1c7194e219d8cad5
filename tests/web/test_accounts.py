"""Signing in, the own account, and managing people: first that it works, then who else may."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from lms.config import Settings
from lms.content.shelf import Shelf
from lms.learning.accounts import passwords, records, throttle
from lms.learning.accounts.rights import CITY, ROLES
from lms.learning.database import reading
from lms.web import create_app
from tests.web.careful import CarefulClient
from tests.web.conftest import TODAY
from tests.web.duty import OTHER_WARD, WARD, engine_of, issue, make_account, sign_in, signed_in, token

PASSWORD = "ba con vịt bơi qua sông"


@pytest.fixture
def thu(app):
    """The organiser of An Đông."""
    return signed_in(app, "Thu", {"organiser"})


@pytest.fixture
def root(app):
    """The city's administrator."""
    return signed_in(app, "Quản trị", {"administrator"}, CITY)


def send(client: CarefulClient, address: str, **fields):
    """A form behind the sign-in, as the browser sends it."""
    return client.post(address, data={"csrf_token": token(client), **fields})


def text_of(response) -> str:
    return " ".join(html.fromstring(response.text).text_content().split())


def entrance(client: CarefulClient, **fields):
    page = client.page("/vao")
    return client.post("/vao", data={"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0], **fields})


# --- slips --------------------------------------------------------------------------------------------------------


def test_a_slip_lets_in_once(app):
    slip = issue(app, make_account(app))
    minh, other = app.test_client(), app.test_client()
    for _ in range(3):  # a preview of a link looks, too
        assert "Phiếu vào của Minh" in app.test_client().page(f"/vao/{slip.token}").text_content()
    for client, status in ((minh, 303), (other, 410)):
        page = html.fromstring(client.get(f"/vao/{slip.token}").text)
        form = {"csrf_token": (page.xpath("//input[@name='csrf_token']/@value") or [""])[0]}
        answer = client.post(f"/vao/{slip.token}", data=form)
        assert answer.status_code in (status, 400)
    assert minh.get("/quan-ly/toi").status_code == 200
    assert other.get("/quan-ly/toi").headers["Location"] == "/vao?tiep=/quan-ly/toi"
    assert "đã dùng rồi" in text_of(other.get(f"/vao/{slip.token}"))


def test_a_slips_code_lets_in_however_it_is_typed(app, lan):
    slip = issue(app, make_account(app))
    assert entrance(lan, ma=slip.code.lower().replace(" ", "-")).status_code == 303
    assert lan.get("/quan-ly/toi").status_code == 200
    again = entrance(app.test_client(), ma=slip.code)
    assert again.status_code == 422
    assert "đã dùng rồi" in text_of(again)


@pytest.mark.parametrize("code", ["", "7K2", "7K2 M9P 4XC 031", "%" * 40, "9" * 5000, "日本語" * 4])
def test_what_is_no_code_lets_nobody_in(app, lan, code):
    answer = entrance(lan, ma=code)
    assert answer.status_code == 422
    assert "Chưa tìm thấy phiếu này" in answer.text


@pytest.mark.parametrize("made_up", ["x", "A" * 24, "A" * 3000, "%00", "..%2f..", "<b>"])
def test_what_is_no_slip_lets_nobody_in(lan, made_up):
    assert lan.get(f"/vao/{made_up}").status_code == 404


def test_a_slip_is_over_after_seven_days(app, lan, monkeypatch):
    slip = issue(app, make_account(app))
    page = lan.page(f"/vao/{slip.token}")
    later = datetime.now(UTC) + timedelta(days=7, minutes=1)
    monkeypatch.setattr("lms.web.clock.now", lambda: later)
    form = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]}
    assert lan.get(f"/vao/{slip.token}").status_code == 410
    assert lan.post(f"/vao/{slip.token}", data=form).status_code == 410
    assert "quá 7 ngày" in text_of(lan.get(f"/vao/{slip.token}"))


def test_guesses_at_one_slips_code_are_slowed_down_and_its_square_still_works(app):
    account = make_account(app)
    slip = issue(app, account)
    wrong = slip.code[:-1] + ("0" if slip.code[-1] != "0" else "1")
    answers = [entrance(app.test_client(), ma=wrong).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    right = entrance(app.test_client(), ma=slip.code)
    assert right.status_code == 429
    assert "Đợi 15 phút" in text_of(right)
    other = issue(app, make_account(app, "Hoa"))
    assert entrance(app.test_client(), ma=other.code).status_code == 303  # nobody else waits, at the same address
    client = app.test_client()
    page = client.page(f"/vao/{slip.token}")
    form = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]}
    assert client.post(f"/vao/{slip.token}", data=form).status_code == 303


def test_a_slip_that_is_scanned_in_a_chat_program_offers_the_real_browser(app, lan):
    slip = issue(app, make_account(app))
    page = lan.page(f"/vao/{slip.token}", headers={"User-Agent": "Mozilla/5.0 (Linux; Android 12) Zalo android/1"})
    [way_out] = page.xpath("//a[starts-with(@href, 'intent:')]/@href")
    assert slip.token in way_out


def test_somebody_elses_slip_says_who_is_in_and_puts_her_out(app, thu):
    slip = issue(app, make_account(app))
    page = thu.page(f"/vao/{slip.token}")
    assert "đang vào bằng tài khoản của Thu" in page.text_content()
    before = token(thu)
    with thu.session_transaction() as cookie:
        old = cookie["_user_id"]
    form = {"csrf_token": page.xpath("//form[starts-with(@action, '/vao/')]//input[@name='csrf_token']/@value")[0]}
    assert thu.post(f"/vao/{slip.token}", data=form).status_code == 303
    assert "Tài khoản của Minh" in thu.page("/quan-ly/toi").text_content()
    with thu.session_transaction() as cookie:
        assert cookie["_user_id"] != old
        cookie["_user_id"] = old
    assert thu.get("/quan-ly/toi").status_code == 303  # the old one is out on the server, too
    assert thu.post("/ra", data={"csrf_token": before}).status_code == 400


# --- passwords ----------------------------------------------------------------------------------------------------


def test_a_password_lets_in_where_a_slip_did(app):
    minh = signed_in(app, "Nguyễn Văn Minh")
    assert send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD}).status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 200
    for name in ("Nguyễn Văn Minh", "nguyenvanminh", "NGUYEN VAN MINH "):
        assert entrance(app.test_client(), ten=name, **{"mat-khau": PASSWORD}).status_code == 303
    for name, password in (("nguyenvanminh", PASSWORD + " "), ("nguyenvanminh", ""), ("ai đó", PASSWORD), ("", "")):
        answer = entrance(app.test_client(), ten=name, **{"mat-khau": password})
        assert answer.status_code == 422


def test_a_wrong_name_and_a_wrong_password_are_told_alike(app):
    minh = signed_in(app)
    send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    known = entrance(app.test_client(), ten="minh", **{"mat-khau": "khong phai no"})
    unknown = entrance(app.test_client(), ten="ai do", **{"mat-khau": "khong phai no"})
    assert text_of(known) == text_of(unknown)


def test_guesses_at_a_name_are_slowed_down_for_this_name_alone(app):
    for name in ("Minh", "Hoa"):
        send(signed_in(app, name), "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    for name in ("minh", "khong-co-ai"):  # one that there is not, as well, or one could tell them apart
        answers = [entrance(app.test_client(), ten=name, **{"mat-khau": "sai"}).status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    assert entrance(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 429
    assert entrance(app.test_client(), ten="hoa", **{"mat-khau": PASSWORD}).status_code == 303
    minh = accounts_named(app, "Minh")
    sign_in(app, minh)  # a slip is the way in meanwhile: nobody can be locked out from outside
    thu = signed_in(app, "Thu", {"organiser"})
    assert "gõ sai mật khẩu của Minh nhiều lần" in text_of(thu.get("/quan-ly/nhat-ky"))


def test_guesses_elsewhere_lock_nobody_out_of_a_browser_of_hers(app):
    minh, stranger = signed_in(app, "Minh"), app.test_client()
    send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    send(minh, "/ra")
    answers = [entrance(stranger, ten="Minh", **{"mat-khau": "sai"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert entrance(minh, ten="Minh", **{"mat-khau": PASSWORD}).status_code == 303
    # Her browser counts by itself, and is no way to guess at others.
    send(minh, "/ra")
    hoa = signed_in(app, "Hoa")
    send(hoa, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    for name in ("Minh", "Hoa"):
        answers = [entrance(minh, ten=name, **{"mat-khau": "sai"}).status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    stranger.set_cookie("known", minh.get_cookie("known").value[:-1] + "~")
    assert entrance(stranger, ten="Hoa", **{"mat-khau": PASSWORD}).status_code == 429


def accounts_named(app, name: str):
    with reading(engine_of(app))() as session:
        return next(one for one in records.people_of(session, WARD) if one.name == name)


def test_many_who_guess_at_once_hold_no_page_up_and_are_not_counted(app, monkeypatch):
    minh = signed_in(app, "Minh")
    send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    with ExitStack() as places:
        for _ in range(6):  # others, whose passwords are being looked at
            places.enter_context(passwords.waiting_room())
        for _ in range(throttle.MOST + 1):
            refused = entrance(app.test_client(), ten="Minh", **{"mat-khau": PASSWORD})
            assert refused.status_code == 503
            assert "Đợi vài giây" in text_of(refused)
        assert app.test_client().get("/lop").status_code == 200
    assert entrance(app.test_client(), ten="Minh", **{"mat-khau": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("ngắn", "ít nhất 8"),
        ("12345678", "dễ bị đoán"),
        ("aaaaaaaa", "dễ bị đoán"),
        ("Password1", "dễ bị đoán"),
        ("abcdefghij", "dễ bị đoán"),
        ("Minh Minh", "dễ bị đoán"),
        ("Phường An Đông 2026!", "dễ bị đoán"),
        ("binhdanhocvuso", "dễ bị đoán"),
        ("x" * 1001, "dài quá"),
    ],
)
def test_a_password_that_would_be_guessed_is_not_taken(app, password, why):
    minh = signed_in(app, "Minh Minh")
    answer = send(minh, "/quan-ly/toi/mat-khau", moi=password, **{"lan-nua": password})
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert not accounts_named(app, "Minh Minh").has_password


@pytest.mark.parametrize("password", ["tám ký tự", "        a b c", "🐄🐓🐃🐖🐑🐐🦆🐟", "x1y" * 43])
def test_any_other_password_of_eight_characters_is_taken(app, password):
    minh = signed_in(app)
    assert send(minh, "/quan-ly/toi/mat-khau", moi=password, **{"lan-nua": password}).status_code == 303
    assert entrance(app.test_client(), ten="minh", **{"mat-khau": password}).status_code == 303


def test_changing_a_password_needs_the_present_one_unless_a_slip_just_let_in(app, monkeypatch):
    minh = signed_in(app)
    send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    other = app.test_client()
    entrance(other, ten="minh", **{"mat-khau": PASSWORD})
    new = {"moi": "con trâu ăn cỏ ngoài đê", "lan-nua": "con trâu ăn cỏ ngoài đê"}
    assert send(other, "/quan-ly/toi/mat-khau", **new).status_code == 422
    assert send(other, "/quan-ly/toi/mat-khau", **new, **{"dang-dung": "sai"}).status_code == 422
    assert send(other, "/quan-ly/toi/mat-khau", **{**new, "lan-nua": "khác"}).status_code == 422
    assert send(other, "/quan-ly/toi/mat-khau", **new, **{"dang-dung": PASSWORD}).status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 303  # a changed password ends the other browsers
    assert entrance(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 422
    forgetful = sign_in(app, accounts_named(app, "Minh"))
    assert "Mật khẩu đang dùng" not in text_of(forgetful.get("/quan-ly/toi"))
    later = datetime.now(UTC) + timedelta(minutes=20)
    monkeypatch.setattr("lms.web.clock.now", lambda: later)
    assert "Mật khẩu đang dùng" in text_of(forgetful.get("/quan-ly/toi"))


# --- sessions -----------------------------------------------------------------------------------------------------


def test_signing_out_is_out_on_the_server_too(app):
    minh = signed_in(app)
    with minh.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    assert "Đã thoát" in text_of(send(minh, "/ra"))
    assert minh.get("/quan-ly/toi").status_code == 303
    with minh.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert minh.get("/quan-ly/toi").status_code == 303


def test_the_other_browsers_can_be_put_out(app):
    minh = signed_in(app)
    elsewhere = sign_in(app, accounts_named(app, "Minh"))
    assert minh.page("/quan-ly/toi").text_content().count("Máy khác,") == 1
    assert send(minh, "/quan-ly/toi/may-khac").status_code == 303
    assert elsewhere.get("/quan-ly/toi").status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 200


@pytest.mark.parametrize(
    ("roles", "idle", "longest"), [({"facilitator"}, 14, 60), ({"facilitator", "organiser"}, 1, 14)]
)
def test_a_sign_in_ends_when_it_is_idle_or_old(app, monkeypatch, roles, idle, longest):
    start = datetime.now(UTC)
    idle_one, busy = signed_in(app, "Minh", roles), signed_in(app, "Hoa", roles)
    step = timedelta(days=idle) - timedelta(hours=2)
    at = start
    while at + step < start + timedelta(days=longest):
        at += step
        monkeypatch.setattr("lms.web.clock.now", lambda at=at: at)
        assert busy.get("/quan-ly/toi").status_code == 200
    assert idle_one.get("/quan-ly/toi").status_code == 303
    monkeypatch.setattr("lms.web.clock.now", lambda: start + timedelta(days=longest, minutes=1))
    assert busy.get("/quan-ly/toi").status_code == 303


@pytest.mark.parametrize("way", ["/quan-ly", "/quan-ly/nguoi/moi?phuong=27316"])
def test_signing_in_leads_back_to_what_was_wanted(app, lan, way):
    slip = issue(app, make_account(app, "Thu", {"organiser"}))
    refused = lan.get(way)
    assert refused.status_code == 303
    entrance_page = lan.page(refused.headers["Location"])
    [back] = entrance_page.xpath("//input[@name='ma']/ancestor::form//input[@name='tiep']/@value")
    assert back == way
    assert entrance(lan, ma=slip.code, tiep=back).headers["Location"] == way


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/vao/x", "/a\n"]
)
def test_signing_in_leads_to_no_other_site(app, lan, elsewhere):
    slip = issue(app, make_account(app))
    assert not lan.page("/vao", query_string={"tiep": elsewhere}).xpath("//input[@name='tiep']")
    assert entrance(lan, ma=slip.code, tiep=elsewhere).headers["Location"] == "/dung-lop"


def test_a_script_is_told_that_nobody_is_in(lan):
    answer = lan.get("/quan-ly/toi", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json["error"]


@pytest.mark.parametrize("https", [False, True])
def test_the_cookies_flags_follow_the_public_address(tmp_path, courses, engine, https, monkeypatch):
    monkeypatch.setattr("lms.web.clock.today", lambda: TODAY)
    settings = Settings(tmp_path, courses, "sqlite://", "s" * 40, f"http{'s' if https else ''}://hoc.example")
    app = create_app(settings, shelf=Shelf(courses, lambda: TODAY), engine=engine)
    app.test_client_class = CarefulClient
    answer = app.test_client().get("/vao")
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-account=" if https else "account=")
    assert ("; Secure" in cookie) is https
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie


def test_pages_of_learners_know_nothing_of_accounts(app, lan):
    """They are the same bytes for all, and set no cookie of accounts, signed in or not."""
    minh = signed_in(app)
    for address in ("/", "/vneid", "/vneid/ba-loai-ma/hieu"):
        theirs, ours = lan.get(address), minh.get(address)
        assert theirs.data == ours.data
        assert not theirs.headers.getlist("Set-Cookie") and not ours.headers.getlist("Set-Cookie")


def test_pages_of_accounts_are_kept_nowhere(app, thu):
    for address in ("/vao", "/quan-ly", "/quan-ly/toi", "/quan-ly/phieu", "/quan-ly/nhat-ky", "/quan-ly/nguoi/moi"):
        assert thu.get(address).headers.get("Cache-Control", "no-store") == "no-store"


# --- managing people ----------------------------------------------------------------------------------------------


def test_an_organiser_adds_somebody_and_prints_her_slip(app, thu):
    added = send(thu, "/quan-ly/nguoi", ten="Lê Thị Hoa", viec=["facilitator", "author"])
    assert added.status_code == 303
    page = thu.page(added.headers["Location"])
    assert "Đã thêm Lê Thị Hoa" in page.text_content()
    hoa = accounts_named(app, "Lê Thị Hoa")
    assert (hoa.roles, hoa.ward) == ({"facilitator", "author"}, WARD)
    printed = html.fromstring(send(thu, "/quan-ly/phieu", nguoi=hoa.id).text)
    code = " ".join(printed.xpath("//*[@class='slip__code']")[0].text_content().split())
    assert re.fullmatch(r"(\w{3} ){3}\w{3}", code)
    assert "hoc.example/vao" in printed.text_content()
    assert entrance(app.test_client(), ma=code).status_code == 303


def test_slips_are_printed_six_to_a_sheet_and_each_works(app, thu):
    people = [make_account(app, f"Người {number}", {"helper"}) for number in range(8)]
    page = html.fromstring(send(thu, "/quan-ly/phieu", nguoi=[one.id for one in people]).text)
    assert [len(sheet.xpath(".//section")) for sheet in page.xpath("//*[@class='sheet']")] == [6, 2]
    names = [name.text for name in page.xpath("//*[@class='slip__name']")]
    assert names == [one.name for one in people]
    for code in page.xpath("//*[@class='slip__code']"):
        assert entrance(app.test_client(), ma=code.text_content()).status_code == 303


def test_printing_for_nobody_or_for_too_many_is_refused_with_a_sentence(app, thu):
    assert "ít nhất một người" in text_of(send(thu, "/quan-ly/phieu"))
    many = [f"{number:032x}" for number in range(121)]
    assert send(thu, "/quan-ly/phieu", nguoi=many).status_code == 422


def test_a_right_taken_away_ends_the_next_request(app, thu):
    minh = signed_in(app)
    account = accounts_named(app, "Minh")
    assert minh.get("/quan-ly/toi").status_code == 200
    assert send(thu, f"/quan-ly/nguoi/{account.id}/ngung").status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 303
    assert "Đang ngừng" in text_of(thu.get("/quan-ly"))
    assert send(thu, f"/quan-ly/nguoi/{account.id}/mo-lai").status_code == 303
    back = sign_in(app, account)
    assert send(thu, f"/quan-ly/nguoi/{account.id}/ra").status_code == 303
    assert back.get("/quan-ly/toi").status_code == 303


def test_a_duty_added_in_the_middle_of_a_class_puts_nobody_out(app, thu):
    minh = signed_in(app)
    account = accounts_named(app, "Minh")
    send(thu, f"/quan-ly/nguoi/{account.id}", ten="Minh", viec=["facilitator", "helper"])
    assert "người phụ lớp" in text_of(minh.get("/quan-ly/toi"))
    send(thu, f"/quan-ly/nguoi/{account.id}", ten="Minh", viec=["helper"])
    assert minh.get("/quan-ly/toi").status_code == 303


def test_the_journal_tells_what_happened_in_sentences(app, thu):
    account = make_account(app, "Hoa", {"helper"})
    send(thu, f"/quan-ly/nguoi/{account.id}", ten="Hoa Lê", viec=["author"])
    page = text_of(thu.get("/quan-ly/nhat-ky"))
    assert "Thu đổi tên Hoa thành Hoa Lê; đổi việc của Hoa Lê từ người phụ lớp thành người soạn bài" in page
    assert "Người ngồi tại máy chủ thêm Hoa: người phụ lớp" in page
    assert "Thu vào bằng phiếu" in page


def test_the_journal_goes_back_page_by_page(app, thu):
    for number in range(60):
        make_account(app, f"Người {number}", {"helper"})
    page = thu.page("/quan-ly/nhat-ky")
    assert len(page.xpath("//li")) == 50
    [older] = page.xpath("//main//a[contains(@class, 'button--main')]/@href")
    assert 10 <= len(thu.page(older).xpath("//li")) < 50
    for nonsense in ("x", "-1", "9" * 30, "٣"):
        assert thu.get("/quan-ly/nhat-ky", query_string={"truoc": nonsense}).status_code == 200


def test_the_city_looks_after_every_ward(app, root):
    page = root.page("/quan-ly")
    assert len(page.xpath("//select[@name='phuong']/option")) == 169
    make_account(app, "Hoa", {"facilitator"}, OTHER_WARD)
    assert "Hoa" in text_of(root.get(f"/quan-ly?phuong={OTHER_WARD}"))
    send(root, "/quan-ly/nguoi", ten="Thu Hà", viec=["organiser"], phuong=OTHER_WARD)
    assert "Thu Hà" in text_of(root.get(f"/quan-ly?phuong={OTHER_WARD}"))
    assert root.get("/quan-ly?phuong=99999").status_code == 404
    assert send(root, "/quan-ly/nguoi", ten="X", viec=["helper"], phuong="99999").status_code == 422
    assert send(root, "/quan-ly/nguoi", ten="X", viec=["administrator"], phuong=WARD).status_code == 422


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ten": "", "viec": "helper"}, "Ghi họ tên"),
        ({"ten": "x" * 400, "viec": "helper"}, "nhiều nhất 60"),
        ({"ten": "Hoa"}, "ít nhất một việc"),
        ({"ten": "Hoa", "viec": "king"}, "ít nhất một việc"),
    ],
)
def test_a_form_that_lacks_something_says_what_and_keeps_the_rest(thu, fields, sentence):
    answer = send(thu, "/quan-ly/nguoi", **fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_name_is_only_ever_text(app, thu):
    name = "<script>alert(1)</script>"
    added = send(thu, "/quan-ly/nguoi", ten=name, viec="helper")
    for address in ("/quan-ly", added.headers["Location"], "/quan-ly/nhat-ky", "/quan-ly/phieu"):
        page = thu.page(address)
        assert name in page.text_content()
        assert not page.xpath("//main//script")


def test_the_last_administrator_cannot_be_locked_out(app, root):
    me = next(one for one in people(app, CITY) if one.name == "Quản trị")
    refused = send(root, f"/quan-ly/nguoi/{me.id}", ten="Quản trị", viec="helper", phuong="tp")
    assert refused.status_code == 409
    assert send(root, f"/quan-ly/nguoi/{me.id}/ngung").status_code == 409
    assert root.get("/quan-ly").status_code == 200


def people(app, ward: str):
    with reading(engine_of(app))() as session:
        return records.people_of(session, ward)


# --- who else may -------------------------------------------------------------------------------------------------

PERSON_POSTS = ("", "/ngung", "/mo-lai", "/ra")
PAGES = ("/quan-ly", "/quan-ly/nguoi/moi", "/quan-ly/phieu", "/quan-ly/nhat-ky")


def test_without_signing_in_nothing_opens(app, lan):
    account = make_account(app)
    for address in (*PAGES, "/quan-ly/toi", f"/quan-ly/nguoi/{account.id}"):
        assert lan.get(address).headers["Location"].startswith("/vao")
    posts = [f"/quan-ly/nguoi/{account.id}{way}" for way in PERSON_POSTS]
    for address in (*posts, "/quan-ly/nguoi", "/quan-ly/phieu", "/quan-ly/toi/mat-khau", "/quan-ly/toi/may-khac"):
        assert lan.post(address, data={"ten": "X"}).headers["Location"].startswith("/vao")
    assert accounts_named(app, "Minh") == account


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"organiser", "administrator"}))
def test_who_manages_nobody_opens_nothing_of_it(app, role):
    client, account = signed_in(app, "Minh", {role}), make_account(app, "Hoa", {"helper"})
    for address in (*PAGES, f"/quan-ly/nguoi/{account.id}"):
        assert client.get(address).status_code == 403
    for address in ("/quan-ly/nguoi", *(f"/quan-ly/nguoi/{account.id}{way}" for way in PERSON_POSTS)):
        assert send(client, address, ten="X", viec="administrator").status_code == 403
    assert send(client, "/quan-ly/phieu", nguoi=account.id).status_code == 403
    assert accounts_named(app, "Hoa") == account


@pytest.mark.parametrize(
    ("role", "ward"),
    [
        *((role, OTHER_WARD) for role in ROLES if role != "administrator"),
        *((role, CITY) for role in ROLES),
    ],
)
def test_an_organiser_of_a_ward_reaches_nobody_outside_it(app, thu, role, ward):
    """Somebody of another ward, or of the city, whatever the duty: not seen, not changed, no slip."""
    other = make_account(app, "Hoa", {role}, ward)
    assert thu.get(f"/quan-ly/nguoi/{other.id}").status_code == 404
    assert thu.get(f"/quan-ly?phuong={ward or 'tp'}").status_code == 404
    assert thu.get(f"/quan-ly/phieu?phuong={ward or 'tp'}").status_code == 404
    for way in PERSON_POSTS:
        assert send(thu, f"/quan-ly/nguoi/{other.id}{way}", ten="X", viec="helper").status_code == 404
    assert send(thu, "/quan-ly/phieu", nguoi=other.id).status_code == 404
    mine = make_account(app, "Minh", {"helper"})
    assert send(thu, "/quan-ly/phieu", nguoi=[mine.id, other.id]).status_code == 404  # all or none
    with reading(engine_of(app))() as session:
        assert records.find_account(session, other.id) == other
    assert "Hoa" not in text_of(thu.get("/quan-ly")) + text_of(thu.get("/quan-ly/nhat-ky"))


@pytest.mark.parametrize(
    ("fields"),
    [
        {"viec": "administrator"},
        {"viec": "administrator", "phuong": "tp"},
        {"viec": "organiser", "phuong": "tp"},
        {"viec": "helper", "phuong": OTHER_WARD},
    ],
)
def test_an_organiser_of_a_ward_gives_no_more_than_she_may(app, thu, fields):
    mine = make_account(app, "Minh", {"helper"})
    for address in ("/quan-ly/nguoi", f"/quan-ly/nguoi/{mine.id}"):
        assert send(thu, address, ten="Minh", **fields).status_code in (403, 422)
    assert people(app, CITY) == [] and people(app, OTHER_WARD) == []
    assert accounts_named(app, "Minh") == mine


def test_an_organiser_of_the_city_reaches_no_administrator(app):
    organiser = signed_in(app, "Tổ chức", {"organiser"}, CITY)
    admin = make_account(app, "Quản trị", {"administrator"}, CITY)
    assert organiser.get(f"/quan-ly/nguoi/{admin.id}").status_code == 404
    for way in PERSON_POSTS:
        assert send(organiser, f"/quan-ly/nguoi/{admin.id}{way}", ten="X", viec="helper").status_code == 404
    assert send(organiser, "/quan-ly/phieu", nguoi=admin.id).status_code == 404
    assert send(organiser, "/quan-ly/nguoi", ten="X", viec="administrator", phuong="tp").status_code == 403


@pytest.mark.parametrize("given", [None, "", "x", "of somebody else"])
def test_a_form_without_its_token_changes_nothing(app, thu, given):
    account = make_account(app)
    other = token(signed_in(app, "Khác", {"organiser"})) if given == "of somebody else" else given
    data = {"ten": "X", "viec": "helper"} | ({} if other is None else {"csrf_token": other})
    posts = [f"/quan-ly/nguoi/{account.id}{way}" for way in PERSON_POSTS]
    for address in (*posts, "/quan-ly/nguoi", "/quan-ly/phieu", "/quan-ly/toi/may-khac", "/ra", "/vao"):
        answer = thu.post(address, data=data)
        assert answer.status_code == 400, address
    assert accounts_named(app, "Minh") == account
    assert thu.get("/quan-ly").status_code == 200


def test_a_form_of_another_site_changes_nothing(app, thu):
    data = {"csrf_token": token(thu), "ten": "X", "viec": "helper"}
    assert thu.post("/quan-ly/nguoi", data=data, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_script_may_send_the_token_as_a_header(app, thu):
    account = make_account(app)
    answer = thu.post(f"/quan-ly/nguoi/{account.id}/ra", headers={"X-CSRFToken": token(thu)})
    assert answer.status_code == 303
