"""/quan-ly/may-chu: how the server is doing, and what to do about what is not right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from flask import Response, current_app, render_template
from sqlalchemy import make_url

from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.store.migrate import latest_revision
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.monitoring.disk import LOW_FREE_BYTES, size_in_words
from lms.monitoring.figures import SiteFigures
from lms.monitoring.readiness import ReadinessCheck
from lms.release import UNKNOWN, this_release
from lms.web import clock, page_cache
from lms.web.accounts.blueprint import bp
from lms.web.accounts.signed_in import require_permission
from lms.web.language import page_language, translate
from lms.web.page_formats import moment_in_words
from lms.web.request_context import settings

BACKUP_AGE = timedelta(hours=26)  # a backup a day, and two hours for it to run late

# By check of /readyz: what does not work, and what to do.
REMEDIES = MappingProxyType(
    {
        "database": (
            mark_for_translation("Chưa ghi được vào kho dữ liệu."),
            mark_for_translation(
                "Xem kho có đang chạy không, có cho ghi không, đĩa của kho còn chỗ không. Câu trả lời gửi lúc này chưa "
                "giữ được; máy của bà con sẽ gửi lại."
            ),
        ),
        "schema": (
            mark_for_translation("Bảng trong kho không phải của bản chương trình này."),
            mark_for_translation("Gõ lms db upgrade, hoặc mở đúng bản chương trình hợp với kho."),
        ),
        "disk": (
            mark_for_translation("Đĩa gần đầy."),
            mark_for_translation("Dọn bớt tệp không cần, hoặc thêm đĩa. Đĩa đầy thì không giữ được gì nữa."),
        ),
        "courses": (
            mark_for_translation("Chưa có khóa học nào trên trang."),
            mark_for_translation(
                "Gõ lms check để thấy lỗi ở tệp nào, dòng nào. Sửa xong thì cho đọc lại (kill -HUP), hoặc mở lại "
                "chương trình."
            ),
        ),
        "keys": (
            mark_for_translation("Tệp khóa của trang không còn trong thư mục dữ liệu."),
            mark_for_translation(
                "Chép secret-key và signing-keys.json từ bản sao lưu về, trước lần mở sau. Mở lại mà thiếu khóa thì mã "
                "học cũ không dùng được nữa."
            ),
        ),
        "page": (
            mark_for_translation("Trang đầu chưa hiện được."),
            mark_for_translation("Xem nhật ký của chương trình, rồi mở lại chương trình."),
        ),
    }
)


_SMALL = mark_for_translation("dưới 1 MB")  # of ``size_in_words``
_UNANSWERED = mark_for_translation("{} lần chương trình không trả lời được, từ khi mở.")


@dataclass(frozen=True, slots=True)
class ServerProblem:
    """Something to look at: what is not right, and what to do."""

    what: str
    remedy: str


@bp.get("/quan-ly/may-chu")
def show_server() -> Response:
    account = require_permission("watch_server", PermissionTarget(CITY))
    checks: tuple[ReadinessCheck, ...] = current_app.extensions["readiness"].check()
    figures: SiteFigures = current_app.extensions["figures"].read()
    page = render_template(
        "accounts/server.html",
        account=account,
        findings=[*_failed_checks(checks), *_find_warnings(figures, clock.now())],
        rows=[*_release_rows(), *_figure_rows(figures)],
        port=settings().port,
        now=clock.now(),
    )
    return page_cache.no_store_page(page)


def _failed_checks(checks: tuple[ReadinessCheck, ...]) -> Iterator[ServerProblem]:
    for check in checks:
        if not check.ok:
            what, remedy = REMEDIES[check.name]
            yield ServerProblem(translate(what), translate(remedy))


def _find_warnings(figures: SiteFigures, now: datetime) -> Iterator[ServerProblem]:
    """What does not stop anybody yet."""
    for folder in figures.faulty_courses:
        remedy = translate("Gõ lms check courses/{} để thấy dòng nào. Bản trước, nếu có, vẫn đang mở.").format(folder)
        yield ServerProblem(translate("Khóa {} có lỗi.").format(folder), remedy)
    if figures.free_bytes is not None and figures.free_bytes < LOW_FREE_BYTES:
        yield ServerProblem(
            translate("Đĩa chỉ còn {}.").format(_size(figures.free_bytes)),
            translate("Dọn bớt, hoặc thêm đĩa, trong tuần này."),
        )
    if figures.last_backup is None:
        yield ServerProblem(
            translate("Máy này chưa sao lưu lần nào."),
            translate("Gõ lms backup và tên một tệp, rồi cất tệp ấy ở máy khác."),
        )
    elif now - figures.last_backup > BACKUP_AGE:
        yield ServerProblem(
            translate("Đã hơn một ngày chưa sao lưu."),
            translate("Gõ lms backup, hoặc xem lịch sao lưu hằng ngày còn chạy không."),
        )
    if figures.server_errors:
        yield ServerProblem(
            translate(_UNANSWERED).format(figures.server_errors),
            translate("Xem nhật ký của chương trình lúc ấy. Vài lần khi kho mở lại là thường."),
        )
    if figures.most_connections and figures.used_connections >= figures.most_connections:
        yield ServerProblem(
            translate("Mọi đường nối với kho đều đang bận."),
            translate("Đợi một phút rồi xem lại. Còn bận thì xem kho có chậm không."),
        )


def _release_rows() -> Iterator[tuple[str, str]]:
    release = this_release()
    yield translate("Bản chương trình"), release.version
    yield translate("Mã commit"), translate("không rõ") if release.commit == UNKNOWN else release.commit[:12]
    yield (
        translate("Ngày của bản"),
        translate("không rõ") if release.date == UNKNOWN else moment_in_words(datetime.fromisoformat(release.date)),
    )
    is_sqlite = make_url(settings().database_url).get_backend_name() == "sqlite"
    name = "SQLite" if is_sqlite else "PostgreSQL"
    yield translate("Kho dữ liệu"), translate("{}, bảng đời {}").format(name, latest_revision())


def _figure_rows(figures: SiteFigures) -> Iterator[tuple[str, str]]:
    yield (
        translate("Lớp đang mở"),
        translate("chưa biết") if figures.open_classes is None else str(figures.open_classes),
    )
    yield translate("Màn hình đang theo lớp"), str(figures.open_streams)
    yield translate("Khóa học trên trang"), str(figures.published_courses)
    yield (
        translate("Đĩa còn trống"),
        translate("chưa biết") if figures.free_bytes is None else _size(figures.free_bytes),
    )
    last_backup = moment_in_words(figures.last_backup) if figures.last_backup else translate("chưa có")
    yield translate("Sao lưu lần cuối"), last_backup
    yield translate("Câu trả lời đang đợi ghi"), str(figures.queued_writes)
    if figures.most_connections:
        busy = translate("{} bận trong {}").format(figures.used_connections, figures.most_connections)
        yield translate("Đường nối với kho"), busy
    yield translate("Trang và tệp đã trả lời"), str(figures.requests)


def _size(size: int) -> str:
    text = size_in_words(size)
    return translate(text) if text == _SMALL or page_language() == SOURCE_LANGUAGE else text.replace(",", ".")
