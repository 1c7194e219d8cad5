"""The page where a practice is drawn, as a browser without a script has it."""

from __future__ import annotations

from lxml import html

from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of

LAM = "02-kich-hoat/lam.md"
NEW = "02-kich-hoat/lam-ve.md"
SCREENS = ("Mở danh bạ", "Tìm tên", "Trang của người ấy", "Gọi", "Đang gọi", "Gọi xong")


class DrawingForm:
    """The page's form as a browser without a script fills in and sends it."""

    def __init__(self, client: CheckingClient, path: str) -> None:
        self.client, self.address = client, f"/soan/ve/vneid/{path}"
        self.show(client.get(self.address))

    def show(self, response) -> None:
        self.status, self.page = response.status_code, html.fromstring(response.text)
        self.form = self.page.get_element_by_id("ve")
        self.form.fields["text"] = self.form.fields["text"].removeprefix("\n")  # as browsers read a textarea

    def press(self, button: str, **typed: str) -> None:
        """Press the button ``do=button``; names of fields are written with _ for -."""
        fields = dict(self.form.fields) | {name.replace("_", "-"): value for name, value in typed.items()}
        data = {name: value for name, value in fields.items() if value is not None} | {"do": button}
        response = self.client.post(self.address, data=data, content_type="multipart/form-data")
        if response.status_code == 303:
            response = self.client.get(response.headers["Location"])
        self.show(response)

    @property
    def text(self) -> str:
        return self.form.fields["text"]

    @property
    def said(self) -> list[str]:
        return self.page.xpath("//*[@data-said]//p/text()")

    def problems(self, *, besides: str = "") -> list[str]:
        """What is said of each problem, but of those of the rule ``besides``."""
        items = self.page.find_class("drawing__problem")
        told = [item for item in items if not (besides and item.xpath(f".//a[contains(@href, '/quy-tac/{besides}')]"))]
        return [text_of(item) for item in told]
