"""Memory that a process shares with a copy of it, for what is too large for a pipe.

Step 6 of the line, before `processes`. What goes through a pipe is copied piece by
piece, and either side waits for the other at each; here it is copied in and out.
"""

from __future__ import annotations

import pickle
from mmap import mmap
from typing import Any, Final, NamedTuple

__all__ = ["Slots", "pickled"]

# Room for what is made of a block; what is larger takes the other way. No memory is
# taken before it is written to.
_SIZE: Final = 4 << 20


def pickled(thing: Any) -> bytes:
    """Return what another process makes `thing` of again."""
    return pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)


class _Place(NamedTuple):
    """Where an object lies: in which slot, and in how many bytes of it."""

    slot: int
    size: int


class Slots:
    """Slots that one process fills in turn and the other empties in the same order.

    Parameters
    ----------
    n_slots : int
        So many objects may be on their way at a time.
    """

    def __init__(self, n_slots: int) -> None:
        self._slots = [mmap(-1, _SIZE) for _ in range(n_slots)]
        self._n_put = 0

    def put(self, thing: Any) -> bytes:
        """Return what to send instead of `thing`; all of it if it fits in no slot."""
        turn = self._n_put % len(self._slots)
        slot = self._slots[turn]
        slot.seek(0)
        try:
            pickle.dump(thing, slot, protocol=pickle.HIGHEST_PROTOCOL)
        except ValueError:  # the slot ends before it does
            return pickled(thing)
        self._n_put += 1
        return pickled(_Place(turn, slot.tell()))

    def take(self, message: bytes) -> Any:
        """Return what was put, by what was sent instead."""
        sent = pickle.loads(message)  # noqa: S301 - from a copy of this process
        if not isinstance(sent, _Place):
            return sent
        with memoryview(self._slots[sent.slot]) as slot:
            return pickle.loads(slot[: sent.size])  # noqa: S301 - as above
