"""The load program, a process of its own: a plan on standard input, a line when all have joined, and what came of it.

Loopback only.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
from pathlib import Path

from bench.phones.city import City
from bench.phones.plan import Asked, Hall, Plan

_MOST_PHONES = 12_000
_SPARE = 200  # files of the program itself


def main() -> None:
    order = json.load(sys.stdin)
    order["questions"] = tuple(Asked(one["id"], tuple(one["options"])) for one in order["questions"])
    order["halls"] = tuple(Hall(**one) for one in order["halls"])
    plan = Plan(**order)
    phones = sum(hall.phones for hall in plan.halls)
    if phones > _MOST_PHONES:
        raise SystemExit(f"at most {_MOST_PHONES:,} phones")
    _allow(phones + len(plan.halls) * 2 + plan.connections * len(plan.ports) + _SPARE)
    gc.disable()  # seconds of collecting would be told as the server's
    told = asyncio.run(City(plan).play())
    print(json.dumps(told.as_json()), flush=True)


def _allow(files: int) -> None:
    """Room for so many connections, or the sentence that says what is missing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < files:
        if hard != resource.RLIM_INFINITY and hard < files:
            raise SystemExit(f"ulimit -n allows {hard:,} open files, {files:,} are needed: raise it and try again")
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    ports = Path("/proc/sys/net/ipv4/ip_local_port_range")
    if ports.exists():
        first, last = map(int, ports.read_text().split())
        if last - first < files * 1.5:
            raise SystemExit(f"only {last - first:,} local ports, {int(files * 1.5):,} are needed: widen {ports}")


if __name__ == "__main__":
    main()
