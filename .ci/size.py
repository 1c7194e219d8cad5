"""Print lines by kind and by room, beside those of the commit before and of the budget (`make size`)."""

import subprocess
import sys
from collections import Counter
from statistics import median

Sizes = dict[str, int]

BUDGET = {
    "lms, Python": 65_000,
    "lms, modules": 420,
    "templates, script, style": 22_500,
    "tests, Python": 48_000,
    "tests, fixtures": 6_000,
    "bench": 2_800,
    "file names used twice": 30,
}
SAME_PART = {"__init__.py", "forms.py", "models.py", "services.py", "views.py"}


def read_sizes(commit: str | None) -> Sizes:
    """Count the lines of each tracked file of ``commit``, or of the working tree. Empty if there is no such commit."""
    listed = subprocess.run(
        ["git", "grep", "-c", "", *([commit] if commit else []), "--", "lms", "static", "tests", "bench"],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (line.removeprefix(f"{commit}:").rsplit(":", 1) for line in listed.stdout.splitlines())
    return {path: int(count) for path, count in lines if "/vendor/" not in path}


def measure(sizes: Sizes) -> Counter[str]:
    """Add up ``sizes`` by kind, then the Python lines of each room."""
    sums: Counter[str] = Counter()
    for path, lines in sizes.items():
        room, ending = path.split("/")[0], path.rsplit(".", 1)[-1]
        if room in ("lms", "tests", "bench") and ending == "py":
            sums["bench" if room == "bench" else f"{room}, Python"] += lines
        elif room == "tests":
            sums["tests, fixtures"] += lines
        elif ending in ("html", "js", "css"):
            sums["templates, script, style"] += lines
    modules = {path: lines for path, lines in sizes.items() if path.startswith("lms/") and path.endswith(".py")}
    names = Counter(path.rsplit("/", 1)[-1] for path in modules)
    sums["lms, modules"] = len(modules)
    sums["lms, median module"] = int(median(modules.values() or [0]))
    sums["file names used twice"] = sum(count for name, count in names.items() if count > 1 and name not in SAME_PART)
    for path, lines in modules.items():
        sums["  " + "/".join(path.split("/")[:-1][:3])] += lines
    return sums


if __name__ == "__main__":
    now, before = measure(read_sizes(None)), measure(read_sizes(sys.argv[1] if len(sys.argv) > 1 else "HEAD~1"))
    print(f"{'':44}{'now':>9}{'before':>9}{'budget':>9}")
    for name in sorted(now | before, key=lambda name: (name.startswith("  "), name)):
        print(f"{name:44}{now[name]:>9,}{before[name]:>9,}{BUDGET.get(name, ''):>9}")
