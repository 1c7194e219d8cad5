"""The published figures as open data: the wards as CSV, and everything as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import asdict

from flask import Response, jsonify

from lms.learning.ledger.indicators import all_indicators
from lms.learning.movement_statistics.figure_releases import Release
from lms.learning.movement_statistics.indicators import PUBLIC_UNIT_INDICATORS, Indicator
from lms.learning.movement_statistics.published_values import STEP
from lms.learning.org_units.names import all_organisations
from lms.learning.wards import all_wards
from lms.web.movement_statistics.blueprint import bp
from lms.web.movement_statistics.current_figure_release import current_release
from lms.web.movement_statistics.wording import INDICATOR_LABELS
from lms.web.request_context import settings

TITLE = "Phong trào Bình dân học vụ số ở Thành phố Hồ Chí Minh"
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/deed.vi"}
ROUNDING = (
    f"Mỗi số làm tròn xuống cho chẵn {STEP}; 0 là dưới {STEP}. Số lớp của thành phố đếm trên cả thành phố rồi mới làm "
    "tròn; các số khác của thành phố là tổng các số đã làm tròn."
)


@bp.get("/phong-trao.csv")
def movement_csv() -> Response:
    release, text = current_release(), io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["released_on", "year", "ward", "slug", *Indicator])
    if release:
        for slug, name, code in _places():
            figures = _figures(lambda indicator, code=code: release.value(code, indicator))
            writer.writerow([release.released_on.isoformat(), release.year, name, slug, *figures.values()])
    return _allow_caching(Response(text.getvalue(), content_type="text/csv; charset=utf-8; header=present"))


@bp.get("/phong-trao.json")
def movement_json() -> Response:
    release = current_release()
    document: dict[str, object] = {
        "title": TITLE,
        "source": f"{settings().public_url}/phong-trao",
        "licence": LICENCE,
        "rounding": ROUNDING,
        "indicators": {str(indicator): label for indicator, label in INDICATOR_LABELS.items()},
        "released_on": release.released_on.isoformat() if release else None,
        "year": release.year if release else None,
        "city": _figures(release.total) if release else None,
        "wards": _wards(release) if release else [],
        "organisations": _organisations(release) if release else [],
        "targets": [asdict(total) for total in release.signed_totals] if release else [],
    }
    return _allow_caching(jsonify(document))


def _places() -> list[tuple[str, str, str]]:
    """(slug, name, code) of each ward, at last of the people whose ward nobody knows."""
    return [*((ward.slug, ward.full_name, ward.code) for ward in all_wards()), ("", "Chưa rõ phường, xã", "")]


def _wards(release: Release) -> list[dict[str, object]]:
    return [
        {
            "slug": slug,
            "name": name,
            **_figures(lambda indicator, code=code: release.value(code, indicator)),
            "counted_by_hand": {
                key: value for key in all_indicators() if (value := release.hand_value(code, key)) and code
            },
            "has_signed_targets": code in release.signed_wards,
        }
        for slug, name, code in _places()
    ]


def _organisations(release: Release) -> list[dict[str, str | int]]:
    return [
        {
            "key": organisation.key,
            "name": organisation.name,
            **{str(kind): release.organisation_value(organisation.key, kind) for kind in PUBLIC_UNIT_INDICATORS},
        }
        for organisation in all_organisations()
    ]


def _figures(value: Callable[[Indicator], int]) -> dict[str, str | int]:
    return {str(indicator): value(indicator) for indicator in Indicator}


def _allow_caching(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=600"
    response.headers["Access-Control-Allow-Origin"] = "*"  # the same for everybody, and without any cookie
    return response
