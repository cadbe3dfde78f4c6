"""Compile the inner loops into the wheel, where there is a C compiler.

hatchling runs this before it writes a wheel. Without a compiler the wheel is pure
Python, and roleclf does the same work with numpy alone.
"""

from __future__ import annotations

import os
import shutil
import sysconfig
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from Cython.Build import cythonize
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext
from setuptools.errors import CCompilerError, ExecError, PlatformError

SOURCE: Final = "src/roleclf/loops/_loops.pyx"
HEADERS: Final = "src/roleclf/loops"
# Where an editable install has them; git ignores it, and so do ordinary wheels.
IN_PLACE: Final = f"src/roleclf/loops/_loops{sysconfig.get_config_var('EXT_SUFFIX')}"
# Of gcc and clang. Some machines multiply and add in one step, which rounds otherwise
# than numpy does, unless told not to; without -g0 the file is five times as large.
OPTIONS: Final = [] if os.name == "nt" else ["-O3", "-ffp-contract=off", "-g0"]
# What a missing, broken or headerless C compiler raises. An error in the source of
# the loops is Cython's, is none of these, and ends the build.
NO_COMPILER: Final = (CCompilerError, ExecError, PlatformError)


class LoopsHook(BuildHookInterface[Any]):
    """Adds compiled loops to a wheel, or to the folder of an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is written."""
        self._folder = TemporaryDirectory()
        loops = self._compiled()
        if version == "editable":
            _put(loops, Path(self.root, IN_PLACE))
        elif loops is not None:
            build_data["force_include"][str(loops)] = f"roleclf/loops/{loops.name}"
            build_data["pure_python"] = False
            build_data["infer_tag"] = True

    def finalize(
        self, version: str, build_data: dict[str, Any], artifact_path: str
    ) -> None:
        """Remove what is in the wheel by now."""
        self._folder.cleanup()

    def _compiled(self) -> Path | None:
        try:
            return compile_loops(Path(self.root), Path(self._folder.name))
        except NO_COMPILER as error:
            self.app.display_warning(
                f"The inner loops are not compiled, numpy does their work: {error}"
            )
            return None


def compile_loops(root: Path, folder: Path) -> Path:
    """Return the loops of the clone `root`, compiled; `folder` takes all that is made.

    Raises
    ------
    Cython.Compiler.Errors.CompileError
        If their source is wrong.
    CCompilerError, ExecError, PlatformError
        If no C compiler is there, or it fails.
    """
    with chdir(root):  # tracebacks name the source as a clone does
        loops = Extension(
            "roleclf.loops._loops",
            [SOURCE],
            include_dirs=[HEADERS],
            extra_compile_args=OPTIONS,
        )
        modules = cythonize([loops], build_dir=str(folder), quiet=True)
        command = build_ext(Distribution({"ext_modules": modules}))
        command.build_lib = command.build_temp = str(folder)
        command.ensure_finalized()
        command.run()
    return Path(command.get_outputs()[0])


def _put(loops: Path | None, place: Path) -> None:
    # Removed first, not written over: a process that runs them keeps the old ones.
    place.unlink(missing_ok=True)
    if loops is not None:
        shutil.copy2(loops, place)
