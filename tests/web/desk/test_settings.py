"""The settings page ("Việc khác"): collapsible sections that work without JavaScript."""

from __future__ import annotations

import pytest

from tests.web.desk_client import QUESTION_LESSON, Desk, add_learner, class_session_of, open_desk
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import csrf_token


def section_summaries(desk: Desk) -> dict[str, str]:
    """The text of each closed section, by its id."""
    folded = desk.page("/viec").xpath("//details")
    return {one.get("id"): text_of(one.find("summary")) for one in folded}


def open_sections(page) -> list[str]:
    return page.xpath("//details[@open]/@id")


def test_each_closed_section_shows_its_current_value(desk):
    assert section_summaries(desk) == {
        "khong-may": "Bà con không có máy",
        "cach-tap": "Cách tập của lớp làm theo",
        "cua-lop": "Cửa lớp đang mở",
        "man-chieu": "Màn chiếu chưa nối",
        "noi-hoc": "Nơi học chưa ghi",
        "dem-nguoi": "Đếm người trong phòng chưa ghi",
    }
    desk.press("Thêm một chỗ", "/viec", nguoi="3")
    desk.press("Kiểm tra", "/viec")
    desk.press("Khép cửa", "/viec")
    desk.press("Ghi lại", "/viec", nguoi="24")
    said = section_summaries(desk)
    assert said["khong-may"] == "Bà con không có máy đã thêm chỗ cho 3 người"
    assert said["cach-tap"] == "Cách tập của lớp kiểm tra"
    assert said["cua-lop"] == "Cửa lớp đang khép"
    assert said["dem-nguoi"] == "Đếm người trong phòng 24 người"


def test_all_sections_start_closed_and_one_button_is_the_main_one(desk):
    page = desk.page("/viec")
    assert open_sections(page) == []
    assert len(page.xpath("//*[contains(@class, 'button--main')]")) == 1


@pytest.mark.parametrize(
    ("word", "job", "filled"),
    [
        ("Tự làm", "cach-tap", {}),
        ("Chỉ nêu việc", "cach-tap", {}),
        ("Khép cửa", "cua-lop", {}),
        ("Thêm một chỗ", "khong-may", {"nguoi": "2"}),
    ],
)
def test_what_was_just_used_stays_unfolded(desk, word, job, filled):
    answer = desk.press(word, "/viec", **filled)
    assert open_sections(desk.client.page(answer.location.partition("#")[0])) == [job]


@pytest.mark.parametrize(("word", "job", "filled"), [("Ghép", "man-chieu", {"so": "12"}), ("Ghi lại", "dem-nguoi", {})])
def test_a_form_that_was_not_understood_stays_unfolded_under_the_sentence(desk, word, job, filled):
    address, fields = desk.form(word, "/viec")
    page = desk.client.post(address, data=fields | filled | {"csrf_token": csrf_token(desk.client)})
    assert page.status_code == 422
    assert f'id="{job}" open' in page.text


def test_a_removed_seat_is_listed_with_a_button_to_readmit_it(app, desk):
    number, _ = add_learner(app, desk)
    desk.press("Mời ra khỏi lớp", f"/cho/{number}")
    assert section_summaries(desk)["ngoai-lop"] == "Đang ở ngoài lớp 1 chỗ"
    desk.press("Cho vào lại", "/viec")
    assert "ngoai-lop" not in section_summaries(desk)


def test_an_address_with_a_job_that_there_is_not_unfolds_nothing(desk):
    assert open_sections(desk.page("/viec?mo=<script>")) == []
    assert desk.press("Tự làm", "/viec", mo="//elsewhere.example").location == f"{desk.base}/viec"


def test_the_place_is_set_or_changed_after_opening(app, desk):
    desk.press("Lớp học ở đâu", "/viec", noi="Nhà văn hóa khu phố 3")
    assert class_session_of(app, desk).venue == "Nhà văn hóa khu phố 3"
    assert "Nhà văn hóa khu phố 3" in desk.words("/viec")
    too_long = desk.press("Lớp học ở đâu", "/viec", noi="x" * 81)
    assert (too_long.status_code, "dài quá 80 chữ" in too_long.text) == (422, True)
    assert class_session_of(app, desk).venue == "Nhà văn hóa khu phố 3"


def test_there_is_something_to_print_for_people_without_a_phone(desk):
    for path in ("/viec", "/wifi"):
        page = desk.page(path)
        for url in ("/vneid/kich-hoat/lam?che-do=to-buoc", "/dung-lop/phieu-tra-loi"):
            [link] = page.xpath("//a[@href=$url]", url=url)
            assert desk.client.get(link.get("href")).status_code == 200
    assert [card.text for card in desk.client.page("/dung-lop/phieu-tra-loi").xpath("//ul/li")] == list("ABCD")


def test_without_wifi_the_door_sheet_has_the_class_and_lines_to_write_the_network_on(app, desk):
    page = desk.page("/wifi")
    assert "chừa dòng trống để ghi tay" in page.find(".//main").text_content()
    assert page.xpath("//button[@data-print]")
    [poster] = page.xpath("//section[@class='poster']")
    assert [line.text for line in poster.xpath(".//*[@class='poster__blank']")] == ["Tên mạng", "Mật khẩu"]
    code = class_session_of(app, desk).code
    assert code in poster.xpath("string(.//*[@class='poster__code'])")
    assert not poster.xpath(".//*[starts-with(@aria-label, 'Mã QR để vào Wi-Fi')]")


def test_what_to_bring_stands_on_the_join_page_the_join_board_and_the_door_sheet(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    phone = app.test_client()
    assert "Lấy sẵn: thẻ căn cước." in phone.get(f"/lop/{class_session_of(app, desk).code}").text
    desk.press("Chiếu bằng máy này")
    assert "Lấy sẵn: thẻ căn cước." in minh.get("/chieu").text  # their readers are in the room
    desk.press("Hiện lên màn chiếu", "/wifi", ten="NhaVanHoa", **{"mat-khau": "12345678"})
    [poster] = desk.page("/wifi").xpath("//section[@class='poster']")
    assert "Mang theo: thẻ căn cước." in poster.text_content()
