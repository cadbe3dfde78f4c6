"""Reading the lexicon as columns gives the same as reading it as records."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from roleclf.errors import TaxonomyError
from roleclf.taxonomy import (
    SHIPPED_TAXONOMY,
    SkillColumns,
    read,
    read_skills,
    shipped_skill_columns,
)
from roleclf.taxonomy.read_columns import read_skill_columns
from taxonomies import changed, small_taxonomy


def listed(columns: SkillColumns) -> list[list[object]]:
    """Return the columns as lists, and the forms within as lists."""
    return [
        [cell if isinstance(cell, str) else list(cell) for cell in column]
        for column in columns
    ]


def test_the_shipped_lexicon_is_the_same_as_columns_and_as_records() -> None:
    by_row = SkillColumns.of(read_skills(SHIPPED_TAXONOMY / "skills.csv"))
    assert listed(shipped_skill_columns()) == listed(by_row)


def test_a_valid_lexicon_is_read_without_records(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read, "read_skills", None)
    assert len(read_skill_columns(SHIPPED_TAXONOMY / "skills.csv").id) > 1000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("oven|ovens", "oven|Oven|ovens", id="form-again-in-its-row"),
        pytest.param("id,name", "\ufeffid,name", id="byte-order-mark"),
        pytest.param("\n", "\r\n", id="line-ends"),
        pytest.param("\n", "\n\n", id="blank-lines"),
        pytest.param("oven|ovens", "oven||ovens|", id="bars-without-a-form"),
        pytest.param(",parent\n", ",parent,more\n", id="a-column-more"),
    ],
)
def test_other_ways_to_write_a_lexicon_read_the_same(
    tmp_path: Path, old: str, new: str
) -> None:
    path = small_taxonomy(tmp_path) / "skills.csv"
    text = path.read_text(encoding="utf-8").replace(old, new)
    # With an additional column every row has an additional value.
    text = re.sub(r"(?<=,more)\n(.+)\n(.+)\n(.+)", r"\n\1,x\n\2,x\n\3,x", text)
    path.write_text(text, encoding="utf-8")
    columns = read_skill_columns(path)
    assert columns.id[0] == "oven"
    assert listed(columns) == listed(SkillColumns.of(read_skills(path)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "Oven,tool",
            "Oven,gadget",
            ", line 2: kind 'gadget'; write tool or skill",
            id="kind",
        ),
        pytest.param(
            "range,Range",
            "oven,Range",
            ", line 3: id 'oven' again; keep one of the rows",
            id="id-again",
        ),
        pytest.param(
            "range cooker",
            "Ovens",
            ", line 3: form 'Ovens' is one of 'oven' too; keep it in one row",
            id="form-of-two-rows",
        ),
        pytest.param(
            "oven|ovens",
            "",
            ", line 2: 'oven' has no form; add an alias",
            id="no-form",
        ),
        pytest.param(
            "Oven,tool",
            "Oven,tool,",
            ", line 2: more or fewer values than columns; mind the commas",
            id="ragged",
        ),
        pytest.param(",parent", "", ": no column parent; add it", id="no-column"),
    ],
)
def test_a_mistake_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = small_taxonomy(tmp_path) / "skills.csv"
    changed(path, old, new)
    with pytest.raises(TaxonomyError, match=f"^{re.escape(f'{path}{message}')}$"):
        read_skill_columns(path)


def test_a_missing_lexicon_is_reported(tmp_path: Path) -> None:
    whole = re.escape(f"{tmp_path}/none: cannot be read; give a taxonomy folder")
    with pytest.raises(TaxonomyError, match=f"^{whole}$"):
        read_skill_columns(tmp_path / "none")
