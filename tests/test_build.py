"""What hatch_build.py puts into wheels, with a C compiler and without one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
BUILD = ("hatch_build.py", "pyproject.toml", ".gitignore", "README.md", "LICENSE")
LOOPS = "def answer():\n    return 42\n"  # compiles faster than the real ones
COMPILED = f"_loops{sysconfig.get_config_var('EXT_SUFFIX')}"
PURE = [
    "roleclf/__init__.py",
    "roleclf/loops/_loops.pyi",
    "roleclf/models/roleclf-careful-en/model.json",
    "roleclf/models/roleclf-en/model.json",
]
WARNING = "The inner loops are not compiled, numpy does their work: "


def has_compiler() -> bool:
    """Return whether the C compiler of Python and its headers are installed."""
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    headers = ["-I", sysconfig.get_path("include"), "-include", "Python.h"]
    command = [*compiler.split(), *headers, "-E", "-x", "c", os.devnull]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


needs_compiler = pytest.mark.skipif(
    not has_compiler(), reason="no C compiler, or no headers of Python, is here"
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A minimal clone that is built like the real one."""
    package = tmp_path / "clone" / "src" / "roleclf"
    (package / "loops").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "loops" / "_loops.pyx").write_text(LOOPS, encoding="utf-8")
    (package / "loops" / "_loops.pyi").touch()
    root = package.parents[1]
    for name in ("roleclf-careful-en", "roleclf-en"):
        model = root / "models" / name / "model.json"
        model.parent.mkdir(parents=True)
        model.touch()
    for name in BUILD:
        shutil.copy(ROOT / name, root)
    return root


def hatchling(
    root: Path, target: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run hatchling for `target` into `dist` and return the result."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", "dist"],
        capture_output=True,
        check=False,
        cwd=root,
        encoding="utf-8",
        env=os.environ | environment,
    )


def built(root: Path, target: str, **environment: str) -> str:
    """Build and return the messages; the build must succeed."""
    result = hatchling(root, target, **environment)
    assert result.returncode == 0, result.stderr
    return result.stderr


def loops_in(folder: Path) -> Iterator[str]:
    """Yield the names of compiled loops and build leftovers in a source tree."""
    known = {"_loops.pyx", "_loops.pyi", "__init__.py", "roleclf", "loops"}
    yield from sorted({path.name for path in (folder / "src").rglob("*")} - known)


def wheel_of(root: Path) -> tuple[str, list[str]]:
    """Return name and files of the one wheel in `dist`."""
    (wheel,) = (root / "dist").glob("*.whl")
    names = ZipFile(wheel).namelist()
    return wheel.name, [name for name in names if name.startswith("roleclf/")]


def test_without_a_compiler_the_wheel_is_pure(clone: Path) -> None:
    (
        clone / "src" / "roleclf" / "loops" / COMPILED
    ).touch()  # of an earlier editable install
    said = built(clone, "wheel", CC="false").splitlines()
    assert [line.startswith(WARNING) for line in said if "dist/" not in line] == [True]
    assert wheel_of(clone) == ("roleclf-0.1.0-py3-none-any.whl", PURE)


@needs_compiler
def test_with_a_compiler_the_wheel_has_loops(clone: Path, tmp_path: Path) -> None:
    assert WARNING not in built(clone, "wheel")
    name, files = wheel_of(clone)
    assert not name.endswith("-none-any.whl")
    assert sorted(files) == sorted([*PURE, f"roleclf/loops/{COMPILED}"])
    assert list(loops_in(clone)) == []
    shutil.unpack_archive(clone / "dist" / name, tmp_path / "site", "zip")
    program = "from roleclf.loops._loops import answer; raise SystemExit(answer())"
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        check=False,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
    )
    assert result.returncode == 42


@needs_compiler
def test_an_editable_install_has_loops_in_place(clone: Path) -> None:
    built(clone, "wheel:editable")
    assert list(loops_in(clone)) == [COMPILED]


def test_an_editable_install_removes_old_loops_without_a_compiler(clone: Path) -> None:
    (clone / "src" / "roleclf" / "loops" / COMPILED).touch()
    assert WARNING in built(clone, "wheel:editable", CC="false")
    assert list(loops_in(clone)) == []


def test_an_error_in_the_source_ends_the_build(clone: Path) -> None:
    wrong = "def answer():\n    return nothing_of_this_name\n"
    (clone / "src" / "roleclf" / "loops" / "_loops.pyx").write_text(
        wrong, encoding="utf-8"
    )
    result = hatchling(clone, "wheel", CC="false")
    assert result.returncode != 0
    assert "undeclared name not builtin: nothing_of_this_name" in result.stderr
    assert list(loops_in(clone)) == []
    assert not list((clone / "dist").glob("*.whl"))


def test_a_source_distribution_can_be_built(clone: Path, tmp_path: Path) -> None:
    built(clone, "sdist")
    program = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation"]
    program += ["--no-index", "--no-deps", "--wheel-dir", str(tmp_path / "dist")]
    result = subprocess.run(  # noqa: S603
        [*program, str(clone / "dist" / "roleclf-0.1.0.tar.gz")],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"CC": "false"},
    )
    assert result.returncode == 0, result.stderr
    assert wheel_of(tmp_path) == ("roleclf-0.1.0-py3-none-any.whl", PURE)
