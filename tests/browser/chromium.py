"""Find the Chromium that the browser tests run in."""

from __future__ import annotations

import os
import shutil

FULL = ("chromium", "chromium-browser", "google-chrome")
# The same engine without a user interface around each page, which nobody sees and which costs a fifth of the time.
HEADLESS = ("chromium-headless-shell",)


def find_chromium(*, full: bool = False) -> str:
    """Return the path of the first Chromium on the PATH, within a folder preferably the headless one.

    ``full``: it must be the whole browser, for what the headless one does not have, such as a back-forward cache.

    Raises:
        RuntimeError: there is none.
    """
    names = FULL if full else (*HEADLESS, *FULL)
    for folder in os.get_exec_path():
        for name in names:
            if found := shutil.which(name, path=folder):
                return found
    raise RuntimeError("Chromium is missing (Debian: apt-get install chromium)")
