"""Take the compiled loop that does what a function of numpy does, where there is one.

Where pip finds a C compiler, it compiles `_loops.pyx` when it installs roleclf; where
it finds none, numpy does all. Either way the same comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from importlib import import_module
from types import ModuleType
from typing import Final, TypeVar, cast

__all__ = ["HAS_LOOPS", "compiled"]

_Function = TypeVar("_Function", bound=Callable[..., object])


def _loops() -> ModuleType | None:
    try:
        return import_module("roleclf.loops._loops")
    except ImportError:
        return None


_LOOPS: Final = _loops()
HAS_LOOPS: Final = _LOOPS is not None


def compiled(plain: _Function) -> _Function:
    """Return the loop that takes and returns the same as `plain`, or `plain` itself.

    It has the same name, that of a method behind that of its class: `HashIndex.find`
    is `HashIndex_find`, `_is_heading` is `is_heading`. What it stands for is its
    `__wrapped__`.
    """
    name = "_".join(part.strip("_") for part in plain.__qualname__.split("."))
    loop = getattr(_LOOPS, name, None)
    return plain if loop is None else cast(_Function, update_wrapper(loop, plain))
