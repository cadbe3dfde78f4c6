"""Slots: what goes in comes out, however large it is."""

from __future__ import annotations

import os
from typing import Any

import pytest

from roleclf.batch import slots
from roleclf.batch.slots import Slots


def sent(thing: Any, through: Slots) -> tuple[Any, int]:
    """Return what comes out, and how many bytes are sent for it."""
    message = through.put(thing)
    return through.take(message), len(message)


@pytest.mark.parametrize(
    ("size", "is_sent_whole"),
    [
        pytest.param(0, False, id="nothing"),
        pytest.param(slots._SIZE - 100, False, id="fits"),
        pytest.param(slots._SIZE, True, id="does-not-fit"),
    ],
)
def test_what_is_put_is_taken(size: int, is_sent_whole: bool) -> None:
    through = Slots(2)
    for i in range(5):
        thing = [i, b"x" * size]
        taken, n_bytes = sent(thing, through)
        assert taken == thing
        assert (n_bytes > size > 0) == is_sent_whole


def test_as_many_as_there_are_slots_may_be_on_their_way() -> None:
    through = Slots(2)
    first = through.put("first")
    for i in range(4):
        second = through.put(i)
        assert through.take(first) == ("first" if i == 0 else i - 1)
        first = second


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only Unix copies processes")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_copy_of_the_process_puts_for_it() -> None:
    through = Slots(1)
    ours, theirs = os.pipe()
    if not (pid := os.fork()):
        os.write(theirs, through.put("from a copy"))
        os._exit(0)
    os.waitpid(pid, 0)
    assert through.take(os.read(ours, 1000)) == "from a copy"
    os.close(ours)
    os.close(theirs)


def test_what_cannot_be_pickled_is_told_as_ever() -> None:
    with pytest.raises(AttributeError):
        Slots(1).put(lambda: None)
