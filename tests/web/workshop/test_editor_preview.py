"""A draft is seen in the editor before it is saved: as a phone, the wall, a graph or a sheet shows it."""

from __future__ import annotations

import pytest
from lxml import html
from PIL import Image

from tests.web.signed_in_clients import csrf_token
from tests.web.workshop.editor_form import ADDRESS, HIEU, LAM, SCRIPT, read


def test_the_phone_shows_the_draft_at_the_screen_of_the_cursor(courses, send):
    text = read(courses, LAM).replace("> Việc: ", "> Việc: Bác ơi, ", 1)
    line = next(number for number, each in enumerate(text.split("\n"), 1) if "Bác ơi" in each)
    seen = send(LAM, text, do="xem-thu", line=str(line)).get_json()
    assert "Bác ơi, " in seen["html"]
    assert seen["screen"] == dict(seen["places"])[max(at for at, _ in seen["places"] if at <= line)]
    assert "Bác ơi, " not in send(LAM, read(courses, LAM), do="xem-thu").get_json()["html"]


def test_a_screen_without_a_way_out_yet_is_drawn_and_a_broken_line_is_told(courses, send):
    text = read(courses, LAM) + "\n## Màn mới tinh\n> Việc: Bác xem thử màn này.\n"
    last = str(text.count("\n"))
    assert "Bác xem thử màn này." in send(LAM, text, do="xem-thu", line=last).get_json()["html"]
    assert "còn lỗi" in send(LAM, text + "\n- [nutt] A => B\n", do="xem-thu").get_json()["sentence"]
    assert send(LAM, "", do="xem-thu", script=False).status_code == 422


def test_the_sheet_shows_the_draft(courses, send):
    text = read(courses, LAM)
    assert 'class="practice-sheet' in send(LAM, text, do="xem-thu", **{"as": "to-buoc"}).get_json()["html"]


@pytest.mark.slow
def test_a_practice_is_seen_as_the_wall_demonstrates_the_screen_of_the_cursor(send, courses, author):
    text = read(courses, LAM)
    lines = text.split("\n")
    titles = [(number, line) for number, line in enumerate(lines, 1) if line.startswith("## ")]

    def board(line: int) -> dict:
        return send(LAM, text, do="xem-thu", line=str(line), **{"as": "man-chieu"}).get_json()

    assert 'class="wall__board wall-demo"' in board(1)["html"] and "<form" not in board(1)["html"]
    assert "bước 1 trong" in board(titles[0][0])["html"] and "Làm mẫu xong" in board(titles[-1][0])["html"]
    first = titles[0][1].removeprefix("## ").partition(" {")[0]
    text += f"\n## Nhầm chỗ {{loại=lạc}}\n> Lạc: Chưa phải chỗ này.\n\n- [quay lại] Quay về -> {first}\n"
    lost = len(lines) + 1
    assert "chỉ làm mẫu đường đúng" in board(lost)["sentence"]
    author.get("/soan?lang=en")
    assert "the right way" in board(lost)["sentence"], "the author's language, whatever that of the text"


def test_an_area_that_is_not_saved_stands_at_its_place_on_the_phone_and_on_the_wall(send, courses):
    folder = courses / "vneid" / "02-kich-hoat" / "images"
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (360, 720)).save(folder / "a.png")
    area = "- [ảnh] Một {src=images/a.png}\n  - mô tả: Ảnh.\n- [vùng] Tiếp {x=11 y=22 w=33 h=7} => Hai\n"
    text = f"---\ntên: A\n---\n\n## Một\n> Việc: Chạm “Tiếp”.\n\n{area}\n## Hai\n"
    for seen in ("dien-thoai", "man-chieu"):
        answer = send(LAM, text, do="xem-thu", **{"as": seen}).get_json()
        assert "at-11-22-33-7" in answer["html"] and ".at-11-22-33-7" in answer["stylesheet"], seen


def test_the_wall_and_the_page_show_the_draft_of_hieu(courses, send):
    text = read(courses, HIEU).replace("\n## ", "\n## Chữ mới: ", 1)
    phone = send(HIEU, text, do="xem-thu").get_json()
    assert "Chữ mới: " in phone["html"] and f'id="{phone["places"][-1][1]}"' in phone["html"]
    assert "Chữ mới: " in send(HIEU, text, do="xem-thu", **{"as": "tuong"}).get_json()["html"]
    course = read(courses, "course.md").replace("tên: ", "tên: Bản mới ", 1)
    assert "Bản mới " in send("course.md", course, do="xem-thu").get_json()["html"]


def test_a_practice_is_tried_from_a_screen_step_by_step(courses, send):
    text = read(courses, LAM)
    seen = send(LAM, text, do="xem-thu", line="0").get_json()
    step = send(LAM, text, do="xem-thu", log=seen["log"], screen=seen["screen"], q="1", help="do").get_json()
    assert step["screen"] != seen["screen"]
    tapped = send(LAM, text, do="xem-thu", log=step["log"], screen=step["screen"], q="1", help="do").get_json()
    assert tapped["screen"] == step["screen"], "an end stays"


@pytest.mark.slow
def test_a_forged_walk_shows_the_screen_where_it_went_wrong(courses, send):
    text = read(courses, LAM)
    start = send(LAM, text, do="xem-thu", line="0").get_json()["screen"]
    events = ("null", "{}", "[1,2,3,4,5,6,7]", f'[1,0,"{start}",{{}},"tap"]', f'[1,1e400,"{start}",0,["x"]]')
    logs = [f'["{start}",[{event}]]' for event in events]
    for log in (*logs, '["x",[]]', "[" * 5000, "null", "1", ""):
        for step in ({}, {"screen": start, "q": "x", "tap": "0"}, {"screen": start, "q": "1", "tap": "-5"}):
            seen = send(LAM, text, do="xem-thu", log=log, **step)
            assert (seen.status_code, seen.get_json()["screen"]) == (200, start), (log, step)


def test_without_a_script_the_page_of_the_walk_sends_the_draft_on(courses, send):
    page = send(LAM, read(courses, LAM), do="xem-thu", script=False)
    assert page.status_code == 200
    assert 'form="man-hinh" name="log"' in page.text and 'form="man-hinh" name="text"' in page.text


@pytest.mark.parametrize("path", [HIEU, "02-kich-hoat/dung.md", LAM, "course.md"])
def test_without_a_script_nothing_of_a_preview_is_sent_or_leads_out_of_it(courses, send, path):
    (courses / "vneid/02-kich-hoat/dung.md").write_text("---\ntên: Làm thật\n---\n\n- [ ] Mở ứng dụng\n", "utf-8")
    answer = send(path, read(courses, path), do="xem-thu", script=False)
    page = html.fromstring(answer.text)
    assert "chưa lưu" in page.xpath("//aside")[0].text_content()
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "allow-scripts" not in policy
    assert not page.xpath("//script | //link[@rel='modulepreload']")  # a browser complains of each that it may not run
    if path == LAM:
        assert page.xpath("//form/@action") == [ADDRESS] and "allow-forms" in policy
    else:
        assert not page.xpath("//form") and "allow-forms" not in policy
    assert all(address.startswith("#") for address in page.xpath("//a/@href"))


def test_the_preview_is_on_no_page_of_learners(courses, send, lan):
    text = read(courses, LAM).replace("> Việc: ", "> Việc: Bác ơi, ", 1)
    send(LAM, text, do="xem-thu")
    assert "Bác ơi, " not in lan.get("/vneid/kich-hoat/lam?che-do=xem-mau").text


@pytest.mark.slow
def test_what_cannot_be_seen_yet_names_the_file_with_the_error_its_line_and_the_way_there(author, send):
    lesson = "09-bai-moi"
    for name in ("hieu.md", "dung.md"):
        text = author.page(f"/soan/vneid/{lesson}/{name}").xpath("string(//textarea)").removeprefix("\n")
        send(f"{lesson}/{name}", text, do="luu", parent="0")
    practice = author.page(f"/soan/vneid/{lesson}/lam.md").xpath("string(//textarea)").removeprefix("\n")
    text = practice.replace("[nút] Xác nhận => Hoàn thành", "[nút] Xác nhận => Đâu đó")
    line = text[: text.index("Đâu đó")].count("\n") + 1
    seen = send(f"{lesson}/lam.md", text, do="xem-thu").get_json()
    assert f"Tệp này còn lỗi ở dòng {line} " in seen["sentence"] and seen["way"] is None
    assert send(f"{lesson}/lam.md", text, do="luu", parent="0").get_json()["number"] == 1
    use = author.page(f"/soan/vneid/{lesson}/dung.md").xpath("string(//textarea)").removeprefix("\n")
    seen = send(f"{lesson}/dung.md", use, do="xem-thu").get_json()
    assert f"Tệp lam.md còn lỗi ở dòng {line} " in seen["sentence"]
    assert seen["way"] == [f"/soan/vneid/{lesson}/lam.md", "Mở lam.md"]
    page = send(f"{lesson}/dung.md", use, do="xem-thu", script=False)
    assert page.status_code == 422 and f'href="/soan/vneid/{lesson}/lam.md"' in page.text


def test_a_lesson_without_its_first_file_says_so(author, send):
    text = author.page("/soan/vneid/09-bai-moi/dung.md").xpath("string(//textarea)").removeprefix("\n")
    seen = send("09-bai-moi/dung.md", text, do="xem-thu").get_json()
    assert "hieu.md" in seen["sentence"] and seen["way"] == ["/soan/vneid/09-bai-moi/hieu.md", "Mở hieu.md"]


def test_a_new_course_without_a_lesson_leads_to_its_first_one(author, send):
    csrf = csrf_token(author)
    begun = author.post("/soan/khoa-moi", data={"csrf_token": csrf, "thu-muc": "so-suc-khoe"}).location
    text = author.page(begun).xpath("string(//textarea)").removeprefix("\n")
    fields = {"csrf_token": csrf, "text": text, "do": "xem-thu"}
    seen = author.post(begun, data=fields, headers=SCRIPT).get_json()
    assert "chưa có bài nào" in seen["sentence"]
    assert seen["way"] == ["/soan/so-suc-khoe#bai-moi", "Thêm bài đầu tiên"]
