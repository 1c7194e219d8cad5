"""Forget an account: remove its name from every row. What was done, and when, stays without a name.

A forgotten account keeps its row, since classes and the audit log refer to it. Its witnessing stays a fact of the
learner: the tick and the mark say that a facilitator saw it, and no longer which one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import get_account
from lms.learning.accounts.name_occurrences import (
    LEDGER_KEY,
    MARK_KEY,
    REPLACEMENT_NAME,
    REVIEW_KEY,
    REVISION_KEY,
    SEAT_KEY,
    TICK_KEY,
    TYPED_TEXTS,
    Key,
    NameOccurrences,
    details_without_name,
    find_name_occurrences,
    text_without_names,
    typed_texts_without_names,
)
from lms.learning.store import tombstones
from lms.learning.store.database import checkpoint_after_commit, secure_delete
from lms.learning.store.locks import bump_versions, lock_learners
from lms.learning.store.models import (
    AccountRole,
    AccountRow,
    AuditLogRow,
    Base,
    ClassSessionRow,
    FileRevision,
    LedgerEntry,
    Mark,
    NetworkCheckPhone,
    NetworkCheckRow,
    OrgUnitMember,
    RevisionReview,
    SeatRow,
    SignIn,
    SlipRow,
    TaskTick,
)
from lms.learning.store.models.classes import epoch_milliseconds

NO_WITNESS_NAME = ""  # a facilitator saw it, unknown which one; marks that a laptop handed in have it as well
ROWS_AT_ONCE = 200  # in one transaction, so that nobody waits for long


@dataclass(frozen=True, slots=True)
class Transactions:
    """How to run a function in a session that reads, and in one that writes: each in a transaction of its own, or all
    in one that the caller commits."""

    read: Callable[[Callable[[Session], Any]], Any]
    write: Callable[[Callable[[Session], Any]], Any]


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
    """Replace the names of an account wherever they occur, and at last in its own row, with many short transactions.

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
    for keys in _batches(traces.ledger):
        yield partial(_erase_in_ledger, keys=keys, names=names)
    for learner_ids in _batches(sorted({key[0] for key in (*traces.ticks, *traces.marks)})):
        ticks, marks = ([key for key in keys if key[0] in learner_ids] for keys in (traces.ticks, traces.marks))
        yield partial(_erase_witness, learner_ids=learner_ids, ticks=ticks, marks=marks, names=names)
    for keys in _batches(traces.seats):
        values = {"helper_name": None, "version": SeatRow.version + 1, "changed_at": epoch_milliseconds(now)}
        yield partial(_update_rows, model=SeatRow, columns=SEAT_KEY, keys=keys, values=values)
    for keys in _batches(traces.log_entries):  # the last, because former names are known from it alone
        yield partial(_erase_in_log, keys=keys)


def _batches(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + ROWS_AT_ONCE] for start in range(0, len(keys), ROWS_AT_ONCE))


def _erase_in_typed_texts(session: Session, *, keys: Sequence[Key], names: Collection[str]) -> None:
    connection = session.connection()
    locked = (
        select(ClassSessionRow.id, *TYPED_TEXTS)
        .where(ClassSessionRow.id.in_([class_id for (class_id,) in keys]))
        .order_by(ClassSessionRow.id)
        .with_for_update()
    )
    with secure_delete(connection):
        for row in connection.execute(locked).all():
            changed = typed_texts_without_names(row, names) | {"version": ClassSessionRow.version + 1}
            connection.execute(update(ClassSessionRow.__table__).where(ClassSessionRow.id == row.id).values(changed))


def _erase_in_revisions(session: Session, *, keys: Sequence[Key], names: Collection[str]) -> None:
    connection = session.connection()
    for key in keys:
        found = select(FileRevision.author_name, FileRevision.why).where(*_is_row(REVISION_KEY, key))
        row = connection.execute(found).one()
        author = REPLACEMENT_NAME if row.author_name in names else row.author_name
        values = {"author_name": author, "why": text_without_names(row.why, names, FileRevision.why)}
        _update_rows(session, model=FileRevision, columns=REVISION_KEY, keys=[key], values=values)


def _erase_in_reviews(session: Session, *, keys: Sequence[Key], names: Collection[str]) -> None:
    connection = session.connection()
    for key in keys:
        note = connection.execute(select(RevisionReview.note).where(*_is_row(REVIEW_KEY, key))).scalar_one()
        values = {"note": text_without_names(note, names, RevisionReview.note)}
        _update_rows(session, model=RevisionReview, columns=REVIEW_KEY, keys=[key], values=values)


def _erase_in_ledger(session: Session, *, keys: Sequence[Key], names: Collection[str]) -> None:
    connection = session.connection()
    for key in keys:
        text = connection.execute(select(LedgerEntry.text).where(*_is_row(LEDGER_KEY, key))).scalar_one()
        values = {"text": text_without_names(text, names, LedgerEntry.text)}
        _update_rows(session, model=LedgerEntry, columns=LEDGER_KEY, keys=[key], values=values)


def _erase_witness(
    session: Session, *, learner_ids: Sequence[str], ticks: Sequence[Key], marks: Sequence[Key], names: Collection[str]
) -> None:
    connection = session.connection()
    lock_learners(connection, learner_ids)
    _update_rows(session, model=TaskTick, columns=TICK_KEY, keys=ticks, values={"witness": NO_WITNESS_NAME})
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
        values = {"details": details_without_name(details)}
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
