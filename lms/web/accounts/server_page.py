"""/quan-ly/may-chu: how the server is doing, and what to do about what is not right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from flask import Response, current_app, render_template
from sqlalchemy import make_url

from lms.learning.accounts.permissions import CITY, Subject
from lms.learning.store.migrate import latest_revision
from lms.monitoring.disk import LOW_FREE_BYTES, size_in_words
from lms.monitoring.figures import SiteFigures
from lms.monitoring.readiness import Check
from lms.release import UNKNOWN, this_release
from lms.vietnam_time import moment_in_words
from lms.web import clock, page_cache
from lms.web.accounts.blueprint import bp
from lms.web.accounts.signed_in import require_permission
from lms.web.request_context import settings

BACKUP_AGE = timedelta(hours=26)  # a backup a day, and two hours for it to run late

# By check of /readyz: what does not work, and what to do.
REMEDIES = MappingProxyType(
    {
        "database": (
            "Chưa ghi được vào kho dữ liệu.",
            "Xem kho có đang chạy không, có cho ghi không, đĩa của kho còn chỗ không. Câu trả lời gửi lúc này chưa giữ "
            "được; máy của bà con sẽ gửi lại.",
        ),
        "schema": (
            "Bảng trong kho không phải của bản chương trình này.",
            "Gõ lms db upgrade, hoặc mở đúng bản chương trình hợp với kho.",
        ),
        "disk": ("Đĩa gần đầy.", "Dọn bớt tệp không cần, hoặc thêm đĩa. Đĩa đầy thì không giữ được gì nữa."),
        "courses": (
            "Chưa có khóa học nào trên trang.",
            "Gõ lms check để thấy lỗi ở tệp nào, dòng nào. Sửa xong thì cho đọc lại (kill -HUP), hoặc mở lại chương "
            "trình.",
        ),
        "keys": (
            "Tệp khóa của trang không còn trong thư mục dữ liệu.",
            "Chép secret-key và signing-keys.json từ bản sao lưu về, trước lần mở sau. Mở lại mà thiếu khóa thì mã học "
            "cũ không dùng được nữa.",
        ),
        "page": ("Trang đầu chưa hiện được.", "Xem nhật ký của chương trình, rồi mở lại chương trình."),
    }
)


@dataclass(frozen=True, slots=True)
class ServerProblem:
    """Something to look at: what is not right, and what to do."""

    what: str
    remedy: str


@bp.get("/quan-ly/may-chu")
def show_server() -> Response:
    account = require_permission("watch_server", Subject(CITY))
    checks: tuple[Check, ...] = current_app.extensions["readiness"].check()
    figures: SiteFigures = current_app.extensions["figures"].read()
    page = render_template(
        "accounts/server.html",
        account=account,
        findings=[*_failed_checks(checks), *_worth_a_look(figures, clock.now())],
        rows=[*_release_rows(), *_figure_rows(figures)],
        port=settings().port,
        now=clock.now(),
    )
    return page_cache.no_store_page(page)


def _failed_checks(checks: tuple[Check, ...]) -> Iterator[ServerProblem]:
    for check in checks:
        if not check.ok:
            yield ServerProblem(*REMEDIES[check.name])


def _worth_a_look(figures: SiteFigures, now: datetime) -> Iterator[ServerProblem]:
    """What does not stop anybody yet."""
    for folder in figures.faulty_courses:
        remedy = f"Gõ lms check courses/{folder} để thấy dòng nào. Bản trước, nếu có, vẫn đang mở."
        yield ServerProblem(f"Khóa {folder} có lỗi.", remedy)
    if figures.free_bytes is not None and figures.free_bytes < LOW_FREE_BYTES:
        yield ServerProblem(
            f"Đĩa chỉ còn {size_in_words(figures.free_bytes)}.", "Dọn bớt, hoặc thêm đĩa, trong tuần này."
        )
    if figures.last_backup is None:
        yield ServerProblem("Máy này chưa sao lưu lần nào.", "Gõ lms backup và tên một tệp, rồi cất tệp ấy ở máy khác.")
    elif now - figures.last_backup > BACKUP_AGE:
        yield ServerProblem(
            "Đã hơn một ngày chưa sao lưu.", "Gõ lms backup, hoặc xem lịch sao lưu hằng ngày còn chạy không."
        )
    if figures.server_errors:
        yield ServerProblem(
            f"{figures.server_errors} lần chương trình không trả lời được, từ khi mở.",
            "Xem nhật ký của chương trình lúc ấy. Vài lần khi kho mở lại là thường.",
        )
    if figures.most_connections and figures.used_connections >= figures.most_connections:
        yield ServerProblem(
            "Mọi đường nối với kho đều đang bận.", "Đợi một phút rồi xem lại. Còn bận thì xem kho có chậm không."
        )


def _release_rows() -> Iterator[tuple[str, str]]:
    release = this_release()
    yield "Bản chương trình", release.version
    yield "Mã commit", "không rõ" if release.commit == UNKNOWN else release.commit[:12]
    yield (
        "Ngày của bản",
        "không rõ" if release.date == UNKNOWN else moment_in_words(datetime.fromisoformat(release.date)),
    )
    is_sqlite = make_url(settings().database_url).get_backend_name() == "sqlite"
    yield "Kho dữ liệu", f"{'SQLite' if is_sqlite else 'PostgreSQL'}, bảng đời {latest_revision()}"


def _figure_rows(figures: SiteFigures) -> Iterator[tuple[str, str]]:
    yield "Lớp đang mở", "chưa biết" if figures.open_classes is None else str(figures.open_classes)
    yield "Màn hình đang theo lớp", str(figures.open_streams)
    yield "Khóa học trên trang", str(figures.courses_on_air)
    yield "Đĩa còn trống", "chưa biết" if figures.free_bytes is None else size_in_words(figures.free_bytes)
    yield "Sao lưu lần cuối", moment_in_words(figures.last_backup) if figures.last_backup else "chưa có"
    yield "Câu trả lời đang đợi ghi", str(figures.queued_writes)
    if figures.most_connections:
        yield "Đường nối với kho", f"{figures.used_connections} bận trong {figures.most_connections}"
    yield "Trang và tệp đã trả lời", str(figures.requests)
