"""The city's wards: 168 of them, found by name with its marks."""

from __future__ import annotations

from collections import Counter

import pytest

from lms.learning.wards import all_wards, find_wards, near_wards, place_name, ward


def test_there_are_168_wards_each_with_a_code_of_its_own():
    kinds = Counter(one.kind for one in all_wards())
    assert kinds == {"Phường": 113, "Xã": 54, "Đặc khu": 1}
    assert len({one.code for one in all_wards()}) == len({one.name for one in all_wards()}) == 168
    assert all(len(one.code) == 5 and one.code.isdigit() for one in all_wards())


def test_a_ward_is_known_by_its_code():
    assert ward("27316").full == "Phường An Đông"
    assert place_name("27316") == "Phường An Đông"
    assert place_name("") == "Toàn thành phố"
    assert place_name("00000") == "00000"  # a later list may have dropped it, and an old class still says where it was
    for unknown in ("", "99999", "An Đông"):
        with pytest.raises(KeyError):
            ward(unknown)


@pytest.mark.parametrize("typed", ["An Đông", "phường  an đông", "AN ĐÔNG", "27316", "An Đo\u0302ng"])
def test_a_ward_is_found_as_it_is_written(typed):
    assert [one.code for one in find_wards(typed)] == ["27316"]


def test_marks_count_because_two_names_differ_by_one():
    assert find_wards("an dong") == ()
    assert [one.name for one in near_wards("an dong")] == ["An Đông"]
    assert "Bình Dương" in [one.name for one in near_wards("Bnh Dương")]
    assert near_wards("xyzxyz") == []


def test_they_stand_in_the_order_of_a_vietnamese_list():
    names = [one.name for one in all_wards()]
    assert names.index("Dĩ An") < names.index("Đông Hòa") < names.index("Gia Định")
