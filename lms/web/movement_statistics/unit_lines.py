"""What is published of units and organisations, in words."""

from __future__ import annotations

from collections.abc import Callable

from lms.learning.movement_statistics.figure_releases import Release
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.org_units import unit_store
from lms.learning.org_units.names import all_organisations
from lms.learning.wards import Ward
from lms.web.database import session
from lms.web.language import translate
from lms.web.movement_statistics.wording import published_number_in_words


def unit_figure_lines(ward: Ward, release: Release) -> list[tuple[str, str]]:
    """The units of a ward that have a published number, each with its classes and attendances."""
    if not release.unit_values:
        return []
    units = unit_store.find_units(session(), ward=ward.code, include_closed=True)
    by_id = {unit.id: unit for unit in units}
    return [
        (unit_store.unit_label(unit, by_id), text)
        for unit in units
        if (text := _line(lambda indicator, id=unit.id: release.unit_value(id, indicator)))
    ]


def organisation_lines(release: Release) -> list[tuple[str, str]]:
    """The organisations that have a published number in the whole city."""
    return [
        (organisation.name, text)
        for organisation in all_organisations()
        if (text := _line(lambda indicator, key=organisation.key: release.organisation_value(key, indicator)))
    ]


def _line(value: Callable[[Indicator], int]) -> str:
    """ "120 lớp, 2.400 lượt", "" if both are below five."""
    classes, attendances = value(Indicator.CLASSES), value(Indicator.ATTENDANCES)
    if not classes and not attendances:
        return ""
    return translate("{} lớp, {} lượt").format(
        published_number_in_words(classes), published_number_in_words(attendances)
    )
