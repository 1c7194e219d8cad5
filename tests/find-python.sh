#!/bin/sh
# Make a virtual environment with the newest Python on this machine that is 3.11 or later.
set -eu
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        if "$name" -m venv "$1"; then
            exit 0
        fi
        rm -rf "$1"
        echo "$name cannot make a virtual environment. Debian: apt-get install python3-venv" >&2
    fi
done
echo "Python 3.11 or later is needed, with its venv module." >&2
exit 1
