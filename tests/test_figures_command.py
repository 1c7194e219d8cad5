"""``lms figures release``: counts and publishes, once a day."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from lms import vietnam_time
from lms.cli import main
from lms.web.spreadsheets import read_sheet


def test_the_figures_of_a_day_are_published_once(machines):
    machine = machines("thanh-pho", "sqlite")
    machine.fill()
    unit = (Path(__file__).parents[1] / "deploy" / "lms-figures.service").read_text("utf-8")
    program, *words = re.findall(r"(?m)^ExecStart=(.*)$", unit)[0].split()
    assert program == "/opt/lms/bin/lms"
    first = machine.run(*words)
    assert "Đã công bố số liệu hôm nay." in first.output
    assert "Hôm nay đã công bố rồi." in machine.run("figures", "release").output


def test_a_report_is_written_into_a_file(machines, tmp_path):
    machine = machines("thanh-pho", "sqlite")
    machine.fill()
    for place, name in (("an dong", "Phường An Đông"), ("27316", "Phường An Đông"), ("tp", "Toàn thành phố")):
        for ending in ("csv", "xlsx"):
            path = tmp_path / f"bao-cao.{ending}"
            assert f"Đã viết {path}." in machine.run("figures", "report", place, "2026-03", str(path)).output
            rows = read_sheet(path.read_bytes(), max_lines=200)
            assert ("Báo cáo", "Đơn vị", "", "", "", "", name) in rows
    for words, said in (
        (("tp", "2026-13", "x.csv"), "Không có kỳ 2026-13."),
        (("tp", "2099", "x.csv"), "Năm 2099 chưa tới"),
        (("tp", "2026-03", "x.pdf"), "Tên tệp phải có đuôi .xlsx hay .csv."),
        (("Atlantis", "2026-03", "x.csv"), "Atlantis"),
        (("tp", "2026-03", str(tmp_path / "khong-co" / "x.csv")), "Không ghi được"),
    ):
        refused = machine.run("figures", "report", *words)
        assert refused.exit_code == 1 and said in refused.output, words
        assert "Traceback" not in refused.output


def test_a_ward_that_was_merged_keeps_its_own_reports(machines, tmp_path):
    machine = machines("thanh-pho", "sqlite")
    machine.fill()
    assert machine.run("ward", "merge", "27316", "26878", "--yes").exit_code == 0
    path, this_month = tmp_path / "x.csv", vietnam_time.today().strftime("%Y-%m")
    for period in ("2026-03", this_month):
        written = machine.run("figures", "report", "27316", period, path)
        assert written.exit_code == 0, written.output
        assert ("Báo cáo", "Đơn vị", "", "", "", "", "Phường An Đông") in read_sheet(path.read_bytes(), max_lines=200)


def test_the_help_names_it():
    assert "figures" in CliRunner().invoke(main, ["--help"]).output
