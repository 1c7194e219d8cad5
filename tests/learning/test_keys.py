"""The signing key: made once, kept closely, and never forgotten."""

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

from lms.learning.badges.data_integrity import write_private, write_public
from lms.learning.badges.keys import FILE, load_keys
from lms.learning.errors import InvalidSigningKey


def test_a_key_is_made_at_the_first_start_and_kept(tmp_path):
    first = load_keys(tmp_path)
    again = load_keys(tmp_path)
    assert first.name == again.name
    assert list(again.published) == [first.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_on_the_machine_reads_it(tmp_path):
    load_keys(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_several_processes_that_start_at_once_agree_on_one_key(tmp_path):
    program = "import sys, pathlib, lms.learning.badges.keys as k; print(k.load_keys(pathlib.Path(sys.argv[1])).name)"
    starts = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(5)
    ]
    assert len({start.communicate()[0] for start in starts}) == 1
    assert [start.returncode for start in starts] == [0] * 5


def test_a_given_key_wins_and_the_made_one_stays_published(tmp_path):
    made = load_keys(tmp_path)
    given = Ed25519PrivateKey.generate()
    ring = load_keys(tmp_path, write_private(given))
    assert ring.name == write_public(given.public_key())
    assert set(ring.published) == {made.name, ring.name}
    back = load_keys(tmp_path)
    assert back.name == made.name
    assert set(back.published) == {made.name, ring.name}


def test_a_bare_seed_will_do(tmp_path):
    key = Ed25519PrivateKey.generate()
    seed = "z" + base58.b58encode(key.private_bytes_raw()).decode()
    assert load_keys(tmp_path, f" {seed}\n").name == write_public(key.public_key())
    assert json.loads((tmp_path / FILE).read_text())["private"] is None  # a given key is not written down


@pytest.mark.parametrize(
    "given", ["", "z", "key", "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", base64.b64encode(b"x" * 32).decode()]
)
def test_what_is_no_key_is_refused_with_its_setting_named(tmp_path, given):
    with pytest.raises(InvalidSigningKey, match="LMS_SIGNING_KEY"):
        load_keys(tmp_path, given)


def test_a_host_that_had_a_given_key_does_not_go_on_with_another_one(tmp_path):
    load_keys(tmp_path, write_private(Ed25519PrivateKey.generate()))
    with pytest.raises(InvalidSigningKey, match="LMS_SIGNING_KEY"):
        load_keys(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"private": 5, "published": []}', '{"private": "z1", "published": ["x"]}']
)
def test_a_damaged_file_is_told_not_replaced(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(InvalidSigningKey, match=FILE):
        load_keys(tmp_path)
    assert (tmp_path / FILE).read_text() == text
