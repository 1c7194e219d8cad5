"""/phong-trao: the movement in the whole city, for everybody."""

from __future__ import annotations

from flask import Response, render_template

from lms.learning.movement_statistics.figure_releases import Release
from lms.learning.movement_statistics.indicators import MIN_MINUTES, MIN_PEOPLE, MIN_PHONES, Indicator
from lms.learning.movement_statistics.published_values import STEP
from lms.learning.org_units.names import all_organisations
from lms.learning.wards import Ward, all_wards
from lms.web import page_cache
from lms.web.language import translate
from lms.web.movement_statistics.blueprint import bp
from lms.web.movement_statistics.current_figure_release import current_release
from lms.web.movement_statistics.public_targets import city_target_views
from lms.web.movement_statistics.tile_map import LEVELS, map_size, tile_paths
from lms.web.movement_statistics.wording import figure_lines, published_number_in_words


@bp.get("/phong-trao")
def show_movement() -> Response:
    release = current_release()
    key = ("movement", release.released_on if release else None)
    return page_cache.respond(page_cache.shared_page(key, lambda: _render(release)), lambda _learner_id: {})


def _render(release: Release | None) -> str:
    if release is None:
        return render_template("movement/movement.html", release=None, ward_count=len(all_wards()))
    told = [ward for ward in all_wards() if any(release.value(ward.code, indicator) for indicator in Indicator)]
    return render_template(
        "movement/movement.html",
        release=release,
        ward_count=len(all_wards()),
        totals=figure_lines(release.total),
        paths=tile_paths(lambda ward: release.value(ward.code, Indicator.ATTENDANCES)),
        size=map_size(),
        levels=[
            translate("dưới {} lượt").format(STEP),
            *(translate("từ {} lượt").format(least) for least in LEVELS[1:]),
        ],
        targets=city_target_views(release),
        signed=[ward for ward in all_wards() if ward.code in release.signed_wards],
        organisations=_organisation_lines(release),
        min_minutes=MIN_MINUTES,
        min_phones=MIN_PHONES,
        min_people=MIN_PEOPLE,
        rows=[(ward, _row(release, ward)) for ward in told],
        untold=[ward for ward in all_wards() if ward not in told],
    )


def _row(release: Release, ward: Ward) -> str:
    learners = release.value(ward.code, Indicator.LEARNERS)
    could_do = release.value(ward.code, Indicator.COULD_DO)
    attendances = release.value(ward.code, Indicator.ATTENDANCES)
    sentence = translate("{} lượt, {} người, {} làm được")
    return sentence.format(
        published_number_in_words(attendances), published_number_in_words(learners), published_number_in_words(could_do)
    )


def _organisation_lines(release: Release) -> list[tuple[str, str]]:
    """The organisations that have a published number in the whole city, as "120 lớp, 2.400 lượt"."""
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
