"""The class that a request of a facilitator or helper is about, its permission checks and its error pages."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from lms.content.model import Course, Lesson
from lms.http.error_responses import error_text
from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.classroom.access.membership import is_facilitator
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.steps import Step, lesson_steps
from lms.learning.errors import NotFound
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.database import rollback, session
from lms.web.errors import wants_json
from lms.web.language import translate
from lms.web.request_context import library

REOPENING_REFRESH_SECONDS = 30  # without JavaScript, of pages that await the reopening of a closed class


@dataclass(frozen=True, slots=True)
class Reopening:
    """How the page of a closed class finds out that it was reopened, and where it goes then."""

    stream_url: str
    url: str


class ClassroomError(Exception):
    """An error page for facilitators and helpers. The link ``href`` leads on."""

    def __init__(
        self,
        status: int,
        title: str,
        sentence: str,
        href: str = "/dung-lop",
        link_text: str = "",
        reopening: Reopening | None = None,
    ) -> None:
        super().__init__(title)
        self.status, self.title, self.sentence, self.href = status, title, sentence, href
        self.link_text = link_text or translate("Về danh sách lớp")
        self.reopening = reopening


class NotYourClass(Exception):
    """The account may steer classes of this ward, but has not joined the facilitators of this one."""

    def __init__(self, class_session: ClassSession) -> None:
        super().__init__(class_session.id)
        self.class_session = class_session


@bp.errorhandler(ClassroomError)
def classroom_error_page(error: ClassroomError) -> Response:
    rollback()
    if wants_json():
        response = make_response({"error": error.sentence})
    else:
        response = make_response(
            render_template(
                "classroom/desk/error.html",
                title=error.title,
                sentence=error.sentence,
                href=error.href,
                link_text=error.link_text,
                reopening=error.reopening,
                refresh_seconds=REOPENING_REFRESH_SECONDS if error.reopening else 0,
            )
        )
    response.status_code = error.status
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class ClassContext:
    """A class session with its course, lesson and steps."""

    class_session: ClassSession
    course: Course
    lesson: Lesson
    steps: tuple[Step, ...]

    @property
    def base_url(self) -> str:
        return f"/dung-lop/{self.class_session.id}"

    @property
    def step_index(self) -> int:
        """Index of the current step; 0 if the lesson was edited and no longer has that step."""
        return next((index for index, step in enumerate(self.steps) if step.key == self.class_session.state.step), 0)


@dataclass(frozen=True, slots=True)
class FacilitatorContext(ClassContext):
    """The class session with the account of the facilitator who asks."""

    account: Account


def get_class_session(class_id: str) -> ClassSession:
    """Find a class by id.

    Raises:
        ClassroomError: there is no such class.
    """
    try:
        return find_class_session(session(), class_id)
    except NotFound as error:
        raise class_not_found_error() from error


def require_steering(class_id: str) -> FacilitatorContext:
    """Load the class for one of its facilitators.

    Raises:
        NotSignedIn, InvalidCsrfToken: as ``require_account``.
        NotAllowed: the account may not steer classes of that ward.
        NotYourClass: it may, but has to join this class's facilitators first.
        ClassroomError: there is no such class.
    """
    account = require_account()
    class_session = get_class_session(class_id)
    permissions.require_permission(account, "steer_class", PermissionTarget(class_session.ward))
    if not is_facilitator(session(), class_id, account.id):
        raise NotYourClass(class_session)
    context = load_context(class_session)
    return FacilitatorContext(class_session, context.course, context.lesson, context.steps, account)


def require_open_class(class_id: str) -> FacilitatorContext:
    """Load an open class for one of its facilitators.

    Raises:
        ClassroomError: the class is closed.
        NotSignedIn, InvalidCsrfToken, NotAllowed, NotYourClass: as ``require_steering``.
    """
    context = require_steering(class_id)
    if context.class_session.is_closed:
        raise class_closed_error(context.base_url)
    return context


def load_context(class_session: ClassSession) -> ClassContext:
    """Load the course, lesson and steps of a class.

    Raises:
        ClassroomError: the lesson is no longer in the catalog.
    """
    edition = library().edition_or_merged_into(class_session)
    if edition is None:
        raise lesson_removed_error()
    course, lesson = edition
    return ClassContext(class_session, course, lesson, lesson_steps(lesson))


def class_not_found_error() -> ClassroomError:
    return ClassroomError(
        404, translate("Lớp này không có"), translate("Địa chỉ có thể gõ thiếu, hoặc lớp đã được xóa.")
    )


def lesson_removed_error() -> ClassroomError:
    return ClassroomError(
        409, translate("Bài của lớp này không còn"), translate("Bài vừa được gỡ khỏi trang. Mở lớp khác với bài khác.")
    )


def class_closed_error(base_url: str, reopening: Reopening | None = None) -> ClassroomError:
    """The error for a command that comes after the class has closed; it links to the desk at ``base_url``."""
    sentence = translate("Việc vừa rồi không làm nữa. Những gì bà con làm được vẫn còn.")
    return ClassroomError(409, translate("Lớp đã đóng"), sentence, base_url, translate("Xem lớp đã đóng"), reopening)


def error_sentence(error: Exception) -> str:
    """Title and sentence of a service's error in the page's language, for a form that is shown again."""
    text = error_text(error)
    return f"{translate(text.title)}. {translate(text.sentence)}"


def message_from_query(messages: dict[str, str]) -> str:
    """The confirmation that a redirect asked for by ``?da=``, in the page's language; "" for none."""
    message = messages.get(request.args.get("da", ""), "")
    return translate(message) if message else ""


def record_audit(account: Account, action: str, class_session: ClassSession, *, name: str = "") -> None:
    """Write an audit log entry about a class, none about a rehearsal. ``name``: the helper's, for "helper_removed"."""
    if class_session.is_rehearsal:
        return
    edition = library().edition_or_merged_into(class_session)
    lesson = edition[1].name if edition else class_session.lesson
    name = name or f"{class_session.code[:3]} {class_session.code[3:]} ({lesson})"
    audit_log.record(
        session(),
        account,
        action,
        target_id=class_session.id,
        ward=class_session.ward,
        now=clock.now(),
        details={"name": name},
    )
