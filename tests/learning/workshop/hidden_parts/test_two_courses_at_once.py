"""Two people publish in two courses at the same moment: the second one waits, and is not checked against old texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged
from lms.learning.store.database import write_sessions
from lms.learning.workshop import hiding, publishing
from lms.learning.workshop.publication_check import check_changes
from tests.content.course_folders import TODAY
from tests.learning.sample_courses import NOW
from tests.learning.workshop.hidden_parts.hidden_part_actions import LATER, LESSON, add_link
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import HIEU, Workshop
from tests.lock_waits import TIMEOUT_SECONDS, run_in_thread, wait_until_blocked

pytestmark = pytest.mark.parametrize("store", ["postgresql"], scope="session")  # SQLite has one lock for all


@pytest.mark.parametrize("hides_first", [True, False])
def test_a_lesson_is_hidden_or_linked_to_by_another_course_but_not_both(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, hides_first: bool
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    add_link(workshop, lan, minh, "../../vneid/02-hai/hieu.md", course="vssid")
    given = {"folder": workshop.folder, "today": TODAY}
    hiding_checked = hiding.check_hiding(workshop.session, "vneid", LESSON, **given)
    link_checked = check_changes(workshop.session, "vssid", [HIEU], **given)
    workshop.session.commit()

    def hide(session) -> None:
        hiding.hide_or_show(session, hiding_checked, by=lan, folder=workshop.folder, now=NOW)

    def link(session) -> None:
        publishing.publish_files(session, link_checked, why="", by=lan, now=NOW)

    first, second = (hide, link) if hides_first else (link, hide)

    def run_second() -> None:
        with write_sessions(engine).begin() as session:
            second(session)

    with write_sessions(engine)() as session:
        first(session)
        waiting = run_in_thread(run_second)
        wait_until_blocked(engine)
        session.commit()
    with pytest.raises(CourseFileChanged):
        waiting.result(TIMEOUT_SECONDS)
    worker.now = LATER
    assert worker.titles() == (["Bài"] if hides_first else ["Bài", "Bài hai"])
    assert not worker.catalog.held_back
