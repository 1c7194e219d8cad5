"""/quan-ly/nhat-ky: who changed what, the newest first."""

from __future__ import annotations

from flask import Response, render_template, request

from lms.learning.accounts import audit_log
from lms.learning.accounts.permissions import Subject
from lms.web import page_cache
from lms.web.accounts.blueprint import bp
from lms.web.accounts.labels import actor
from lms.web.accounts.signed_in import require_account, require_right
from lms.web.database import session

A_PAGE = 50


@bp.get("/quan-ly/nhat-ky")
def show_journal() -> Response:
    """``truoc``: an entry's number, to go on from."""
    by = require_right("read_journal", Subject(require_account().ward))
    before = request.args.get("truoc", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = audit_log.read(session(), ward=by.ward, before=start, limit=A_PAGE + 1)
    page = render_template(
        "accounts/journal.html",
        account=by,
        entries=found[:A_PAGE],
        actor=actor,
        older=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        begun=start is not None,
    )
    return page_cache.private(page)
