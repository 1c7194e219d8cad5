"""A badge as its page and its print show it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from lms.content.model import Stage
from lms.learning.badges import artwork
from lms.learning.badges.awarding import BadgePage
from lms.learning.badges.wording import STAGE_NAMES, evidence_sentence
from lms.web.request_context import settings
from lms.web.urls import qr_svg, site_host


@dataclass(frozen=True, slots=True)
class Certificate:
    """``evidence``: stage, its name and a sentence for each mark. ``address``: of the page, as a person types it."""

    badge: BadgePage
    picture: Markup
    evidence: tuple[tuple[Stage, str, str], ...]
    qr_code: Markup
    address: str
    host: str


def build_certificate(badge: BadgePage) -> Certificate:
    path = f"/huy-hieu/{badge.id}"
    return Certificate(
        badge=badge,
        picture=Markup(artwork.svg()),  # noqa: S704  (our own drawing)
        evidence=tuple((each.stage, STAGE_NAMES[each.stage], evidence_sentence(each)) for each in badge.evidence),
        qr_code=qr_svg(settings().public_url + path),
        address=site_host() + path,
        host=site_host(),
    )
