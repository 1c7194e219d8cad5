"""Transactions of a command that works beside the running site."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from lms.learning.accounts.forgetting import Transactions

Result = TypeVar("Result")
TRIES = 5  # of a transaction that another one of the running site got in the way of


def make_transactions(engine: Engine) -> Transactions:
    """Each read and each write in a transaction of its own; writes are retried after a deadlock."""
    from lms.learning.accounts.forgetting import Transactions
    from lms.learning.store.database import read_sessions

    def read(work: Callable[[Session], Any]) -> Any:
        with read_sessions(engine)() as session:
            return work(session)

    return Transactions(read, partial(retry_after_deadlock, engine))


def retry_after_deadlock(engine: Engine, work: Callable[[Session], Result]) -> Result:
    """Run ``work`` in a transaction, again if PostgreSQL aborted it for one of the running site."""
    from sqlalchemy.exc import DBAPIError

    from lms.learning.store.database import write_sessions
    from lms.learning.store.db_errors import is_deadlock

    for tries_left in reversed(range(TRIES)):
        try:
            with write_sessions(engine).begin() as session:
                return work(session)
        except DBAPIError as error:
            if not (tries_left and is_deadlock(error)):
                raise
    raise AssertionError("unreachable")
