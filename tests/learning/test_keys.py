"""The signing key: generated once, readable by the site only, and published for good."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.learning.badges.data_integrity import encode_private_key, encode_public_key
from lms.learning.badges.keys import KEY_FILE, load_key_ring
from lms.learning.startup_errors import InvalidSigningKey


def test_a_key_is_generated_at_the_first_start_and_stored(tmp_path):
    first = load_key_ring(tmp_path)
    again = load_key_ring(tmp_path)
    assert first.name == again.name
    assert list(again.published) == [first.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_other_users_of_the_machine_cannot_read_the_key(tmp_path):
    load_key_ring(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.slow
def test_concurrent_starts_agree_on_one_key(tmp_path):
    program = (
        "import sys, pathlib, lms.learning.badges.keys as k; print(k.load_key_ring(pathlib.Path(sys.argv[1])).name)"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(5)
    ]
    assert len({start.communicate()[0] for start in starts}) == 1
    assert [start.returncode for start in starts] == [0] * 5


def test_a_given_key_wins_and_the_generated_one_stays_published(tmp_path):
    made = load_key_ring(tmp_path)
    given = Ed25519PrivateKey.generate()
    ring = load_key_ring(tmp_path, encode_private_key(given))
    assert ring.name == encode_public_key(given.public_key())
    assert set(ring.published) == {made.name, ring.name}
    back = load_key_ring(tmp_path)
    assert back.name == made.name
    assert set(back.published) == {made.name, ring.name}


def test_a_seed_is_accepted_as_a_key(tmp_path):
    key = Ed25519PrivateKey.generate()
    seed = "z" + base58.b58encode(key.private_bytes_raw()).decode()
    assert load_key_ring(tmp_path, f" {seed}\n").name == encode_public_key(key.public_key())
    assert json.loads((tmp_path / KEY_FILE).read_text())["private"] is None  # a given key is not stored


@pytest.mark.parametrize(
    "given", ["", "z", "key", "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", base64.b64encode(b"x" * 32).decode()]
)
def test_an_invalid_key_is_refused_with_the_name_of_its_setting(tmp_path, given):
    with pytest.raises(InvalidSigningKey, match="LMS_SIGNING_KEY"):
        load_key_ring(tmp_path, given)


def test_a_site_that_ran_with_a_given_key_does_not_start_without_it(tmp_path):
    load_key_ring(tmp_path, encode_private_key(Ed25519PrivateKey.generate()))
    with pytest.raises(InvalidSigningKey, match="LMS_SIGNING_KEY"):
        load_key_ring(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"private": 5, "published": []}', '{"private": "z1", "published": ["x"]}']
)
def test_a_damaged_key_file_is_reported_not_replaced(tmp_path, text):
    (tmp_path / KEY_FILE).write_text(text)
    with pytest.raises(InvalidSigningKey, match=KEY_FILE):
        load_key_ring(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == text
