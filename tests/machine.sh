#!/bin/sh
# See to it that the programs the tests judge with are on this machine: install them where we may, else say which.
set -eu
missing=""
need() { # need <package> <program>…: one of the programs is enough
    package=$1
    shift
    for program in "$@"; do
        if command -v "$program" >/dev/null 2>&1 || ls $program >/dev/null 2>&1; then
            return 0
        fi
    done
    missing="$missing $package"
}

PATH="$PATH:/usr/sbin:/sbin"
need chromium chromium chromium-browser google-chrome
need postgresql initdb "/usr/lib/postgresql/*/bin/initdb"
need nodejs node
need npm npm
need iproute2 ip
need default-jre-headless java
need desktop-file-utils desktop-file-validate
need nginx-light nginx
# What stands in sight of the last row is judged by the letters of one font: DejaVu's are wider than any phone's.
fc-list 2>/dev/null | grep -q NotoSans-Regular || missing="$missing fonts-noto-core"
# And one test asks whether a wall holds those, too.
fc-list 2>/dev/null | grep -q DejaVuSans.ttf || missing="$missing fonts-dejavu-core"
if [ -n "${LMS_TEST_POSTGRES_URL:-}" ]; then
    missing=$(printf '%s' "$missing" | sed 's/ postgresql//')
fi
# Not needed: the browser tests take a fifth less time with the first than with chromium, and the second is Prometheus'
# own judge of its rules.
helpful=""
for program in chromium-headless-shell promtool; do
    command -v $program >/dev/null 2>&1 || helpful="$helpful $program"
done
[ -n "$missing$helpful" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root="no"
fi
if [ "$as_root" = no ] || ! command -v apt-get >/dev/null 2>&1; then
    [ -n "$missing" ] || exit 0
    echo "The tests need these Debian packages (or the like of them):$missing" >&2
    exit 1
fi
install() {
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq --yes --no-install-recommends "$@"
}
if [ -n "$missing" ]; then
    echo "Installing what the tests need:$missing"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    install $missing
fi
# Where Debian has no package of that name, the tests use the whole browser, and look at names in the rules alone.
for package in $helpful; do
    if apt-cache show "$package" >/dev/null 2>&1; then
        echo "Installing what helps the tests: $package"
        install "$package" || echo "Not installed: $package" >&2
    fi
done
