"""The taxonomy loads as frozen records; errors name the file and the line.

test_taxonomy_validate.py has the mistakes that only `validate_taxonomy` finds,
test_taxonomy_data.py what the shipped files state.
"""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from roleclf.errors import TaxonomyError
from roleclf.taxonomy import SHIPPED_TAXONOMY, Skill, load_taxonomy, read_skills
from roleclf.text.tokens import tokenize
from taxonomies import changed, small_taxonomy


def test_the_shipped_taxonomy_loads() -> None:
    taxonomy = load_taxonomy()
    assert list(taxonomy.roles) == [
        "data_scientist",
        "ml_engineer",
        "mlops_engineer",
        "data_engineer",
        "dataops_engineer",
    ]
    assert re.fullmatch(r"\d+\.\d+\.\d+", taxonomy.version)
    assert taxonomy.skills == read_skills(SHIPPED_TAXONOMY / "skills.csv")
    assert load_taxonomy(SHIPPED_TAXONOMY) == taxonomy
    assert load_taxonomy(str(SHIPPED_TAXONOMY)) == taxonomy


def test_a_user_folder_loads(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(small_taxonomy(tmp_path))
    assert list(taxonomy.roles) == ["cook", "baker"]
    assert taxonomy.roles["cook"].tools == ("oven",)
    assert taxonomy.title_words == ("cook", "baker")
    assert taxonomy.skills["range"] == Skill(
        id="range",
        name="Range cooker",
        kind="tool",
        type="product",
        category="kitchen",
        aliases=("range cooker",),
        guarded=("Range",),
        case="exact",
        rule="word",
        parent="oven",
    )


def test_word_lists_are_filled_into_triggers(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    cook = folder / "roles/cook.yaml"
    changed(cook, "(boil|simmer) .. [clear] broth", "({heat}|fry) .. [clear] ({food})")
    changed(cook, "    sources: [guild:4]", '    hints: ["({heat})"]')
    (duty,) = load_taxonomy(folder).roles["cook"].responsibilities
    assert duty.triggers == ("(boil|simmer|fry) .. [clear] (broth|soup)",)
    assert duty.hints == ("(boil|simmer)",)


def test_records_are_frozen() -> None:
    taxonomy = load_taxonomy()
    role = taxonomy.roles["data_engineer"]
    skill = taxonomy.skills["python"]
    for record in (taxonomy, role, skill, role.responsibilities[0]):
        name = next(iter(record.__slots__))
        message = f"^cannot assign to field '{name}'$"
        with pytest.raises(FrozenInstanceError, match=message):
            setattr(record, name, "other")


OVEN = "oven,Oven,tool,product,kitchen,oven|ovens,,,,\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        pytest.param(
            "skills.csv",
            ",rule,parent",
            ",rule",
            "skills.csv: no column parent; add it",
            id="column",
        ),
        pytest.param(
            "skills.csv",
            "Oven,tool",
            "Oven,gadget",
            "skills.csv, line 2: kind 'gadget'; write tool or skill",
            id="kind",
        ),
        pytest.param(
            "skills.csv",
            OVEN,
            OVEN * 2,
            "skills.csv, line 3: id 'oven' again; keep one of the rows",
            id="duplicate-id",
        ),
        pytest.param(
            "skills.csv",
            "range cooker,Range",
            "range cooker|Ovens,Range",
            "skills.csv, line 3: form 'Ovens' is one of 'oven' too; keep it in one row",
            id="form-in-two-rows",
        ),
        pytest.param(
            "skills.csv",
            "oven|ovens",
            "",
            "skills.csv, line 2: 'oven' has no form; add an alias",
            id="no-form",
        ),
        pytest.param(
            "skills.csv",
            OVEN,
            "oven,Oven\n",
            "skills.csv, line 2: more or fewer values than columns; mind the commas",
            id="ragged",
        ),
        pytest.param(
            "roles/baker.yaml",
            "skill: kneading",
            "skill: proving",
            "roles/baker.yaml: skill 'proving' is not in skills.csv; "
            "add it there or mend its id",
            id="unknown-skill",
        ),
        pytest.param(
            "roles/baker.yaml",
            "name: Baker\n",
            "",
            "roles/baker.yaml: no name; add it",
            id="key",
        ),
        pytest.param(
            "taxonomy.yaml",
            "[cook, baker]\ntitle",
            "[cook, smith]\ntitle",
            "roles/smith.yaml: cannot be read; give a taxonomy folder",
            id="role-without-file",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_line(
    tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    folder = small_taxonomy(tmp_path)
    changed(folder / name, old, new)
    whole = re.escape(f"{folder}/{message}")
    with pytest.raises(TaxonomyError, match=f"^{whole}$"):
        load_taxonomy(folder)


def test_broken_yaml_is_reported_with_its_line(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    changed(folder / "roles" / "baker.yaml", "name: Baker", "name: [Baker")
    start = re.escape(f"{folder}/roles/baker.yaml: is not YAML (")
    with pytest.raises(
        TaxonomyError, match=rf"(?s)^{start}.*line 2.*\); mend the line$"
    ):
        load_taxonomy(folder)


@pytest.mark.parametrize("name", ["skills.csv", "taxonomy.yaml", "roles/cook.yaml"])
def test_a_missing_file_is_reported(tmp_path: Path, name: str) -> None:
    folder = small_taxonomy(tmp_path)
    (folder / name).unlink()
    whole = re.escape(f"{folder}/{name}: cannot be read; give a taxonomy folder")
    with pytest.raises(TaxonomyError, match=f"^{whole}$"):
        load_taxonomy(folder)


def test_no_two_skills_have_the_same_tokens() -> None:
    # "C ++" once had the same tokens as "C", because "++" alone was not a token.
    skills = load_taxonomy().skills
    pairs = [(id_, f) for id_, s in skills.items() for f in (*s.aliases, *s.guarded)]
    tokens = tokenize([form for _, form in pairs])
    owner_by_words: dict[tuple[bytes, bytes], tuple[str, str]] = {}
    alike = []
    for i, pair in enumerate(pairs):
        words = slice(tokens.bounds[i], tokens.bounds[i + 1])
        key = (tokens.hash[words].tobytes(), tokens.gap[words].tobytes())
        first = owner_by_words.setdefault(key, pair)
        if first[0] != pair[0]:
            alike.append((first, pair))
    assert alike == []
