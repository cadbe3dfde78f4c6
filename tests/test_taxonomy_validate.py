"""`validate_taxonomy` reports each mistake: file, line, problem and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleclf.errors import TaxonomyError
from roleclf.taxonomy import load_taxonomy, validate_taxonomy
from taxonomies import changed, small_taxonomy

COOK, SKILLS = "roles/cook.yaml", "skills.csv"
PAIRS, LINES, HEAD = "comparisons.yaml", "source_lines.csv", "taxonomy.yaml"


def problems(folder: Path) -> list[str]:
    """Return the problems, with files relative to `folder`."""
    return [
        str(problem).replace(f"{folder}/", "") for problem in validate_taxonomy(folder)
    ]


def test_a_good_taxonomy_has_no_problem(tmp_path: Path) -> None:
    assert problems(small_taxonomy(tmp_path)) == []


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["source_lines.csv"], id="lines"),
        pytest.param(["comparisons.yaml", "source_lines.csv"], id="comparisons"),
        pytest.param(["seniority.yaml"], id="seniority"),
        pytest.param(["words.yaml"], id="words"),
    ],
)
def test_some_files_may_be_missing(names: list[str], tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    for name in names:
        (folder / name).unlink()
    assert problems(folder) == []
    load_taxonomy(folder)


def test_contrast_roles_may_be_missing(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    neighbour = "  - {role: waiter, statement: Carries., sources: [practice]}\n"
    changed(folder / COOK, neighbour, "")
    (folder / "contrast/waiter.yaml").unlink()
    assert problems(folder) == []


@pytest.mark.parametrize("name", ["taxonomy.yaml", "skills.csv", "roles/cook.yaml"])
def test_other_files_may_not_be_missing(name: str, tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    (folder / name).unlink()
    assert problems(folder) != []
    with pytest.raises(TaxonomyError, match="cannot be read"):
        load_taxonomy(folder)


CASES = [
    # file, old text, new text, problems
    pytest.param(
        COOK,
        "tools:\n  - {skill: oven, ",
        "tools:\n  - {skill: ofen, ",
        [
            "roles/cook.yaml, line 19: skill 'ofen' is not in skills.csv; "
            "add it there or mend its id",
            "roles/cook.yaml, line 19: 'cook.tool.ofen' is not at guild:3 in "
            "source_lines.csv; add it there or drop the source",
            "source_lines.csv, line 3: concept 'cook.tool.oven' is in no file; "
            "write it or mend its id",
        ],
        id="unknown-skill",
    ),
    pytest.param(
        COOK,
        "skills: []",
        "skills:\n  - {skill: range, sources: [practice]}",
        [
            "roles/cook.yaml, line 18: 'range' is a tool, not a skill; "
            "move it to the other list"
        ],
        id="skill-of-the-other-kind",
    ),
    pytest.param(
        COOK,
        "sources: [guild:3]}",
        "sources: [guild:3]}\n  - {skill: oven, sources: [guild:3]}",
        ["roles/cook.yaml, line 20: concept 'cook.tool.oven' again; keep one"],
        id="skill-twice",
    ),
    pytest.param(
        COOK,
        "role: waiter",
        "role: valet",
        ["roles/cook.yaml, line 24: role 'valet' has no file; write it or mend the id"],
        id="unknown-neighbour",
    ),
    pytest.param(
        COOK,
        "role: waiter",
        "role: cook",
        ["roles/cook.yaml, line 24: 'cook' is its own neighbour; drop it"],
        id="neighbour-of-itself",
    ),
    pytest.param(
        COOK,
        "phase: heat",
        "phase: heating",
        [
            "roles/cook.yaml, line 13: phase 'heating' is not among the role's "
            "phases; add it there or mend its id"
        ],
        id="unknown-phase",
    ),
    pytest.param(
        COOK,
        "statement: Boils broth.",
        'statement: " "',
        [
            "roles/cook.yaml, line 11: empty statement of "
            "'cook.responsibility.boil'; write it"
        ],
        id="empty-statement",
    ),
    pytest.param(
        COOK,
        "statement: Boils broth.",
        "statement:",
        ["roles/cook.yaml, line 12: 'statement' is empty; write a text"],
        id="no-text",
    ),
    pytest.param(
        COOK,
        "statement: Boils broth.",
        "statement: Boils: broth",
        [
            "roles/cook.yaml, line 12: is not YAML (mapping values are not allowed "
            'in this context in "<unicode string>", line 12, column 21); mend the line'
        ],
        id="not-yaml",
    ),
    pytest.param(
        COOK,
        "statement: Boils broth.",
        "statement: 12",
        [
            "roles/cook.yaml, line 12: 'statement' is no text but 12; "
            "write a text, in quotes"
        ],
        id="not-a-text",
    ),
    pytest.param(
        COOK,
        "statement: Boils broth.",
        "statement: 2020-13-45",
        ["roles/cook.yaml: is not YAML (month must be in 1..12); mend the line"],
        id="date-that-is-none",
    ),
    pytest.param(
        COOK,
        "skills: []",
        "skills: &all [*all]",
        [
            "roles/cook.yaml, line 17: 'skills' holds no mapping; "
            "write `key: value` lines"
        ],
        id="list-within-itself",
    ),
    pytest.param(
        COOK,
        "statement: Boils broth.",
        "statement: Boils broth.\n    statment: Boils.",
        [
            "roles/cook.yaml, line 13: unknown key 'statment'; write one of id, "
            "statement, sources, phase, triggers, hints"
        ],
        id="unknown-key",
    ),
    pytest.param(
        COOK,
        "statement: Boils broth.",
        "statement: Boils broth.\n    statement: Boils.",
        ["roles/cook.yaml, line 13: 'statement' again; keep one"],
        id="key-twice",
    ),
    pytest.param(
        COOK,
        "    statement: Boils broth.\n",
        "",
        ["roles/cook.yaml, line 11: no statement; add it"],
        id="key-missing",
    ),
    pytest.param(
        COOK,
        "title_patterns:\n  - '\\bcooks?\\b'\n",
        "",
        ["roles/cook.yaml: no title_patterns; add it"],
        id="key-of-the-file-missing",
    ),
    pytest.param(
        COOK,
        "skills: []",
        "skills: {oven: practice}",
        ["roles/cook.yaml, line 17: 'skills' holds no list; write `- ` lines"],
        id="not-a-list",
    ),
    pytest.param(
        COOK,
        "  - {skill: oven, sources: [guild:3]}",
        "  - oven",
        [
            "roles/cook.yaml, line 19: 'tools' holds no mapping; "
            "write `key: value` lines"
        ],
        id="not-a-mapping",
    ),
    pytest.param(
        COOK,
        "    statement: Make a fire.\n    sources: [practice]",
        "    statement: Make a fire.\n    sources: []",
        [
            "roles/cook.yaml, line 7: no source of 'cook.phase.heat'; "
            "name where it comes from, or practice"
        ],
        id="empty-sources",
    ),
    pytest.param(
        COOK,
        "    statement: Make a fire.\n    sources: [practice]",
        "    statement: Make a fire.",
        [
            "roles/cook.yaml, line 7: no source of 'cook.phase.heat'; "
            "name where it comes from, or practice"
        ],
        id="no-sources",
    ),
    pytest.param(
        COOK,
        "    statement: Make a fire.\n    sources: [practice]",
        "    statement: Make a fire.\n    sources: [union:5]",
        [
            "roles/cook.yaml, line 7: source 'union:5' is not in sources.yaml; "
            "add it there or write practice"
        ],
        id="unknown-source",
    ),
    pytest.param(
        COOK,
        "    statement: Make a fire.\n    sources: [practice]",
        "    statement: Make a fire.\n    sources: [practice:1]",
        [
            "roles/cook.yaml, line 7: source 'practice:1' names a line, but "
            "'practice' is no article; write practice"
        ],
        id="line-of-no-article",
    ),
    pytest.param(
        COOK,
        "    statement: Make a fire.\n    sources: [practice]",
        "    statement: Make a fire.\n    sources: [guild:9]",
        [
            "roles/cook.yaml, line 7: source 'guild:9' is not in source_lines.csv; "
            "add the line there or mend its number"
        ],
        id="line-not-in-the-table",
    ),
    pytest.param(
        COOK,
        "id: boil\n",
        "id: Boil it\n",
        [
            "roles/cook.yaml, line 11: id 'Boil it'; "
            "write lower-case letters, digits and _",
            "roles/cook.yaml, line 11: 'cook.responsibility.Boil it' is not at "
            "guild:4 in source_lines.csv; add it there or drop the source",
            "source_lines.csv, line 4: concept 'cook.responsibility.boil' is in no "
            "file; write it or mend its id",
        ],
        id="id-of-other-letters",
    ),
    pytest.param(
        COOK,
        "\\bcooks?\\b",
        "\\b(cook",
        [
            "roles/cook.yaml, line 21: title pattern '\\\\b(cook': missing ), "
            "unterminated subpattern at position 2; mend it"
        ],
        id="bad-pattern",
    ),
    pytest.param(
        COOK,
        "\\bcooks?\\b",
        "(cook)?",
        [
            "roles/cook.yaml, line 21: title pattern '(cook)?': "
            "matches every title; mend it"
        ],
        id="pattern-that-matches-all",
    ),
    pytest.param(
        COOK,
        "\\bcooks?\\b",
        "cook|ba[kx]",
        [
            "roles/cook.yaml, line 21: title pattern 'cook|ba[kx]' finds 'Baker', "
            "which is 'baker'; narrow one of the two"
        ],
        id="pattern-that-finds-another-role",
    ),
    pytest.param(
        COOK,
        "\\bcooks?\\b",
        "cook|waite",
        [
            "roles/cook.yaml, line 21: title pattern 'cook|waite' finds 'Waiter', "
            "which is 'waiter'; narrow one of the two"
        ],
        id="pattern-that-finds-a-contrast-role",
    ),
    pytest.param(
        "roles/baker.yaml",
        "title_patterns: ['\\bbakers?\\b']\n",
        "title_patterns: ['\\bbakers?\\b']\n"
        "other_names: [{name: Cook of bread, sources: [practice]}]\n",
        [
            "roles/cook.yaml, line 21: title pattern '\\\\bcooks?\\\\b' finds "
            "'Cook of bread', which is 'baker'; narrow one of the two"
        ],
        id="other-name-that-is-another-role",
    ),
    pytest.param(
        "contrast/waiter.yaml",
        "title_patterns: [waiter]",
        "title_patterns: [waiter, cook]",
        [],
        id="contrast-pattern-that-finds-a-role",
    ),
    pytest.param(
        COOK,
        'code: "5120"',
        'code: "512"',
        [
            "roles/cook.yaml, line 26: code '512' is not written as isco_08 does; "
            "copy it from there"
        ],
        id="code-of-another-form",
    ),
    pytest.param(
        COOK,
        "match: exact",
        "match: same",
        [
            "roles/cook.yaml, line 26: match 'same'; "
            "write one of exact, close, broader, none"
        ],
        id="unknown-match",
    ),
    pytest.param(
        COOK,
        'code: "5120"',
        "code: null",
        [
            "roles/cook.yaml, line 26: match 'exact' with code ''; "
            "give the code, or none and write match: none"
        ],
        id="match-without-code",
    ),
    pytest.param(
        COOK,
        "name: Cook",
        'name: ""',
        ["roles/cook.yaml, line 2: empty name; write it"],
        id="no-name",
    ),
    pytest.param(
        "roles/baker.yaml",
        "id: baker\n",
        "id: bakerr\n",
        [
            "roles/baker.yaml, line 1: id 'bakerr' in a file named baker.yaml; "
            "name both alike"
        ],
        id="id-and-file",
    ),
    pytest.param(
        SKILLS,
        "oven,Oven,tool",
        "oven,Oven,thing",
        ["skills.csv, line 2: kind 'thing'; write tool or skill"],
        id="unknown-kind",
    ),
    pytest.param(
        SKILLS,
        "exact,word",
        "exactly,words",
        [
            "skills.csv, line 3: case 'exactly' of guarded forms; "
            "write one of any, capital, exact",
            "skills.csv, line 3: rule 'words' of guarded forms; "
            "write one of safe, software, word, vendor, name, letter, list",
        ],
        id="unknown-case-and-rule",
    ),
    pytest.param(
        SKILLS,
        "oven|ovens,,,,",
        "oven|ovens,,any,,",
        [
            "skills.csv, line 2: case 'any' without guarded forms; "
            "leave it empty or move the forms there"
        ],
        id="case-without-guarded",
    ),
    pytest.param(
        SKILLS,
        "kneading|knead dough",
        "kneading|OVEN",
        ["skills.csv, line 4: form 'OVEN' is one of 'oven' too; keep it in one row"],
        id="alias-of-two",
    ),
    pytest.param(
        SKILLS,
        "kneading|knead dough",
        "kneading|Range-Cooker",
        [
            "skills.csv, line 4: form 'Range-Cooker' reads like 'range cooker' of "
            "'range'; keep it in one row"
        ],
        id="aliases-that-read-alike",
    ),
    pytest.param(
        SKILLS,
        "kneading|knead dough",
        "kneading|???",
        ["skills.csv, line 4: form '???' has no word; write it without"],
        id="form-without-a-word",
    ),
    pytest.param(
        SKILLS,
        "kneading|knead dough",
        "kneading|knead ... dough",
        [
            "skills.csv, line 4: form 'knead ... dough' has a mark that no phrase "
            "may cross; write it without"
        ],
        id="form-no-phrase-can-hold",
    ),
    pytest.param(
        SKILLS,
        "kneading|knead dough",
        "",
        ["skills.csv, line 4: 'kneading' has no form; add an alias"],
        id="no-form",
    ),
    pytest.param(
        SKILLS,
        "kneading|knead dough,,,,",
        "kneading|knead dough",
        ["skills.csv, line 4: more or fewer values than columns; mind the commas"],
        id="row-too-short",
    ),
    pytest.param(
        SKILLS,
        "kneading,Kneading,skill,method",
        "kneading,,skill,",
        [
            "skills.csv, line 4: 'kneading' has no name; write it",
            "skills.csv, line 4: 'kneading' has no type; write it",
        ],
        id="no-name-of-a-skill",
    ),
    pytest.param(
        SKILLS,
        "range,Range",
        "Range,Range",
        ["skills.csv, line 3: id 'Range'; write lower-case letters, digits and _"],
        id="id-of-a-skill",
    ),
    pytest.param(
        SKILLS,
        "range,Range",
        "oven,Range",
        ["skills.csv, line 3: id 'oven' again; keep one of the rows"],
        id="id-twice",
    ),
    pytest.param(
        SKILLS,
        "word,oven",
        "word,stove",
        [
            "skills.csv, line 3: parent 'stove' is not in skills.csv; "
            "add it there or mend its id"
        ],
        id="unknown-parent",
    ),
    pytest.param(
        SKILLS,
        "oven|ovens,,,,",
        "oven|ovens,,,,range",
        [
            "skills.csv, line 2: parents go round: oven > range > oven; "
            "empty the parent of one"
        ],
        id="parents-in-a-ring",
    ),
    pytest.param(
        SKILLS,
        "aliases,guarded",
        "alias,guarded",
        ["skills.csv: no column aliases; add it"],
        id="no-column",
    ),
    pytest.param(
        PAIRS,
        "right: baker",
        "right: butcher",
        [
            "comparisons.yaml, line 5: 'comparison.cook.butcher.fire' is not at "
            "guild:4 in source_lines.csv; add it there or drop the source",
            "comparisons.yaml, line 3: role 'butcher' has no file; "
            "write it or mend the id",
            "source_lines.csv, line 4: concept 'comparison.cook.baker.fire' is in no "
            "file; write it or mend its id",
        ],
        id="unknown-role-of-a-pair",
    ),
    pytest.param(
        PAIRS,
        "disagreements:",
        "  - {left: baker, right: cook, similarities: [], differences: []}\n"
        "  - {left: cook, right: cook, similarities: [], differences: []}\n"
        "disagreements:",
        [
            "comparisons.yaml, line 15: 'baker' and 'cook' again; keep one",
            "comparisons.yaml, line 16: 'cook' is compared with itself; name two roles",
        ],
        id="pair-twice",
    ),
    pytest.param(
        PAIRS,
        "aspect: focus",
        "aspect: hours",
        [
            "comparisons.yaml, line 11: aspect 'hours'; write one of focus, "
            "object_of_control, lifecycle, build_or_run, research_or_production, "
            "output, stakeholders, skills, tools, education"
        ],
        id="unknown-aspect",
    ),
    pytest.param(
        PAIRS,
        "left: Works at noon.",
        'left: ""',
        [
            "comparisons.yaml, line 10: empty statement of "
            "'comparison.cook.baker.day'; write it"
        ],
        id="empty-difference",
    ),
    pytest.param(
        PAIRS,
        "The baker.\n        sources: [practice]",
        "The baker.",
        [
            "comparisons.yaml, line 16: no source of 'disagreement.who_cleans'; "
            "name where it comes from, or practice"
        ],
        id="answer-without-source",
    ),
    pytest.param(
        PAIRS,
        "      - statement: The baker.\n        sources: [practice]\n",
        "",
        [
            "comparisons.yaml, line 16: 'who_cleans' has fewer than two positions; "
            "add the other"
        ],
        id="one-answer",
    ),
    pytest.param(
        "seniority.yaml",
        "commis",
        "commis, Head",
        ["seniority.yaml, line 5: word 'Head' is one of 'chief' too; keep one"],
        id="word-of-two-levels",
    ),
    pytest.param(
        "words.yaml",
        "id: food",
        "id: heat",
        ["words.yaml, line 3: list 'heat' again; keep one"],
        id="list-of-words-twice",
    ),
    pytest.param(
        "words.yaml",
        "id: food",
        "id: Hot food",
        ["words.yaml, line 3: id 'Hot food'; write lower-case letters, digits and _"],
        id="list-of-words-of-other-letters",
    ),
    pytest.param(
        "words.yaml",
        "words: [broth, soup]",
        "words: broth",
        ["words.yaml, line 4: 'words' holds no list; write `- ` lines"],
        id="words-that-are-no-list",
    ),
    pytest.param(
        COOK,
        "(boil|simmer) .. [clear]",
        "({heat}|fry) .. ({drink})",
        [
            "roles/cook.yaml, line 15: trigger '(boil|simmer|fry) .. ({drink}) "
            "broth': no list {drink} in words.yaml; mend it"
        ],
        id="unknown-list-of-words",
    ),
    pytest.param(
        "sources.yaml",
        "- id: practice",
        "- {id: guild, publisher: p, title: t, kind: article}\n- id: practice",
        ["sources.yaml, line 6: source 'guild' again; keep one"],
        id="source-twice",
    ),
    pytest.param(
        LINES,
        "guild,1,none,",
        "guild,1,role,",
        [
            "source_lines.csv, line 2: guild:1 speaks of a role but backs no "
            "concept; name its concepts, or write none"
        ],
        id="line-without-concept",
    ),
    pytest.param(
        LINES,
        "guild,3,role",
        "guild,3,none",
        [
            "source_lines.csv, line 3: guild:3 backs concepts but speaks of no role; "
            "write role"
        ],
        id="concept-of-a-line-without-content",
    ),
    pytest.param(
        LINES,
        "guild,1,none,",
        "guild,1,noise,",
        ["source_lines.csv, line 2: content 'noise'; write role or none"],
        id="unknown-content",
    ),
    pytest.param(
        LINES,
        "guild,1,none,",
        "guild,one,none,",
        ["source_lines.csv, line 2: line 'one'; write the line's number, from 1"],
        id="line-not-a-number",
    ),
    pytest.param(
        LINES,
        "guild,1,none,",
        "guild,3,none,\nunion,1,none,",
        [
            "source_lines.csv, line 3: source 'union' is no article of sources.yaml; "
            "add it there or mend its id",
            "source_lines.csv, line 4: guild:3 again; keep one of the rows",
        ],
        id="line-twice-and-unknown-source",
    ),
    pytest.param(
        LINES,
        "cook.definition;",
        "cook.definition;cook.goal;cook.phase.heat;",
        [
            "source_lines.csv, line 3: concept 'cook.goal' is in no file; "
            "write it or mend its id",
            "source_lines.csv, line 3: concept 'cook.phase.heat' does not name "
            "guild:3 as a source; add the source there or drop the concept here",
        ],
        id="concepts-that-do-not-agree",
    ),
    pytest.param(
        HEAD,
        "[cook, baker]\ntitle",
        "[cook, baker, cook, brewer]\ntitle",
        [
            "taxonomy.yaml, line 2: role 'cook' again; keep one",
            "taxonomy.yaml, line 2: no file roles/brewer.yaml; "
            "write it or drop the role here",
        ],
        id="listed-roles",
    ),
    pytest.param(
        HEAD,
        "[cook, baker]\ntitle",
        "[cook]\ntitle",
        [
            "roles/baker.yaml, line 1: role 'baker' is not in taxonomy.yaml; "
            "list it there or delete the file"
        ],
        id="role-not-listed",
    ),
    pytest.param(
        HEAD,
        "title_words: [cook, ",
        "title_words: [Pastry Cook, ",
        [
            "taxonomy.yaml, line 3: title word 'Pastry Cook' is no lower-case word; "
            "mend it"
        ],
        id="title-word",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), CASES)
def test_problem(
    file: str, old: str, new: str, expected: list[str], tmp_path: Path
) -> None:
    folder = small_taxonomy(tmp_path)
    changed(folder / file, old, new)
    assert sorted(problems(folder)) == sorted(expected)


@pytest.mark.parametrize(
    ("trigger", "wrong"),
    [
        pytest.param("Boil broth", "'Boil' has other than", id="capital"),
        pytest.param("(boil|simmer broth", "'(' has other than", id="bracket"),
        pytest.param("(boil||simmer) broth", "an alternative of", id="alternative"),
        pytest.param("(boil|simmer)ing", "no blank before 'ing'", id="joined"),
        pytest.param("boil|simmer broth", "no brackets around", id="bar"),
        pytest.param("boil ..", "a part between `..` has no word", id="gap-at-end"),
        pytest.param(".. boil", "a part between `..` has no word", id="gap-at-start"),
        pytest.param("boil .. [clear]", "a part between", id="only-optional"),
        pytest.param("", "a part between", id="empty"),
    ],
)
def test_trigger_with_a_syntax_error(trigger: str, wrong: str, tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    changed(folder / COOK, "(boil|simmer) .. [clear] broth", trigger)
    place = f"roles/cook.yaml, line 15: trigger {trigger!r}: "
    (problem,) = problems(folder)
    assert problem.startswith(place + wrong)
    assert problem.endswith("; mend it")


def test_trigger_of_filler_words(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    changed(folder / COOK, "[clear] broth", "(the|broth)")
    assert problems(folder) == [
        "roles/cook.yaml, line 15: phrase 'the' of a trigger has but filler words; "
        "name what is done"
    ]


def test_role_that_is_also_a_contrast_role(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    text = (folder / "contrast/waiter.yaml").read_text(encoding="utf-8")
    twin = text.replace("id: waiter", "id: baker").replace("[waiter]", "[bagel]")
    twin = twin.replace("name: Waiter", "name: Bagel man")
    (folder / "contrast/baker.yaml").write_text(twin, encoding="utf-8")
    assert problems(folder) == [
        "contrast/baker.yaml, line 1: role 'baker' is in roles/ too; "
        "keep one of the files",
        "contrast/baker.yaml, line 3: concept 'baker.definition' again; keep one",
    ]


def test_other_is_not_a_role(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    text = (folder / "contrast/waiter.yaml").read_text(encoding="utf-8")
    other = text.replace("id: waiter", "id: other").replace("[waiter]", "[guest]")
    other = other.replace("name: Waiter", "name: Guest")
    (folder / "contrast/other.yaml").write_text(other, encoding="utf-8")
    assert problems(folder) == [
        "contrast/other.yaml, line 1: id 'other'; "
        "write lower-case letters, digits and _, and not 'other'"
    ]


def test_triggers_are_not_reported_when_words_yaml_is_damaged(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    changed(folder / COOK, "(boil|simmer)", "({heat})")
    assert problems(folder) == []
    changed(folder / "words.yaml", "words: [boil, simmer]", "words: [boil, simmer")
    (problem,) = problems(folder)
    assert problem.startswith("words.yaml, line 3: is not YAML")


def test_several_files_with_problems(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    (folder / "seniority.yaml").write_text("", encoding="utf-8")
    (folder / "sources.yaml").write_bytes(b"- id: \xff")
    changed(folder / SKILLS, "oven|ovens", '"oven|ovens')
    expected = [
        "seniority.yaml: holds no mapping; write `key: value` lines",
        "sources.yaml: is not UTF-8; save it as UTF-8",
    ]
    found = problems(folder)
    assert [line for line in expected if line not in found] == []


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    text = (folder / SKILLS).read_text(encoding="utf-8")
    (folder / SKILLS).write_text(text, encoding="utf-8-sig")
    assert problems(folder) == []
    assert list(load_taxonomy(folder).skills) == ["oven", "range", "kneading"]


def test_loading_reports_the_line_of_a_schema_mistake(tmp_path: Path) -> None:
    folder = small_taxonomy(tmp_path)
    changed(folder / COOK, "statement: Boils broth.", "statement: 12")
    place = f"{folder}/roles/cook.yaml, line 12: 'statement' is no text but 12"
    with pytest.raises(TaxonomyError, match=f"^{place}"):
        load_taxonomy(folder)


TITLES = """\
inflections: [{ending: "", others: [s]}]
heads: [{id: maker, forms: [maker]}]
fields: [{id: bread, forms: [bread, loaf]}]
professions: [{id: en, forms: [pilot]}, {id: fr, forms: [pilote, pilot]}]
levels: [junior]
weak: [expert]
grades: [vp]
links: [of]
alternatives: [or]
trades: [sales]
deciding: [manager]
alike: [bread]
telling: [bread]
complete: [maker]
compounding: [en]
agents: [ologist]
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("loaf", "loaf", [], id="good"),
        pytest.param(
            "loaf",
            "Loaf",
            ["line 3: 'Loaf' is not in lower case without accents; mend it"],
            id="capital",
        ),
        pytest.param(
            "[sales]",
            "[sales, pilot]",
            ["line 10: 'pilot' is one of 'professions' too; keep one"],
            id="two-meanings",
        ),
        pytest.param(
            "alike: [bread]",
            "alike: [soup]",
            ["line 12: 'soup' is none of the fields; mend or remove it"],
            id="unknown-field",
        ),
        pytest.param(
            "links: [of]",
            "links: [on]",
            ["line 8: 'links' is no text but True; write a text, in quotes"],
            id="yaml-truth",
        ),
    ],
)
def test_words_of_titles(
    old: str, new: str, expected: list[str], tmp_path: Path
) -> None:
    folder = small_taxonomy(tmp_path)
    content = TITLES.replace(old, new, 1)
    (folder / "titles.yaml").write_text(content, encoding="utf-8")
    assert problems(folder) == [f"titles.yaml, {problem}" for problem in expected]
