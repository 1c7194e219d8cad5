"""Who belongs to a class: facilitators, helpers, accounts of its ward. What a role may do is in ``accounts.rights``."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from lms.learning.errors import NotAllowed
from lms.learning.store.models import AccountRow, ClassFacilitator, ClassHelper, ClassRow


def is_facilitator(connection: Connection, class_id: str, account_id: str) -> bool:
    """Whether this account opened the class or took it over, and is not disabled since."""
    statement = (
        select(ClassFacilitator.account_id)
        .join(AccountRow, AccountRow.id == ClassFacilitator.account_id)
        .where(
            ClassFacilitator.class_id == class_id,
            ClassFacilitator.account_id == account_id,
            AccountRow.disabled_at.is_(None),
        )
    )
    return connection.execute(statement).first() is not None


def require_facilitator(connection: Connection, class_id: str, account_id: str) -> None:
    """
    Raises:
        NotAllowed: the account did not open the class and has not taken it over, or it is disabled by now.
    """
    if not is_facilitator(connection, class_id, account_id):
        raise NotAllowed("steer")


def require_staff(
    connection: Connection, class_id: str, *, account_id: str | None = None, helper_id: str | None = None
) -> None:
    """Whoever may go to a seat: an account of the class's ward or of the city, or a helper of this class.

    Raises:
        NotAllowed: it is neither, or not any more.
    """
    if account_id is not None:
        statement = (
            select(AccountRow.id)
            .join(ClassRow, or_(ClassRow.ward == AccountRow.ward, AccountRow.ward == ""))
            .where(AccountRow.id == account_id, AccountRow.disabled_at.is_(None), ClassRow.id == class_id)
        )
    else:
        statement = select(ClassHelper.id).where(
            ClassHelper.id == helper_id, ClassHelper.class_id == class_id, ClassHelper.revoked_at.is_(None)
        )
    if connection.execute(statement).first() is None:
        raise NotAllowed("help")
