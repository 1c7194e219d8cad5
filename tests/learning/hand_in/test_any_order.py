"""In whatever order and however often the files of two laptops come, the city counts what a plain recount counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.content.model import Stage
from lms.learning.accounts.account_store import find_account
from lms.learning.classroom.report.class_report import ClassCounts
from lms.learning.hand_in.importing import import_hand_in
from lms.learning.hand_in.laptop_file import read_laptop_file
from lms.learning.store.models import Badge, ClassSessionRow, HandedInClass, Mark
from tests.learning.classroom.live_class import WARD, account
from tests.learning.hand_in.laptops import City, Laptop
from tests.learning.sample_courses import LATER

FILE_COUNT = 8


@dataclass(frozen=True)
class File:
    """A file with what a person would write down about it."""

    data: bytes
    laptop: str
    serial: int
    people: dict[str, int]  # by class
    marks: frozenset[tuple[str, str]]  # learner and stage
    badges: frozenset[str]


def make_files(new_laptop: Callable[[str], Laptop]) -> list[File]:
    """Two laptops, two classes each, exported again and again while learners earn marks and badges."""
    files: list[File] = []
    for name in ("first", "second"):
        laptop = new_laptop(name)
        lan, hoa = laptop.learner(), laptop.learner()
        classes = {laptop.hold_class(lan, guests=2): 3, laptop.hold_class(lan, hoa, guests=5): 7}
        [small, large] = classes
        earned: set[tuple[str, str]] = set()
        badges: set[str] = set()

        def export(*class_ids: str, learners: tuple[str, ...]) -> None:
            files.append(
                File(
                    laptop.export(*class_ids),  # noqa: B023  (called in this round of the loop)
                    name,  # noqa: B023
                    len(files) + 1,
                    {class_id: classes[class_id] for class_id in class_ids},  # noqa: B023
                    frozenset(mark for mark in earned if mark[0] in learners),  # noqa: B023
                    frozenset(badges) if lan in learners else frozenset(),  # noqa: B023
                )
            )

        export(small, learners=(lan,))
        laptop.earn(lan, Stage.UNDERSTAND)
        laptop.earn(hoa, Stage.PRACTICE)
        earned |= {(lan, "hieu"), (hoa, "lam")}
        export(large, learners=(lan, hoa))
        badges.add(laptop.claim_badge(lan, name="Bà Lan"))
        earned |= {(lan, stage) for stage in ("hieu", "lam", "dung")}
        export(small, learners=(lan,))
        export(small, large, learners=(lan, hoa))
    assert len(files) == FILE_COUNT
    return files


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, FILE_COUNT - 1), min_size=1, max_size=12))
def test_the_sums_are_those_of_a_plain_recount(city: City, new_laptop, request, order):
    files = getattr(request.node, "hand_in_files", None)
    if files is None:
        files = request.node.hand_in_files = make_files(new_laptop)
    with city.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            thu = find_account(session, account(session, "Hạnh"))
            for index in order:
                file = read_laptop_file(files[index].data, now=LATER)
                import_hand_in(
                    session, file, account=thu, ward=WARD, library=city.library, issuer=city.issuer, now=LATER
                )
            handed_in = [files[index] for index in order]
            expected = {class_id: people for file in handed_in for class_id, people in file.people.items()}
            rows = session.execute(select(ClassSessionRow.id, ClassSessionRow.counts).join(HandedInClass))
            assert {row.id: ClassCounts.from_json(row.counts).attendance.people for row in rows} == expected
            marks = frozenset[tuple[str, str]]().union(*(file.marks for file in handed_in))
            assert session.scalar(select(func.count()).select_from(Mark)) == len(marks)
            badges = frozenset[str]().union(*(file.badges for file in handed_in))
            assert set(session.scalars(select(Badge.id))) == badges
        transaction.rollback()
