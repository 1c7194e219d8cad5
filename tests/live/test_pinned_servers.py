"""The parts of uvicorn and a2wsgi beyond their public API that ``lms.live`` uses.

pyproject.toml pins both to a minor version. After an upgrade, a failure here names what is gone and who uses it.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HTTPTOOLS = "uvicorn.protocols.http.httptools_impl"
FLOW_CONTROL = "uvicorn.protocols.http.flow_control"

# (user, module, name of a class, or "" for the module itself, names of its members)
USED_NAMES = [
    ("http_protocol.py", HTTPTOOLS, "", ["STATUS_LINE", "HttpToolsProtocol", "RequestResponseCycle"]),
    (
        "http_protocol.py",
        HTTPTOOLS,
        "HttpToolsProtocol",
        [
            *("connection_made", "data_received", "on_message_begin", "on_headers_complete", "on_message_complete"),
            *(
                "on_response_complete",
                "connection_lost",
                "shutdown",
                "_start_asgi_task",
                "_unset_keepalive_if_required",
            ),
            *("cycle", "flow", "loop", "pipeline", "scope", "server_state", "transport"),
        ],
    ),
    (
        "http_protocol.py",
        HTTPTOOLS,
        "RequestResponseCycle",
        [
            *("body", "disconnected", "keep_alive", "more_body", "on_response", "response_complete"),
            *("response_started", "scope", "transport", "waiting_for_100_continue"),
        ],
    ),
    ("http_protocol.py", FLOW_CONTROL, "FlowControl", ["resume_reading", "write_paused"]),
    ("http_protocol.py", "uvicorn.server", "ServerState", ["default_headers"]),
    ("dispatcher.py", "a2wsgi.wsgi", "", ["build_environ"]),
]
EACH_NAME = [(user, module, owner, name) for user, module, owner, names in USED_NAMES for name in names]


@pytest.mark.parametrize(("user", "module", "owner", "name"), EACH_NAME, ids=lambda part: part or "-")
def test_the_installed_version_still_has_every_private_name_that_we_use(user, module, owner, name):
    members = vars(getattr(import_module(module), owner) if owner else import_module(module))
    # An attribute that is set in a method shows only in the source.
    is_attribute = bool(owner) and f"self.{name}" in inspect.getsource(getattr(import_module(module), owner))
    assert name in members or is_attribute, (
        f"{module.partition('.')[0]} {version(module.partition('.')[0])} has no {module}.{owner}.{name} any more, "
        f"which lms/live/{user} uses: adapt it, or go back to the version pinned in pyproject.toml"
    )


@pytest.mark.parametrize(("user", "module", "owner", "name"), EACH_NAME, ids=lambda part: part or "-")
def test_every_private_name_in_the_list_is_still_in_use(user, module, owner, name):
    text = (ROOT / "lms" / "live" / user).read_text("utf-8")
    assert re.search(rf"\b{name}\b", text), f"lms/live/{user} does not use {name} any more: take it off the list"


def test_the_flow_control_and_the_environ_take_the_arguments_that_we_give():
    flow_control = import_module(FLOW_CONTROL).FlowControl
    assert list(inspect.signature(flow_control).parameters) == ["transport"]
    build_environ = import_module("a2wsgi.wsgi").build_environ
    assert list(inspect.signature(build_environ).parameters) == ["scope", "body"]


@pytest.mark.parametrize("package", ["uvicorn", "a2wsgi"])
def test_the_servers_are_pinned_to_the_minor_version_that_is_installed(package):
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    [pinned] = [match[1] for line in dependencies if (match := re.fullmatch(rf"{package}~=(\d+\.\d+)\.\d+", line))]
    assert version(package).startswith(f"{pinned}.")
