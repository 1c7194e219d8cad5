"""A database that was filled before two lessons became one, under the program that knows them as one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from lms.content.model import FormerLesson, Library
from lms.learning.badges.awarding import check_badge, find_badge
from lms.learning.badges.data_integrity import decode_public_key
from lms.learning.badges.keys import KeyRing
from lms.learning.badges.openbadges import Issuer, Verdict
from lms.learning.classroom.display.snapshots import find_desk_snapshot
from lms.learning.classroom.lifecycle.former_lessons import move_class_sessions
from lms.learning.classroom.session.queries import find_class_session
from lms.learning.learners.learner_store import find_learner_by_code
from lms.learning.practice.attempts import find_attempt
from lms.learning.practice.events import save_events
from lms.learning.progress.learner_progress import everything_of_learner, home_of_learner
from lms.learning.store.database import read_sessions, write_sessions
from tests.learning import sample_courses
from tests.learning.filled_database import HOA, LAN, fill


def merged(former: str, into: str) -> Library:
    """The library in which the lesson ``former`` of VNeID became a part of ``into``."""
    library = sample_courses.library()
    course = library.course("vneid")
    target = course.lesson(into)
    understand = replace(target.understand, former_lessons=(FormerLesson("vneid", former),))
    lessons = (replace(target, understand=understand),)
    others = tuple(each for each in library if each.slug != "vneid")
    return replace(library, courses=(replace(course, lessons=lessons), *others))


@pytest.mark.slow
def test_what_was_earned_before_the_merge_keeps_its_worth(up_to_date: Engine):
    filled = fill(up_to_date)
    before = sample_courses.library()
    for former, into in (("ba-loai-ma", "kich-hoat"), ("kich-hoat", "ba-loai-ma")):
        library = merged(former, into)
        with read_sessions(up_to_date)() as session:
            assert find_learner_by_code(session, filled["code"], secret=filled["secret"]).id == LAN
            earned = {row.lesson.slug: row for row in everything_of_learner(session, LAN, before).courses[0].lessons}
            page = everything_of_learner(session, LAN, library)
            [row] = page.courses[0].lessons
            assert row.former_marks == len(earned[former].earned)
            assert (row.earned, row.done) == (earned[into].earned, earned[into].done)
            assert [badge.title for badge in page.badges] == ["Huy hiệu bài Ba loại mã"]
            document = json.dumps(find_badge(session, page.badges[0].id).document).encode()
            keys = KeyRing(None, {filled["signing_key"]: decode_public_key(filled["signing_key"])})
            assert check_badge(session, document, Issuer("https://bdhvs.example", keys)).verdict is Verdict.VALID
            assert home_of_learner(session, HOA, library).resume.lesson.slug == into


@pytest.mark.slow
def test_what_was_under_way_before_the_merge_goes_on(up_to_date: Engine):
    filled = fill(up_to_date)
    library = merged("kich-hoat", "ba-loai-ma")
    [row] = filled["tables"]["classes"]
    opened = next(each for each in filled["tables"]["practice_attempts"] if each["learner_id"] == HOA)
    with write_sessions(up_to_date).begin() as session:
        attempt = find_attempt(session, HOA, opened["id"])
        events = sample_courses.passing_events(attempt.data)
        receipt = save_events(session, learner_id=HOA, attempt_id=attempt.id, events=events, now=sample_courses.LATER)
        assert receipt.mark_earned
    with write_sessions(up_to_date).begin() as session:
        assert move_class_sessions(session, library) == 1
        assert find_class_session(session, row["id"]).lesson == "ba-loai-ma"
        desk = find_desk_snapshot(session, row["id"], library, sample_courses.LATER)
        assert (desk["step"], desk["machines"]) == ("vao", 2)  # the new lesson has no practice: the first step
        assert everything_of_learner(session, HOA, library).courses[0].lessons[0].former_marks == 1
