"""What is published of organisations, in words."""

from __future__ import annotations

from lms.learning.movement_statistics.figure_releases import Release
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.org_units.names import all_organisations
from lms.web.language import translate
from lms.web.movement_statistics.wording import published_number_in_words


def organisation_lines(release: Release) -> list[tuple[str, str]]:
    """The organisations that have a published number in the whole city, each as "120 lớp, 2.400 lượt"."""
    lines: list[tuple[str, str]] = []
    for organisation in all_organisations():
        classes = release.organisation_value(organisation.key, Indicator.CLASSES)
        attendances = release.organisation_value(organisation.key, Indicator.ATTENDANCES)
        if classes or attendances:
            text = translate("{} lớp, {} lượt").format(
                published_number_in_words(classes), published_number_in_words(attendances)
            )
            lines.append((organisation.name, text))
    return lines
