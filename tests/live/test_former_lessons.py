"""POSTs of scripts from pages that were opened before their lesson was merged into another one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.live.processes import serving
from tests.live.raw_http import HttpResponse, post_form
from tests.web.sample_course import SECOND_HIEU, write_courses

SCRIPT = {"Accept": "application/json"}
QUESTION = SECOND_HIEU[SECOND_HIEU.index("::: hỏi") :]
TASKS = "---\ntên: Làm\n---\n\n- [ ] Mở VNeID thật\n- [ ] Mở thẻ\n"


def first_edition(folder: Path) -> Path:
    """Both lessons have the question "Mã OTP gửi về đâu?", and the first one has tasks."""
    courses = write_courses(folder)
    with (courses / "vneid/01-ba-loai-ma/hieu.md").open("a", encoding="utf-8") as hieu:
        hieu.write("\n" + QUESTION)
    return courses


def merge(courses: Path) -> None:
    """The first lesson becomes a part of the second one, which has one of its questions and one of its tasks."""
    shutil.rmtree(courses / "vneid/01-ba-loai-ma")
    second = courses / "vneid/02-kich-hoat"
    (second / "hieu.md").write_text(SECOND_HIEU.replace("phút: 3", "phút: 3\nchuyển từ: ba-loai-ma"), "utf-8")
    (second / "dung.md").write_text(TASKS, "utf-8")


def parsed(reply: HttpResponse) -> dict:
    assert reply.headers["content-type"] == "application/json"
    return json.loads(reply.body)


def test_what_the_new_place_has_is_saved_there_and_the_rest_is_told(tmp_path):
    from lms.content.catalog import Catalog
    from tests.web.conftest import TODAY

    courses = first_edition(tmp_path / "courses")
    lesson = Catalog(courses, lambda: TODAY).library.lesson("vneid", "ba-loai-ma")
    gone, kept = lesson.understand.questions[0], lesson.understand.questions[-1]
    right = next(option.key for option in kept.options if option.right)
    shared_task, other_task = (task.id for task in lesson.use.tasks)
    merge(courses)
    with serving(tmp_path, courses=courses) as server:
        page = "/vneid/ba-loai-ma"

        def post(path: str, *fields: tuple[str, str], **headers: str) -> HttpResponse:
            return post_form(server.url, page + path, list(fields), SCRIPT | headers)

        saved = post(f"/hieu/{kept.id}", ("answer", right))
        assert saved.status == 200
        assert parsed(saved)["progress"] == {"right": 1, "total": 1, "needed": 1, "earned": True}
        for refused in (
            post(f"/hieu/{gone.id}", ("answer", "a")),
            post("/dung", ("ticked", other_task)),
            post("/dung", ("unticked", other_task)),
        ):
            assert refused.status == 409
            assert "gộp vào bài khác" in parsed(refused)["error"]
        ticked = post("/dung", ("ticked", shared_task), ("ticked", other_task), Cookie=saved.cookie)
        assert (ticked.status, parsed(ticked)["done"], parsed(ticked)["total"]) == (200, 1, 2)
        assert post("/dung", Cookie=saved.cookie).status == 400
        nowhere = post_form(server.url, "/vneid/chua-tung-co/dung", [("ticked", "x")], SCRIPT)
        assert nowhere.status == 404
