"""Who belongs to a class: its facilitators, its helpers, and accounts of its ward.

What a role may do at all is in ``accounts/permissions.py``.
"""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.errors import ClassClosed, NotAllowed
from lms.learning.store.models import AccountRow, ClassFacilitator, ClassSessionRow, HelperRow


def is_facilitator(session: Session, class_id: str, account_id: str) -> bool:
    """Whether this account opened the class or took it over, and is not disabled."""
    key = {"class_id": class_id, "account_id": account_id}
    return session.connection().execute(_FACILITATOR, key).first() is not None


def require_facilitator(session: Session, class_id: str, account_id: str) -> None:
    """Check that the account is a facilitator of the class.

    Raises:
        NotAllowed: the account is no facilitator of the class, or is disabled.
    """
    if not is_facilitator(session, class_id, account_id):
        raise NotAllowed("steer_class")


def require_open_class_session(session: Session, class_id: str, account_id: str, *, lock: bool = False) -> ClassSession:
    """The class, for what its facilitator may do while it is open. ``lock`` locks its row for update.

    Raises:
        NotFound: no class has this id.
        NotAllowed: the account is no facilitator of the class, or is disabled.
        ClassClosed: the class is over.
    """
    require_facilitator(session, class_id, account_id)
    class_session = find_class_session(session, class_id, lock=lock)
    if class_session.is_closed:
        raise ClassClosed(class_id)
    return class_session


def require_staff(
    session: Session, class_id: str, *, account_id: str | None = None, helper_id: str | None = None
) -> None:
    """Check that somebody may help at the seats: an account of the class's ward or of the city, or a helper.

    Raises:
        NotAllowed: it is neither, or no longer.
    """
    if account_id is not None:
        require_account_of_ward(session, class_id, account_id)
        return
    statement = select(HelperRow.id).where(
        HelperRow.id == helper_id, HelperRow.class_id == class_id, HelperRow.revoked_at.is_(None)
    )
    if session.connection().execute(statement).first() is None:
        raise NotAllowed("help")


def require_account_of_ward(session: Session, class_id: str, account_id: str) -> None:
    """Check that an account is of the class's ward or of the city.

    Raises:
        NotAllowed: it is of another ward, or disabled, or no class has this id.
    """
    statement = (
        select(AccountRow.id)
        .join(ClassSessionRow, or_(ClassSessionRow.ward == AccountRow.ward, AccountRow.ward == ""))
        .where(AccountRow.id == account_id, AccountRow.disabled_at.is_(None), ClassSessionRow.id == class_id)
    )
    if session.connection().execute(statement).first() is None:
        raise NotAllowed("help")


def find_facilitator_names(session: Session, class_id: str) -> tuple[str, ...]:
    """The facilitators' names: the account that opened the class, then those that took it over."""
    rows = session.connection().scalars(
        select(AccountRow.name)
        .join(ClassFacilitator, ClassFacilitator.account_id == AccountRow.id)
        .where(ClassFacilitator.class_id == class_id)
        .order_by(ClassFacilitator.since, AccountRow.name)
    )
    return tuple(rows)


_FACILITATOR = (
    select(ClassFacilitator.account_id)
    .join(AccountRow, AccountRow.id == ClassFacilitator.account_id)
    .where(
        ClassFacilitator.class_id == bindparam("class_id"),
        ClassFacilitator.account_id == bindparam("account_id"),
        AccountRow.disabled_at.is_(None),
    )
)
