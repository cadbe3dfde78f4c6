"""Read the arrays and lines that the bytes of a file hold.

Files are read as bytes once, so that what is used is what was checked. Nothing that
numpy would unpickle is read.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

__all__ = ["FileBytes", "Lines", "array_in", "arrays_in"]

FileBytes = npt.NDArray[np.uint8]

# The longest header of a .npy file of version 1.0, its magic and length included.
_MAX_NPY_HEADER: Final = 10 + (1 << 16)
# The local header of a ZIP member: signature and flags, compression method, time and
# CRC, packed and unpacked size, lengths of name and extra field. numpy writes ZIP64:
# the size is in the extra field, behind four bytes.
_ZIP_SIGNATURE: Final = b"PK\3\4"
_ZIP_HEADER: Final = struct.Struct("<8sH8sIIHH")
_SIZE_IN_EXTRA_FIELD: Final = 0xFFFFFFFF
_ZIP64_SIZE: Final = struct.Struct("<4xQ")
_LINE_END: Final = ord("\n")


def array_in(content: FileBytes) -> npt.NDArray[Any]:
    """Return the array that `numpy.save` wrote; it shares the memory of `content`.

    Raises
    ------
    ValueError
        If it is no array, or one of objects.
    """
    file = io.BytesIO(content[:_MAX_NPY_HEADER].data)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("an array of an unknown version")
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.hasobject:
        raise ValueError("an array of objects")
    values = content[file.tell() :].view(dtype)
    return values.reshape(shape, order="F" if is_fortran else "C")


def arrays_in(content: FileBytes) -> Mapping[str, npt.NDArray[Any]]:
    """Return the arrays that `numpy.savez` wrote, by name.

    Raises
    ------
    ValueError
        If it is no archive of arrays, or holds one of objects.
    """
    return dict(_uncompressed_members(content))


class Lines(Sequence[str]):
    """The lines of a text, each decoded when it is asked for.

    Parameters
    ----------
    content : uint8 array
        The text in UTF-8; each line ends with a line feed.
    """

    def __init__(self, content: FileBytes) -> None:
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
        """Yield each line; decoding all at once takes a tenth of the time."""
        return iter(self._content.tobytes().decode().split("\n")[:-1])

    @cached_property
    def _bounds(self) -> npt.NDArray[np.int64]:
        return np.append(0, np.flatnonzero(self._content == _LINE_END) + 1)


def _uncompressed_members(content: FileBytes) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Yield name and array of each file in an uncompressed ZIP archive.

    Reads only what `numpy.savez` writes. Importing `zipfile` would take longer than
    this does, and it would read from a copy.
    """
    at = 0
    while content[at : at + len(_ZIP_SIGNATURE)].tobytes() == _ZIP_SIGNATURE:
        _check_end(at + _ZIP_HEADER.size, content)
        _, method, _, n_packed, _, n_name, n_extra = _ZIP_HEADER.unpack_from(
            content.data, at
        )
        if method or n_packed != _SIZE_IN_EXTRA_FIELD or not n_extra:
            raise ValueError("an archive of another kind")
        name = at + _ZIP_HEADER.size
        extra = name + n_name
        _check_end(extra + max(n_extra, _ZIP64_SIZE.size), content)
        (size,) = _ZIP64_SIZE.unpack_from(content.data, extra)
        at = extra + n_extra + size
        _check_end(at, content)
        # A copy is aligned, and so faster to compute with.
        array = content[extra + n_extra : at].copy()
        yield (
            content[name:extra].tobytes().decode().removesuffix(".npy"),
            array_in(array),
        )
    if not at:
        raise ValueError("no archive")


def _check_end(end: int, content: FileBytes) -> None:
    if end > len(content):
        raise ValueError("an archive that ends too early")
