"""Learners: learning codes, names that are safe to show, and forgetting for good."""

from __future__ import annotations

from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.learning.badges.awarding import award_badge
from lms.learning.errors import InvalidName, LearnerForgotten, NotFound
from lms.learning.learners import learner_store
from lms.learning.learners.version_reader import LearnerVersionReader
from lms.learning.learning_codes import ALPHABET, SEED_COUNT, code_for_seed, seed_from_code
from lms.learning.marks.marks import save_ticks
from lms.learning.practice.attempts import start_attempt
from lms.learning.practice.events import save_events
from lms.learning.progress.learner_progress import everything_of_learner
from lms.learning.spaced_review.cards import lesson_cards
from lms.learning.spaced_review.review_answers import save_review_answer
from lms.learning.store.database import checkpoint_wal, make_engine, read_sessions, write_sessions
from lms.learning.store.migrate import upgrade
from lms.learning.store.models import Base, ForgottenBadge, Learner
from tests.learning.sample_courses import LATER, NOW, SECRET, passing_events, practice, use
from tests.stored_learner import store_learner


def test_a_learner_is_a_random_id_and_nothing_else(session, lan, hoa):
    assert lan.id != hoa.id
    assert len(lan.id) == 32
    assert lan.name is None


def test_the_same_id_twice_is_one_learner(session, lan):
    again = store_learner(session, now=LATER, id=lan.id)
    assert again.created_at == NOW
    assert len(session.scalars(select(Learner)).all()) == 1


def test_a_learning_code_opens_the_progress_on_another_phone(session, lan, hoa):
    code = learner_store.learning_code(lan, SECRET)
    assert len(code) == 15  # four groups of three
    assert learner_store.find_learner_by_code(session, code, secret=SECRET).id == lan.id
    assert learner_store.learning_code(lan, SECRET) == code


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace(" ", ""),
        lambda code: code.replace(" ", "-"),
        lambda code: f"  {code}\n",
        lambda code: code.replace("0", "O").replace("1", "l").replace("5", "S").replace("8", "B"),
        lambda code: code.replace("0", "đ").replace("2", "z").replace("4", "Á").replace("3", "ê").replace("V", "ư"),
    ],
)
def test_a_code_is_found_however_it_is_typed(session, lan, typed):
    for seed in range(0, SEED_COUNT, SEED_COUNT // 40):
        code = code_for_seed(seed, SECRET)
        assert seed_from_code(typed(code), SECRET) == seed
    assert (
        learner_store.find_learner_by_code(session, typed(learner_store.learning_code(lan, SECRET)), secret=SECRET).id
        == lan.id
    )


@pytest.mark.parametrize("typed", ["", "7K2", "7K2 M9P 4XC 0311", "%%% %%% %%% %%%", "7" * 10**6, "日本語" * 4])
def test_an_invalid_code_finds_no_learner(session, lan, typed):
    assert learner_store.find_learner_by_code(session, typed, secret=SECRET) is None


def test_codes_cannot_be_computed_without_the_secret_key(session, lan):
    stored = [str(value) for value in session.execute(select(Learner.__table__)).one()]
    code = learner_store.learning_code(lan, SECRET).replace(" ", "")
    assert not any(code in value for value in stored)
    assert learner_store.learning_code(lan, "another secret").replace(" ", "") != code


def test_a_replaced_code_stops_working(session, lan):
    old = learner_store.learning_code(lan, SECRET)
    learner_store.replace_learning_code(session, lan)
    assert learner_store.find_learner_by_code(session, old, secret=SECRET) is None
    assert (
        learner_store.find_learner_by_code(session, learner_store.learning_code(lan, SECRET), secret=SECRET).id
        == lan.id
    )


@given(st.integers(0, SEED_COUNT - 1), st.text(max_size=20))
def test_every_seed_has_one_code_and_back(seed, secret):
    code = code_for_seed(seed, secret)
    assert set(code) <= {*ALPHABET, " "}
    assert seed_from_code(code, secret) == seed


@given(st.text())
def test_any_text_is_a_code_or_rejected(text):
    seed = seed_from_code(text, SECRET)
    assert seed is None or 0 <= seed < SEED_COUNT


def test_a_name_is_stored_normalized(session, lan):
    learner_store.rename_learner(session, lan, "  Trần\u00a0 Thị\tLan\u202e\x00 ")
    assert lan.name == "Trần Thị Lan"
    learner_store.rename_learner(session, lan, " \u200b ")
    assert lan.name is None


def test_a_decomposed_name_is_composed():
    assert learner_store.clean_name("Trâ\u0300n Thị Lan") == "Trần Thị Lan"


def test_a_name_has_a_limit(session, lan):
    learner_store.rename_learner(session, lan, "ễ" * 60)
    with pytest.raises(InvalidName):
        learner_store.rename_learner(session, lan, "ễ" * 61)


@given(st.text())
def test_any_name_is_cleaned_or_refused(text):
    try:
        name = learner_store.clean_name(text)
    except InvalidName:
        return
    assert name is None or (name.isprintable() and name == name.strip() and len(name) <= 60)
    assert learner_store.clean_name(name or "") == name


def test_a_shared_phone_sees_names_in_its_own_order(session, lan, hoa):
    learner_store.rename_learner(session, lan, "Lan")
    ids = [hoa.id, learner_store.new_learner_id(), lan.id]
    assert learner_store.learner_names(session, ids) == [(hoa.id, None), (lan.id, "Lan")]


def test_every_write_increments_the_version_and_forgetting_too(engine: Engine):
    """The learner's pages are cached by version, so that every change must raise it."""
    versions, sessions, learner_id = (
        LearnerVersionReader(engine),
        write_sessions(engine),
        learner_store.new_learner_id(),
    )
    seen = [versions.get(learner_id)]
    deeds = [
        lambda session: store_learner(session, now=NOW, id=learner_id),
        lambda session: learner_store.rename_learner(session, learner_store.find_learner(session, learner_id), "Lan"),
        lambda session: learner_store.replace_learning_code(session, learner_store.find_learner(session, learner_id)),
        lambda session: save_ticks(session, learner_id, "vneid", "kich-hoat", use(), ["mo-vneid"], now=LATER),
        lambda session: start_attempt(session, learner_id, "vneid", "x", practice(), "tu-lam", now=LATER),
        lambda session: learner_store.forget_learner_id(session, learner_id, now=LATER),
    ]
    for deed in deeds:
        with sessions.begin() as session:
            deed(session)
        seen.append(versions.get(learner_id))
    assert seen == sorted(set(seen))
    assert seen[0] == 0


def learner_with_data(session: Session, learner: Learner, library, issuer) -> str:
    """Save everything that can be saved of a learner; returns the id of the badge."""
    from lms.learning.understand.answers import save_answer

    lesson = library.lesson("vneid", "kich-hoat")
    learner_store.rename_learner(session, learner, "Trần Thị Lan")
    for question in ("q1", "q2", "q3"):
        save_answer(
            session, learner_id=learner.id, course="vneid", lesson="kich-hoat", understand=lesson.understand,
            question_id=question, given=["b"], now=NOW,
        )  # fmt: skip
    attempt = start_attempt(session, learner.id, "vneid", "kich-hoat", practice(), "tu-lam", now=NOW)
    save_events(session, learner_id=learner.id, attempt_id=attempt.id, events=passing_events(attempt.data), now=NOW)
    save_ticks(session, learner.id, "vneid", "kich-hoat", use(), ["mo-vneid", "xem-the"], now=NOW)
    for card in lesson_cards(lesson):
        save_review_answer(session, learner_id=learner.id, card=card, right=True, now=NOW)
    return award_badge(session, learner, library, "vneid", "kich-hoat", name="Trần Thị Lan", issuer=issuer, now=NOW).id


@pytest.mark.slow
def test_forgetting_leaves_only_tombstones(session, lan, hoa, library, issuer):
    badge = learner_with_data(session, lan, library, issuer)
    learner_with_data(session, hoa, library, issuer)
    learner_store.forget_learner(session, lan, now=LATER)
    for table in Base.metadata.sorted_tables:
        rows = session.execute(select(table)).mappings().all()
        hers = [row for row in rows if row.get("learner_id") == lan.id or row.get("id") == lan.id]
        if table.name == "learners":
            [row] = hers
            kept = {name for name, value in row.items() if value is not None}
            assert kept == {"id", "version", "forgotten_at"}
        else:
            assert not hers, table.name
    assert [row.id for row in session.scalars(select(ForgottenBadge))] == [badge]
    assert learner_store.find_learner(session, hoa.id).name == "Trần Thị Lan"
    assert len(everything_of_learner(session, hoa.id, library).badges) == 1


@pytest.mark.slow
def test_the_database_file_has_no_remains_of_a_forgotten_learner(tmp_path, library, issuer):
    """By default SQLite leaves deleted rows in its file."""
    file = tmp_path / "lms.sqlite3"
    engine = make_engine(f"sqlite:///{file}")
    upgrade(engine)
    with write_sessions(engine).begin() as session:
        lan = store_learner(session, now=NOW)
        learner_with_data(session, lan, library, issuer)
        learner_id = lan.id
    checkpoint_wal(engine)
    assert "Trần Thị Lan".encode() in file.read_bytes()
    with write_sessions(engine).begin() as session:
        learner_store.forget_learner_id(session, learner_id, now=LATER)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())  # the write-ahead log is a file of its own
    assert "Trần Thị Lan".encode() not in left
    assert b"identityHash" not in left


def test_an_old_cookie_cannot_bring_the_id_back(session, lan, library):
    attempt = start_attempt(session, lan.id, "vneid", "kich-hoat", practice(), "tu-lam", now=NOW)
    code = learner_store.learning_code(lan, SECRET)
    learner_store.forget_learner(session, lan, now=LATER)
    assert learner_store.find_learner(session, lan.id) is None
    assert learner_store.is_forgotten(session, lan.id)
    assert learner_store.find_learner_by_code(session, code, secret=SECRET) is None
    with pytest.raises(LearnerForgotten):
        store_learner(session, now=LATER, id=lan.id)
    with pytest.raises(LearnerForgotten):
        save_events(session, learner_id=lan.id, attempt_id=attempt.id, events=passing_events(attempt.data), now=LATER)
    with pytest.raises(LearnerForgotten):
        start_attempt(session, lan.id, "vneid", "kich-hoat", practice(), "tu-lam", now=LATER)
    with pytest.raises(LearnerForgotten):
        save_ticks(session, lan.id, "vneid", "kich-hoat", use(), [], now=LATER)
    with pytest.raises(LearnerForgotten):
        learner_store.rename_learner(session, lan, "Lan")
    page = everything_of_learner(session, lan.id, library)
    assert page.learner is None
    assert page.resume is None


def test_an_id_without_a_row_can_be_forgotten(session):
    learner_id = learner_store.new_learner_id()
    learner_store.forget_learner_id(session, learner_id, now=NOW)
    learner_store.forget_learner_id(session, learner_id, now=LATER)
    with pytest.raises(LearnerForgotten):
        store_learner(session, now=LATER, id=learner_id)


def test_a_tombstone_cannot_be_filled_again(session, lan):
    learner_store.forget_learner(session, lan, now=LATER)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(Learner.__table__.update().values(name="Lan"))


def test_a_write_that_races_with_forgetting_stores_nothing(engine: Engine):
    sessions = write_sessions(engine)
    for _ in range(6):
        learner_id = learner_store.new_learner_id()
        with sessions.begin() as session:
            attempt = start_attempt(session, learner_id, "vneid", "kich-hoat", practice(), "tu-lam", now=NOW)

        def forget(whose: str = learner_id) -> None:
            with sessions.begin() as session:
                learner_store.forget_learner_id(session, whose, now=LATER)

        def write(whose: str = learner_id, attempt_id: str = attempt.id, data=attempt.data) -> None:
            try:
                with sessions.begin() as session:
                    save_events(
                        session, learner_id=whose, attempt_id=attempt_id, events=passing_events(data), now=LATER
                    )
            except (LearnerForgotten, NotFound):
                pass

        threads = [Thread(target=write), Thread(target=forget), Thread(target=write)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with read_sessions(engine)() as session:
            assert learner_store.is_forgotten(session, learner_id)
            for table in Base.metadata.sorted_tables:
                if "learner_id" in table.c:
                    assert not session.execute(select(table).where(table.c.learner_id == learner_id)).all()
