"""The ward that a request names, for accounts with duties in one ward and for those of the whole city."""

from __future__ import annotations

from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY
from lms.learning.errors import NotFound
from lms.learning.wards import find_ward

WHOLE_CITY = "tp"  # CITY in URLs and forms, where "" means that nothing was chosen


def chosen_ward(account: Account, requested: str) -> str:
    """The ward with the code ``requested`` for an account of the city, else the account's own.

    Raises:
        NotFound: another ward was requested, or one that does not exist.
    """
    if account.ward != CITY:
        if requested not in ("", account.ward):
            raise NotFound(requested)
        return account.ward
    if requested in ("", WHOLE_CITY):
        return CITY
    if find_ward(requested) is None:
        raise NotFound(requested)
    return requested
