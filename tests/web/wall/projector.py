"""A projector that shows a class."""

from __future__ import annotations

from tests.web.checking_client import CheckingClient
from tests.web.class_phones import JSON
from tests.web.desk_client import Desk


def pair_projector(desk: Desk, code: str) -> None:
    """Type the four digits of a projector at the desk."""
    answer = desk.client.post(f"{desk.base}/chieu", data={"csrf_token": desk.token, "so": code})
    assert answer.status_code == 303, answer.text


def pairing_code(projector: CheckingClient) -> str:
    return projector.get("/chieu", headers=JSON).get_json()["code"]


def wall_text(client: CheckingClient) -> str:
    return " ".join(client.page("/chieu").xpath("string(//body)").split())
