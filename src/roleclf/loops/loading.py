"""Replace numpy functions by compiled loops, if these are installed.

pip compiles `_loops.pyx` while it installs roleclf, if there is a C compiler. Without
one, numpy does the same work more slowly.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from importlib import import_module
from types import ModuleType
from typing import Final, TypeVar, cast

__all__ = ["HAS_LOOPS", "compiled"]

_Function = TypeVar("_Function", bound=Callable[..., object])


def _import_loops() -> ModuleType | None:
    try:
        return import_module("roleclf.loops._loops")
    except ImportError:
        return None


_LOOPS: Final = _import_loops()
HAS_LOOPS: Final = _LOOPS is not None


def compiled(function: _Function) -> _Function:
    """Return the compiled loop that replaces `function`, or `function` itself.

    A decorator. The loop of a function has the function's name without underscores at
    its ends, that of a method has the class before it: `votes` is the loop of `_votes`,
    `HashIndex_find` that of `HashIndex.find`. The loop's `__wrapped__` is `function`.
    """
    name = "_".join(part.strip("_") for part in function.__qualname__.split("."))
    loop = getattr(_LOOPS, name, None)
    return function if loop is None else cast(_Function, update_wrapper(loop, function))
