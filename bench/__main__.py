"""``make bench``: measure everything, or the parts that are named, and exit 1 below any bar."""

from __future__ import annotations

import importlib
import signal
import sys
import traceback

# Run in this order: first what needs an idle machine, last what takes long. Each module has measure() -> figures.
PARTS = (
    "engine",
    "starting",
    "reading",
    "saving",
    "metrics",
    "workshop",
    "movement",
    "practice_events",
    "classes",
    "slow",
    "pulling",
    "weights",
    "pointed",
    "first_success",
    "lighthouse",
    "equality",
)
ONLY_BY_NAME = ("city", "city_short", "gevent_streams", "growth", "movement_city")  # they take up to an hour


def main(names: list[str]) -> int:
    unknown = [name for name in names if name.partition(":")[0] not in PARTS + ONLY_BY_NAME]
    if unknown:
        print(f"unknown parts: {', '.join(unknown)}; known are {', '.join(PARTS + ONLY_BY_NAME)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped and folders removed
    missed = []
    for name in names or PARTS:
        part, _, size = name.partition(":")  # only "growth" and "city_short" have sizes
        try:
            for figure in importlib.import_module(f"bench.{part}").measure(*([int(size)] if size else [])):
                print(figure, flush=True)
                if not figure.holds:
                    missed.append(figure.name)
        except Exception:  # one part that cannot be measured must not hide the others
            traceback.print_exc()
            missed.append(f"{name} could not be measured")
    print(f"\n{len(missed)} below the bar" + "".join(f"\n  {name}" for name in missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
