"""The files of a model folder as bytes, and arrays and lines in them.

Each file is read once: its sum is checked, and what is used is what was checked.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

__all__ = ["Content", "Lines", "array_in", "arrays_in"]

Content = npt.NDArray[np.uint8]

# Of an array, with what says how long it is.
_LONGEST_HEAD: Final = 10 + (1 << 16)
# What a file in an archive begins with: after a mark how it is packed, its size, and
# the lengths of its name and of more that is told of it, where its true size is.
_MARK: Final = b"PK\3\4"
_HEAD: Final = struct.Struct("<8sH8sIIHH")
_IN_MORE: Final = 0xFFFFFFFF
_SIZE: Final = struct.Struct("<4xQ")
_LINE_END: Final = ord("\n")


def array_in(content: Content) -> npt.NDArray[Any]:
    """Return the array that `numpy.save` wrote; it shares the memory of `content`.

    Raises
    ------
    ValueError
        If it is none, or one of objects.
    """
    file = io.BytesIO(content[:_LONGEST_HEAD].data)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("an array of an unknown version")
    head = np.lib.format.read_array_header_1_0(file)
    shape, is_fortran, dtype = head
    if dtype.hasobject:
        raise ValueError("an array of objects")
    values = content[file.tell() :].view(dtype)
    return values.reshape(shape, order="F" if is_fortran else "C")


def arrays_in(content: Content) -> Mapping[str, npt.NDArray[Any]]:
    """Return the arrays that `numpy.savez` wrote, by name.

    Raises
    ------
    ValueError
        If one is none, or one of objects.
    """
    return dict(_stored(content))


class Lines(Sequence[str]):
    """The lines of a text, each decoded when somebody asks for it.

    Parameters
    ----------
    content : uint8 array
        The text in UTF-8; each line has an end.
    """

    def __init__(self, content: Content) -> None:
        self._content = content

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return a line, or a list of some."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        begin, end = self._bounds[place : place + 2].tolist()
        return self._content[begin : end - 1].tobytes().decode()

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self._bounds) - 1

    def __iter__(self) -> Iterator[str]:
        """Yield each line; all at once takes a tenth of the time of one by one."""
        return iter(self._content.tobytes().decode().split("\n")[:-1])

    @cached_property
    def _bounds(self) -> npt.NDArray[np.int64]:
        return np.append(0, np.flatnonzero(self._content == _LINE_END) + 1)


def _stored(content: Content) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Yield name and array of each file in a ZIP archive that is not compressed.

    Only what `numpy.savez` writes is read. `zipfile` takes longer to be imported than
    this to be done, and would read from a copy.
    """
    at = 0
    while content[at : at + len(_MARK)].tobytes() == _MARK:
        _check_end(at + _HEAD.size, content)
        _, method, _, n_packed, _, n_name, n_more = _HEAD.unpack_from(content.data, at)
        if method or n_packed != _IN_MORE or not n_more:
            raise ValueError("an archive of another kind")
        name = at + _HEAD.size
        more = name + n_name
        _check_end(more + max(n_more, _SIZE.size), content)
        (size,) = _SIZE.unpack_from(content.data, more)
        at = more + n_more + size
        _check_end(at, content)
        # A copy, for numbers that begin at odd places are slow.
        own = content[more + n_more : at].copy()
        yield content[name:more].tobytes().decode().removesuffix(".npy"), array_in(own)
    if not at:
        raise ValueError("no archive")


def _check_end(end: int, content: Content) -> None:
    if end > len(content):
        raise ValueError("an archive that ends too early")
