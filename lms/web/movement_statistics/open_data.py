"""The published figures as open data: CSV files with a Data Package that describes them, and one JSON document."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Response, abort, jsonify

from lms.learning.ledger.indicators import all_indicators
from lms.learning.movement_statistics.figure_releases import Release
from lms.learning.movement_statistics.indicators import PUBLIC_UNIT_INDICATORS, Indicator
from lms.learning.movement_statistics.published_values import STEP
from lms.learning.org_units.names import all_organisations
from lms.web.movement_statistics.blueprint import bp
from lms.web.movement_statistics.current_figure_release import current_release
from lms.web.movement_statistics.open_tables import TABLES, Column, Table, rows_of_places
from lms.web.movement_statistics.screen_dwell_times import screen_dwell_time_lines
from lms.web.movement_statistics.wording import INDICATOR_LABELS
from lms.web.request_context import settings

TITLE = "Phong trào Bình dân học vụ số ở Thành phố Hồ Chí Minh"
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/deed.vi"}
ROUNDING = (
    f"Mỗi số làm tròn xuống cho chẵn {STEP}; 0 là dưới {STEP}. Số lớp của thành phố đếm trên cả thành phố rồi mới làm "
    "tròn; các số khác của thành phố là tổng các số đã làm tròn."
)
_WARDS = TABLES[0]


@bp.get("/phong-trao.csv")
def movement_csv() -> Response:
    return _csv(_WARDS)


@bp.get("/phong-trao/<name>.csv")
def movement_table(name: str) -> Response:
    """The other tables."""
    return _csv(next((table for table in TABLES if table.path == f"/phong-trao/{name}.csv"), None) or abort(404))


@bp.get("/phong-trao/datapackage.json")
def movement_package() -> Response:
    """A Data Package (datapackage.org): what the CSV files are, column by column."""
    release = current_release()
    document: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "phong-trao",
        "title": TITLE,
        "description": ROUNDING,
        "homepage": f"{settings().public_url}/phong-trao",
        "licenses": [{"name": "CC-BY-4.0", "title": LICENCE["name"], "path": LICENCE["url"]}],
        "resources": [_resource(table) for table in TABLES],
    }
    if release:
        document |= {"version": release.released_on.isoformat(), "created": release.released_at.isoformat()}
    return _allow_caching(jsonify(document))


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
        "screens_with_mistakes": [asdict(screen) for screen in release.hard_screens] if release else [],
        "screens_that_take_long": _slow_screens(release) if release else [],
        "targets": [asdict(total) for total in release.signed_totals] if release else [],
    }
    return _allow_caching(jsonify(document))


def dataset_document(release: Release) -> dict[str, Any]:
    """The open data as schema.org ``Dataset``, which is made after DCAT, for search engines."""
    base = settings().public_url
    csv_files = [_download(f"{base}{table.path}", "text/csv", table.title) for table in TABLES]
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": TITLE,
        "description": f"Lớp, lượt học, người làm được ở từng phường, xã, đặc khu; đoàn thể; chỉ tiêu. {ROUNDING}",
        "url": f"{base}/phong-trao",
        "inLanguage": "vi",
        "license": LICENCE["url"],
        "isAccessibleForFree": True,
        "dateModified": release.released_on.isoformat(),
        "temporalCoverage": f"{release.year}-01-01/{release.released_on.isoformat()}",
        "spatialCoverage": {"@type": "Place", "name": "Thành phố Hồ Chí Minh"},
        "creator": {"@type": "Organization", "name": "Bình dân học vụ số", "url": base},
        "distribution": [*csv_files, _download(f"{base}/phong-trao.json", "application/json", TITLE)],
    }


def _download(address: str, media_type: str, name: str) -> dict[str, str]:
    return {"@type": "DataDownload", "contentUrl": address, "encodingFormat": media_type, "name": name}


def _resource(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "path": f"{settings().public_url}{table.path}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    described = {"title": column.title, "description": column.description, "unit": column.unit}
    field: dict[str, Any] = {"name": column.name, "type": column.type}
    field |= {key: text for key, text in described.items() if text}
    return field | ({"missingValues": [""]} if column.is_optional else {})


def _csv(table: Table) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(table.rows(current_release()))
    return _allow_caching(Response(text.getvalue(), content_type="text/csv; charset=utf-8; header=present"))


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
        for slug, name, code in rows_of_places()
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


def _slow_screens(release: Release) -> list[dict[str, str | int]]:
    return [
        {
            "course": line.lesson.course,
            "lesson": line.lesson.slug,
            "title": line.title,
            "half_at_least_seconds": line.seconds,
            "phones": line.phones,
        }
        for line in screen_dwell_time_lines(release)
    ]


def _figures(value: Callable[[Indicator], int]) -> dict[str, str | int]:
    return {str(indicator): value(indicator) for indicator in Indicator}


def _allow_caching(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=600"
    response.headers["Access-Control-Allow-Origin"] = "*"  # the same for everybody, and without any cookie
    return response
