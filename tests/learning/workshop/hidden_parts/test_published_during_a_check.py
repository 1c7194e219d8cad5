"""What somebody else publishes while a change is checked is neither overwritten nor overlooked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged
from lms.learning.workshop import hiding, publishing
from lms.learning.workshop.publication_check import check_changes
from tests.content.course_folders import TODAY
from tests.learning.sample_courses import NOW
from tests.learning.workshop.hidden_parts.hidden_part_actions import LATER, LESSON, add_link, hide
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import HIEU, Workshop

SECOND = timedelta(seconds=1)


@pytest.mark.slow
def test_a_lesson_is_not_hidden_when_a_link_to_it_was_published_during_the_check(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    add_link(workshop, lan, minh, "../02-hai/hieu.md")
    checked = hiding.check_hiding(workshop.session, "vneid", LESSON, folder=workshop.folder, today=TODAY)
    workshop.session.commit()
    workshop.publish(minh, HIEU, now=NOW + SECOND)
    workshop.session.commit()
    with pytest.raises(CourseFileChanged):
        hiding.hide_or_show(workshop.session, checked, by=lan, folder=workshop.folder, now=NOW)
    workshop.session.rollback()
    worker.now = NOW + 2 * SECOND
    assert worker.titles() == ["Bài", "Bài hai"]
    assert not worker.catalog.held_back


@pytest.mark.slow
def test_a_text_is_not_published_when_the_lesson_it_links_to_was_hidden_during_the_check(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    add_link(workshop, lan, minh, "../../vneid/02-hai/hieu.md", course="vssid")
    checked = check_changes(workshop.session, "vssid", [HIEU], folder=workshop.folder, today=TODAY)
    workshop.session.commit()
    hide(workshop, minh, now=NOW + SECOND)
    with pytest.raises(CourseFileChanged):
        publishing.publish_files(workshop.session, checked, why="", by=lan, now=LATER)
    workshop.session.rollback()
    worker.now = LATER
    assert worker.titles() == ["Bài"]
    assert not worker.catalog.held_back
