"""The composition root of the web: settings, courses and a database in, a Flask application out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from lms.assets import load_assets
from lms.config import Settings
from lms.learning.badges.keys import load_keys
from lms.learning.badges.openbadges import Issuer
from lms.learning.store.database import make_engine
from lms.web import (
    accounts,
    authoring_banner,
    badges,
    classroom,
    clock,
    courses,
    current_learner,
    database,
    deadlock_retry,
    errors,
    home,
    learning_code_card,
    me,
    page_cache,
    practice,
    security,
    understand,
    use,
    verify,
    workshop,
)
from lms.web.salutation import called
from lms.web.url_scope import reach_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from lms.content.catalog import Shelf
    from lms.learning.store.writer import Writer

BLUEPRINTS = (
    home.bp,
    accounts.bp,
    me.bp,
    badges.bp,
    verify.bp,
    courses.bp,
    understand.bp,
    practice.bp,
    use.bp,
    classroom.bp,
    workshop.bp,
)
LARGEST_BODY = 256 * 1024  # bytes; a route that takes uploads says its own


def create_app(
    settings: Settings, *, shelf: Shelf, writer: Writer | None = None, engine: Engine | None = None
) -> Flask:
    """Build the site. Without ``writer`` a request keeps answers itself; without ``engine`` one is made.

    Raises:
        InvalidSigningKey: badges could not be signed.
    """
    app = Flask(__name__, static_folder=None)  # the ASGI front serves the files under static/
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, BODY_LIMITS={verify.PATH: verify.LARGEST})
    app.extensions.update(
        settings=settings,
        shelf=shelf,
        writer=writer,
        issuer=Issuer(settings.public_url, load_keys(settings.data_dir, settings.signing_key)),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(static=load_assets().url, sheets=load_assets().sheets)
    app.jinja_env.globals["reach"] = reach_of(settings.public_url)
    app.jinja_env.filters["day_in_words"] = clock.day_in_words
    app.jinja_env.filters["called"] = called

    # After a request these run in reverse: the commit comes first, so that nothing is promised in a header before it.
    security.install(app, settings)
    learning_code_card.install(app, settings)
    current_learner.install(app, settings)
    accounts.install(app, settings)
    authoring_banner.install(app)
    page_cache.install(app)
    errors.install(app)
    database.install(app, engine or make_engine(settings.database_url))
    deadlock_retry.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
