"""Reading reports of periods, for tests."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook

from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of

PAGE = "/quan-ly/bao-cao"


def sheet_of(client: CheckingClient, address: str) -> list[list[str]]:
    """The lines of the CSV; those of the XLSX are the same."""
    file = client.get(f"{address}.csv")
    assert file.mimetype == "text/csv"
    lines = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"), newline="")))
    book = load_workbook(io.BytesIO(client.get(f"{address}.xlsx").data))
    assert [["" if cell is None else str(cell) for cell in row] for row in book.worksheets[0].values] == lines
    return lines


def numbers_of(client: CheckingClient, address: str) -> dict[str, tuple[str, ...]]:
    """By label what the file says: now, before, difference."""
    return {line[1]: tuple(line[2:5]) for line in sheet_of(client, address)[1:] if line[0] != "Báo cáo"}


def table_of(client: CheckingClient, address: str) -> dict[str, tuple[str, ...]]:
    """By label what the page's table says: now, before, difference."""
    rows = client.page(address).xpath("//table[@class='period-report__table']/tbody/tr")
    found = {row.find("th").text_content(): [text_of(cell).split()[-1] for cell in row.findall("td")] for row in rows}
    return {
        label: tuple(cell.replace(".", "").replace("−", "-").lstrip("+") for cell in cells)
        for label, cells in found.items()
    }
