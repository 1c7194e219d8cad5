"""The application factory of the Flask part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from lms.config import Settings
from lms.content.catalog import Catalog
from lms.hall_address import HallAddress
from lms.http.body_limits import BodyLimit
from lms.http.errors import PictureTooLarge
from lms.learning.badges.keys import KeyRing, load_key_ring
from lms.learning.badges.openbadges import Issuer
from lms.learning.classroom.access.projector_presence import ProjectorPresence
from lms.learning.store.writer import Writer
from lms.monitoring.figures import FigureReader
from lms.monitoring.readiness import Readiness
from lms.web import (
    accounts,
    badge_check,
    badges,
    calendar,
    classroom,
    courses,
    current_learner,
    current_page_cache,
    database,
    deadlock_retry,
    errors,
    home,
    label_check_dates,
    language,
    learning_code_card,
    ledger,
    movement_statistics,
    my_page,
    offline,
    org_units,
    page_cache,
    page_names,
    page_probe,
    practice,
    privacy,
    security,
    spaced_review,
    template_context,
    understand_stage,
    use_stage,
    workshop,
)
from lms.web.classroom.report import hand_in
from lms.web.org_units import add_units
from lms.web.practice import screens_under_review
from lms.web.workshop import lesson_pictures, question_import, screenshots

BLUEPRINTS = (
    home.bp,
    offline.bp,
    accounts.bp,
    my_page.bp,
    privacy.bp,
    badges.bp,
    badge_check.bp,
    spaced_review.bp,
    courses.bp,
    understand_stage.bp,
    practice.bp,
    use_stage.bp,
    classroom.bp,
    calendar.bp,
    org_units.bp,
    movement_statistics.bp,
    ledger.bp,
    workshop.bp,
)
MAX_BODY_BYTES = 256 * 1024  # a route that takes uploads sets its own limit
BODY_LIMITS = {
    badge_check.PATH: BodyLimit(badge_check.MAX_UPLOAD_BYTES),
    hand_in.PATH: BodyLimit(hand_in.MAX_UPLOAD_BYTES),
    add_units.PATH: BodyLimit(add_units.MAX_UPLOAD_BYTES),
    question_import.PATH: BodyLimit(question_import.MAX_OFFICE_BYTES),
    lesson_pictures.PATH: BodyLimit(lesson_pictures.MAX_UPLOAD_BYTES, PictureTooLarge),
    screenshots.PATH: BodyLimit(screenshots.MAX_UPLOAD_BYTES, PictureTooLarge),
}


class SyncOnlyFlask(Flask):
    """All its views and hooks are plain functions, so Flask need not look at each of them in every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(
    settings: Settings,
    *,
    catalog: Catalog,
    writer: Writer,
    engine: Engine,
    keys: KeyRing | None = None,
    code_key: str | None = None,
) -> Flask:
    """Build the Flask application. ``writer`` must commit to the database of ``engine``.

    ``keys`` None: those of the data folder. ``code_key`` None: it is looked up when it is first needed.

    Raises:
        InvalidSigningKey: badges could not be signed.
    """
    app = SyncOnlyFlask("lms.web", static_folder=None)  # the dispatcher serves the files under static/
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES, BODY_LIMITS=BODY_LIMITS)
    keys = keys or load_key_ring(settings.data_dir, settings.signing_key)
    app.extensions.update(
        settings=settings,
        hall_address=None,
        catalog=catalog,
        writer=writer,
        issuer=Issuer(settings.public_url, keys),
        figures=FigureReader(settings, engine=engine, catalog=catalog, writer=writer),
        readiness=Readiness(
            settings, catalog=catalog, writer=writer, keys=keys, render_page=partial(page_probe.render_home, app)
        ),
        code_key=code_key,
        projector_presence=ProjectorPresence(),
    )
    template_context.init_app(app, settings)
    language.init_app(app, settings)

    # Their after_request functions run in reverse order: the commit comes first, so that no header promises anything
    # before it.
    security.init_app(app, settings)
    learning_code_card.init_app(app, settings)
    current_learner.init_app(app, settings)
    accounts.init_app(app, settings)
    page_cache.init_app(app)
    current_page_cache.init_app(app)
    page_names.init_app(app)
    errors.init_app(app)
    database.init_app(app, engine)
    screens_under_review.init_app(app)
    label_check_dates.init_app(app)
    deadlock_retry.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def set_hall_address(app: Flask, address: HallAddress) -> None:
    """Let all pages say the present address of a hall's laptop. Requests that run meanwhile may say the one before."""
    settings = replace(app.extensions["settings"], public_url=address.url)
    issuer = replace(app.extensions["issuer"], public_url=address.url)
    # First the templates: the page cache goes by the settings, and would keep a page of the old templates as a new one.
    template_context.set_address(app, settings, address)
    app.extensions.update(settings=settings, issuer=issuer, hall_address=address)
