"""Fixtures of the workshop: an author and an organiser of the city, with a folder of courses that is the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY
from tests.web.checking_client import CheckingClient
from tests.web.signed_in_clients import csrf_token, make_account, sign_in
from tests.web.workshop.editor_form import SCRIPT


@pytest.fixture
def app(courses: Path, app: Flask) -> Flask:
    """With a folder of courses of its own."""
    return app


@pytest.fixture
def lan_account(app: Flask) -> Account:
    return make_account(app, "Lan Anh", {"author"}, CITY)


@pytest.fixture
def author(app: Flask, lan_account: Account) -> CheckingClient:
    return sign_in(app, lan_account)


@pytest.fixture
def second(app: Flask) -> CheckingClient:
    """A second person, who looks over what others wrote and writes no courses."""
    return sign_in(app, make_account(app, "Minh Tú", {"organiser"}, CITY))


@pytest.fixture
def path(app: Flask) -> str:
    """The file of a lesson's first part in the course vneid."""
    folder = app.extensions["catalog"].library.lesson("vneid", "kich-hoat").folder
    return f"{Path(folder).name}/hieu.md"


@pytest.fixture
def send(author: CheckingClient):
    """Post a draft as the page's form, or as its script."""
    csrf = csrf_token(author)

    def send(path: str, text: str, *, script: bool = True, **fields: str):
        data = {"csrf_token": csrf, "text": text, **fields}
        kwargs = {"headers": SCRIPT} if script else {}
        return author.post(f"/soan/vneid/{path}", data=data, content_type="multipart/form-data", **kwargs)

    return send


@pytest.fixture
def six_pictures(courses: Path) -> None:
    """Pictures man-1.png to man-6.png of a lesson."""
    folder = courses / "vneid" / "02-kich-hoat" / "images"
    folder.mkdir(exist_ok=True)
    for number in range(1, 7):
        Image.new("RGB", (360, 720), (200, 210, 40 * number)).save(folder / f"man-{number}.png")
