"""Restore a backup into a store of either kind, in one transaction: the tables of its revision, rows, then upgrades."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Set
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, inspect, select, text
from sqlalchemy.orm import Session

from lms.learning.accounts.account_store import get_account
from lms.learning.accounts.forgetting import Transactions, erase_names, revoke_duties
from lms.learning.backup.bulk_load import bulk_load
from lms.learning.backup.errors import BackupTooNew, InvalidBackup, RestoreWouldOverwrite
from lms.learning.backup.reading import open_backup, table_name_of_member
from lms.learning.backup.table_rows import insert_lines, reflect_tables, restart_sequences
from lms.learning.learners.learner_store import forget_learner_id
from lms.learning.store.migrate import known_revisions, run_migrations
from lms.learning.store.models import AccountRow, Learner
from lms.learning.store.people_count import count_people
from lms.learning.store.tombstones import id_digest


def restore_backup(
    path: Path,
    engine: Engine,
    *,
    manifest: dict[str, Any],
    passphrase: str | None,
    overwrite: bool,
    forgotten: Set[str],
    progress: Callable[[str, int], None],
    now: datetime,
) -> None:
    """Replace the whole store with that of the backup. After an error nothing has changed.

    ``manifest``: what ``check_backup`` returned for the file, which takes a while to read.
    ``forgotten``: digests of the ids of forgotten learners and accounts, kept beside the store; those whom the present
    store remembers as forgotten are added.

    Raises:
        InvalidBackup, WrongPassphrase, BackupTooNew: the file cannot be restored.
        RestoreWouldOverwrite: there are people in the store, without ``overwrite``.
    """
    if manifest["revision"] not in known_revisions():
        raise BackupTooNew(manifest["revision"])
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")  # it has no effect inside a transaction
        try:
            with connection.begin():
                people = count_people(connection)
                if people and not overwrite:
                    raise RestoreWouldOverwrite(people)
                digests = set(forgotten) | _forgotten_here(connection)
                _drop_all(connection)
                run_migrations(connection, manifest["revision"])
                with bulk_load(connection):
                    _insert_rows(connection, path, passphrase, manifest, progress)
                run_migrations(connection, "head")
                _forget_again(connection, digests, now)
                if is_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                    raise InvalidBackup("rows refer to nothing")
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


def _forgotten_here(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("learners"):
        return set()
    ids = [*connection.scalars(select(Learner.id).where(Learner.forgotten_at.is_not(None)))]
    if any(column["name"] == "forgotten_at" for column in inspect(connection).get_columns("accounts")):
        ids += connection.scalars(select(AccountRow.id).where(AccountRow.forgotten_at.is_not(None)))
    return {id_digest(forgotten_id) for forgotten_id in ids}


def _drop_all(connection: Connection) -> None:
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.drop_all(connection)


def _insert_rows(
    connection: Connection,
    path: Path,
    passphrase: str | None,
    manifest: dict[str, Any],
    progress: Callable[[str, int], None],
) -> None:
    """Tables come in the backup in an order in which none refers to a later one."""
    tables = {table.name: table for table in reflect_tables(connection)}
    for table in reversed(tables.values()):  # migrations may have put rows into them
        connection.execute(table.delete())
    with open_backup(path, passphrase) as members:
        stored = ((name, data) for name, data in members if name.startswith("store/"))
        for name, chunks in groupby(stored, key=lambda member: table_name_of_member(member[0])):
            if name not in tables:
                raise InvalidBackup(f"table {name} is unknown")
            record = manifest["tables"][name]
            try:
                insert_lines(connection, tables[name], record["columns"], _lines(chunks))
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidBackup(f"table {name}: {error}") from error
            progress(name, record["rows"])
    restart_sequences(connection, tables.values())


def _lines(chunks: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    for _, data in chunks:
        yield from gzip.decompress(data).splitlines()


def _forget_again(connection: Connection, digests: Set[str], now: datetime) -> None:
    if not digests:
        return
    learners = connection.scalars(select(Learner.id).where(Learner.forgotten_at.is_(None)))
    accounts = connection.scalars(select(AccountRow.id).where(AccountRow.forgotten_at.is_(None)))
    learner_ids, account_ids = ([each for each in ids if id_digest(each) in digests] for ids in (learners, accounts))
    with Session(connection) as session:
        for learner_id in learner_ids:
            forget_learner_id(session, learner_id, now=now)
        for account_id in account_ids:
            revoke_duties(session, get_account(session, account_id), now=now)
            erase_names(Transactions(lambda work: work(session), lambda work: work(session)), account_id, now=now)
        session.flush()
