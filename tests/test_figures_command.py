"""``lms figures release``: counts and publishes, once a day."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from lms.cli import main


def test_the_figures_of_a_day_are_published_once(machines):
    machine = machines("thanh-pho", "sqlite")
    machine.fill()
    unit = (Path(__file__).parents[1] / "deploy" / "lms-figures.service").read_text("utf-8")
    program, *words = re.findall(r"(?m)^ExecStart=(.*)$", unit)[0].split()
    assert program == "/opt/lms/bin/lms"
    first = machine.run(*words)
    assert "Đã công bố số liệu hôm nay." in first.output
    assert "Hôm nay đã công bố rồi." in machine.run("figures", "release").output


def test_the_help_names_it():
    assert "figures" in CliRunner().invoke(main, ["--help"]).output
