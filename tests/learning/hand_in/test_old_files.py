"""A file that an earlier release wrote is imported as it was then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lms.learning.badges.awarding import check_badge, find_badge
from lms.learning.badges.openbadges import Verdict
from lms.learning.classroom.report.class_report import find_class_report
from lms.learning.hand_in.signed_file import VERSION
from tests.learning.hand_in.laptops import City
from tests.learning.hand_in.write_file import BADGE_ID, CLASS_ID, CODE, FILES


def test_every_version_has_a_file():
    assert sorted(int(path.stem) for path in FILES.glob("*.lop")) == list(range(1, VERSION + 1))


@pytest.mark.parametrize("path", sorted(FILES.glob("*.lop")), ids=lambda path: path.stem)
def test_the_file_of_an_old_release_is_imported(city: City, path: Path):
    receipt = city.receive(path.read_bytes())
    assert (receipt.new_classes, receipt.new_marks, receipt.new_badges) == ((CLASS_ID,), 3, 1)
    with city.reads() as session:
        report = find_class_report(session, CLASS_ID, city.library)
        assert (report.class_session.head_count, report.counts.attendance.people) == (19, 18)
        document = json.dumps(find_badge(session, BADGE_ID).document).encode()
        assert check_badge(session, document, city.issuer).verdict is Verdict.VALID
    assert city.find(CODE).name == "Bà Lan"
    assert city.receive(path.read_bytes()).is_empty
