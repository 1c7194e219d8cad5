"""/soan/<course>/<file>: authors write, check and see a file, with and without a script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import select

from lms.content.editor_support.browser_editor import browser_language
from lms.content.library import check_path
from lms.learning.store.database import write_sessions
from tests.web.conftest import TODAY
from tests.web.signed_in_clients import WARD, csrf_token, engine_of, signed_in_client
from tests.web.workshop.editor_form import ADDRESS, HIEU, LAM, read

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


def test_the_page_has_the_text_the_files_of_the_lesson_and_pieces_to_copy(author, courses):
    page = author.page(ADDRESS)
    assert page.xpath("string(//textarea[@name='text'])").lstrip("\n") == read(courses, LAM)
    files = [link.text_content() for link in page.xpath("//nav//a")]
    assert {"Khóa: course.md", "Hiểu: hieu.md", "Làm: lam.md"} <= set(files)
    assert [link.text_content() for link in page.xpath("//nav//a[@aria-current='page']")] == ["Làm: lam.md"]
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


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert said.startswith("Lan Anh đã lưu trong lúc bác viết. Cả hai bản đều còn")
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


@pytest.mark.slow
def test_a_lesson_is_begun_with_sample_text_that_is_no_file_until_it_is_saved(author, courses, send):
    address = "/soan/vneid/09-bai-moi/hieu.md"
    page = author.page(address)
    text = page.xpath("string(//textarea)").removeprefix("\n")
    assert "tên: Bai moi" in text and "Tệp này chưa có" in page.text_content()
    files = [link.text_content() for link in page.xpath("//nav//a")]
    assert {"Hiểu: hieu.md (mới)", "Làm: lam.md (mới)", "Dùng: dung.md (mới)"} <= set(files)
    assert any(problem["rule"] == "sample-left" for problem in send("09-bai-moi/hieu.md", text).get_json()["problems"])
    assert "Bác viết vài câu ngắn" in send("09-bai-moi/hieu.md", text, do="xem-thu").get_json()["html"]
    assert send("09-bai-moi/hieu.md", text, do="luu", parent="0").get_json()["number"] == 1
    names = [link.text_content() for link in author.page(address).xpath("//nav//a")]
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


@pytest.mark.slow
def test_saving_says_how_many_errors_are_left_and_where(author, courses, send):
    links = "[hỏng](khong-co.md)\n\n[hỏng](khong-co-nua.md)\n"
    spoilt = read(courses, HIEU).replace("\n---\n", f"\n---\n\n{links}\n", 1)
    lines = [number for number, line in enumerate(spoilt.split("\n"), 1) if line.startswith("[hỏng]")]
    wanted = f"2 lỗi: dòng {lines[0]}, {lines[1]}"
    page = html.fromstring(send(HIEU, spoilt, script=False, do="kiem-tra").text)
    assert page.xpath("string(//a[@href='#loi'])").startswith(wanted)
    done = send(HIEU, spoilt, do="luu", parent="0", script=False)
    page = author.page(done.location)
    assert "Đã lưu, bản 2. Còn 2 lỗi, sửa xong mới đăng được." in page.text_content()
    assert page.xpath("string(//a[@href='#loi'])").startswith(wanted)
    again = send(HIEU, spoilt, do="luu", parent="2").get_json()
    assert "Còn 2 lỗi" in again["sentence"]
    mended = send(HIEU, read(courses, HIEU), do="luu", parent=str(again["number"])).get_json()
    assert "lỗi" not in mended["sentence"]
