"""Compiled inner loops, and the switch between them and the numpy they replace.

In: a numpy function marked with `compiled`. Out: the C loop of the same name if one is
installed, otherwise the function itself. Must not know: why a room wants a loop.
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

# Whether loops are installed can be asked without numpy, which they load.
__getattr__ = loader(__name__, {"HAS_LOOPS": "loading", "compiled": "loading"})
