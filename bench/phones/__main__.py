"""The load program as a process of its own: reads a ``LoadPlan`` from standard input, for loopback only.

Writes two lines of JSON: one when all phones have joined, and the ``LoadReport`` at the end.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys

from bench.phones.plan import ClassPlan, LoadPlan, QuestionPlan
from bench.phones.simulation import POOLS, Simulation
from bench.servers import raise_open_file_limit, require_local_ports

_MAX_PHONES = 12_000
_SPARE_FILES = 200  # of the program itself


def main() -> None:
    fields = json.load(sys.stdin)
    questions = tuple(QuestionPlan(question["id"], tuple(question["options"])) for question in fields["questions"])
    classes = tuple(ClassPlan(**class_plan) for class_plan in fields["classes"])
    plan = LoadPlan(**{**fields, "questions": questions, "classes": classes})
    phones = sum(class_plan.phones for class_plan in plan.classes)
    if phones > _MAX_PHONES:
        raise SystemExit(f"at most {_MAX_PHONES:,} phones")
    watchers = sum(len(class_plan.watcher_paths) for class_plan in plan.classes)
    connections = phones + watchers + POOLS * plan.connections * len(plan.ports) + _SPARE_FILES
    raise_open_file_limit(connections)
    require_local_ports(connections)
    gc.disable()  # a collection takes seconds here, which would be measured as the server's
    print(json.dumps(asyncio.run(Simulation(plan).run()).as_json()), flush=True)


if __name__ == "__main__":
    main()
