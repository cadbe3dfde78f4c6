"""Time `roleclf classify` against a simple pipeline and write the results.

    .venv/bin/python benchmarks/speed.py [--rows 20000] [--rounds 5]

The simple pipeline is ../shared/bench/naive.py. Every contestant is a whole process;
they take turns, so that changes of the machine's speed affect all alike. Writes
benchmarks/RESULTS.md, and its tables to build/speed. Needs ../shared, Linux, a quiet
machine and some minutes.
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

# Nothing large is imported here: the peak memory that is measured of a new process
# includes that of the process that started it.
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
# Rounds of the table of --many rows: each takes ten times as long as another.
_MOST_ROUNDS_OF_LARGE: Final = 3
# The least that any Python program does: read each row, write a short one.
CSV_MODULE: Final = """
import csv, sys
csv.field_size_limit(1 << 27)
with open(sys.argv[1], newline="", encoding="utf-8") as lines, \\
        open(sys.argv[2], "w", newline="", encoding="utf-8") as output:
    rows, writer = csv.reader(lines), csv.writer(output)
    for row in rows:
        writer.writerow((row[0], "data_engineer", "0.9000", "true"))
"""

# roleclf as it is installed where there is no C compiler.
WITHOUT_LOOPS: Final = """
import sys
sys.modules["roleclf.loops._loops"] = None
from roleclf.cli import main
"""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program to time: the arguments for Python, and the rows that it reads."""

    name: str
    command: tuple[str, ...]
    n_rows: int
    one_core: bool = True


class ContestantNames(NamedTuple):
    """The names of the contestants that read the same table, to compare them."""

    one_core: str
    all_cores: str
    csv_module: str = ""


SAMPLE: Final = ContestantNames(
    "CSV, all columns", "CSV, all columns, all cores", "csv module"
)
ALL: Final = ContestantNames(
    "every posting, one core", "every posting, all cores", "every posting, csv module"
)
LARGE: Final = ContestantNames("many rows, one core", "many rows, all cores")


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds that a process took, and the peak MiB of it or its largest child."""

    seconds: float
    mebibytes: float


# The runs of each contestant, by its name, one for each round.
Runs = dict[str, list[Run]]


def main() -> None:
    """Write the tables, time the contestants, and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--many", type=int, default=200_000)
    parser.add_argument("--naive-rows", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if find_spec("roleclf.loops._loops") is None:
        sys.exit("roleclf has no compiled loops: install it where a C compiler is")
    sizes = (options.rows, options.many, options.naive_rows)
    n_all = int(_script("speed_data.py", *sizes))
    runs = _measure(
        [*_sample_contestants(options), *_all_contestants(n_all)], options.rounds
    )
    runs |= _measure(
        _large_contestants(options), min(options.rounds, _MOST_ROUNDS_OF_LARGE)
    )
    tables = (BUILD / "real.csv", BUILD / "stages.csv")
    stages = json.loads(_script("stages.py", *tables))
    RESULTS.write_text(_report(options, n_all, runs, stages), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def _sample_contestants(options: argparse.Namespace) -> list[Contestant]:
    n = options.rows
    return [
        _naive("few", options.naive_rows, "naive"),
        _naive("one", 1, "naive, one row"),
        # Contestants that are compared run one after the other.
        _roleclf("real.csv", n, SAMPLE.one_core),
        _roleclf("real.csv", n, SAMPLE.all_cores, False),
        _csv_module("real.csv", n, SAMPLE.csv_module),
        _roleclf("real.csv", n, "CSV, `--columns none`", True, "--columns", "none"),
        _roleclf_without_loops("real.csv", n, "CSV, all columns, numpy alone"),
        _roleclf("real.parquet", n, "Parquet, all columns"),
        _roleclf("real.parquet", n, "Parquet, all columns, all cores", False),
        Contestant("explain", ("-m", "roleclf", "explain", str(BUILD / "one.txt")), 1),
    ]


def _all_contestants(n_all: int) -> list[Contestant]:
    return [
        _roleclf("all.csv", n_all, ALL.one_core),
        _roleclf("all.csv", n_all, ALL.all_cores, False),
        _csv_module("all.csv", n_all, ALL.csv_module),
    ]


def _large_contestants(options: argparse.Namespace) -> list[Contestant]:
    return [
        _roleclf("many.csv", options.many, LARGE.one_core),
        _roleclf("many.csv", options.many, LARGE.all_cores, False),
    ]


def _naive(name: str, n_rows: int, title: str) -> Contestant:
    files = (str(BUILD / "naive.joblib"), *_files(f"{name}.csv"))
    return Contestant(title, (str(NAIVE), "classify", *files), n_rows)


def _roleclf(
    source: str, n_rows: int, name: str, one_core: bool = True, *options: str
) -> Contestant:
    table, target = _files(source)
    command = ("-m", "roleclf", "classify", table, "-o", target, *options)
    return Contestant(name, command, n_rows, one_core)


def _roleclf_without_loops(source: str, n_rows: int, name: str) -> Contestant:
    table, target = _files(source)
    program = f"{WITHOUT_LOOPS}\nmain(['classify', {table!r}, '-o', {target!r}])"
    return Contestant(name, ("-c", program), n_rows)


def _csv_module(source: str, n_rows: int, name: str) -> Contestant:
    return Contestant(name, ("-c", CSV_MODULE, *_files(source)), n_rows)


def _files(source: str) -> tuple[str, str]:
    return str(BUILD / source), str(BUILD / f"out-{source}")


def _measure(contestants: Sequence[Contestant], n_rounds: int) -> Runs:
    """Run the contestants in turn, once in each round."""
    runs: Runs = {contestant.name: [] for contestant in contestants}
    for number in range(n_rounds):
        for contestant in contestants:
            run = _run(contestant)
            runs[contestant.name].append(run)
            print(f"round {number + 1}: {contestant.name}: {run}", file=sys.stderr)
    return runs


def _median_run(runs: Runs, name: str) -> Run:
    return Run(*map(statistics.median, zip(*map(astuple, runs[name]), strict=True)))


def _median_ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Return how many times as long the slow one takes: the median over the rounds.

    If the machine slows down for a while, both are slow in that round.
    """
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))


def _seconds(runs: Runs, name: str) -> list[float]:
    return [run.seconds for run in runs[name]]


def _run(contestant: Contestant) -> Run:
    """Run a contestant as a process, on the first core only if it is for one core."""
    threads = dict.fromkeys(ONE_THREAD, "1") if contestant.one_core else {}
    # Removing an old output would be part of the time measured.
    for path in BUILD.glob("out-*"):
        path.unlink()
    cores = os.sched_getaffinity(0)
    if contestant.one_core:
        # A process inherits the cores of the one that starts it.
        os.sched_setaffinity(0, {min(cores)})
    start = perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, *contestant.command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment() | threads,
    )
    os.sched_setaffinity(0, cores)
    messages = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # 3: some postings are in a language that the model does not read.
    if process.returncode not in {0, 3}:
        sys.exit(f"{contestant.name} ended with {process.returncode}: {messages}")
    return Run(seconds, usage.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    """Return our environment, in which Python may cache bytecode, as installs do."""
    unwanted = {"PYTHONDONTWRITEBYTECODE"}
    return {name: os.environ[name] for name in os.environ.keys() - unwanted}


def _script(name: str, *args: object) -> str:
    """Return the output of a script beside this one, run in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name(name)), *map(str, args)]
    process = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return process.stdout.decode()


def _report(
    options: argparse.Namespace,
    n_all: int,
    runs: Runs,
    stages: dict[str, float],
) -> str:
    parts = (
        _head(options, n_all),
        _rates(options, runs),
        _ratios(options, n_all, runs),
        _stages(options, stages),
    )
    return "\n\n".join(parts) + "\n"


def _head(options: argparse.Namespace, n_all: int) -> str:
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = (line.partition(": ")[2] for line in cpu if line[:10] == "model name")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    size = (BUILD / "real.csv").stat().st_size / options.rows / 1000
    return f"""# Results

`make bench` wrote this on {date.today().isoformat()}: {next(models, platform.machine())}, {len(os.sched_getaffinity(0))} cores; Python {platform.python_version()}, {packages}.

{options.rows:,} real postings of {size:.1f} kB a row, drawn from {n_all:,} and in CSV with all their columns; the shipped model and lexicon. Tables of {n_all:,} rows have each posting once, those of {options.many:,} rows several times. Whole processes from start to end, contestants taking turns; ratios are taken in each round, and are, as all figures, medians of {options.rounds} rounds, of {min(options.rounds, _MOST_ROUNDS_OF_LARGE)} where there are {options.many:,} rows. Naive is pandas, spaCy's PhraseMatcher with our lexicon's forms, TfidfVectorizer and LinearSVC (`../shared/bench/naive.py`), on the first {options.naive_rows:,} of the rows; its start-up is taken off, ours is not. Where it says "numpy alone", roleclf has no compiled loops, as where no C compiler was at hand when it was installed."""  # noqa: E501


def _rates(options: argparse.Namespace, runs: Runs) -> str:
    pairs = zip(_seconds(runs, "naive"), _seconds(runs, "naive, one row"), strict=True)
    naive = [(few - one) / (options.naive_rows - 1) for few, one in pairs]
    rate, size = 1 / statistics.median(naive), _median_run(runs, "naive").mebibytes
    rows = [f"| naive, one core | {rate:,.0f} | 1.0 | {size:,.0f} |"]
    for name in runs:
        if name.startswith(("CSV", "Parquet")):
            each = [seconds / options.rows for seconds in _seconds(runs, name)]
            core = "" if "cores" in name else ", one core"
            figures = (
                f"{1 / statistics.median(each):,.0f}",
                f"{_median_ratio(naive, each):.1f}",
                f"{_median_run(runs, name).mebibytes:,.0f}",
            )
            rows.append(f"| {name}{core} | {' | '.join(figures)} |")
    return "\n".join(
        ("| contestant | rows/s | times naive | MiB |", "|---|---|---|---|", *rows)
    )


def _ratios(options: argparse.Namespace, n_all: int, runs: Runs) -> str:
    def times(slow: str, fast: str) -> float:
        return _median_ratio(_seconds(runs, slow), _seconds(runs, fast))

    n_sample, n_every, n_large = (f"{n:,}" for n in (options.rows, n_all, options.many))
    rows = {
        f"all cores against one, CSV of {n} rows": (
            f"{times(names.one_core, names.all_cores):.2f} times as fast"
        )
        for n, names in ((n_sample, SAMPLE), (n_every, ALL), (n_large, LARGE))
    }
    first, naive = "explain", "naive, one row"
    rows["first answer: `roleclf explain` against naive on one row"] = (
        f"{_median_run(runs, first).seconds:.2f} s against "
        f"{_median_run(runs, naive).seconds:.2f} s: 1/{times(naive, first):.1f}"
    )
    csv_module = "against reading rows with the csv module and writing short ones"
    for n, names in ((n_sample, SAMPLE), (n_every, ALL)):
        for cores, name in (
            ("one core", names.one_core),
            ("all cores", names.all_cores),
        ):
            rows[f"{cores}, all columns, {n} rows, {csv_module}"] = (
                f"{times(name, names.csv_module):.1f} times the time"
            )
    for cores, *pair in (
        ("one core", SAMPLE.one_core, LARGE.one_core),
        ("all cores", SAMPLE.all_cores, LARGE.all_cores),
    ):
        sizes = (f"{_median_run(runs, name).mebibytes:,.0f} MiB" for name in pair)
        rows[f"largest process, {n_sample} rows and {n_large} rows, {cores}"] = (
            " and ".join(sizes)
        )
    lines = (f"| {what} | {figure} |" for what, figure in rows.items())
    return "\n".join(("| what | figure |", "|---|---|", *lines))


def _stages(options: argparse.Namespace, stages: dict[str, float]) -> str:
    whole = sum(stages.values())
    lines = (
        f"| `{name}` | {seconds / options.rows * 1e6:.0f} | {seconds / whole:.0%} |"
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
