"""Arrays and lines in the bytes of files."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import pytest

from roleclf.model.array_files import FileBytes, Lines, array_in, arrays_in

ARRAYS = [
    pytest.param(np.arange(12, dtype=np.uint64).reshape(3, 4), id="numbers"),
    pytest.param(np.asfortranarray(np.eye(3, 2, dtype=np.float32)), id="by-columns"),
    pytest.param(np.array([True, False]), id="flags"),
    pytest.param(np.zeros((0, 2), np.int32), id="empty"),
]


def saved(array: npt.NDArray[np.generic]) -> FileBytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return np.frombuffer(file.getvalue(), np.uint8)


def archive(save: str, **arrays: npt.NDArray[np.generic]) -> FileBytes:
    file = io.BytesIO()
    getattr(np, save)(file, **arrays)
    return np.frombuffer(file.getvalue(), np.uint8)


@pytest.mark.parametrize("array", ARRAYS)
def test_an_array_is_what_was_saved(array: npt.NDArray[np.generic]) -> None:
    read = array_in(saved(array))
    assert read.dtype == array.dtype
    assert read.flags.f_contiguous == array.flags.f_contiguous
    np.testing.assert_array_equal(read, array)


def test_an_archive_has_every_array_by_its_name() -> None:
    arrays = {"a.b": np.arange(3, dtype=np.uint8), "c": np.arange(5) / 7}
    read = arrays_in(archive("savez", **arrays))
    assert list(read) == list(arrays)
    for name, array in arrays.items():
        assert read[name].flags.aligned
        np.testing.assert_array_equal(read[name], array)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(saved(np.array([{}])), "an array of objects", id="objects"),
        pytest.param(saved(np.arange(3))[:-1], None, id="cut-short"),
        pytest.param(np.frombuffer(b"[1, 2, 3]", np.uint8), None, id="no-array"),
    ],
)
def test_what_is_no_array_is_refused(content: FileBytes, problem: str | None) -> None:
    with pytest.raises(ValueError, match=problem and f"^{problem}$"):
        array_in(content)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(saved(np.arange(3)), "no archive", id="an-array"),
        pytest.param(
            archive("savez_compressed", a=np.arange(3)),
            "an archive of another kind",
            id="compressed",
        ),
        *(
            pytest.param(
                archive("savez", a=np.arange(3))[:size],
                "an archive that ends too early",
                id=f"after-{size}-bytes",
            )
            for size in (4, 30, 40, 90)
        ),
    ],
)
def test_what_is_no_archive_is_refused(content: FileBytes, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        arrays_in(content)


@pytest.mark.parametrize("names", [[], ["a"], ["a", "b c", "", "dé", "e"]])
def test_lines_are_those_of_the_text(names: list[str]) -> None:
    content = "".join(f"{name}\n" for name in names).encode()
    lines = Lines(np.frombuffer(content, np.uint8))
    assert len(lines) == len(names)
    assert list(lines) == names
    assert [lines[i] for i in range(-len(names), len(names))] == names + names
    assert lines[1:] == names[1:]
    with pytest.raises(IndexError):
        lines[len(names)]
