"""Tests of reading CSV files column by column."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleclf.matching.csv_columns import read_columns


def written(folder: Path, text: str) -> Path:
    path = folder / "words.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, 'says,cue\nwish,"ideally, or"\nwish,ça\n')
    columns = read_columns(path)
    assert columns == {"says": ("wish", "wish"), "cue": ("ideally, or", "ça")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "says,cue\n",
        "says,cue\nwish\n",
        "says,cue\na,b\nc\n",
        "a\nb,c\n",
        "a,a\nb,c\n",
    ],
)
def test_files_without_sound_columns_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"zip\(\) argument|unpack|one name"):
        read_columns(written(tmp_path, text))
