"""A hidden lesson or translation stays hidden, whatever comes to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFilesFaulty, NotFound
from tests.content.course_folders import PNG
from tests.learning.workshop.hidden_parts.hidden_part_actions import (
    ENGLISH_OF_LESSON,
    hide,
    rewrite,
    show,
)
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import Workshop
from tests.translated_lesson import ENGLISH, write_translated_course


@pytest.mark.slow
@pytest.mark.parametrize("name", ["images/moi.png", "hieu.en.md", "dung-khac.md"])
def test_what_comes_to_the_folder_of_a_hidden_lesson_is_hidden_also_after_a_start(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, name: str
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    assert worker.titles() == ["Bài"]
    (workshop.folder / "vneid" / "02-hai" / name).write_bytes(PNG)
    worker.reload()
    started = Worker(engine, workshop.folder, tmp_path / "data")
    for each in (worker, started):
        assert each.titles() == ["Bài"]
        assert not each.catalog.held_back, "later changes of the course get through"


@pytest.mark.slow
def test_a_start_with_a_faulty_course_has_its_last_good_copy_without_what_was_hidden(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    assert worker.titles() == ["Bài"]
    worker.last_good.keep(worker.catalog.library, worker.catalog.folder_names)
    first = workshop.folder / "vneid" / "01-mot" / "hieu.md"
    first.write_text(first.read_text("utf-8") + "\n[bài hai](../02-hai/)\n", "utf-8")  # right in the folder alone
    started = Worker(engine, workshop.folder, tmp_path / "data")
    assert started.catalog.held_back == ("vneid",)
    assert started.titles() == ["Bài"]


@pytest.mark.slow
def test_a_file_that_comes_to_a_hidden_translation_is_hidden_with_it(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    write_translated_course(workshop.folder / "may")
    new = workshop.folder / "may" / "01-mo-may" / "lam.en.md"
    new.unlink()
    worker = Worker(engine, workshop.folder, tmp_path / "data")

    def languages() -> list[str]:
        worker.reload()
        return [each.language for each in worker.catalog.library.course("may").lessons[0].translations]

    assert languages() == ["en"]
    hide(workshop, lan, ENGLISH_OF_LESSON, "may")
    assert languages() == []
    new.write_text(ENGLISH["lam.en.md"], "utf-8")
    assert languages() == []
    with pytest.raises(NotFound):
        hide(workshop, lan, ENGLISH_OF_LESSON, "may")
    show(workshop, lan, ENGLISH_OF_LESSON, "may")
    assert languages() == ["en"]


@pytest.mark.slow
def test_a_lesson_is_shown_again_with_what_was_published_and_what_the_folder_changed_meanwhile(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    path = "02-hai/lam.md"
    workshop.review(workshop.retitle(lan, "Chữ mới", path=path), by=lan, second=minh, path=path)
    workshop.publish(lan, path)
    workshop.session.commit()
    rewrite(workshop.folder, "Từ git")
    assert worker.titles() == ["Bài"]
    show(workshop, lan)
    assert worker.titles() == ["Bài", "Từ git"]
    assert worker.catalog.library.course("vneid").lessons[1].practice.title == "Chữ mới"


@pytest.mark.slow
def test_a_hidden_lesson_whose_folder_gets_another_number_stays_hidden(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    (workshop.folder / "vneid" / "02-hai").rename(workshop.folder / "vneid" / "05-hai")
    worker.reload()
    assert worker.titles() == ["Bài"]
    show(workshop, lan)
    assert worker.titles() == ["Bài", "Bài hai"]


@pytest.mark.slow
def test_a_lesson_is_not_shown_again_with_errors_that_it_got_meanwhile(workshop: Workshop, lan: Account):
    hide(workshop, lan)
    (workshop.folder / "vneid" / "02-hai" / "hieu.md").write_text("---\nhỏng", "utf-8")
    with pytest.raises(CourseFilesFaulty):
        show(workshop, lan)
