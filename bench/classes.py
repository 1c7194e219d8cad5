"""Live classes: phones that join, follow their facilitators, answer and practise, on both databases.

Steps, posts answered and processor time are judged as ratios to ``bench.bare_hub``, which does the same durable writes
and which the same load program plays just before. That nothing is lost or saved twice is judged absolutely, also while
a server is killed. ``make bench`` plays forty classes; ``python -m bench city`` plays the 168 of a city.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bench.class_scenarios import WATCHERS, Result, Run, SavedAnswers, Scenario, baseline_of, play, play_baseline
from bench.figures import Figure, at_least, at_most, percentile_ms, without_bar
from bench.phones.plan import LoadReport

# Times the bare hub. Steps: both poll twice a second, so 1 is the least. Posts answered: a phone sends its next events
# when it has the last receipt, so a server that cannot keep up answers fewer. How long a post takes is only printed:
# the hub's takes one commit, a millisecond or two, and at that size the machine's disk and scheduler decide the ratio.
STEP_BAR, POSTS_BAR, PROCESSOR_BAR = 1.5, 0.9, 7.0
STEP_BARS = (1500.0, 3000.0)  # milliseconds, p95 and p99
PAGE_BAR = 1500.0  # milliseconds, p95: pages that a whole hall opens at once
RECONNECT_SECONDS = 30.0
RETURN_SECONDS = 45.0  # from the reopening of a class; pages of summaries look every 21 to 39 s


SMALL = (
    Scenario("SQLite"),
    Scenario(
        "two workers on PostgreSQL, one killed",
        database="postgresql",
        workers=2,
        grace_seconds=14,
        kill=True,
        restart_seconds=None,
    ),
    Scenario("SQLite, killed and restarted", classes=20, grace_seconds=14, kill=True),
    # What a city has at nine in the evening: the facilitators of twenty classes close within twenty seconds.
    Scenario("SQLite, an evening", classes=20, spread_seconds=20, absolute=True),
    Scenario(
        "SQLite, closed by mistake", classes=20, spread_seconds=20, reopen_seconds=8, absolute=True, compared=False
    ),
    Scenario(
        "two workers on PostgreSQL, an evening",
        database="postgresql",
        workers=2,
        classes=20,
        spread_seconds=20,
        absolute=True,
    ),
)
# Of a question in which a server is killed, and of what follows it: the phones have come back.
AFTER_KILL = ("locked", "shown", "tap", "ket", "closed")


def measure() -> Iterator[Figure]:
    for scenario in SMALL:
        yield from figures(scenario)


def figures(scenario: Scenario) -> Iterator[Figure]:
    """Play a scenario and compare the result with the bars."""
    baseline = play_baseline(baseline_of(scenario)) if scenario.compared and not scenario.kill else None
    result = play(scenario)
    report, name = result.run.report, f"{scenario.name}, {scenario.classes} × {scenario.phones}:"
    note = _percentiles("from tap to first state", report.join_times)
    yield at_least(f"{name} joined", report.joined, scenario.phone_count, "phones", note)
    if scenario.kill:
        quick = sum(seconds <= RECONNECT_SECONDS for seconds in report.reconnect_times)
        share = 100 * quick / max(1, len(report.reconnect_times))
        note = f"{_percentiles('reconnected after', report.reconnect_times)}; {_lag(report)}"
        yield at_least(f"{name} reconnected within 30 s", share, 95, "%", note)
        yield from _step_figures(f"{name} after the kill,", report, AFTER_KILL)
    else:
        yield from _step_speed_figures(scenario, name, report, baseline)
        yield from _load_figures(scenario, name, result.run, baseline)
    if scenario.reopen_seconds is not None:
        yield from _reopening_figures(scenario, name, report)
    yield from _page_figures(scenario, name, report)
    yield from _flood_figures(name, report)
    yield from _correctness_figures(scenario, name, result)
    if scenario.phone_count >= 1000:  # below, the fixed costs of a server would count as the phones'
        yield at_most(f"{name} memory for each phone", result.run.memory / 1024, 64, "KB")


def _step_speed_figures(scenario: Scenario, name: str, report: LoadReport, baseline: Run | None) -> Iterator[Figure]:
    steps = _all_steps(report)
    command = _percentiles("commands", report.command_times)
    note = f"{len(steps):,} steps on phones, {report.missed_steps} missed; {command}; {_lag(report)}"
    bare_steps = _all_steps(baseline.report) if baseline else []
    if baseline and not scenario.absolute:
        yield _ratio(f"{name} a facilitator's step seen, p95", steps, bare_steps, STEP_BAR, note)
        slowest = max(percentile_ms(seconds, 0.95) for seconds in report.step_times.values())
        note = _by_kind(report, tuple(report.step_times))
        yield without_bar(f"{name} the slowest step seen, p95", slowest, "ms", note)
    else:
        note += f"; the bare hub's {percentile_ms(bare_steps, 0.95):,.0f} ms" if baseline else ""
        yield at_most(f"{name} a facilitator's step seen, p95", percentile_ms(steps, 0.95), STEP_BARS[0], "ms", note)
        yield at_most(f"{name} a facilitator's step seen, p99", percentile_ms(steps, 0.99), STEP_BARS[1], "ms")
        yield from _step_figures(name, report, tuple(report.step_times))


def _load_figures(scenario: Scenario, name: str, run: Run, baseline: Run | None) -> Iterator[Figure]:
    """Posts and processor time, beside the bare hub's."""
    report, bare = run.report, baseline.report if baseline else LoadReport()
    yield _post_time(f"{name} an answer's post, p95", report.answer_times, bare.answer_times)
    yield _post_time(f"{name} practice events' post, p95", report.event_times, bare.event_times)
    posts, milliseconds = len(report.event_times), 1000 * run.processor_seconds / scenario.phone_count
    rate = f"{posts:,} posts; {posts / scenario.practice_seconds:,.0f} a second"
    cores = f"{milliseconds:.1f} ms; {run.cores:.2f} of a core for all servers"
    if baseline is None:
        yield without_bar(f"{name} practice posts answered", posts, "posts", rate)
        yield without_bar(f"{name} processor time for each phone", milliseconds, "ms", cores)
        return
    bare_posts, bare_milliseconds = len(bare.event_times), 1000 * baseline.processor_seconds / scenario.phone_count
    note = f"{rate}; bare {bare_posts:,} posts"
    yield at_least(f"{name} practice posts answered, against a bare hub", posts / bare_posts, POSTS_BAR, "×", note)
    ratio, note = milliseconds / bare_milliseconds, f"{cores}; bare {bare_milliseconds:.1f} ms"
    yield at_most(f"{name} processor time for each phone, against a bare hub", ratio, PROCESSOR_BAR, "×", note)


def _reopening_figures(scenario: Scenario, name: str, report: LoadReport) -> Iterator[Figure]:
    """Phones in the practice hear a reopening as a step, those at their summaries look for it."""
    back = sum(seconds <= RETURN_SECONDS for seconds in report.return_times)
    note = _percentiles("after", report.return_times)
    left = max(1, report.left_by_mistake)  # none: the reopening was not played
    yield at_least(f"{name} phones back from their summaries within 45 s", back, left, "phones", note)
    note = _percentiles("after", report.watcher_return_times)
    watchers = scenario.classes * WATCHERS
    heard = len(report.watcher_return_times)
    yield at_least(f"{name} walls, desks and helpers that heard the reopening", heard, watchers, "screens", note)


def _all_steps(report: LoadReport) -> list[float]:
    """Seconds of every step on every phone; a step that a phone did not see took for ever."""
    seen = [seconds for each in report.step_times.values() for seconds in each]
    return seen + [float("inf")] * report.missed_steps


def _step_figures(name: str, report: LoadReport, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Judge the step that is seen last: an average over a whole class would hide the end."""
    slowest = max(kinds, key=lambda kind: percentile_ms(report.step_times[kind], 0.95))
    worst = report.step_times[slowest]
    note = _by_kind(report, kinds)
    yield at_most(f"{name} the slowest step seen, p95", percentile_ms(worst, 0.95), STEP_BARS[0], "ms", note)
    yield at_most(f"{name} the slowest step seen, p99", percentile_ms(worst, 0.99), STEP_BARS[1], "ms", slowest)


def _by_kind(report: LoadReport, kinds: tuple[str, ...]) -> str:
    return "; ".join(f"{kind} {percentile_ms(report.step_times[kind], 0.95):,.0f}" for kind in kinds)


def _page_figures(scenario: Scenario, name: str, report: LoadReport) -> Iterator[Figure]:
    """Pages that a hall opens at once. Forty classes that end within four seconds are no evening: these only tell."""
    for page, seconds in sorted(report.page_times.items()):
        note = f"{len(seconds):,} pages; p99 {percentile_ms(seconds, 0.99):,.0f} ms"
        title, p95 = f'{name} the page "{page}", p95', percentile_ms(seconds, 0.95)
        yield at_most(title, p95, PAGE_BAR, "ms", note) if scenario.absolute else without_bar(title, p95, "ms", note)


def _flood_figures(name: str, report: LoadReport) -> Iterator[Figure]:
    """One phone's posts beyond the limit are refused, of each kind; meanwhile the posts of others take no longer."""
    counts = report.flood_statuses
    sent: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for key, count in counts.items():
        kind, _, status = key.rpartition(" ")
        sent[kind] += count
        refused[kind] += count if status == "429" else 0
    least = min((refused[kind] / sent[kind] for kind in sent), default=0.0)
    note = ", ".join(f"{key}: {count}" for key, count in sorted(counts.items()))
    yield at_least(f"{name} posts of a flood refused, of the kind with the fewest", 100 * least, 55, "%", note)
    times = report.event_times_in_flood
    note = f"{len(times):,} posts; p99 {percentile_ms(times, 0.99):,.0f} ms"
    yield at_most(
        f"{name} others' practice events' post meanwhile, p95", percentile_ms(times, 0.95), PAGE_BAR, "ms", note
    )


def _ratio(name: str, seconds: list[float], bare_seconds: list[float], bar: float, note: str = "") -> Figure:
    """Compare the 95th percentiles of the site and the bare hub."""
    ours, bare = percentile_ms(seconds, 0.95), percentile_ms(bare_seconds, 0.95)
    note = f"{ours:,.1f} ms, bare {bare:,.1f} ms" + (f"; {note}" if note else "")
    return at_most(f"{name}, against a bare hub", ours / bare, bar, "×", note)


def _post_time(name: str, seconds: list[float], bare_seconds: list[float]) -> Figure:
    """Tell the 95th percentile beside the bare hub's. It has no bar."""
    note = f"p99 {percentile_ms(seconds, 0.99):,.0f} ms"
    note += f"; bare {percentile_ms(bare_seconds, 0.95):,.1f} ms" if bare_seconds else ""
    return without_bar(name, percentile_ms(seconds, 0.95), "ms", note)


def _correctness_figures(scenario: Scenario, name: str, result: Result) -> Iterator[Figure]:
    report = result.run.report
    acknowledged: SavedAnswers = {
        (class_id, seat, question, round_): option for class_id, seat, question, round_, option in report.acknowledged
    }
    lost = sum(result.saved.get(key) != option for key, option in acknowledged.items())
    expected = scenario.phone_count * scenario.questions * (1 - scenario.sleep_rate)
    note = f"{len(acknowledged):,} acknowledged, {len(result.saved):,} saved; {report.retries:,} requests sent again"
    yield at_least(f"{name} answers acknowledged", len(acknowledged), expected, "answers", note)
    yield at_most(f"{name} answers acknowledged but not saved", lost, 0, "answers")
    yield at_most(f"{name} answers saved twice", result.duplicates, 0, "answers")
    note = f"unexpected: {report.unexpected or 'none'}"
    yield at_most(f"{name} phones not at the step of their class at the end", report.out_of_step, 0, "phones", note)


def _percentiles(what: str, seconds: list[float]) -> str:
    p50, p95, worst = (percentile_ms(seconds, share) for share in (0.5, 0.95, 1))
    return f"{what} p50 {p50:,.0f} ms, p95 {p95:,.0f} ms, worst {worst:,.0f} ms"


def _lag(report: LoadReport) -> str:
    p99, worst = (percentile_ms(report.lags, share) for share in (0.99, 1))
    return f"the load's own lag p99 {p99:.0f} ms, worst {worst:.0f} ms"
