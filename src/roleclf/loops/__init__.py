"""Compiled loops that replace numpy functions, where a C compiler was at hand.

In: a numpy function decorated with `compiled`. Out: the compiled loop of the same name
if it is installed, otherwise the function itself. Must not know: what a loop is for.

The loop for `_votes` is named `votes`, that for the method `HashIndex.find` is named
`HashIndex_find`. The `.pxi` files are named after the modules of the functions, but
for those that hold what several loops share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.loops.loading import HAS_LOOPS, compiled

__all__ = [
    "HAS_LOOPS",
    "compiled",
]

# Lazily: `roleclf --version` finds the loops without importing them, and so numpy.
__getattr__ = loader(__name__, {"HAS_LOOPS": "loading", "compiled": "loading"})
