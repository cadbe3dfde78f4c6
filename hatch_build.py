"""Build hook: compile the inner loops into the wheel, if there is a C compiler.

hatchling runs it before it writes a wheel. Without a compiler the wheel is pure Python,
and roleclf does the same work with numpy alone.
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
# Where an editable install has the loops; ignored by git and by ordinary wheels.
IN_PLACE: Final = f"src/roleclf/loops/_loops{sysconfig.get_config_var('EXT_SUFFIX')}"
# Of gcc and clang. A fused multiply-add would round differently from numpy, hence
# -ffp-contract=off; without -g0 the file is five times as large.
OPTIONS: Final = [] if os.name == "nt" else ["-O3", "-ffp-contract=off", "-g0"]
# Raised when the C compiler is missing or broken, or Python's headers are. An error in
# the source of the loops is Cython's and ends the build.
NO_COMPILER: Final = (CCompilerError, ExecError, PlatformError)


class LoopsHook(BuildHookInterface[Any]):
    """Adds the compiled loops to a wheel, or to the folder of an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is written."""
        self._folder = TemporaryDirectory()
        loops = self._compile()
        if version == "editable":
            _replace(Path(self.root, IN_PLACE), loops)
        elif loops is not None:
            build_data["force_include"][str(loops)] = f"roleclf/loops/{loops.name}"
            build_data["pure_python"] = False
            build_data["infer_tag"] = True

    def finalize(
        self, version: str, build_data: dict[str, Any], artifact_path: str
    ) -> None:
        """Remove the temporary files once the wheel is written."""
        self._folder.cleanup()

    def _compile(self) -> Path | None:
        try:
            return compile_loops(Path(self.root), Path(self._folder.name))
        except NO_COMPILER as error:
            self.app.display_warning(
                f"The inner loops are not compiled, numpy does their work: {error}"
            )
            return None


def compile_loops(root: Path, folder: Path) -> Path:
    """Compile the loops and return the path of the extension module.

    Parameters
    ----------
    root : Path
        Folder of the clone.
    folder : Path
        Where all output goes.

    Raises
    ------
    Cython.Compiler.Errors.CompileError
        If the source of the loops is wrong.
    CCompilerError, ExecError, PlatformError
        If there is no C compiler, or it fails.
    """
    with chdir(root):  # so that tracebacks show paths relative to the clone
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


def _replace(place: Path, loops: Path | None) -> None:
    # Removed, not overwritten: a running process keeps the file that it has loaded.
    place.unlink(missing_ok=True)
    if loops is not None:
        shutil.copy2(loops, place)
