"""Pictures in the editor: uploaded with and without a script, seen in the draft, and refused in a sentence."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from PIL import Image

from lms.learning.store.database import read_sessions
from lms.learning.workshop.revisions import find_heads
from tests.web.checking_client import CheckingClient
from tests.web.signed_in_clients import csrf_token, engine_of, make_account, sign_in

LESSON = "02-kich-hoat"
HIEU = f"/soan/vneid/{LESSON}/hieu.md"


def png(size: tuple[int, int] = (40, 60)) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, "white").save(output, "PNG")
    return output.getvalue()


def upload(client: CheckingClient, body: bytes | None = None, *, script: bool = True, **form: object):
    fields = {"csrf_token": csrf_token(client), "khoa": "vneid", "bai": LESSON, "tep": "hieu.md", "mo-ta": "Màn chính"}
    fields |= {"anh": (io.BytesIO(png() if body is None else body), form.pop("name", "Màn hình.png"))} | form
    headers = {"Accept": "application/json"} if script else {}
    return client.post("/soan/them-anh", data=fields, headers=headers, content_type="multipart/form-data")


def saved_paths(app: Flask) -> list[str]:
    with read_sessions(engine_of(app))() as session:
        return [head.path for head in find_heads(session, "vneid")]


def draft(client: CheckingClient, text: str, action: str):
    fields = {"csrf_token": csrf_token(client), "text": text, "do": action, "parent": "0"}
    return client.post(HIEU, data=fields, headers={"Accept": "application/json"})


def editor_text(client: CheckingClient) -> str:
    return client.page(HIEU).xpath("//textarea[@name='text']")[0].text.removeprefix("\n")


@pytest.mark.slow
def test_the_words_to_insert_come_back_and_the_draft_shows_the_picture_before_it_is_published(app, author, second, lan):
    answer = upload(author)
    assert answer.json["text"] == "![Màn chính](images/man-hinh.png)\n"
    assert "Đã thêm ảnh" in answer.json["sentence"]
    text = f"{editor_text(author)}\n## Hình\n\n{answer.json['text']}"
    assert draft(author, text, "kiem-tra").json["problems"] == []
    shown = draft(author, text, "xem-thu").json["html"]
    address = f"/soan/hinh/vneid/{LESSON}/images/man-hinh.png"
    assert f'src="{address}"' in shown
    picture = author.get(address)
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["Cache-Control"] == "private, no-cache"
    assert Image.open(io.BytesIO(picture.data)).size == (40, 60)
    assert lan.get(address).location.startswith("/vao")
    assert lan.get("/vneid/kich-hoat/images/man-hinh.png").status_code == 404
    again = author.page(HIEU).xpath("//details[@data-picture]//li[code='images/man-hinh.png']/img/@src")
    assert again == [address]
    number = draft(author, text, "luu").json["number"]
    path = f"{LESSON}/hieu.md"
    listed = author.page("/soan").text_content()
    assert path in listed and "man-hinh.png" not in listed
    author.post(f"/soan/nop/vneid/{path}", data={"csrf_token": csrf_token(author), "ban": number})
    seen = second.page(f"/soan/lich-su/vneid/{path}")
    assert seen.xpath("//img/@src") == [address]
    second.post(f"/soan/duyet/vneid/{path}", data={"csrf_token": csrf_token(second), "ban": number, "viec": "duyet"})
    done = author.post("/soan/dang/vneid", data={"csrf_token": csrf_token(author), "tep": path})
    assert done.status_code == 303
    assert "man-hinh.png" in second.page("/soan/dang/vneid").text_content()


@pytest.mark.slow
def test_a_second_person_sees_the_pictures_in_the_order_of_the_text(author, second):
    first, other = (
        upload(author, png((40, height)), name=f"{name}.png").json for name, height in (("z", 50), ("a", 70))
    )
    draft(author, f"{editor_text(author)}\n## Hình\n\n{first['text']}\n{other['text']}\n{first['text']}", "luu")
    shown = second.page(f"/soan/lich-su/vneid/{LESSON}/hieu.md").xpath("//img/@src")
    assert [address.rpartition("/")[2] for address in shown] == ["z.png", "a.png"]


def test_a_practice_gets_a_widget(author):
    text = upload(author, tep="lam.md", **{"mo-ta": "Màn chính có 3 nút {{otp}}"}).json["text"]
    assert text == "- [ảnh] Ảnh chụp màn hình {src=images/man-hinh.png}\n  - mô tả: Màn chính có 3 nút ((otp))\n"
    assert "- [ảnh] Màn chính {src=images/man-hinh.png}\n" in upload(author, tep="lam.md").json["text"]


def test_without_a_script_a_page_has_the_words_to_copy(author):
    form = author.page(HIEU).xpath("//form[@action='/soan/them-anh']")[0]
    assert form.get("target") == "_blank" and form.xpath(".//input[@name='bai']/@value") == [LESSON]
    answer = upload(author, script=False, **{"mo-ta": "Nút [Gửi]"})
    assert answer.status_code == 200
    assert r"![Nút \[Gửi\]](images/man-hinh.png)" in answer.text
    assert 'src="/soan/hinh/vneid/02-kich-hoat/images/man-hinh.png"' in answer.text


@pytest.mark.parametrize(
    ("body", "form", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', {"name": "a.svg"}, "SVG"),
        (b"<script>alert(1)</script>", {"name": "<b>a</b>.png"}, "chứa thứ khác"),
        (b"", {"name": ""}, "Chọn một hình"),
        (b"", {}, "trống"),
        (None, {"mo-ta": "  "}, "Ghi trong ảnh có gì"),
        (None, {"mo-ta": "dài " * 60}, "viết ngắn hơn"),
        (None, {"bai": "../../etc"}, "Tên thư mục"),
    ],
)
@pytest.mark.parametrize("script", [True, False])
def test_what_is_refused_is_told_in_a_sentence_and_nothing_is_stored(app, author, body, form, sentence, script):
    answer = upload(author, body, script=script, **form)
    assert answer.status_code == 422
    assert sentence in (answer.json["sentence"] if script else answer.text)
    assert "<b>" not in answer.text or script
    assert saved_paths(app) == []


def test_eight_megabytes_are_taken_and_more_is_refused(app, author):
    assert upload(author, b"\x89PNG" + b"\0" * 7_999_000).status_code == 422
    assert upload(author, b"\0" * 8_100_000).status_code == 413
    assert saved_paths(app) == []


def test_a_course_of_others_and_one_that_is_none_get_no_picture(app, author):
    of_ward = sign_in(app, make_account(app, "Của phường", {"author"}))
    assert upload(of_ward).status_code == 403
    assert upload(author, khoa="khong-co").status_code == 404
    assert upload(author, khoa="../vneid").status_code == 422
    assert upload(author, csrf_token="sai").status_code in (303, 400, 403)
    assert saved_paths(app) == []


@pytest.mark.parametrize("path", ["02-kich-hoat/images/khong-co.png", "02-kich-hoat/hieu.md", "..%2f..%2fx.png"])
def test_only_pictures_of_the_course_are_shown(author, path):
    assert author.get(f"/soan/hinh/vneid/{path}").status_code == 404
