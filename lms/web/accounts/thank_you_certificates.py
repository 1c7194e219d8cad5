"""/quan-ly/toi/giay-cam-on: a sheet of thanks for the classes that one has held, made at one's own wish."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning.badges import thank_you_certificates
from lms.learning.errors import BadgeNotEarned, InvalidName, NumberInName
from lms.message_catalog import mark_for_translation
from lms.web import clock, page_cache
from lms.web.accounts import signed_in
from lms.web.accounts.blueprint import bp
from lms.web.database import session
from lms.web.language import translate
from lms.web.request_context import issuer

PATH = "/quan-ly/toi/giay-cam-on"
NUMBER_IN_NAME = mark_for_translation(
    "Ô này đang có dãy số, giống số điện thoại. Ai quét mã cũng đọc được, nên chỉ ghi tên thôi nhé."
)
LONG_NAME = mark_for_translation("Tên dài quá. Ghi gọn lại trong 60 chữ nhé.")


@bp.get(PATH)
def show_thank_you_form() -> Response:
    signed_in.require_account()
    return _page()


@bp.post(PATH)
def make_thank_you_certificate() -> Response:
    account = signed_in.require_account()
    typed = request.form.get("ten", "").strip()
    try:
        sheet = thank_you_certificates.make_certificate(
            session(), account_id=account.id, ward=account.ward, name=typed or account.name, issuer=issuer(),
            now=clock.now(),
        )  # fmt: skip
    except InvalidName as error:
        return _page(typed=typed, error=NUMBER_IN_NAME if isinstance(error, NumberInName) else LONG_NAME, status=422)
    except BadgeNotEarned:
        return _page(status=409)
    return redirect(f"/huy-hieu/{sheet.id}", 303)


@bp.post(f"{PATH}/thu-lai")
def revoke_thank_you_certificate() -> Response:
    account = signed_in.require_account()
    thank_you_certificates.revoke_certificates(session(), account.id, now=clock.now())
    return redirect(f"{PATH}?xong=thu-lai", 303)


def _page(*, typed: str = "", error: str = "", status: int = 200) -> Response:
    account = signed_in.require_account()
    page = render_template(
        "accounts/thank_you_form.html",
        account=account,
        held=thank_you_certificates.count_classes_held(session(), account.id, ward=account.ward),
        sheet=thank_you_certificates.find_current_certificate(session(), account.id),
        name=typed or account.name,
        error=translate(error) if error else "",
        is_revoked=request.args.get("xong") == "thu-lai",
    )
    return page_cache.no_store_page(page, status=status)
