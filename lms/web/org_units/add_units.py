"""/quan-ly/don-vi/them: units are typed, pasted, or come in a sheet; all lines are right, or none is stored."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning.accounts.account import Account
from lms.learning.errors import InvalidOrgUnitList
from lms.learning.org_units.names import all_organisations
from lms.learning.org_units.unit_admin import add_units
from lms.learning.org_units.unit_list import MAX_LINES, CheckedList, KnownLine, ListLine, WrongLine
from lms.web import clock
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.database import session
from lms.web.language import translate
from lms.web.org_units.blueprint import bp
from lms.web.org_units.unit_pages import require_unit_manager
from lms.web.org_units.wording import NOTHING_TYPED, line_problem, sheet_problem
from lms.web.page_cache import no_store_page
from lms.web.spreadsheets import InvalidSheet, join_lines, read_sheet, split_lines

PATH = "/quan-ly/don-vi/them"
MAX_UPLOAD_BYTES = 1_500_000  # 5,000 lines of text have half a million
MAX_SHOWN = 30  # lines of one kind on the page; the others are shown once these are corrected


@dataclass(frozen=True, slots=True)
class LineNote:
    """What is said of one line: "Dòng 7", what was typed, and what is wrong or known."""

    number: int
    text: str
    note: str


@bp.before_request
def allow_large_lists() -> None:
    if request.path == PATH:
        request.max_content_length = request.max_form_memory_size = MAX_UPLOAD_BYTES


@bp.get(PATH)
def show_add_units_form() -> Response:
    account = require_unit_manager()
    return _page(account, chosen_ward(account, request.args.get("phuong", "")))


@bp.post(PATH)
def add_unit_list() -> Response:
    account = require_unit_manager()
    ward = chosen_ward(account, request.form.get("phuong", ""))
    typed = request.form.get("danh-sach", "")
    upload = request.files.get("tep")
    if upload and upload.filename:
        try:
            typed = join_lines(read_sheet(upload.read(), max_lines=MAX_LINES))
        except InvalidSheet as error:
            return _page(account, ward, typed, file_error=sheet_problem(error.why), status=422)
    if not typed.strip():
        return _page(account, ward, error=translate(NOTHING_TYPED), status=422)
    lines = [ListLine(number, cells) for number, cells in enumerate(split_lines(typed), 1)]
    if len(lines) > MAX_LINES:
        return _page(account, ward, typed, error=sheet_problem("too_many_lines"), status=422)
    try:
        checked = add_units(
            session(), lines, ward=ward, by=account, now=clock.now(), confirms_similar="khac" in request.form
        )
    except InvalidOrgUnitList as refused:
        return _page(account, ward, typed, refused=refused, status=422)
    if checked.present:
        return _page(account, ward, done=checked)
    return redirect(f"/quan-ly/don-vi?phuong={ward or WHOLE_CITY}&them={len(checked.units)}", 303)


def _page(
    account: Account,
    ward: str,
    typed: str = "",
    *,
    error: str = "",
    file_error: str = "",
    refused: InvalidOrgUnitList | None = None,
    done: CheckedList | None = None,
    status: int = 200,
) -> Response:
    wrong = [_wrong_note(line) for line in refused.problems if isinstance(line, WrongLine)] if refused else []
    similar = [_known_note(line) for line in refused.similar if isinstance(line, KnownLine)] if refused else []
    present = [_known_note(line) for line in done.present] if done else []
    page = render_template(
        "units/add_units.html",
        account=account,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        typed=typed,
        error=error,
        file_error=file_error,
        wrong=wrong,
        similar=similar,
        present=present,
        added=len(done.units) if done else 0,
        most_shown=MAX_SHOWN,
        organisations=[organisation.name for organisation in all_organisations()],
    )
    return no_store_page(page, status=status)


def _wrong_note(wrong: WrongLine) -> LineNote:
    return LineNote(wrong.line.number, _short(wrong.line), line_problem(wrong.why))


def _known_note(known: KnownLine) -> LineNote:
    return LineNote(known.line.number, _short(known.line), known.known)


def _short(line: ListLine) -> str:
    text = line.text
    return text if len(text) <= 60 else f"{text[:58]}…"
