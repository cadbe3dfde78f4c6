"""The hash table finds what a dict finds."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from roleclf.text.hash_index import ABSENT, HashIndex

LAST = 2**64 - 1
# Any numbers, and many that want the same slots: the first ones, and the last ones.
HASHES = (
    st.integers(0, LAST)
    | st.integers(0, 40)
    | st.integers(0, 40).map(lambda n: LAST - n)
    | st.integers(0, 40).map(lambda n: (7 << 60) + n)
)


def find(keys: list[int], wanted: list[int]) -> list[int]:
    index = HashIndex(np.array(keys, np.uint64))
    return index.find(np.array(wanted, np.uint64)).tolist()


@given(st.lists(HASHES, unique=True, max_size=60), st.lists(HASHES, max_size=60))
@example([], [0, 1, LAST])
@example([0], [])
@example([LAST, LAST - 1, LAST - 2, 0], [0, LAST, LAST - 3, 1])
def test_finds_what_a_dict_finds(keys: list[int], others: list[int]) -> None:
    place_by_key = {key: place for place, key in enumerate(keys)}
    wanted = keys + others
    assert find(keys, wanted) == [place_by_key.get(key, ABSENT) for key in wanted]


def test_many_keys_in_one_slot_are_all_found() -> None:
    keys = list(range(1000))
    assert find(keys, [*keys, 1000, LAST]) == [*keys, ABSENT, ABSENT]
