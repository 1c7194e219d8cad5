"""Open a browser when ``lms serve --lan`` is started at a desktop, signed in as the laptop's facilitator."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser


def is_desktop_start() -> bool:
    """Whether a person starts this at the machine's own screen: in a terminal window, not as a service."""
    if not sys.stdout.isatty() or os.environ.get("SSH_CONNECTION"):
        return False
    return os.name == "nt" or sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


def open_browser(url: str) -> threading.Thread:
    """Open the default browser in a thread, which some browsers keep until they are closed."""
    thread = threading.Thread(target=webbrowser.open, args=(url,), daemon=True)
    thread.start()
    return thread
