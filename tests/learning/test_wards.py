"""The 168 wards of the city, found by code or name."""

from __future__ import annotations

from collections import Counter

import pytest

from lms.learning.wards import (
    all_wards,
    find_ward_by_slug,
    get_ward,
    search_wards,
    set_changed_wards,
    suggest_wards,
    ward_label,
    wards_by_distance,
)


def test_there_are_168_wards_with_different_codes():
    kinds = Counter(one.kind for one in all_wards())
    assert kinds == {"Phường": 113, "Xã": 54, "Đặc khu": 1}
    assert len({one.code for one in all_wards()}) == len({one.name for one in all_wards()}) == 168
    assert all(len(one.code) == 5 and one.code.isdigit() for one in all_wards())


def test_a_ward_is_found_by_its_code():
    assert get_ward("27316").full_name == "Phường An Đông"
    assert ward_label("27316") == "Phường An Đông"
    assert ward_label("") == "Toàn thành phố"
    assert ward_label("00000") == "00000"  # a later list may lack it, and old classes must still show it
    for unknown in ("", "99999", "An Đông"):
        with pytest.raises(KeyError):
            get_ward(unknown)


@pytest.mark.parametrize("typed", ["An Đông", "phường  an đông", "AN ĐÔNG", "27316", "An Đo\u0302ng"])
def test_a_ward_is_found_by_its_name(typed):
    assert [one.code for one in search_wards(typed)] == ["27316"]


def test_marks_count_because_two_names_differ_by_one():
    assert search_wards("an dong") == ()
    assert [one.name for one in suggest_wards("an dong")] == ["An Đông"]
    assert "Bình Dương" in [one.name for one in suggest_wards("Bnh Dương")]
    assert suggest_wards("xyzxyz") == []


def test_every_ward_has_an_address_of_its_own():
    assert len({one.slug for one in all_wards()}) == len(all_wards())
    assert all(find_ward_by_slug(one.slug) == one and one.slug.isascii() for one in all_wards())
    assert find_ward_by_slug("An Đông") is None


def test_the_nearest_wards_come_first():
    nearest = wards_by_distance(get_ward("27316"))
    assert (nearest[0].name, len(nearest)) == ("An Đông", len(all_wards()))
    assert {"Chợ Quán", "Chợ Lớn"} <= {one.name for one in nearest[:6]}
    assert nearest[-1].kind == "Đặc khu"  # Côn Đảo


def test_a_ward_that_was_merged_is_no_neighbour_any_more_and_a_renamed_one_has_its_new_name():
    ward, nearest, second = wards_by_distance(get_ward("27316"))[:3]
    set_changed_wards(names={nearest.code: nearest.full_name, second.code: "Phường Mới"}, merged={nearest.code})
    assert (find_ward_by_slug(nearest.slug), ward_label(nearest.code)) == (None, nearest.full_name)
    assert find_ward_by_slug("moi") == get_ward(second.code)
    assert [one.full_name for one in wards_by_distance(ward)[:2]] == ["Phường An Đông", "Phường Mới"]
    assert len(wards_by_distance(ward)) == 167
    set_changed_wards(names={}, merged=())
    assert wards_by_distance(ward)[1:3] == (nearest, second)


def test_wards_are_in_vietnamese_alphabetical_order():
    names = [one.name for one in all_wards()]
    assert names.index("Dĩ An") < names.index("Đông Hòa") < names.index("Gia Định")
