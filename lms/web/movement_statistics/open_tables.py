"""The published figures as tables: their columns, described for whoever reads the files, and their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.learning.ledger.indicators import all_indicators
from lms.learning.movement_statistics.figure_releases import Release
from lms.learning.movement_statistics.indicators import PUBLIC_UNIT_INDICATORS, Indicator
from lms.learning.movement_statistics.published_values import STEP
from lms.learning.org_units.names import all_organisations
from lms.learning.wards import all_wards
from lms.message_catalog import mark_for_translation
from lms.web.movement_statistics.wording import INDICATOR_LABELS

Value = str | int | None
_ROUNDED = f"Làm tròn xuống cho chẵn {STEP}; 0 là dưới {STEP}."
_UNITS = {Indicator.CLASSES: "lớp", Indicator.ATTENDANCES: "lượt", Indicator.WITHOUT_PHONE: "lượt"}  # else people


def rows_of_places() -> list[tuple[str, str, str]]:
    """(slug, name, code) of each ward, at last of the people whose ward nobody knows."""
    return [*((ward.slug, ward.full_name, ward.code) for ward in all_wards()), ("", "Chưa rõ phường, xã", "")]


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` stands in the first line of the file; ``unit``: what a number counts, "" of a text.

    ``is_optional``: the column may be empty, which is no value. Elsewhere "" is a text like others.
    """

    name: str
    title: str
    type: Literal["string", "integer", "date", "year"]
    unit: str = ""
    description: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``path``: the address of its CSV file. ``key``: the columns that no two rows have alike."""

    name: str
    title: str
    path: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows_of: Callable[[Release], Iterable[Sequence[Value]]]

    def rows(self, release: Release | None) -> list[list[Value]]:
        """The rows of a release, each with its day and year; none before the first."""
        if release is None:
            return []
        return [[release.released_on.isoformat(), release.year, *row] for row in self.rows_of(release)]


def _figure(indicator: Indicator) -> Column:
    unit = _UNITS.get(indicator, "người")
    return Column(str(indicator), INDICATOR_LABELS[indicator], "integer", unit, _ROUNDED)


def _rows_of_wards(release: Release) -> Iterable[Sequence[Value]]:
    for slug, name, code in rows_of_places():
        yield name, slug, *(release.value(code, indicator) for indicator in Indicator)


def _rows_of_organisations(release: Release) -> Iterable[Sequence[Value]]:
    for each in all_organisations():
        yield each.key, each.name, *(release.organisation_value(each.key, kind) for kind in PUBLIC_UNIT_INDICATORS)


def _rows_of_targets(release: Release) -> Iterable[Sequence[Value]]:
    for total in release.signed_totals:
        indicator = all_indicators().get(total.indicator)
        name = indicator.name if indicator else total.indicator
        yield total.indicator, name, total.origin, total.wards, total.number, total.city


_RELEASE = (
    Column("released_on", "Ngày công bố", "date", description="Số tính từ đầu năm đến ngày này."),
    Column("year", "Năm", "year"),
)
TABLES = (
    Table(
        "phuong-xa",
        mark_for_translation("Số liệu theo phường, xã, đặc khu"),
        "/phong-trao.csv",
        (
            *_RELEASE,
            Column("ward", "Phường, xã, đặc khu", "string"),
            Column("slug", "Đuôi địa chỉ của nơi ấy", "string", description="Trang của nơi ấy là /phuong/ và chữ này."),
            *map(_figure, Indicator),
        ),
        ("slug",),
        _rows_of_wards,
    ),
    Table(
        "doan-the",
        mark_for_translation("Lớp mà đoàn thể đứng ra mở, ở cả thành phố"),
        "/phong-trao/doan-the.csv",
        (
            *_RELEASE,
            Column("organisation", "Mã đoàn thể", "string"),
            Column("name", "Đoàn thể", "string"),
            *map(_figure, PUBLIC_UNIT_INDICATORS),
        ),
        ("organisation",),
        _rows_of_organisations,
    ),
    Table(
        "chi-tieu",
        mark_for_translation("Chỉ tiêu của năm, đã ký và công khai"),
        "/phong-trao/chi-tieu.csv",
        (
            *_RELEASE,
            Column("indicator", "Mã chỉ số", "string"),
            Column("name", "Chỉ số", "string"),
            Column("origin", "Từ đâu", "string", description="registered là tự đăng ký, given là được giao."),
            Column("wards", "Bao nhiêu nơi đã ký", "integer", "phường, xã, đặc khu"),
            Column("number", "Cộng số của các nơi ấy", "integer", description="Đơn vị là của chỉ số."),
            Column(
                "city",
                "Số của thành phố",
                "integer",
                description="Để trống khi thành phố chưa ký.",
                is_optional=True,
            ),
        ),
        ("indicator", "origin"),
        _rows_of_targets,
    ),
)
