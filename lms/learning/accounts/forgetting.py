"""Forget an account: remove its name from every row. What was done, and when, stays without a name.

A forgotten account keeps its row, since classes and the audit log refer to it. Its witnessing stays a fact of the
learner: the tick and the mark say that a facilitator saw it, and no longer which one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    Text,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import get_account
from lms.learning.store import tombstones
from lms.learning.store.database import checkpoint_after_commit, secure_delete
from lms.learning.store.locks import bump_versions, lock_learners
from lms.learning.store.models import (
    AccountRole,
    AccountRow,
    AuditLogRow,
    Base,
    ClassFacilitator,
    ClassSessionRow,
    FileRevision,
    Mark,
    NetworkCheckPhone,
    NetworkCheckRow,
    OrgUnitMember,
    OrgUnitRow,
    PendingAttestation,
    ReportNoteRow,
    RevisionReview,
    SeatRow,
    SignIn,
    SlipRow,
    TaskTick,
)
from lms.learning.store.models.classes import epoch_milliseconds

REPLACEMENT_NAME = "Người đã rời đi"
NO_WITNESS_NAME = ""  # a facilitator saw it, unknown which one; marks that a laptop handed in have it as well
ROWS_AT_ONCE = 200  # in one transaction, so that nobody waits for long

# What facilitators type about a class. A name of one word is not searched for there: it may be anybody's.
_TYPED_TEXTS = (
    ClassSessionRow.next_meeting,
    ClassSessionRow.homework,
    ClassSessionRow.handover_note,
    ClassSessionRow.author_note,
    ClassSessionRow.venue,
)
_TICK_KEY = (TaskTick.learner_id, TaskTick.course, TaskTick.lesson, TaskTick.task_id)
MARK_KEY = (Mark.learner_id, Mark.course, Mark.lesson, Mark.stage)
_SEAT_KEY = (SeatRow.class_id, SeatRow.number)
_PENDING_KEY = (
    PendingAttestation.class_id,
    PendingAttestation.number,
    PendingAttestation.course,
    PendingAttestation.lesson,
)
_REVISION_KEY = (FileRevision.course, FileRevision.path, FileRevision.number)
_REVIEW_KEY = (RevisionReview.id,)
_REPORT_NOTE_KEY = (ReportNoteRow.unit_id, ReportNoteRow.period, ReportNoteRow.version)
_REPORT_NOTE_TEXTS = (ReportNoteRow.difficulties, ReportNoteRow.proposals, ReportNoteRow.supplement)


Key = tuple[Any, ...]  # of a row: the values of its primary key


@dataclass(frozen=True, slots=True)
class Transactions:
    """How to run a function in a session that reads, and in one that writes: each in a transaction of its own, or all
    in one that the caller commits."""

    read: Callable[[Callable[[Session], Any]], Any]
    write: Callable[[Callable[[Session], Any]], Any]


@dataclass(frozen=True, slots=True)
class NameOccurrences:
    """Where the names of an account stand, outside its own row: the keys of rows, in their order."""

    names: frozenset[str]  # that it has or had
    ticks: Sequence[Key]
    marks: Sequence[Key]
    seats: Sequence[Key]  # as the helper on the way
    pending: Sequence[Key]  # as the helper who saw it done
    classes: Sequence[Key]  # in what was typed about them
    revisions: Sequence[Key]  # of course files: as the author that git named, or in why it was saved
    reviews: Sequence[Key]  # in what it noted about a revision
    report_notes: Sequence[Key]  # in what it, or anybody of its ward, wrote on a report
    log_entries: Sequence[Key]

    def __bool__(self) -> bool:
        typed = (self.classes, self.revisions, self.reviews, self.report_notes)
        return any((self.ticks, self.marks, self.seats, self.pending, *typed, self.log_entries))


def find_name_occurrences(session: Session, account: Account) -> NameOccurrences:
    """Read where the names stand. It reads marks and the audit log whole, and locks nothing."""
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
        seats=_find_where_helped(connection, SeatRow, _SEAT_KEY, names, where_helped),
        pending=_find_where_helped(connection, PendingAttestation, _PENDING_KEY, names, where_helped),
        classes=[(row.id,) for row in _own_classes(connection, account) if _without_names(row, names)],
        revisions=_find_in_revisions(connection, account, names),
        reviews=_find_in_reviews(connection, account, names),
        report_notes=_find_in_report_notes(connection, account, names),
        log_entries=[(entry.id,) for entry in entries if _without_name(entry.details) != entry.details],
    )


def revoke_duties(session: Session, account: Account, *, now: datetime) -> None:
    """Disable the account and delete what it could sign in with, its roles, its units and its tests of networks.

    Its row must be locked. Every browser and every stream of it ends as after ``disable_account``.
    """
    connection = session.connection()
    with secure_delete(connection):
        for owned in (SignIn, SlipRow, AccountRole, OrgUnitMember):
            connection.execute(delete(owned).where(owned.account_id == account.id))
        checks = select(NetworkCheckRow.code).where(NetworkCheckRow.account_id == account.id).scalar_subquery()
        connection.execute(delete(NetworkCheckPhone).where(NetworkCheckPhone.code.in_(checks)))
        connection.execute(delete(NetworkCheckRow).where(NetworkCheckRow.account_id == account.id))
        connection.execute(
            update(AccountRow.__table__)
            .where(AccountRow.id == account.id)
            .values(
                password_hash=None,
                session_version=AccountRow.session_version + 1,
                disabled_at=func.coalesce(AccountRow.disabled_at, now),
            )
        )
    session.expire_all()


def erase_names(transactions: Transactions, account_id: str, *, now: datetime) -> None:
    """Replace the names of an account wherever they stand, and at last in its own row, with many short transactions.

    Call ``revoke_duties`` before. Another call goes on after an interruption: the name stays until all is done.
    """

    def find(session: Session) -> NameOccurrences:
        return find_name_occurrences(session, get_account(session, account_id))

    # A request that had begun before its sign-in ended may have written the name once more: so look again.
    while traces := transactions.read(find):
        for step in _steps(traces, now):
            transactions.write(step)
    transactions.write(lambda session: _empty_row(session, account_id, now))


def _steps(traces: NameOccurrences, now: datetime) -> Iterator[Callable[[Session], None]]:
    """What is done in one transaction each, in the lock order: classes, learners, seats, then what belongs to them."""
    names = traces.names
    for keys in _batches(traces.classes):
        yield partial(_erase_in_typed_texts, keys=keys, names=names)
    for keys in _batches(traces.revisions):
        yield partial(_erase_in_revisions, keys=keys, names=names)
    for keys in _batches(traces.reviews):
        yield partial(_erase_in_reviews, keys=keys, names=names)
    for keys in _batches(traces.report_notes):
        yield partial(_erase_in_report_notes, keys=keys, names=names)
    for learner_ids in _batches(sorted({key[0] for key in (*traces.ticks, *traces.marks)})):
        ticks, marks = ([key for key in keys if key[0] in learner_ids] for keys in (traces.ticks, traces.marks))
        yield partial(_erase_witness, learner_ids=learner_ids, ticks=ticks, marks=marks, names=names)
    for keys in _batches(traces.seats):
        values = {"helper_name": None, "version": SeatRow.version + 1, "changed_at": epoch_milliseconds(now)}
        yield partial(_update_rows, model=SeatRow, columns=_SEAT_KEY, keys=keys, values=values)
    for keys in _batches(traces.pending):
        values = {"helper_name": REPLACEMENT_NAME}
        yield partial(_update_rows, model=PendingAttestation, columns=_PENDING_KEY, keys=keys, values=values)
    for keys in _batches(traces.log_entries):  # the last, because former names are known from it alone
        yield partial(_erase_in_log, keys=keys)


def _batches(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + ROWS_AT_ONCE] for start in range(0, len(keys), ROWS_AT_ONCE))


def _erase_in_typed_texts(session: Session, *, keys: Sequence[Key], names: Collection[str]) -> None:
    connection = session.connection()
    locked = (
        select(ClassSessionRow.id, *_TYPED_TEXTS)
        .where(ClassSessionRow.id.in_([class_id for (class_id,) in keys]))
        .order_by(ClassSessionRow.id)
        .with_for_update()
    )
    with secure_delete(connection):
        for row in connection.execute(locked).all():
            changed = _without_names(row, names) | {"version": ClassSessionRow.version + 1}
            connection.execute(update(ClassSessionRow.__table__).where(ClassSessionRow.id == row.id).values(changed))


def _erase_in_revisions(session: Session, *, keys: Sequence[Key], names: Collection[str]) -> None:
    connection = session.connection()
    for key in keys:
        found = select(FileRevision.author_name, FileRevision.why).where(*_is_row(_REVISION_KEY, key))
        row = connection.execute(found).one()
        author = REPLACEMENT_NAME if row.author_name in names else row.author_name
        values = {"author_name": author, "why": _erase(row.why, names, FileRevision.why)}
        _update_rows(session, model=FileRevision, columns=_REVISION_KEY, keys=[key], values=values)


def _erase_in_reviews(session: Session, *, keys: Sequence[Key], names: Collection[str]) -> None:
    connection = session.connection()
    for key in keys:
        note = connection.execute(select(RevisionReview.note).where(*_is_row(_REVIEW_KEY, key))).scalar_one()
        values = {"note": _erase(note, names, RevisionReview.note)}
        _update_rows(session, model=RevisionReview, columns=_REVIEW_KEY, keys=[key], values=values)


def _erase_in_report_notes(session: Session, *, keys: Sequence[Key], names: Collection[str]) -> None:
    connection = session.connection()
    for key in keys:
        texts = connection.execute(select(*_REPORT_NOTE_TEXTS).where(*_is_row(_REPORT_NOTE_KEY, key))).one()
        values = {column.key: _erase(getattr(texts, column.key), names, column) for column in _REPORT_NOTE_TEXTS}
        _update_rows(session, model=ReportNoteRow, columns=_REPORT_NOTE_KEY, keys=[key], values=values)


def _erase_witness(
    session: Session, *, learner_ids: Sequence[str], ticks: Sequence[Key], marks: Sequence[Key], names: Collection[str]
) -> None:
    connection = session.connection()
    lock_learners(connection, learner_ids)
    _update_rows(session, model=TaskTick, columns=_TICK_KEY, keys=ticks, values={"witness": NO_WITNESS_NAME})
    for key in marks:
        of_mark = select(Mark.evidence).where(*_is_row(MARK_KEY, key))
        evidence: dict[str, Any] = connection.execute(of_mark).scalar() or {}
        witness: dict[str, Any] = evidence.get("witness", {})
        if witness.get("name") in names:
            values = {"evidence": evidence | {"witness": witness | {"name": NO_WITNESS_NAME}}}
            _update_rows(session, model=Mark, columns=MARK_KEY, keys=[key], values=values)
    bump_versions(connection, learner_ids)


def _erase_in_log(session: Session, *, keys: Sequence[Key]) -> None:
    for key in keys:
        details = session.connection().execute(select(AuditLogRow.details).where(AuditLogRow.id == key[0])).scalar_one()
        values = {"details": _without_name(details)}
        _update_rows(session, model=AuditLogRow, columns=(AuditLogRow.id,), keys=[key], values=values)


def _update_rows(
    session: Session, *, model: type[Base], columns: Sequence[Any], keys: Sequence[Key], values: Mapping[str, Any]
) -> None:
    """Give these rows the same values, in the order of their keys, which is the lock order."""
    connection = session.connection()
    names = [f"of_{column.key}" for column in columns]
    is_row = (column == bindparam(name) for column, name in zip(columns, names, strict=True))
    with secure_delete(connection):
        if keys:
            connection.execute(
                update(model.__table__).where(*is_row).values(values),
                [dict(zip(names, key, strict=True)) for key in keys],
            )


def _is_row(columns: Sequence[Any], key: Key) -> list[ColumnElement[bool]]:
    return [column == value for column, value in zip(columns, key, strict=True)]


def _empty_row(session: Session, account_id: str, now: datetime) -> None:
    connection = session.connection()
    account = get_account(session, account_id)
    if account.forgotten:
        return
    with secure_delete(connection):
        connection.execute(
            update(AccountRow.__table__)
            .where(AccountRow.id == account_id)
            .values(
                name=REPLACEMENT_NAME,
                login=f"-{account_id}",  # a login that is typed has letters and digits only
                signed_in_at=None,
                password_declined_at=None,
                forgotten_at=now,
            )
        )
    audit_log.record(session, None, "account_forgotten", target_id=account_id, ward=account.ward, now=now, details={})
    session.flush()
    session.expire_all()
    tombstones.append_digest_after_commit(session, account_id)
    checkpoint_after_commit(session)


def _classes_of(account: Account) -> Select[str]:
    return select(ClassFacilitator.class_id).where(ClassFacilitator.account_id == account.id)


def _find_ticks(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    witnessed = (TaskTick.witness_class.in_(_classes_of(account)), TaskTick.witness.in_(sorted(names)))
    return [tuple(row) for row in connection.execute(select(*_TICK_KEY).where(*witnessed).order_by(*_TICK_KEY))]


def _find_marks(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    """The marks that the account witnessed. A learner may have taken the ticks back since, so the ticks do not tell."""
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
    found = select(*_REVISION_KEY, FileRevision.author_name, FileRevision.why).where(or_(*told))
    return [
        tuple(key)
        for *key, author, why in connection.execute(found.order_by(*_REVISION_KEY))
        if author in names or _erase(why, names, FileRevision.why) != why
    ]


def _find_in_reviews(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    found = select(RevisionReview.id, RevisionReview.note).where(RevisionReview.account_id == account.id)
    rows = connection.execute(found.order_by(RevisionReview.id))
    return [(row.id,) for row in rows if _erase(row.note, names, RevisionReview.note) != row.note]


def _find_in_report_notes(connection: Connection, account: Account, names: Collection[str]) -> list[Key]:
    of_ward = select(OrgUnitRow.id).where(OrgUnitRow.ward.in_(wards.ward_codes_with_merged(account.ward)))
    written = or_(ReportNoteRow.account_id == account.id, ReportNoteRow.unit_id.in_(of_ward))
    rows = connection.execute(select(*_REPORT_NOTE_KEY, *_REPORT_NOTE_TEXTS).where(written).order_by(*_REPORT_NOTE_KEY))
    return [
        (row.unit_id, row.period, row.version)
        for row in rows
        if any(_erase(getattr(row, one.key), names, one) != getattr(row, one.key) for one in _REPORT_NOTE_TEXTS)
    ]


def _own_classes(connection: Connection, account: Account) -> Sequence[Any]:
    of_account = ClassSessionRow.id.in_(_classes_of(account))
    return connection.execute(select(ClassSessionRow.id, *_TYPED_TEXTS).where(of_account).order_by("id")).all()


def _without_names(texts: Row[*tuple[Any, ...]], names: Iterable[str]) -> dict[str, Any]:
    """The typed texts that change, by column."""
    erased = {column.key: _erase(getattr(texts, column.key), names, column) for column in _TYPED_TEXTS}
    return {key: text for key, text in erased.items() if text != getattr(texts, key)}


def _erase(text: str, names: Iterable[str], column: Any) -> str:
    """A typed text without these names, not longer than its column."""
    own_words = REPLACEMENT_NAME.casefold()
    full_names = sorted((name for name in names if " " in name and name.casefold() not in own_words), key=len)[::-1]
    if not full_names:
        return text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, full_names))})(?!\w)", re.IGNORECASE)
    kind = column.property.columns[0].type
    return pattern.sub(REPLACEMENT_NAME.lower(), text)[: kind.length if isinstance(kind, String) else None]


def _without_name(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an audit log entry about the account."""
    erased = {key: _without_name(value) if key == "before" else value for key, value in details.items()}
    return erased | {"name": REPLACEMENT_NAME} if erased.get("name") else erased
