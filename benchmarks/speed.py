"""Time roleclf against the afternoon pipeline: whole processes, taking turns.

    .venv/bin/python benchmarks/speed.py [--rows 20000] [--rounds 5]

Writes benchmarks/RESULTS.md. Needs ../shared and Linux, a quiet machine and minutes;
what it makes on the way stays in build/speed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

# Only what is small is imported up here: a new process counts the memory of the one
# that it comes from as its own.
ROOT: Final = Path(__file__).parents[1]
SHARED: Final = ROOT.parent / "shared"
NAIVE: Final = SHARED / "bench" / "naive.py"
BUILD: Final = ROOT / "build" / "speed"
RESULTS: Final = ROOT / "benchmarks" / "RESULTS.md"
ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
PACKAGES: Final = (
    "roleclf",
    "numpy",
    "joblib",
    "pyarrow",
    "pandas",
    "scikit-learn",
    "spacy",
)
_ROUNDS_OF_MANY: Final = 3
# What anybody's Python does at least: read each row, write a short one.
SHORT_ROWS: Final = """
import csv, sys
csv.field_size_limit(1 << 27)
with open(sys.argv[1], newline="", encoding="utf-8") as lines, \\
        open(sys.argv[2], "w", newline="", encoding="utf-8") as output:
    rows, writer = csv.reader(lines), csv.writer(output)
    for row in rows:
        writer.writerow((row[0], "data_engineer", "0.9000", "true"))
"""

# As where no C compiler was at hand when roleclf was installed.
WITHOUT_LOOPS: Final = """
import sys
sys.modules["roleclf.loops._loops"] = None
from roleclf.cli import main
"""


@dataclass(frozen=True, slots=True)
class Contestant:
    """Arguments for Python, and what it is given: so many rows, one core or all."""

    name: str
    command: tuple[str, ...]
    n_rows: int
    one_core: bool = True


class Readers(NamedTuple):
    """The names of those who read one table."""

    one_core: str
    all_cores: str
    csv_module: str = ""


FEW: Final = Readers("CSV, all columns", "CSV, all columns, all cores", "csv module")
EVERY: Final = Readers(
    "every posting, one core", "every posting, all cores", "every posting, csv module"
)
MANY: Final = Readers("many rows, one core", "many rows, all cores")


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took: seconds, and the MiB of it or its largest child."""

    seconds: float
    mebibytes: float


Runs = dict[str, list[Run]]


def main() -> None:
    """Prepare, run the rounds, and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--many", type=int, default=200_000)
    parser.add_argument("--naive-rows", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    if find_spec("roleclf.loops._loops") is None:
        sys.exit("roleclf has no compiled loops: install it where a C compiler is")
    numbers = (asked.rows, asked.many, asked.naive_rows)
    n_all = int(_script("speed_data.py", *numbers))
    runs = _taken([*_contestants(asked), *_with_all(n_all)], asked.rounds)
    # Each of these takes ten times as long as one of the others.
    runs |= _taken(_with_many(asked), min(asked.rounds, _ROUNDS_OF_MANY))
    tables = (BUILD / "real.csv", BUILD / "stages.csv")
    stages = json.loads(_script("stages.py", *tables))
    RESULTS.write_text(_report(asked, n_all, runs, stages), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def _contestants(asked: argparse.Namespace) -> list[Contestant]:
    n = asked.rows
    return [
        _naive("few", asked.naive_rows, "naive"),
        _naive("one", 1, "naive, one row"),
        # Those that are compared stand side by side.
        _ours("real.csv", n, FEW.one_core),
        _ours("real.csv", n, FEW.all_cores, False),
        _csv_module("real.csv", n, FEW.csv_module),
        _ours("real.csv", n, "CSV, `--columns none`", True, "--columns", "none"),
        _by_numpy("real.csv", n, "CSV, all columns, numpy alone"),
        _ours("real.parquet", n, "Parquet, all columns"),
        _ours("real.parquet", n, "Parquet, all columns, all cores", False),
        Contestant("explain", ("-m", "roleclf", "explain", str(BUILD / "one.txt")), 1),
    ]


def _with_all(n_all: int) -> list[Contestant]:
    return [
        _ours("all.csv", n_all, EVERY.one_core),
        _ours("all.csv", n_all, EVERY.all_cores, False),
        _csv_module("all.csv", n_all, EVERY.csv_module),
    ]


def _with_many(asked: argparse.Namespace) -> list[Contestant]:
    return [
        _ours("many.csv", asked.many, MANY.one_core),
        _ours("many.csv", asked.many, MANY.all_cores, False),
    ]


def _naive(name: str, n_rows: int, title: str) -> Contestant:
    files = (str(BUILD / "naive.joblib"), *_files(f"{name}.csv"))
    return Contestant(title, (str(NAIVE), "classify", *files), n_rows)


def _ours(
    source: str, n_rows: int, name: str, one_core: bool = True, *options: str
) -> Contestant:
    table, target = _files(source)
    command = ("-m", "roleclf", "classify", table, "-o", target, *options)
    return Contestant(name, command, n_rows, one_core)


def _by_numpy(source: str, n_rows: int, name: str) -> Contestant:
    table, target = _files(source)
    program = f"{WITHOUT_LOOPS}\nmain(['classify', {table!r}, '-o', {target!r}])"
    return Contestant(name, ("-c", program), n_rows)


def _csv_module(source: str, n_rows: int, name: str) -> Contestant:
    return Contestant(name, ("-c", SHORT_ROWS, *_files(source)), n_rows)


def _files(source: str) -> tuple[str, str]:
    return str(BUILD / source), str(BUILD / f"out-{source}")


def _taken(contestants: Sequence[Contestant], n_rounds: int) -> Runs:
    """Return each one's runs, by round: taking turns, so that a lull serves all."""
    runs: Runs = {one.name: [] for one in contestants}
    for number in range(n_rounds):
        for one in contestants:
            runs[one.name].append(_run(one))
            print(
                f"round {number + 1}: {one.name}: {runs[one.name][-1]}", file=sys.stderr
            )
    return runs


def _median(runs: Runs, name: str) -> Run:
    return Run(*map(statistics.median, zip(*map(astuple, runs[name]), strict=True)))


def _times(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Return how many times as long the slow one takes: the median of the rounds.

    A machine that slows down for a while does so for both.
    """
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))


def _seconds(runs: Runs, name: str) -> list[float]:
    return [run.seconds for run in runs[name]]


def _run(contestant: Contestant) -> Run:
    """Run a contestant as a process, on the first core where it is to be one."""
    threads = dict.fromkeys(ONE_THREAD, "1") if contestant.one_core else {}
    # Each writes a file that is not there: to take away an old one costs time, too.
    for old in BUILD.glob("out-*"):
        old.unlink()
    cores = os.sched_getaffinity(0)
    if contestant.one_core:
        # A process keeps to the cores of the one that starts it.
        os.sched_setaffinity(0, {min(cores)})
    start = perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, *contestant.command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment() | threads,
    )
    os.sched_setaffinity(0, cores)
    said = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # 3: some postings are of no language that the model reads.
    if process.returncode not in {0, 3}:
        sys.exit(f"{contestant.name} ended with {process.returncode}: {said}")
    return Run(seconds, usage.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    """Return ours, in which Python keeps what it compiled, as an install does."""
    unwanted = {"PYTHONDONTWRITEBYTECODE"}
    return {name: os.environ[name] for name in os.environ.keys() - unwanted}


def _script(name: str, *args: object) -> str:
    """Run a script beside this one, in a process that takes its memory along."""
    command = [sys.executable, str(Path(__file__).with_name(name)), *map(str, args)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return done.stdout.decode()


def _report(
    asked: argparse.Namespace,
    n_all: int,
    runs: Runs,
    stages: dict[str, float],
) -> str:
    parts = (
        _head(asked, n_all),
        _rates(asked, runs),
        _ratios(asked, n_all, runs),
        _stages(asked, stages),
    )
    return "\n\n".join(parts) + "\n"


def _head(asked: argparse.Namespace, n_all: int) -> str:
    known = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = (line.partition(": ")[2] for line in known if line[:10] == "model name")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    size = (BUILD / "real.csv").stat().st_size / asked.rows / 1000
    return f"""# Results

`make bench` wrote this on {date.today().isoformat()}: {next(models, platform.machine())}, {len(os.sched_getaffinity(0))} cores; Python {platform.python_version()}, {packages}.

{asked.rows:,} real postings of {size:.1f} kB a row, drawn from {n_all:,} and in CSV with all their columns; the shipped model and lexicon. Tables of {n_all:,} rows have each posting once, those of {asked.many:,} rows several times. Whole processes from start to end, contestants taking turns; ratios are taken in each round, and are, as all figures, medians of {asked.rounds} rounds, of {min(asked.rounds, _ROUNDS_OF_MANY)} where there are {asked.many:,} rows. Naive is pandas, spaCy's PhraseMatcher with our lexicon's forms, TfidfVectorizer and LinearSVC (`../shared/bench/naive.py`), on the first {asked.naive_rows:,} of the rows; its start-up is taken off, ours is not. Where it says "numpy alone", roleclf has no compiled loops, as where no C compiler was at hand when it was installed."""  # noqa: E501


def _rates(asked: argparse.Namespace, runs: Runs) -> str:
    pairs = zip(_seconds(runs, "naive"), _seconds(runs, "naive, one row"), strict=True)
    naive = [(whole - one) / (asked.naive_rows - 1) for whole, one in pairs]
    rate, size = 1 / statistics.median(naive), _median(runs, "naive").mebibytes
    rows = [f"| naive, one core | {rate:,.0f} | 1.0 | {size:,.0f} |"]
    for name in runs:
        if name.startswith(("CSV", "Parquet")):
            each = [seconds / asked.rows for seconds in _seconds(runs, name)]
            core = "" if "cores" in name else ", one core"
            figures = (
                f"{1 / statistics.median(each):,.0f}",
                f"{_times(naive, each):.1f}",
                f"{_median(runs, name).mebibytes:,.0f}",
            )
            rows.append(f"| {name}{core} | {' | '.join(figures)} |")
    return "\n".join(
        ("| contestant | rows/s | times naive | MiB |", "|---|---|---|---|", *rows)
    )


def _ratios(asked: argparse.Namespace, n_all: int, runs: Runs) -> str:
    def times(slow: str, fast: str) -> float:
        return _times(_seconds(runs, slow), _seconds(runs, fast))

    few, every, many = f"{asked.rows:,}", f"{n_all:,}", f"{asked.many:,}"
    rows = {
        f"all cores against one, CSV of {n} rows": (
            f"{times(own.one_core, own.all_cores):.2f} times as fast"
        )
        for n, own in ((few, FEW), (every, EVERY), (many, MANY))
    }
    first, naive = "explain", "naive, one row"
    rows["first answer: `roleclf explain` against naive on one row"] = (
        f"{_median(runs, first).seconds:.2f} s against "
        f"{_median(runs, naive).seconds:.2f} s: 1/{times(naive, first):.1f}"
    )
    module = "against reading rows with the csv module and writing short ones"
    for n, own in ((few, FEW), (every, EVERY)):
        for cores, name in (("one core", own.one_core), ("all cores", own.all_cores)):
            rows[f"{cores}, all columns, {n} rows, {module}"] = (
                f"{times(name, own.csv_module):.1f} times the time"
            )
    for cores, *names in (
        ("one core", FEW.one_core, MANY.one_core),
        ("all cores", FEW.all_cores, MANY.all_cores),
    ):
        sizes = (f"{_median(runs, name).mebibytes:,.0f} MiB" for name in names)
        rows[f"largest process, {few} rows and {many} rows, {cores}"] = " and ".join(
            sizes
        )
    lines = (f"| {what} | {figure} |" for what, figure in rows.items())
    return "\n".join(("| what | figure |", "|---|---|", *lines))


def _stages(asked: argparse.Namespace, stages: dict[str, float]) -> str:
    whole = sum(stages.values())
    lines = (
        f"| `{name}` | {seconds / asked.rows * 1e6:.0f} | {seconds / whole:.0%} |"
        for name, seconds in stages.items()
        if seconds / whole >= 0.005
    )
    title = (
        "Where one core spends its time, by module; that of a library is counted for "
        "the module that calls it:"
    )
    return "\n".join(
        (title, "", "| module | µs a row | share |", "|---|---|---|", *lines)
    )


if __name__ == "__main__":
    main()
