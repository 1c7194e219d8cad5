"""Retention: personal rows are deleted after a set time, and the report stays the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from lms.learning.accounts import audit_log
from lms.learning.accounts.account import account_from_row
from lms.learning.classroom.access import class_helpers, wifi
from lms.learning.classroom.access.network_checks import start_network_check
from lms.learning.classroom.lifecycle import follow_up, opening
from lms.learning.classroom.questions import tallies
from lms.learning.classroom.report.class_report import find_class_report, find_evening_report
from lms.learning.classroom.report.data_retention import (
    ABANDONED_AFTER,
    RetentionResult,
    apply_retention,
    personal_until,
)
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import find_closed_class_sessions
from lms.learning.classroom.tasks.attestation import ATTESTATION_WINDOW
from lms.learning.errors import ClassClosed, NotAllowed
from lms.learning.learners.learner_store import find_learner
from lms.learning.store.models import (
    AccountRow,
    ClassAnswer,
    ClassLessonAnswer,
    ClassLessonHandCount,
    ClassLessonSeat,
    ClassSessionRow,
    HandCount,
    HelperRow,
    NetworkCheckRow,
    PracticeAttempt,
    Response,
    SeatRow,
)
from tests.learning import sample_courses
from tests.learning.classroom.live_class import WARD, LiveClass, account
from tests.learning.sample_courses import NOW

KEEP = timedelta(days=30)
PERSONAL = (SeatRow, ClassAnswer, HelperRow, HandCount)


@pytest.fixture
def live_class(committing_session, library) -> LiveClass:
    """A class in which something happened, closed at the end. Retention commits by itself."""
    session = committing_session
    live_class = LiveClass(session, library, account(session, "Minh"))
    live_class.command(mode="tu-lam")
    lan = live_class.join(name="Lan", people=2)
    attempt = live_class.practise(lan)
    live_class.send(attempt, sample_courses.passing_events(attempt.data))
    live_class.ask_question("q1")
    live_class.answer(lan, "q1", "b")
    tallies.save_hand_counts(session, live_class.id, "q1", 1, {"b": 3}, account_id=live_class.minh, library=library)
    token = class_helpers.invite_helpers(session, live_class.id, account_id=live_class.minh, now=NOW)
    class_helpers.join_as_helper(session, token=token, name="Phụ", now=NOW)
    wifi.set_wifi(session, live_class.id, account_id=live_class.minh, name="NhaVanHoa", password="mat khau dai")
    live_class.lan = lan
    return live_class


def close_class(live_class: LiveClass, now=NOW) -> None:
    live_class.command(close=True, now=now)
    live_class.session.commit()


def run_retention(live_class: LiveClass, engine, now, keep=KEEP) -> RetentionResult:
    live_class.session.commit()
    done = apply_retention(engine, live_class.library, keep=keep, now=now)
    live_class.session.rollback()
    return done


def rows(live_class: LiveClass) -> list[int]:
    return [live_class.session.scalar(select(func.count()).select_from(table)) for table in PERSONAL]


def test_after_retention_no_personal_row_is_left_and_the_report_stays(live_class, engine):
    close_class(live_class)
    before = find_class_report(live_class.session, live_class.id, live_class.library).counts
    assert run_retention(live_class, engine, NOW + KEEP - timedelta(minutes=1)) == RetentionResult(0, 1, 0)
    assert rows(live_class) == [1, 1, 1, 1]
    assert run_retention(live_class, engine, NOW + KEEP) == RetentionResult(0, 0, 1)
    assert rows(live_class) == [0, 0, 0, 0]
    after = find_class_report(live_class.session, live_class.id, live_class.library)
    assert (after.counts, after.is_final) == (before, True)
    assert run_retention(live_class, engine, NOW + KEEP * 2) == RetentionResult(0, 0, 0)


def test_a_class_whose_state_cannot_be_read_is_listed_and_deleted_like_the_others(live_class, engine, library, caplog):
    another = LiveClass(live_class.session, library, live_class.minh)
    close_class(another)
    close_class(live_class)
    broken = update(ClassSessionRow).where(ClassSessionRow.id == live_class.id).values(state={})
    live_class.session.execute(broken)
    listed = find_closed_class_sessions(live_class.session, ward=WARD)
    assert {each.id for each in listed} == {live_class.id, another.id}
    assert live_class.id in caplog.text
    assert find_class_report(live_class.session, live_class.id, library).counts
    assert run_retention(live_class, engine, NOW + KEEP).anonymized == 1
    assert rows(live_class) == [0, 0, 0, 0]


def test_the_audit_log_forgets_the_name_of_a_removed_helper_with_the_class(live_class, engine):
    minh = live_class.session.get_one(AccountRow, live_class.minh)
    for action, name in (("helper_removed", "Phụ"), ("class_closed", "428 195 (Gọi video)")):
        about = {"target_id": live_class.id, "ward": WARD, "now": NOW, "details": {"name": name}}
        audit_log.record(live_class.session, account_from_row(minh, ["facilitator"]), action, **about)

    def names() -> list[str | None]:
        entries = audit_log.read_entries(live_class.session, ward=WARD)
        return [entry.details.get("name") for entry in entries if entry.target_id == live_class.id]

    close_class(live_class)
    run_retention(live_class, engine, NOW + KEEP - timedelta(minutes=1))
    assert names() == ["428 195 (Gọi video)", "Phụ"]
    run_retention(live_class, engine, NOW + KEEP)
    assert names() == ["428 195 (Gọi video)", None]


def test_the_counts_of_all_lessons_of_an_evening_outlive_their_rows(live_class, engine):
    live_class.change_lesson("vneid", "ba-loai-ma")
    live_class.ask_question("q1")
    live_class.answer(live_class.lan, "q1", "a")
    close_class(live_class)

    def reports():
        return find_evening_report(live_class.session, live_class.id, live_class.library).lessons

    before = [one.counts for one in reports()]
    assert [(counts.participation.answered, bool(counts.practice)) for counts in before] == [(1, True), (1, False)]
    assert run_retention(live_class, engine, NOW + ATTESTATION_WINDOW) == RetentionResult(0, 1, 0)
    assert [one.counts for one in reports()] == before
    assert run_retention(live_class, engine, NOW + KEEP) == RetentionResult(0, 0, 1)
    assert [(one.counts, one.is_final) for one in reports()] == [(counts, True) for counts in before]
    left = (*PERSONAL, ClassLessonAnswer, ClassLessonSeat, ClassLessonHandCount)
    assert [live_class.session.scalar(select(func.count()).select_from(table)) for table in left] == [0] * len(left)


def test_learners_keep_their_records_without_a_trace_of_the_class(live_class, engine):
    close_class(live_class)
    run_retention(live_class, engine, NOW + KEEP)
    assert find_learner(live_class.session, live_class.lan.learner_id) is not None
    given = select(func.count()).select_from(Response).where(Response.learner_id == live_class.lan.learner_id)
    assert live_class.session.scalar(given) == 1
    [attempt] = live_class.session.scalars(select(PracticeAttempt)).all()
    assert (attempt.passed, attempt.class_id, attempt.seat) == (True, None, None)


def test_counts_are_stored_once_nothing_can_change_them(live_class, engine):
    """Late phones and attestations on the way home still count; practice at home does not."""
    close_class(live_class)
    assert run_retention(live_class, engine, NOW + ATTESTATION_WINDOW - timedelta(minutes=1)) == RetentionResult(
        0, 0, 0
    )
    assert run_retention(live_class, engine, NOW + ATTESTATION_WINDOW) == RetentionResult(0, 1, 0)
    assert find_class_report(live_class.session, live_class.id, live_class.library).is_final
    opening.set_head_count(live_class.session, live_class.id, 40, account_id=live_class.minh)
    assert find_class_report(live_class.session, live_class.id, live_class.library).class_session.head_count == 40


def test_a_shorter_setting_applies_at_once_and_a_longer_one_does_not(live_class, engine):
    close_class(live_class)
    class_session = live_class.class_session
    assert personal_until(class_session, timedelta(days=90)) == NOW + KEEP
    assert personal_until(class_session, timedelta(days=7)) == NOW + timedelta(days=7)
    assert run_retention(live_class, engine, NOW + KEEP, keep=timedelta(days=90)).anonymized == 1


def test_an_abandoned_class_is_closed_after_18_hours(live_class, engine):
    assert run_retention(live_class, engine, NOW + ABANDONED_AFTER) == RetentionResult(0, 0, 0)
    later = NOW + ABANDONED_AFTER + timedelta(minutes=1)
    assert run_retention(live_class, engine, later) == RetentionResult(1, 0, 0)
    assert live_class.class_session.is_closed
    assert live_class.class_session.state.wifi is None
    assert live_class.class_session.personal_until == later + KEEP


@pytest.mark.slow
def test_concurrent_workers_handle_each_class_once(live_class, engine):
    for _ in range(5):
        other = LiveClass(live_class.session, live_class.library, account(live_class.session, "Hạnh"))
        other.join()
        close_class(other)
    close_class(live_class)
    live_class.session.commit()
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(lambda _: apply_retention(engine, live_class.library, keep=KEEP, now=NOW + KEEP), range(4))
        )
    assert sum(one.counted for one in done) == 6
    assert sum(one.anonymized for one in done) == 6
    assert rows(live_class) == [0, 0, 0, 0]


def test_a_class_with_only_people_without_phones_is_anonymized_too(committing_session, library, engine):
    live_class = LiveClass(committing_session, library, account(committing_session, "Minh"))
    seats.add_seat(committing_session, live_class.id, account_id=live_class.minh, people=3, now=NOW)
    close_class(live_class)
    run_retention(live_class, engine, NOW + KEEP)
    assert find_class_report(committing_session, live_class.id, library).counts.attendance.added_people == 3


def write_follow_up(live_class: LiveClass, now=NOW) -> None:
    follow_up.set_follow_up(
        live_class.session,
        live_class.id,
        next_meeting="Thứ bảy",
        homework="Mở thử",
        account_id=live_class.minh,
        now=now,
    )
    follow_up.set_handover_note(live_class.session, live_class.id, "Dây HDMI", account_id=live_class.minh, now=now)
    follow_up.set_author_note(live_class.session, live_class.id, "Câu 2 khó", account_id=live_class.minh, now=now)


def typed_texts(live_class: LiveClass) -> set[str]:
    row = ClassSessionRow
    texts = select(row.next_meeting, row.homework, row.handover_note, row.author_note)
    return set(live_class.session.execute(texts.where(ClassSessionRow.id == live_class.id)).one())


def test_what_was_typed_is_cleared_also_in_a_class_that_nobody_joined(committing_session, library, engine):
    empty = LiveClass(committing_session, library, account(committing_session, "Minh"))
    write_follow_up(empty)
    close_class(empty)
    assert run_retention(empty, engine, NOW + KEEP - timedelta(minutes=1)).anonymized == 0
    assert typed_texts(empty) == {"Thứ bảy", "Mở thử", "Dây HDMI", "Câu 2 khó"}
    assert run_retention(empty, engine, NOW + KEEP).anonymized == 1
    assert typed_texts(empty) == {""}
    assert run_retention(empty, engine, NOW + KEEP * 2).anonymized == 0


def test_a_note_typed_after_the_class_was_anonymized_is_cleared_by_the_next_run(live_class, engine):
    close_class(live_class)
    week = timedelta(days=7)  # shorter than what was announced when the class closed
    assert run_retention(live_class, engine, NOW + week, keep=week).anonymized == 1
    write_follow_up(live_class, NOW + week)
    assert run_retention(live_class, engine, NOW + week, keep=week).anonymized == 1
    assert typed_texts(live_class) == {""}


def test_nothing_more_may_be_typed_once_the_class_is_due(live_class):
    close_class(live_class)
    write_follow_up(live_class, NOW + KEEP - timedelta(seconds=1))
    with pytest.raises(ClassClosed):
        write_follow_up(live_class, NOW + KEEP)


def test_the_note_may_be_deleted_by_accounts_of_the_ward_and_of_the_city(live_class):
    session = live_class.session
    city, colleague, stranger = (
        account(session, name, ward) for name, ward in (("Ý", ""), ("Hà", WARD), ("Nga", "25750"))
    )
    for account_id in (city, colleague):
        write_follow_up(live_class)
        follow_up.delete_handover_note(session, live_class.id, account_id=account_id)
        assert follow_up.find_notes(session, live_class.id)[0] == ""
    write_follow_up(live_class)
    for class_id, account_id in ((live_class.id, stranger), ("0" * 32, colleague)):
        with pytest.raises(NotAllowed):
            follow_up.delete_handover_note(session, class_id, account_id=account_id)
    assert follow_up.find_notes(session, live_class.id)[0] == "Dây HDMI"


def test_nothing_of_a_deleted_rehearsal_is_left_in_the_files(live_class, engine):
    close_class(live_class)
    live_class.session.execute(update(ClassSessionRow).values(is_rehearsal=True))
    run_retention(live_class, engine, NOW + timedelta(hours=1))
    assert rows(live_class) == [0, 0, 0, 0]
    if engine.dialect.name == "sqlite":
        database = Path(engine.url.database)
        files = database.parent.glob(f"{database.name}*")
        assert not [file.name for file in files if live_class.id.encode() in file.read_bytes()]


def test_expired_network_checks_are_deleted(live_class, engine):
    start_network_check(live_class.session, account_id=live_class.minh, now=NOW)
    run_retention(live_class, engine, NOW + timedelta(hours=2))
    assert live_class.session.scalar(select(func.count()).select_from(NetworkCheckRow)) == 0


def test_closing_deletes_the_wifi(live_class):
    assert live_class.class_session.state.wifi.name == "NhaVanHoa"
    close_class(live_class)
    assert live_class.class_session.state.wifi is None
    assert "mat khau" not in str(live_class.session.execute(select(ClassSessionRow.state)).all())
