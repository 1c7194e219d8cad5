"""Helpers join by a QR code that can be replaced, and see one class until they are revoked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lms.learning.classroom.access import class_helpers
from lms.learning.errors import ClassClosed, ClassFull, InvalidName, NotAllowed, NotFound
from lms.learning.store.models import ClassSessionRow, HelperRow
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import NOW


@pytest.fixture
def token(live_class: LiveClass) -> str:
    return class_helpers.invite_helpers(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)


def come(live_class: LiveClass, token: str, name: str = "Bình", now: datetime = NOW):
    return class_helpers.join_as_helper(live_class.session, token=token, name=name, now=now)


def test_a_helper_joins_by_the_code_and_is_found_by_the_secret(live_class: LiveClass, token: str):
    assert class_helpers.find_invited_class_id(live_class.session, token, now=NOW) == live_class.id
    helper, secret = come(live_class, token)
    assert (helper.class_id, helper.name, helper.revoked) == (live_class.id, "Bình", False)
    assert class_helpers.find_helper(live_class.session, secret) == helper
    other, _ = come(live_class, token, name=" ")
    assert other.name == "Người phụ lớp"
    assert {one.id for one in class_helpers.find_helpers(live_class.session, live_class.id)} == {helper.id, other.id}


def test_a_new_code_replaces_the_old_one_and_keeps_the_helpers(live_class: LiveClass, token: str):
    _, secret = come(live_class, token)
    class_helpers.invite_helpers(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    with pytest.raises(NotFound):
        come(live_class, token)
    assert class_helpers.find_helper(live_class.session, secret) is not None


def test_a_revoked_helper_is_not_found(live_class: LiveClass, token: str, hanh: str):
    helper, secret = come(live_class, token)
    with pytest.raises(NotAllowed):
        class_helpers.revoke_helper(live_class.session, live_class.id, helper.id, account_id=hanh, now=NOW)
    for _ in range(2):
        class_helpers.revoke_helper(live_class.session, live_class.id, helper.id, account_id=live_class.minh, now=NOW)
    assert class_helpers.find_helper(live_class.session, secret) is None
    assert [one.revoked for one in class_helpers.find_helpers(live_class.session, live_class.id)] == [True]
    with pytest.raises(NotFound):
        class_helpers.revoke_helper(live_class.session, live_class.id, "0" * 32, account_id=live_class.minh, now=NOW)


def test_a_code_expires_after_ten_minutes(live_class: LiveClass, token: str):
    _, secret = come(live_class, token, now=NOW + timedelta(minutes=9))
    late = NOW + timedelta(minutes=10)
    assert class_helpers.find_invited_class_id(live_class.session, token, now=late) is None
    with pytest.raises(NotFound):
        come(live_class, token, now=late)
    assert class_helpers.find_helper(live_class.session, secret) is not None  # who came by it stays


def test_the_expiry_time_of_a_code_cannot_be_forged(live_class: LiveClass, token: str):
    longer = token.rpartition(".")[0] + f".{int((NOW + timedelta(days=9)).timestamp()):x}"
    with pytest.raises(NotFound):
        come(live_class, longer)


def test_a_revoked_helper_cannot_rejoin_with_the_same_code(live_class: LiveClass, token: str):
    helper, _ = come(live_class, token)
    class_helpers.revoke_helper(live_class.session, live_class.id, helper.id, account_id=live_class.minh, now=NOW)
    with pytest.raises(NotFound):
        come(live_class, token)


def test_only_facilitators_of_an_open_class_invite_helpers(live_class: LiveClass, token: str, hanh: str):
    with pytest.raises(NotAllowed):
        class_helpers.invite_helpers(live_class.session, live_class.id, account_id=hanh, now=NOW)
    live_class.command(close=True)
    assert class_helpers.find_invited_class_id(live_class.session, token, now=NOW) is None
    with pytest.raises(NotFound):
        come(live_class, token)
    with pytest.raises(ClassClosed):
        class_helpers.invite_helpers(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 10_000, "a.-1", "a." + "f" * 30, "."])
def test_text_that_is_no_code_leads_to_no_class(live_class: LiveClass, token: str):
    with pytest.raises(NotFound):
        come(live_class, token)
    assert class_helpers.find_helper(live_class.session, token) is None


def test_the_number_of_helpers_and_the_length_of_names_are_limited(
    live_class: LiveClass, token: str, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(InvalidName):
        come(live_class, token, name="a" * 61)
    monkeypatch.setattr(class_helpers, "MAX_HELPERS", 1)
    come(live_class, token)
    with pytest.raises(ClassFull):
        come(live_class, token)


def test_the_database_holds_no_token_and_no_secret(live_class: LiveClass, token: str):
    _, secret = come(live_class, token)
    kept = live_class.session.execute(select(HelperRow.digest)).scalars().all()
    kept += live_class.session.execute(select(ClassSessionRow.helper_digest)).scalars().all()
    assert not {token, secret} & set(kept)
