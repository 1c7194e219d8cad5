"""Workers agree on the edition of a class's lesson, whichever of them started after the publication."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from lms import vietnam_time
from lms.content.catalog import Catalog
from lms.content.model import Choice
from lms.learning.accounts import account_store
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.stream_tokens import StreamToken
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.models import ClassSessionRow
from lms.learning.workshop import publishing, revision_review
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_latest
from lms.live.class_editions import ClassEditions
from lms.live.publication_updates import PublicationWatcher
from tests.databases import new_database
from tests.live.lessons import sample_lesson
from tests.live.live_class import LiveClass
from tests.live.processes import Server, copy_sample_course, sample_courses, serving
from tests.live.raw_http import send_request, wait_until
from tests.live.streaming import poll_state

LESSON = sample_lesson()
SECRET = "the same on every machine, 32 and more"
HIEU = f"{LESSON.folder_name}/hieu.md"
ADDRESS = f"/{LESSON.course}/{LESSON.slug}/hieu"
FIRST_QUESTION = re.compile(r"^::: hỏi\n(?:(?!:::).*\n)*?- \[x\](?:.*\n)+?:::\n", re.MULTILINE)  # with options
TAKEN_OUT = next(each.id for each in LESSON.understand.graded_questions if isinstance(each, Choice))


def now() -> datetime:
    return datetime.now(UTC)


def text_without_question() -> str:
    """The lesson without its first question with options, which is the class's."""
    text, taken_out = FIRST_QUESTION.subn("", Path(LESSON.folder, "hieu.md").read_text("utf-8"), count=1)
    assert taken_out == 1
    return text


def publish(engine: Engine, folder: Path, text: str) -> None:
    """Publish a text of the lesson, which a second person approved."""
    with write_sessions(engine).begin() as session:
        lan, minh = (
            account_store.find_by_login(session, login)
            or account_store.add_account(session, name=name, roles={"author"}, ward="", by=None, now=now())
            for name, login in (("Lan Anh", "lananh"), ("Minh Tú", "minhtu"))
        )
        head = read_latest(session, LESSON.course, HIEU, folder=folder)
        number = save_revision(
            session, LESSON.course, HIEU, text, parent=head.number, why="", by=lan, folder=folder, now=now()
        ).number
        revision_review.submit_for_review(session, LESSON.course, HIEU, number, note="", by=lan, now=now())
        revision_review.approve_revision(session, LESSON.course, HIEU, number, note="", by=minh, now=now())
        checked = check_changes(session, LESSON.course, [HIEU], folder=folder, today=vietnam_time.today())
        publishing.publish_files(session, checked, why="", by=lan, now=now())


@pytest.fixture
def engine(postgres: str, migrated_url: str) -> Iterator[Engine]:
    with new_database(postgres, template=migrated_url) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def database_url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_two_workers_and_one_that_starts_later_keep_the_lesson_of_a_class(tmp_path: Path, engine: Engine):
    settings = {"LMS_SECRET_KEY": SECRET, "LMS_DATABASE_URL": database_url(engine)}
    folders = [tmp_path / "one", tmp_path / "two"]
    with ExitStack() as stack:

        def serve(folder: Path) -> Server:
            folder.mkdir(exist_ok=True)
            return stack.enter_context(serving(folder, **settings))

        servers = [serve(folder) for folder in folders]
        live_class = LiveClass(database_url(engine), SECRET)
        phone = live_class.join()
        publish(engine, sample_courses(), text_without_question())

        def is_asked_outside(server: Server) -> bool:
            return f"{ADDRESS}/{live_class.question}" in send_request(server.url, ADDRESS).text

        def shown(server: Server, screen: StreamToken) -> dict:
            return json.loads(poll_state(server.url, screen, secret=SECRET).body)

        for server in servers:
            wait_until(lambda server=server: not is_asked_outside(server))
        servers[1].kill()
        servers[1] = serve(folders[1])
        wall = live_class.add_projector()
        live_class.open_question()
        for number, server in enumerate(servers, 1):
            assert not is_asked_outside(server)
            seen = send_request(server.url, f"/lop/{phone.code}", headers={"Cookie": phone.cookie}).text
            assert f'value="{live_class.question}"' in seen
            assert shown(server, phone.token)["step"] == f"hoi-{live_class.question}"
            phone = live_class.join()
            assert phone.answer(server.url, live_class.question, live_class.options[0]).status == 200
            for screen in (wall, live_class.desk_token):
                wait_until(lambda on=(server, screen), given=number: shown(*on)["answers"] == {"given": given})


class Worker:
    """The catalog of a worker, and what keeps it as the database says."""

    def __init__(self, engine: Engine, folder: Path, data: Path) -> None:
        self.catalog = Catalog(folder, vietnam_time.today)
        publications = PublicationWatcher(engine, folder, data, reload=lambda: None)
        self.catalog.find_folder = publications.find_folder
        self.editions = ClassEditions(engine, self.catalog, folder)
        self.reload()
        self.editions.update()

    def reload(self) -> None:
        self.catalog.reload()

    def asks(self, class_session: ClassSession) -> bool:
        """Whether the class has the question that was taken out."""
        edition = self.catalog.library.edition(class_session)
        return edition is not None and edition[1].understand.question(TAKEN_OUT) is not None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_sample_course(tmp_path)


def open_class(engine: Engine, worker: Worker) -> ClassSession:
    lesson = worker.catalog.library.lesson(LESSON.course, LESSON.slug)
    assert lesson is not None
    with write_sessions(engine).begin() as session:
        account = account_store.add_account(
            session, name="Hồng Vân", roles={"facilitator"}, ward="27316", by=None, now=now()
        )
        return opening.open_class_session(session, account_id=account.id, ward="27316", lesson=lesson, now=now())


def test_a_worker_that_starts_later_reads_each_edition_that_a_class_began_with(
    engine: Engine, folder: Path, tmp_path: Path
):
    whole, less = Path(LESSON.folder, "hieu.md").read_text("utf-8"), text_without_question()
    first = Worker(engine, folder, tmp_path / "first")
    classes = [open_class(engine, first)]
    renamed = re.sub(r"(?m)^tên:.*$", "tên: Tên vừa đổi", whole, count=1)
    for text in (renamed, less, whole.replace("phút: 8", "phút: 9")):
        publish(engine, folder, text)
        late = open_class(engine, first)  # by a worker that has not noticed yet
        first.reload()
        classes += [late, open_class(engine, first)]
    digests = [each.content_digest for each in classes]
    assert len(set(digests)) == 4 and [digests[at] for at in (1, 3, 5)] == [digests[at] for at in (0, 2, 4)]
    second = Worker(engine, folder, tmp_path / "second")
    for worker in (first, second):
        editions = [worker.catalog.library.edition(each) for each in classes]
        assert [edition[1].digest for edition in editions if edition] == digests
        assert [worker.asks(each) for each in classes] == [True, True, True, True, False, False, True]
    assert len(second.catalog.library.former) == 3


def test_an_edition_is_let_go_once_no_class_needs_it(engine: Engine, folder: Path, tmp_path: Path):
    worker = Worker(engine, folder, tmp_path / "data")
    class_session = open_class(engine, worker)
    publish(engine, folder, text_without_question())
    worker.reload()
    for _ in range(3):
        worker.editions.update()
    assert worker.asks(class_session)
    with write_sessions(engine).begin() as session:
        session.execute(update(ClassSessionRow).values(closed_at=now()))
    for _ in range(3):
        worker.editions.update()
    assert worker.asks(class_session), "its report is not final"
    with write_sessions(engine).begin() as session:
        session.execute(update(ClassSessionRow).values(closed_at=now() - timedelta(days=3)))
    worker.editions.update()
    assert worker.asks(class_session), "another worker may still open one"
    worker.editions.update()
    assert not worker.asks(class_session) and not worker.catalog.library.former


def test_what_was_changed_by_hand_in_the_folder_alone_is_kept_until_a_restart(
    engine: Engine, folder: Path, tmp_path: Path
):
    worker = Worker(engine, folder, tmp_path / "data")
    class_session = open_class(engine, worker)
    (folder / LESSON.course / HIEU).write_text(text_without_question(), "utf-8")
    worker.reload()
    worker.editions.update()
    assert worker.asks(class_session)
    assert not Worker(engine, folder, tmp_path / "data").asks(class_session)


def test_while_the_database_is_away_the_editions_stay(engine: Engine, folder: Path, tmp_path: Path, monkeypatch):
    worker = Worker(engine, folder, tmp_path / "data")
    class_session = open_class(engine, worker)
    publish(engine, folder, text_without_question())
    worker.reload()

    def fail(*_: object, **__: object) -> None:
        raise OSError("away")

    monkeypatch.setattr("lms.live.class_editions.find_needed_editions", fail)
    for _ in range(3):
        worker.editions.update()
    assert worker.asks(class_session)
