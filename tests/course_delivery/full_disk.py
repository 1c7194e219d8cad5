"""Run by test_full_disk in a mount namespace of its own: what authors see on a disk that is really full.

Arguments: the mount point of a small tmpfs. Prints what happened as one JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

FILLER = "filler"


def fill(disk: Path) -> None:
    """Write until nothing goes on the disk any more."""
    with (disk / FILLER).open("wb", buffering=0) as file:
        size = 65536
        while size:
            try:
                if file.write(b"\0" * size) < size:
                    size //= 2
            except OSError:
                size //= 2


def try_saving(disk: Path) -> dict[str, object]:
    """Save in the editor before, while and after the disk is full."""
    from lms.config import Settings
    from lms.content.catalog import Catalog
    from lms.learning.accounts import account_store
    from lms.learning.batch_handlers import BATCH_HANDLERS, lock_rows
    from lms.learning.store.database import make_engine, write_sessions
    from lms.learning.store.writer import Writer
    from lms.web.app import create_app
    from tests.content.course_folders import TODAY, make_courses
    from tests.databases import migrated_sqlite_file
    from tests.web.checking_client import CheckingClient
    from tests.web.signed_in_clients import csrf_token, sign_in

    courses, data = make_courses(disk / "courses"), disk / "data"
    data.mkdir()
    (data / "lms.sqlite3").write_bytes(migrated_sqlite_file().read_bytes())
    address = f"sqlite:///{data / 'lms.sqlite3'}"
    settings = Settings(data, courses, address, secret_key="only for this", public_url="http://hoc.example")
    engine = make_engine(address)
    writer = Writer(engine, batch_handlers=BATCH_HANDLERS, lock_rows=lock_rows)
    app = create_app(settings, catalog=Catalog(courses, lambda: TODAY), writer=writer, engine=engine)
    app.test_client_class = CheckingClient
    with write_sessions(engine).begin() as session:
        by = account_store.add_account(
            session, name="Lan Anh", roles={"author"}, ward="", by=None, now=datetime.now(UTC)
        )
    client = sign_in(app, by)
    csrf, address = csrf_token(client), "/soan/vneid/01-mot/hieu.md"

    def post(text: str, parent: int) -> tuple[int, object]:
        form = {"csrf_token": csrf, "do": "luu", "text": text, "parent": parent}
        answer = client.post(address, data=form, headers={"Accept": "application/json"})
        return answer.status_code, answer.json

    seen: dict[str, object] = {"before": post("một", 0)}
    fill(disk)
    seen["full"] = post("hai" * 60_000, 2)
    seen["latest when full"] = client.page(address).xpath("//textarea[@name='text']")[0].text.strip()
    (disk / FILLER).unlink()
    seen["after"] = post("hai" * 60_000, 2)
    writer.close()
    return seen


def try_publishing(disk: Path) -> dict[str, object]:
    """Write published files before, while and after the disk of the data folder is full."""
    from lms.course_delivery.published_courses import PublishedCourses
    from tests.content.course_folders import make_courses

    make_courses(disk / "base")
    courses = PublishedCourses(disk / "base", disk / "published")
    bodies = {hashlib.sha256(body).hexdigest(): body for body in (b"old", b"new" * 100_000)}
    old, new = ({"vneid": {"course.md": digest}} for digest in bodies)

    def served_bytes() -> int:
        return len((disk / "published" / "courses" / "vneid" / "course.md").read_bytes())

    def update(published: dict[str, dict[str, str]]) -> str:
        try:
            with courses.locked():
                courses.update(published, {}, lambda digests: {digest: bodies[digest] for digest in digests})
        except OSError as error:
            return os.strerror(error.errno or 0)
        return "done"

    seen: dict[str, object] = {"before": (update(old), served_bytes())}
    fill(disk)
    seen["full"] = (update(new), served_bytes())
    (disk / FILLER).unlink()
    seen["after"] = (update(new), served_bytes())
    seen["versions"] = len(list((disk / "published" / "versions").iterdir()))
    return seen


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    print(json.dumps({"save": try_saving, "publish": try_publishing}[sys.argv[1]](folder)))
