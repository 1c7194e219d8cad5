"""Find the names of an account outside its own row, and take them out of a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, Text, cast, or_, select
from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from lms.learning.store.models import (
    AuditLogRow,
    ClassFacilitator,
    ClassSessionRow,
    FileRevision,
    LedgerEntry,
    Mark,
    OrgUnitRow,
    RevisionReview,
    SeatRow,
    TaskTick,
)

REPLACEMENT_NAME = "Người đã rời đi"

# What facilitators type about a class. A name of one word is not searched for there: it may be anybody's.
TYPED_TEXTS = (
    ClassSessionRow.next_meeting,
    ClassSessionRow.homework,
    ClassSessionRow.handover_note,
    ClassSessionRow.author_note,
    ClassSessionRow.venue,
)
TICK_KEY = (TaskTick.learner_id, TaskTick.course, TaskTick.lesson, TaskTick.task_id)
MARK_KEY = (Mark.learner_id, Mark.course, Mark.lesson, Mark.stage)
SEAT_KEY = (SeatRow.class_id, SeatRow.number)
REVISION_KEY = (FileRevision.course, FileRevision.path, FileRevision.number)
REVIEW_KEY = (RevisionReview.id,)
LEDGER_KEY = (LedgerEntry.id,)


Key = tuple[Any, ...]  # of a row: the values of its primary key


@dataclass(frozen=True, slots=True)
class NameOccurrences:
    """Where the names of an account occur, outside its own row: the keys of rows, in their order."""

    names: frozenset[str]  # that it has or had
    ticks: Sequence[Key]
    marks: Sequence[Key]
    seats: Sequence[Key]  # as the helper on the way
    classes: Sequence[Key]  # in what was typed about them
    revisions: Sequence[Key]  # of course files: as the author that git named, or in why it was saved
    reviews: Sequence[Key]  # in what it noted about a revision
    ledger: Sequence[Key]  # in what it, or anybody of its ward, wrote into the ledger
    log_entries: Sequence[Key]

    def __bool__(self) -> bool:
        typed = (self.classes, self.revisions, self.reviews, self.ledger)
        return any((self.ticks, self.marks, self.seats, *typed, self.log_entries))


def find_name_occurrences(session: Session, account: Account) -> NameOccurrences:
    """Find the names. Reads marks and the audit log whole, and locks nothing."""
    connection = session.connection()
    entries = connection.execute(
        select(AuditLogRow.id, AuditLogRow.details).where(AuditLogRow.target_id == account.id)
    ).all()
    names = {account.name} if not account.forgotten else set[str]()
    for entry in entries:
        names |= {said["name"] for said in (entry.details, entry.details.get("before", {})) if said.get("name")}
    names -= {REPLACEMENT_NAME}
    # In an open class of another ward, a helper of this name is somebody else, who is on the way there now.
    own_class = or_(ClassSessionRow.id.in_(_classes_of(account)), ClassSessionRow.ward == account.ward)
    where_helped = or_(ClassSessionRow.closed_at.is_not(None), own_class)
    return NameOccurrences(
        names=frozenset(names),
        ticks=_find_ticks(connection, account, names),
        marks=_find_marks(connection, account, names),
        seats=_find_where_helped(connection, SeatRow, SEAT_KEY, names, where_helped),
        classes=[(row.id,) for row in _own_classes(connection, account) if typed_texts_without_names(row, names)],
        revisions=_find_in_revisions(connection, account, names),
        reviews=_find_in_reviews(connection, account, names),
        ledger=_find_in_ledger(connection, account, names),
        log_entries=[(entry.id,) for entry in entries if details_without_name(entry.details) != entry.details],
    )


def _classes_of(account: Account) -> Select[str]:
    return select(ClassFacilitator.class_id).where(ClassFacilitator.account_id == account.id)


def _find_ticks(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    witnessed = (TaskTick.witness_class.in_(_classes_of(account)), TaskTick.witness.in_(sorted(names)))
    return [tuple(row) for row in connection.execute(select(*TICK_KEY).where(*witnessed).order_by(*TICK_KEY))]


def _find_marks(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    """The marks that the account witnessed. The ticks do not show it: a learner may have removed them since."""
    class_ids = set(connection.scalars(_classes_of(account)))
    return [key for key, witness in find_marks_witnessed_in_classes(connection, class_ids) if witness["name"] in names]


def find_marks_witnessed_in_classes(
    connection: Connection, class_ids: Collection[str]
) -> Iterator[tuple[Key, dict[str, Any]]]:
    """The keys of marks that were witnessed in these classes, in order, each with the witness of its evidence."""
    if not class_ids:
        return
    witnessed = (Mark.stage == "dung", cast(Mark.evidence, Text).contains('"witness"', autoescape=True))
    rows = connection.execute(
        select(*MARK_KEY, Mark.evidence).where(*witnessed).order_by(*MARK_KEY), execution_options={"yield_per": 2000}
    )
    for *key, evidence in rows:
        if evidence["witness"]["class"] in class_ids:
            yield tuple(key), evidence["witness"]


def _find_where_helped(
    connection: Connection, model: Any, columns: Sequence[Any], names: Collection[str], where: ColumnElement[bool]
) -> list[Key]:
    of_class = ClassSessionRow.id == model.class_id
    named = select(*columns).join(ClassSessionRow, of_class).where(model.helper_name.in_(sorted(names)), where)
    return [tuple(row) for row in connection.execute(named.order_by(*columns))]


def _find_in_revisions(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    """Keys of the revisions that still name the account: as their author by name alone, or in the reason it wrote."""
    told = (FileRevision.author_name.in_(sorted(names)), FileRevision.author_id == account.id)
    found = select(*REVISION_KEY, FileRevision.author_name, FileRevision.why).where(or_(*told))
    return [
        tuple(key)
        for *key, author, why in connection.execute(found.order_by(*REVISION_KEY))
        if author in names or text_without_names(why, names, FileRevision.why) != why
    ]


def _find_in_reviews(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    found = select(RevisionReview.id, RevisionReview.note).where(RevisionReview.account_id == account.id)
    rows = connection.execute(found.order_by(RevisionReview.id))
    return [(row.id,) for row in rows if text_without_names(row.note, names, RevisionReview.note) != row.note]


def _find_in_ledger(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    merged = (OrgUnitRow.kind == "ward") & OrgUnitRow.closed_at.is_not(None)  # perhaps once the account's
    of_ward = select(OrgUnitRow.id).where((OrgUnitRow.ward == account.ward) | merged)
    written = (LedgerEntry.text != "", or_(LedgerEntry.account_id == account.id, LedgerEntry.unit_id.in_(of_ward)))
    rows = connection.execute(select(LedgerEntry.id, LedgerEntry.text).where(*written).order_by(LedgerEntry.id))
    return [(row.id,) for row in rows if text_without_names(row.text, names, LedgerEntry.text) != row.text]


def _own_classes(connection: Connection, account: Account) -> Sequence[Any]:
    of_account = ClassSessionRow.id.in_(_classes_of(account))
    return connection.execute(select(ClassSessionRow.id, *TYPED_TEXTS).where(of_account).order_by("id")).all()


def typed_texts_without_names(texts: Row[*tuple[Any, ...]], names: Iterable[str]) -> dict[str, Any]:
    """The typed texts that change, by column."""
    erased = {column.key: text_without_names(getattr(texts, column.key), names, column) for column in TYPED_TEXTS}
    return {key: text for key, text in erased.items() if text != getattr(texts, key)}


def text_without_names(text: str, names: Iterable[str], column: Any) -> str:
    """A typed text without these names, not longer than its column."""
    own_words = REPLACEMENT_NAME.casefold()
    full_names = sorted((name for name in names if " " in name and name.casefold() not in own_words), key=len)[::-1]
    if not full_names:
        return text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, full_names))})(?!\w)", re.IGNORECASE)
    kind = column.property.columns[0].type
    return pattern.sub(REPLACEMENT_NAME.lower(), text)[: kind.length if isinstance(kind, String) else None]


def details_without_name(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an audit log entry about the account."""
    erased = {key: details_without_name(value) if key == "before" else value for key, value in details.items()}
    return erased | {"name": REPLACEMENT_NAME} if erased.get("name") else erased
