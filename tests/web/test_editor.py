"""/soan/<course>/<file>: authors write, check and see a file, with and without a script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from PIL import Image
from sqlalchemy import select

from lms.content.editor_support.browser_editor import browser_language
from lms.content.library import check_path
from lms.learning.accounts.permissions import CITY
from lms.learning.store.database import write_sessions
from tests.web.checking_client import CheckingClient
from tests.web.conftest import TODAY
from tests.web.signed_in_clients import WARD, csrf_token, engine_of, signed_in_client

LAM, HIEU = "02-kich-hoat/lam.md", "02-kich-hoat/hieu.md"
ADDRESS = f"/soan/vneid/{LAM}"
CRAFTY = """
::: hỏi
Có người gọi xin mã OTP. Bác làm gì?
- [ ] Đọc mã
  > Mã là của bác.
- [ ] Đọc nửa
  > Nửa mã cũng là mã.
- [x] Cúp máy
:::
"""
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def author(app: Flask, courses: Path) -> CheckingClient:
    return signed_in_client(app, "Khoa", {"author"}, CITY)


@pytest.fixture
def send(author: CheckingClient):
    """Post a draft as the page's form, or as its script."""
    csrf = csrf_token(author)

    def send(path: str, text: str, *, script: bool = True, **fields: str):
        data = {"csrf_token": csrf, "text": text, **fields}
        kwargs = {"headers": SCRIPT} if script else {}
        return author.post(f"/soan/vneid/{path}", data=data, content_type="multipart/form-data", **kwargs)

    return send


def read(courses: Path, path: str) -> str:
    return (courses / "vneid" / path).read_text("utf-8")


def test_the_page_has_the_text_the_files_of_the_lesson_and_pieces_to_copy(author, courses):
    page = author.page(ADDRESS)
    assert page.xpath("string(//textarea[@name='text'])").lstrip("\n") == read(courses, LAM)
    assert {"Khóa: course.md", "Hiểu: hieu.md", "Làm: lam.md"} <= set(page.xpath("//nav//a/text()"))
    assert page.xpath("//nav//a[@aria-current='page']/text()") == ["Làm: lam.md"]
    assert any("Mã OTP của bác là {{otp}}." in piece for piece in page.xpath("//pre/text()"))


def test_a_text_that_begins_with_empty_lines_stays_as_it_is(send):
    text = "\n\n---\ntên: Thử\n---\n"
    page = send(LAM, text, script=False).text
    assert "<textarea" in page and f">\n{text}</textarea>" in page


@pytest.mark.parametrize(
    "path", ["02-kich-hoat/khac.md", "../../etc/passwd", "02-kich-hoat/images/the.svg", "khong-co/hieu.md", "lam.md"]
)
def test_what_is_no_file_of_a_course_has_no_editor(author, path):
    assert author.get(f"/soan/vneid/{path}").status_code == 404
    assert author.get(f"/soan/khong-co/{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (LAM, "=>", "→"),
        (LAM, "> Việc:", "> Viec la:"),
        (HIEU, "[x]", "[ x]"),
        ("course.md", "tóm tắt:", "tom tatt:"),
        ("03-la/hieu.md", "", ""),
    ],
)
def test_the_margin_says_what_the_command_says(courses, send, path, old, new):
    if path.startswith("03"):
        (courses / "vneid/03-la").mkdir()
        (courses / "vneid" / path).write_text("---\ntên: Lạ\n---\n\nBác viết một câu\n", "utf-8")
    text = read(courses, path)
    changed = text.replace(old, new, 1)
    said = send(path, changed).get_json()
    file = courses / "vneid" / path
    file.write_text(changed, "utf-8")
    folder = file if path == "course.md" else file.parent
    wanted = [
        (problem.line, problem.column, problem.level, problem.rule, problem.sentence)
        for problem in check_path(folder, today=TODAY)
        if Path(problem.path) == file
    ]
    assert wanted
    assert [
        (each["line"], each["column"], each["level"], each["rule"], each["sentence"]) for each in said["problems"]
    ] == wanted


def test_what_a_draft_breaks_in_another_file_of_its_lesson_is_told(courses, send):
    hieu = courses / "vneid" / HIEU
    screen = read(courses, LAM).split("\n## ")[1].split("\n")[0].split(" {")[0]
    block = f"\n\n::: chạm thử\nChạm vào đây.\n=> {screen}\n:::\n"
    hieu.write_text(hieu.read_text("utf-8") + block, "utf-8")
    whole = send(LAM, read(courses, LAM)).get_json()["elsewhere"]
    broken = send(LAM, read(courses, LAM).replace(screen, "Màn đã đổi tên")).get_json()["elsewhere"]
    assert len(broken) > len(whole)
    assert {problem["file"] for problem in broken} >= {HIEU}


@pytest.mark.parametrize(
    ("address", "action"),
    [(ADDRESS, "kiem-tra"), (ADDRESS, "xem-thu"), (ADDRESS, "sua"), (f"/soan/ve/vneid/{LAM}", "ghi")],
)
def test_a_draft_is_read_while_somebody_else_is_saving(app, author, courses, address, action):
    fields = {"csrf_token": csrf_token(author), "text": read(courses, LAM), "do": action}
    with write_sessions(engine_of(app)).begin() as saving:
        saving.execute(select(1))  # on SQLite it holds the one write lock from here on
        assert author.post(address, data=fields).status_code == 200


def test_a_check_keeps_nothing(courses, send):
    before = read(courses, LAM)
    send(LAM, "khác")
    assert read(courses, LAM) == before


def test_problems_are_listed_without_a_script_with_their_rule(courses, send):
    page = send(LAM, read(courses, LAM).replace("=>", "→", 1), script=False, do="kiem-tra")
    assert page.status_code == 200
    assert "/soan/quy-tac/near-arrow" in page.text and "Dòng" in page.text


def test_one_problem_is_mended_by_its_remedy_and_all_safe_ones_at_once(courses, send):
    text = read(courses, LAM)
    spoilt = text.replace("- [nút]", "- [nut]").replace("> Việc:", "> Viêc:", 1).replace("- [nút]", "-[nút]", 1)
    spoilt = text.replace("- [nút]", "-[nút]", 1)
    [problem] = [each for each in send(LAM, spoilt).get_json()["problems"] if each["level"] == "error"]
    assert problem["fixable"]
    mended = send(LAM, spoilt, do="sua", rule=problem["rule"], line=str(problem["line"])).get_json()
    assert mended == {"text": text}
    assert send(LAM, spoilt, do="sua").get_json() == {"text": text, "sentence": "Đã sửa 1 chỗ."}
    assert send(LAM, text, do="sua").get_json() == {"text": text, "sentence": "Không có chỗ nào phải sửa."}
    unclear = text.replace(" => Xong", "", 1)
    answer = {"text": unclear, "sentence": "Máy chưa tự sửa được chỗ nào. Bác sửa theo lời nhắc ở dưới nhé."}
    assert send(LAM, unclear, do="sua").get_json() == answer
    both = send(LAM, spoilt.replace(" => Xong", "", 1), script=False, do="sua").text
    assert re.search(r"Đã sửa 1 chỗ\. Còn \d chỗ bác sửa theo lời nhắc", both)
    assert "- [nút]" in send(LAM, spoilt, script=False, do="sua").text
    assert send(LAM, text, do="sua", rule="dead-end", line="3").get_json().keys() == {"sentence"}


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


def test_the_graph_and_the_sheet_show_the_draft(courses, send):
    text = read(courses, LAM)
    graph = send(LAM, text, do="xem-thu", **{"as": "so-do"}).get_json()
    assert {f'data-screen="{screen}"' for _, screen in graph["places"]} <= set(graph["html"].replace(">", " ").split())
    assert 'class="sheet' in send(LAM, text, do="xem-thu", **{"as": "to-buoc"}).get_json()["html"]


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
    area = "- ảnh (images/a.png): Một\n  - mô tả: Ảnh.\n- vùng (trái 11, trên 22, rộng 33, cao 7): Tiếp => Hai\n"
    text = f"---\ntên: A\n---\n\n## Một\n> Việc: Chạm “Tiếp”.\n\n{area}\n## Hai\n"
    for seen in ("dien-thoai", "man-chieu"):
        answer = send(LAM, text, do="xem-thu", **{"as": seen}).get_json()
        assert "at-11-22-33-7" in answer["html"] and ".at-11-22-33-7" in answer["stylesheet"], seen


def test_advice_on_the_craft_is_told_when_asked_for_and_never_as_a_problem(courses, send):
    text = read(courses, HIEU) + CRAFTY
    assert send(HIEU, text, do="kiem-tra").get_json()["problems"] == []
    found = send(HIEU, text, do="goi-y").get_json()
    [advice] = found["advice"]
    assert (advice["rule"], advice["level"]) == ("only-refusing-option", "advice")
    assert text.split("\n")[advice["line"] - 1] == "- [x] Cúp máy"
    assert found["sentence"] == "Có 1 gợi ý."
    page = html.fromstring(send(HIEU, text, do="goi-y", script=False).text)
    [group] = page.xpath("//details[@data-advice]")
    assert group.get("open") is not None and group.xpath(".//li//a/@href") == ["/soan/quy-tac/only-refusing-option"]


def test_advice_waits_for_errors_and_says_when_there_is_none(courses, send, author):
    assert "còn lỗi" in send(HIEU, read(courses, HIEU) + "\n::: hỏi\n:::\n", do="goi-y").get_json()["sentence"]
    assert send(HIEU, read(courses, HIEU), do="goi-y").get_json() == {
        "advice": [], "sentence": "Máy không có gợi ý nào.",
    }  # fmt: skip
    [group] = author.page(ADDRESS).xpath("//details[@data-advice]")
    assert group.get("open") is None
    assert not author.page(ADDRESS.replace("lam.md", "lam.en.md")).xpath("//details[@data-advice]")


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
    if path == LAM:
        assert page.xpath("//form/@action") == [ADDRESS] and "allow-forms" in policy
    else:
        assert not page.xpath("//form") and "allow-forms" not in policy
    assert all(address.startswith("#") for address in page.xpath("//a/@href"))


def test_the_preview_is_on_no_page_of_learners(courses, send, lan):
    text = read(courses, LAM).replace("> Việc: ", "> Việc: Bác ơi, ", 1)
    send(LAM, text, do="xem-thu")
    assert "Bác ơi, " not in lan.get("/vneid/kich-hoat/lam?che-do=xem-mau").text


def test_the_script_gets_the_words_of_the_language(author):
    response = author.get("/soan/ngon-ngu.json")
    assert response.text == browser_language()
    words = response.get_json()
    assert "nút" in words["roles"] and "cảnh báo" in words["blocks"] and "trang chủ" in words["kinds"]
    [picture] = [each for each in words["attributes"] if each["word"] == "hình"]
    assert "máy ảnh" in picture["values"] and "nút" in picture["roles"]


def saved(page) -> tuple[str, str, str]:
    """(parent, merged, text) of the form of an editor's page."""
    fields = html.fromstring(page.text)
    value = lambda name: fields.xpath(f"string(//form//input[@name='{name}']/@value)")  # noqa: E731
    return value("parent"), value("merged"), fields.xpath("string(//textarea)").removeprefix("\n")


def test_a_saved_text_is_there_at_the_next_visit_and_the_folder_stays(author, courses, send):
    before = read(courses, LAM)
    text = f"{before}\n%% hỏi lại chị Hoa\n"
    done = send(LAM, text, do="luu", parent="0", why="thêm ghi chú", script=False)
    assert (done.status_code, done.location) == (303, f"{ADDRESS}?xong=luu")
    page = author.get(done.location)
    assert saved(page) == ("2", "", text), "the folder's text became revision 1"
    assert "Đã lưu, bản 2." in page.text
    assert read(courses, LAM) == before
    assert send(LAM, text, do="luu", parent="2").get_json()["number"] == 2


def test_a_check_sees_what_was_saved_in_other_files(courses, send):
    send(HIEU, read(courses, HIEU).replace("[x]", "[ x]", 1), do="luu", parent="0")
    assert {problem["file"] for problem in send(LAM, read(courses, LAM)).get_json()["elsewhere"]} >= {HIEU}


@pytest.mark.parametrize("script", [True, False])
def test_two_authors_keep_both_texts_and_see_them_merged(app, author, courses, send, script):
    text = read(courses, LAM)
    assert send(LAM, text.replace("> Việc: ", "> Việc: Bác Hai, ", 1), do="luu", parent="0").get_json()["number"] == 2
    mine = text.replace("> Việc: ", "> Việc: Bác Ba, ", 1)
    answer = send(LAM, mine, do="luu", parent="0", script=script)
    if script:
        found = answer.get_json()
        parent, merged, both, said = str(found["number"]), str(found["merged"]), found["text"], found["sentence"]
    else:
        assert answer.status_code == 409
        compare = html.fromstring(answer.text).xpath("string(//*[@data-compare][not(@hidden)]/a/@href)")
        assert "Bác Ba, " in author.get(compare).text and "Bác Hai, " in author.get(compare).text
        (parent, merged, both), said = saved(answer), html.fromstring(answer.text).xpath("string(//*[@data-said])")
    assert (parent, merged) == ("2", "3")
    assert "Bác Hai, " in both and "Bác Ba, " in both and "<<<<<<<" in both
    assert said.startswith("Khoa đã lưu trong lúc bác viết. Cả hai bản đều còn")
    done = send(LAM, mine, do="luu", parent=parent, merged=merged).get_json()
    assert done["number"] == 4 and "text" not in done


def test_what_cannot_be_kept_is_told_in_a_sentence(courses, send):
    refused = send(LAM, "a\0b", do="luu", parent="0", script=False)
    assert refused.status_code == 422 and refused.text.count("data-said")
    assert send(LAM, "chữ", do="luu", parent="77").status_code == 404


def test_an_author_of_a_ward_does_not_write_the_citys_courses(app, courses):
    author = signed_in_client(app, "Hoa", {"author"}, WARD)
    assert author.get(ADDRESS).status_code == 403
    csrf = csrf_token(author)
    assert author.post(ADDRESS, data={"csrf_token": csrf, "text": "chữ", "do": "luu"}).status_code == 403


def test_what_cannot_be_seen_yet_names_the_file_with_the_error_its_line_and_the_way_there(author, send):
    lesson = "09-bai-moi"
    for name in ("hieu.md", "dung.md"):
        text = author.page(f"/soan/vneid/{lesson}/{name}").xpath("string(//textarea)").removeprefix("\n")
        send(f"{lesson}/{name}", text, do="luu", parent="0")
    practice = author.page(f"/soan/vneid/{lesson}/lam.md").xpath("string(//textarea)").removeprefix("\n")
    text = practice.replace("nút: Xác nhận => Hoàn thành", "nút: Xác nhận => Đâu đó")
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


def test_a_lesson_is_begun_with_sample_text_that_is_no_file_until_it_is_saved(author, courses, send):
    address = "/soan/vneid/09-bai-moi/hieu.md"
    page = author.page(address)
    text = page.xpath("string(//textarea)").removeprefix("\n")
    assert "tên: Bai moi" in text and "chưa có" in page.xpath("string(//*[@data-said])")
    assert {"Hiểu: hieu.md (mới)", "Làm: lam.md (mới)", "Dùng: dung.md (mới)"} <= set(page.xpath("//nav//a/text()"))
    assert any(problem["rule"] == "sample-left" for problem in send("09-bai-moi/hieu.md", text).get_json()["problems"])
    assert "Bác viết vài câu ngắn" in send("09-bai-moi/hieu.md", text, do="xem-thu").get_json()["html"]
    assert send("09-bai-moi/hieu.md", text, do="luu", parent="0").get_json()["number"] == 1
    names = author.page(address).xpath("//nav//a/text()")
    assert "Hiểu: hieu.md" in names and "Hiểu: hieu.md (mới)" not in names
    assert author.get("/soan/khong-co/09-bai-moi/hieu.md").status_code == 404


USE, ENGLISH_USE = "01-ba-loai-ma/dung.md", "01-ba-loai-ma/dung.en.md"


def test_a_translation_begins_with_the_text_of_its_original_beside_it(author, courses, send):
    [link] = author.page(f"/soan/vneid/{USE}").xpath("//nav//a[starts-with(., 'Tạo bản dịch')]/@href")
    assert link == f"/soan/vneid/{ENGLISH_USE}"
    page = author.page(link)
    text = page.xpath("string(//textarea[@name='text'])").lstrip("\n")
    assert page.xpath("string(//textarea[@readonly])").lstrip("\n") == read(courses, USE)
    assert "bác dịch từng dòng" in page.text_content()
    found = send(ENGLISH_USE, text).get_json()["problems"]
    assert {problem["rule"] for problem in found} == {"translation-missing"}
    assert any(problem["line"] > 3 for problem in found)
    assert not (courses / "vneid" / ENGLISH_USE).exists()


def test_the_margin_of_a_translation_tells_what_is_missing_and_marks_it_as_reviewed(courses, send):
    text = (
        "---\ntên: On your phone\nbản gốc: 00000000\nchuẩn bị:\n  - Your identity card\n---\n\n"
        "Type the password yourself.\n\n- [ ] Open VNeID\n- [ ] Sign in\n"
    )
    found = send(ENGLISH_USE, text).get_json()["problems"]
    assert {(problem["rule"], problem["line"]) for problem in found} == {
        ("translation-old", 3),
        ("translation-differs", 10),
    }
    mended = send(ENGLISH_USE, text, do="sua", rule="translation-old", line="3").get_json()["text"]
    rules = [problem["rule"] for problem in send(ENGLISH_USE, mended).get_json()["problems"]]
    assert rules == ["translation-differs"]
    assert send(ENGLISH_USE, text, do="sua").get_json()["text"] == text
