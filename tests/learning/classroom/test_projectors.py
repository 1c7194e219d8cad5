"""Projectors show a pairing code until a facilitator types it, and can change nothing."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.learning.classroom.access import projectors
from lms.learning.classroom.lifecycle.opening import open_class_session
from lms.learning.errors import ClassClosed, NotAllowed, NotFound, UnknownPairingCode
from lms.learning.store.models import ProjectorRow
from tests.learning.classroom.live_class import WARD, LiveClass
from tests.learning.sample_courses import NOW

AFTERWARDS = NOW + projectors.PAIRING_LIFETIME + timedelta(seconds=1)


def pair(live_class: LiveClass, digits: str, now=NOW, by: str | None = None):
    return projectors.pair_projector(
        live_class.session, live_class.id, digits, account_id=by or live_class.minh, now=now
    )


def test_a_pairing_code_pairs_the_projector_with_the_class(live_class: LiveClass):
    waiting, secret = projectors.create_unpaired_projector(live_class.session, now=NOW)
    assert (len(waiting.pairing_code), waiting.class_id) == (4, None)
    code = waiting.pairing_code
    assert pair(live_class, f"{code[:2]} {code[2:]}").id == waiting.id
    showing = projectors.find_projector(live_class.session, secret, now=NOW)
    assert (showing.class_id, showing.pairing_code) == (live_class.id, None)
    assert [one.id for one in projectors.find_projectors(live_class.session, live_class.id)] == [waiting.id]
    with pytest.raises(UnknownPairingCode):
        pair(live_class, code)  # used up


def test_pairing_codes_expire_and_are_renewed(live_class: LiveClass):
    waiting, secret = projectors.create_unpaired_projector(live_class.session, now=NOW)
    assert projectors.find_projector(live_class.session, secret, now=AFTERWARDS).pairing_code is None
    with pytest.raises(UnknownPairingCode):
        pair(live_class, waiting.pairing_code, now=AFTERWARDS)
    again = projectors.renew_pairing_code(live_class.session, waiting.id, now=AFTERWARDS)
    assert pair(live_class, again.pairing_code, now=AFTERWARDS).class_id == live_class.id
    with pytest.raises(NotFound):
        projectors.renew_pairing_code(live_class.session, "0" * 32, now=NOW)


def test_no_two_projectors_have_the_same_code(live_class: LiveClass, monkeypatch: pytest.MonkeyPatch):
    drawn = iter(["1234", "1234", "5678", "5678", "9012"])
    monkeypatch.setattr(projectors, "new_pairing_code", lambda: next(drawn))
    first, _ = projectors.create_unpaired_projector(live_class.session, now=NOW)
    second, _ = projectors.create_unpaired_projector(live_class.session, now=NOW)
    assert (first.pairing_code, second.pairing_code) == ("1234", "5678")
    assert projectors.renew_pairing_code(live_class.session, first.id, now=NOW).pairing_code == "9012"


def test_waiting_projectors_are_limited_so_that_codes_stay_free(live_class: LiveClass, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(projectors, "MAX_WAITING_PROJECTORS", 5)
    monkeypatch.setattr(projectors, "new_pairing_code", lambda: f"{secrets.randbelow(10):04}")  # ten in all
    showing, its_secret = projectors.create_unpaired_projector(live_class.session, now=NOW)
    pair(live_class, showing.pairing_code)
    strangers = [
        projectors.create_unpaired_projector(live_class.session, now=NOW + timedelta(seconds=n)) for n in range(30)
    ]
    mine, _ = projectors.create_unpaired_projector(live_class.session, now=NOW + timedelta(minutes=1))
    known = [one for _, one in strangers if projectors.find_projector(live_class.session, one, now=NOW)]
    assert known == [one for _, one in strangers[-4:]]
    assert pair(live_class, mine.pairing_code, now=NOW + timedelta(minutes=1)).id == mine.id
    assert projectors.find_projector(live_class.session, its_secret, now=NOW).class_id == live_class.id


@pytest.mark.parametrize("digits", ["", "123", "12345", "abcd", "9" * 1000])
def test_an_unknown_pairing_code_is_refused(live_class: LiveClass, digits: str):
    with pytest.raises(UnknownPairingCode):
        pair(live_class, digits)


def test_only_facilitators_of_an_open_class_pair(live_class: LiveClass, hanh: str):
    waiting, _ = projectors.create_unpaired_projector(live_class.session, now=NOW)
    with pytest.raises(NotAllowed):
        pair(live_class, waiting.pairing_code, by=hanh)
    with pytest.raises(NotAllowed):
        projectors.create_paired_projector(live_class.session, live_class.id, account_id=hanh, now=NOW)
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        pair(live_class, waiting.pairing_code)


def test_the_facilitators_own_laptop_pairs_without_a_code_and_can_be_unpaired(live_class: LiveClass, hanh: str):
    projector, secret = projectors.create_paired_projector(
        live_class.session, live_class.id, account_id=live_class.minh, now=NOW
    )
    assert projectors.find_projector(live_class.session, secret, now=NOW).class_id == live_class.id
    with pytest.raises(NotAllowed):
        projectors.unpair_projector(live_class.session, live_class.id, projector.id, account_id=hanh)
    projectors.unpair_projector(live_class.session, live_class.id, projector.id, account_id=live_class.minh)
    assert projectors.find_projector(live_class.session, secret, now=NOW).class_id is None
    assert projectors.find_projector(live_class.session, "somebody else's", now=NOW) is None


def test_a_wall_is_connected_for_seconds_after_its_page_was_open_and_missed_for_minutes(
    live_class: LiveClass,
):
    def walls(seconds: float) -> projectors.PairedProjectors:
        now = NOW + timedelta(seconds=seconds)
        return projectors.count_paired_projectors(live_class.session, [live_class.id], now).get(
            live_class.id, projectors.NO_PROJECTORS
        )

    waiting, _ = projectors.create_unpaired_projector(live_class.session, now=NOW)
    assert walls(0) == projectors.NO_PROJECTORS
    pair(live_class, waiting.pairing_code)
    own, _ = projectors.create_paired_projector(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    assert walls(12) == projectors.PairedProjectors(connected=2, away=0)
    projectors.record_projectors_seen(
        live_class.session, [own.id, "no such projector"], now=NOW + timedelta(seconds=10)
    )
    assert walls(20) == projectors.PairedProjectors(connected=1, away=1)
    assert walls(23) == projectors.PairedProjectors(connected=0, away=2)
    assert walls(611) == projectors.NO_PROJECTORS


def test_a_wall_that_an_earlier_release_paired_counts_as_connected(live_class: LiveClass):
    projectors.create_paired_projector(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    live_class.session.execute(update(ProjectorRow).values(seen_at=None))
    much_later = NOW + timedelta(hours=1)
    walls = projectors.count_paired_projectors(live_class.session, [live_class.id], much_later)
    assert walls == {live_class.id: projectors.PairedProjectors(connected=1, away=0)}


def test_the_database_holds_no_secret_of_a_projector(live_class: LiveClass):
    _, secret = projectors.create_unpaired_projector(live_class.session, now=NOW)
    assert secret not in live_class.session.scalars(select(ProjectorRow.digest)).all()


def test_only_a_wall_that_is_open_follows_to_the_next_class_and_only_the_same_evening(live_class: LiveClass):
    walls = [
        projectors.create_paired_projector(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
        for _ in range(2)
    ]
    (open_wall, _), (switched_off, _) = walls
    live_class.command(close=True)
    following = []
    late = NOW + projectors.SAME_EVENING
    for slug, now in (("ba-loai-ma", late), ("kich-hoat", late - timedelta(seconds=1))):
        lesson = live_class.library.lesson("vneid", slug)
        projectors.record_projectors_seen(live_class.session, [open_wall.id], now=now)
        opened = open_class_session(live_class.session, account_id=live_class.minh, ward=WARD, lesson=lesson, now=now)
        following.append([wall.id for wall in projectors.find_projectors(live_class.session, opened.id)])
    assert following == [[], [open_wall.id]]
    assert [wall.id for wall in projectors.find_projectors(live_class.session, live_class.id)] == [switched_off.id]
