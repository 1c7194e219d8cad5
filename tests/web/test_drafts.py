"""Lessons and courses with ``nháp: có``: for their author under ``lms serve --watch``, and for nobody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lms.content.catalog import Catalog
from tests.web.checking_client import CheckingClient
from tests.web.conftest import TODAY
from tests.web.learner_actions import earn_all_marks
from tests.web.signed_in_clients import csrf_token, signed_in_client

LESSON = "vneid/02-kich-hoat/hieu.md"
PAGES = ("/vneid/kich-hoat", "/vneid/kich-hoat/hieu", "/vneid/kich-hoat/lam", "/vneid/kich-hoat/lam?che-do=xem-mau")


@pytest.fixture
def save(courses: Path, catalog: Catalog):
    """Write a file anew, as its author, and read the courses."""

    def save(name: str, old: str, new: str, *, watched: bool = True) -> list[str]:
        path = courses / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        catalog.authoring = watched
        return [problem.rule for problem in catalog.reload().problems if problem.level == "error"]

    return save


def make_draft(save, name: str = LESSON, *, watched: bool) -> None:
    assert save(name, "---\n", "---\nnháp: có\n", watched=watched) == []


def test_learners_find_a_draft_nowhere(lan: CheckingClient, save):
    make_draft(save, watched=False)
    for address in (*PAGES, "/vneid/kich-hoat/images/the.svg", "/toi/nhan-huy-hieu/vneid/kich-hoat"):
        assert lan.get(address).status_code == 404, address
    for address in ("/", "/vneid", "/vneid/ba-loai-ma", "/vneid/tai-ve.json", "/toi"):
        assert "kich-hoat" not in lan.get(address).text, address
        assert "nháp" not in lan.get(address).text, address
    assert lan.page("/vneid").xpath("//main//ol//a/@href") == ["/vneid/ba-loai-ma"]


@pytest.mark.slow
def test_a_course_is_done_without_its_drafts(lan: CheckingClient, save):
    make_draft(save, watched=False)
    earn_all_marks(lan)
    assert lan.post("/toi/nhan-huy-hieu/vneid", data={"ten": "Trần Thị Lan"}).status_code == 303


@pytest.mark.slow
def test_a_draft_course_is_listed_nowhere(lan: CheckingClient, courses: Path, save):
    shutil.copytree(courses / "vneid", courses / "khoa-moi")
    make_draft(save, "khoa-moi/course.md", watched=False)
    for address in ("/khoa-moi", "/khoa-moi/ba-loai-ma", "/khoa-moi/ba-loai-ma/hieu", "/khoa-moi/tai-ve.json"):
        assert lan.get(address).status_code == 404, address
    assert "/khoa-moi" not in lan.get("/").text


def test_nobody_misses_a_draft_course_with_errors(courses: Path, save):
    make_draft(save, "vneid/course.md", watched=False)
    assert save("vneid/course.md", "tên:", "tênn:", watched=False) != []
    fresh = Catalog(courses, lambda: TODAY)
    assert (fresh.faulty_courses, fresh.held_back, fresh.unavailable) == ((), (), ())


def test_its_author_sees_a_draft_marked_on_each_of_its_pages(lan: CheckingClient, save):
    make_draft(save, watched=True)
    for address in PAGES:
        response = lan.get(address)
        assert response.status_code == 200
        assert "Bản nháp." in response.text
        assert "Page-Version" not in response.headers, "a phone would keep it for the time without a network"
    page = lan.page("/vneid")
    assert "Bản nháp." not in page.text_content()
    assert page.xpath("//h2[contains(., 'Bản nháp')]/following-sibling::ol//a/@href") == ["/vneid/kich-hoat"]
    assert "kich-hoat" not in lan.get("/").text and "kich-hoat" not in lan.get("/vneid/tai-ve.json").text
    assert "Bản nháp." not in lan.get("/vneid/ba-loai-ma").text


def test_its_author_sees_a_draft_course(lan: CheckingClient, courses: Path, save):
    shutil.copytree(courses / "vneid", courses / "khoa-moi")
    make_draft(save, "khoa-moi/course.md", watched=True)
    assert lan.page("/").xpath("//h2[contains(., 'Bản nháp')]/following-sibling::ul//a/@href") == ["/khoa-moi"]
    lessons = lan.page("/khoa-moi").xpath("//main//ol//a/@href")
    assert lessons == ["/khoa-moi/ba-loai-ma", "/khoa-moi/kich-hoat"]
    assert "Bản nháp." in lan.get("/khoa-moi/ba-loai-ma/dung").text


def test_nothing_of_a_draft_is_kept(lan: CheckingClient, save):
    make_draft(save, watched=True)
    action = lan.page("/vneid/kich-hoat/hieu").xpath("//question-card//form/@action")[0].partition("#")[0]
    assert lan.post(action, data={"answer": "a"}).status_code == 404
    assert lan.post("/vneid/kich-hoat/lam", data={"mode": "tu-lam"}).status_code == 404
    assert lan.get("/toi/nhan-huy-hieu/vneid/kich-hoat").status_code == 404


def test_an_edited_draft_is_seen_at_once(lan: CheckingClient, save):
    make_draft(save, watched=True)
    lan.get("/vneid/kich-hoat/hieu")
    assert save(LESSON, "## ", "## Vừa sửa: ") == []
    assert "Vừa sửa: " in lan.get("/vneid/kich-hoat/hieu").text


def test_an_error_in_a_draft_holds_nothing_back(lan: CheckingClient, save, catalog: Catalog):
    make_draft(save, watched=True)
    assert save(LESSON, "\n## ", "\n::: la-gi\n:::\n\n## ") != []
    assert save("vneid/01-ba-loai-ma/hieu.md", "\n## ", "\nMới viết xong.\n\n## ") != []
    page = lan.get("/vneid/ba-loai-ma/hieu").text
    assert "Mới viết xong." in page and "authoring-banner" not in page
    assert lan.get("/vneid/kich-hoat").status_code == 503
    assert catalog.faulty_courses == catalog.held_back == catalog.unavailable == ()


def test_its_author_sees_the_errors_of_a_faulty_draft_at_its_address(lan: CheckingClient, save, courses: Path):
    """Whether it was readable before, or is new."""
    make_draft(save, watched=True)
    save(LESSON, "\n## ", "\n::: la-gi\n:::\n\n## ")
    shutil.copytree(courses / "vneid" / "02-kich-hoat", courses / "vneid" / "03-moi")
    save("vneid/03-moi/hieu.md", "la-gi", "la-ai")
    for slug, folder, name in (("kich-hoat", "02-kich-hoat", "la-gi"), ("moi", "03-moi", "la-ai")):
        for page in ("", "/hieu", "/lam"):
            answered = lan.get(f"/vneid/{slug}{page}")
            assert answered.status_code == 503
            assert f"Bài “{slug}” chưa lên trang" in answered.text
            assert "Còn 1 lỗi" in answered.text and name in answered.text
            assert f"{folder}/hieu.md</code> dòng " in answered.text
    listed = lan.page("/vneid").xpath("//h2[contains(., 'Bản nháp')]/following-sibling::ol//a/@href")
    assert listed == ["/vneid/kich-hoat", "/vneid/moi"]


def test_its_author_sees_the_errors_of_a_faulty_draft_course(lan: CheckingClient, save, courses: Path):
    shutil.copytree(courses / "vneid", courses / "khoa-moi")
    save("khoa-moi/course.md", "---\n", "---\nnháp: có\n")
    save("khoa-moi/course.md", "tên:", "tênn:")
    fresh = Catalog(courses, lambda: TODAY)
    fresh.authoring = True
    lan.application.extensions["catalog"] = fresh
    assert lan.page("/").xpath("//h2[contains(., 'Bản nháp')]/following-sibling::ul//a/@href") == ["/khoa-moi"]
    for address in ("/khoa-moi", "/khoa-moi/kich-hoat"):
        assert "khoa-moi/course.md</code> dòng " in lan.get(address).text


def test_learners_find_a_faulty_draft_nowhere(lan: CheckingClient, save):
    make_draft(save, watched=False)
    assert save(LESSON, "\n## ", "\n::: la-gi\n:::\n\n## ", watched=False) != []
    for address in PAGES:
        assert lan.get(address).status_code == 404
    assert "kich-hoat" not in lan.get("/vneid").text


def test_drafts_leave_no_hole_in_the_numbers_that_learners_see(lan: CheckingClient, save, courses: Path):
    shutil.copytree(courses / "vneid" / "02-kich-hoat", courses / "vneid" / "03-ba")
    make_draft(save, watched=False)
    assert lan.page("/vneid").xpath("//main//ol//*[@class='course__name']/text()") == [
        "1. Ba loại mã", "2. Kích hoạt",
    ]  # fmt: skip
    assert "Bài 2: " in lan.page("/vneid/ba").findtext(".//title")


def test_an_author_sees_the_numbers_of_learners_and_on_a_draft_those_to_come(lan: CheckingClient, save, courses: Path):
    shutil.copytree(courses / "vneid" / "02-kich-hoat", courses / "vneid" / "03-ba")
    make_draft(save, watched=True)
    assert "Bài 2: " in lan.page("/vneid/ba").findtext(".//title")
    assert "Bài 2: " in lan.page("/vneid/kich-hoat").findtext(".//title")
    save(LESSON, "nháp: có\n", "")
    assert "Bài 2: " in lan.page("/vneid/kich-hoat").findtext(".//title")
    assert "Bài 3: " in lan.page("/vneid/ba").findtext(".//title")


def test_an_error_beside_a_draft_keeps_the_course_as_it_was(lan: CheckingClient, save, catalog: Catalog):
    make_draft(save, watched=True)
    assert save("vneid/01-ba-loai-ma/hieu.md", "\n## ", "\n::: la-gi\n:::\n\n## Mới ") != []
    assert "## Mới" not in lan.get("/vneid/ba-loai-ma/hieu").text
    assert catalog.held_back == ("vneid",)
    assert "Bản nháp." in lan.get("/vneid/kich-hoat/hieu").text


@pytest.mark.parametrize("watched", [True, False])
def test_no_class_opens_with_a_draft(app, save, watched):
    make_draft(save, watched=watched)
    facilitator = signed_in_client(app)
    assert "vneid/kich-hoat" not in facilitator.get("/dung-lop?bai=vneid/kich-hoat").text
    preview = facilitator.get("/dung-lop/bai/vneid/kich-hoat")
    assert preview.status_code == (200 if watched else 404)
    assert "#mo-lop" not in preview.text
    fields = {"bai": "vneid/kich-hoat", "noi": "Nhà văn hóa", "csrf_token": csrf_token(facilitator)}
    assert facilitator.post("/dung-lop", data=fields).status_code == 422


@pytest.mark.parametrize(
    ("name", "line", "rule"),
    [(LESSON, "nháp: mai", "draft-value"), ("vneid/02-kich-hoat/lam.md", "nháp: có", "draft-place")],
)
def test_a_mistyped_draft_mark_is_an_error(save, name, line, rule):
    assert save(name, "---\n", f"---\n{line}\n") == [rule]
