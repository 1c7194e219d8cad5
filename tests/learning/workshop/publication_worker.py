"""A worker that serves what was published in the workshop, as ``lms.server`` does."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from lms.content.catalog import Catalog
from lms.course_delivery.last_good_courses import LastGoodCourses
from lms.live.publication_updates import PublicationWatcher
from tests.content.course_folders import TODAY
from tests.learning.sample_courses import NOW


class Worker:
    """A worker with a data folder of its own, and a clock."""

    def __init__(self, engine: Engine, folder: Path, data: Path) -> None:
        self.now = NOW
        self.last_good = LastGoodCourses(data / "last-good")
        self.catalog = Catalog(folder, lambda: TODAY, last_good=lambda slug: self.last_good.read(slug, TODAY))
        self.reloads = 0
        self.updates = PublicationWatcher(engine, folder, data, reload=self.reload, now=lambda: self.now)
        self.catalog.find_folder = self.updates.find_folder
        self.catalog.is_serving = False
        self.updates.catch_up()
        self.catalog.is_serving = True

    def reload(self) -> None:
        self.reloads += 1
        self.catalog.reload()

    def titles(self, *, poll: bool = True) -> list[str]:
        if poll:
            self.updates._update()
        return [lesson.name for lesson in self.catalog.library.course("vneid").lessons]
