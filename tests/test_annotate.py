"""Every posting gets an annotation, whatever it is, and always the same one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import roleclf
from roleclf.annotation.annotate import Annotator
from roleclf.errors import ModelError
from roleclf.records import Annotation, Posting
from roleclf.training.role_classifier import RoleClassifier

COLUMNS = [
    "role",
    "confidence",
    "sure",
    "second_role",
    "second_confidence",
    "title_role",
    "duties_role",
    "skills",
    "tools",
    "problem",
]
KEYS = [
    "id",
    "role",
    "confidence",
    "sure",
    "probabilities",
    "second_role",
    "second_confidence",
    "title_role",
    "duties_role",
    "mismatch",
    "language",
    "skills",
    "profile",
    "reasons",
    "problem",
    "model",
    "taxonomy",
]
PROBLEMS = {"no_text", "too_short", "unsupported_language", "unreadable"}
DUTIES = (
    "<p>You design, build and run <b>data pipelines</b> with Airflow and dbt, load "
    "them into Snowflake and model the tables that analysts use.</p><ul><li>Python"
    "</li><li>SQL is a plus</li></ul>"
)
SOUP = "<div><p <b>We<<br></i>&amp;&lt;<td>build</p></div><!-- --> ]]> <script>x=1" * 9
SWEDISH = (
    "Vi söker en person till vårt team som tillsammans med oss tar hand om data från "
    "våra kunder och bygger de modeller som gör att våra produkter blir bättre för dem."
)
NAN = float("nan")


def assert_sound(annotation: Annotation) -> None:
    """Hold what is true of every annotation, whatever the posting."""
    assert (annotation.role is None) <= (annotation.problem is not None)
    assert annotation.problem is None or annotation.problem in PROBLEMS
    entry = annotation.to_dict()
    assert list(entry) == KEYS
    assert json.loads(json.dumps(entry, allow_nan=False)) == entry
    assert_probable(annotation)
    for skill in annotation.skills:
        assert skill.mentions
        assert skill.need in {"required", "preferred", "mentioned"}
        for mention in skill.mentions:
            assert annotation.text[mention.start : mention.end] == mention.text != ""


def assert_probable(annotation: Annotation) -> None:
    proba = annotation.probabilities
    if annotation.role is None:
        assert (proba, annotation.confidence, annotation.sure) == ({}, 0.0, False)
        return
    assert annotation.confidence == proba[annotation.role] == max(proba.values())
    assert sum(proba.values()) == pytest.approx(1.0)
    second = annotation.second_role
    assert (second is None) == (annotation.second_confidence is None)
    assert second not in {annotation.role, "other"}
    assert second is None or annotation.second_confidence == proba[second]
    says = annotation.title_role is not None and annotation.duties_role is not None
    assert annotation.mismatch <= (
        says and annotation.title_role != annotation.duties_role
    )


STRANGE = [
    pytest.param(None, None, None, "no_text", id="none"),
    pytest.param("", "", None, "no_text", id="empty"),
    pytest.param(" \n", "<p> </p>&nbsp;", None, "no_text", id="blank"),
    pytest.param(None, "😀🚀 🎉", None, "too_short", id="emoji"),
    pytest.param(None, "42", None, "too_short", id="number"),
    pytest.param(None, "Great job, apply now!", None, "too_short", id="one-line"),
    pytest.param(
        None,
        "我们正在寻找一名数据工程师。" * 9,
        None,
        "unsupported_language",
        id="chinese",
    ),
    pytest.param(None, SWEDISH, None, "unsupported_language", id="swedish"),
    pytest.param("Data Engineer", None, "data_engineer", "no_text", id="title-only"),
    pytest.param("Data Engineer", "42", "data_engineer", "too_short", id="and-number"),
    pytest.param(
        "Data Engineer",
        SWEDISH,
        "data_engineer",
        "unsupported_language",
        id="and-swedish",
    ),
    pytest.param(
        "<b>Data</b>&nbsp;Engineer", "", "data_engineer", "no_text", id="html"
    ),
    pytest.param("Zzyzx", "", None, "no_text", id="title-that-says-nothing"),
    pytest.param("", DUTIES, "data_engineer", None, id="text-only"),
]


@pytest.mark.parametrize(("title", "description", "role", "problem"), STRANGE)
def test_postings_that_say_little(
    annotator: Annotator,
    title: str | None,
    description: str | None,
    role: str | None,
    problem: str | None,
) -> None:
    annotation = annotator.annotate(title, description)
    assert (annotation.role, annotation.problem) == (role, problem)
    assert_sound(annotation)


@pytest.mark.parametrize(
    "description",
    [
        pytest.param(DUTIES * 9_000, id="two-megabytes"),
        pytest.param("a" * 200_000, id="one-word"),
        pytest.param(SOUP, id="html-soup"),
        pytest.param("<div>" * 5_000 + DUTIES, id="deep"),
        pytest.param("\ud800" + DUTIES + "\udfff", id="lone-surrogates"),
        pytest.param("\0".join(DUTIES), id="nul"),
        pytest.param("\u200b" * 100_000, id="zero-width"),
        pytest.param(DUTIES.upper(), id="capitals"),
    ],
)
def test_postings_that_say_much_or_strange_things(
    annotator: Annotator, description: str
) -> None:
    assert_sound(annotator.annotate("Data Engineer", description))
    assert_sound(annotator.annotate(description[:50_000], None))


@given(st.text(), st.lists(st.sampled_from(DUTIES.split()) | st.text()).map(" ".join))
def test_any_posting_has_an_annotation(
    annotator: Annotator, title: str, description: str
) -> None:
    assert_sound(annotator.annotate(title, description))


def test_a_posting_that_says_what_it_is(annotator: Annotator) -> None:
    annotation = annotator.annotate(title="Data Engineer", description=DUTIES)
    assert annotation.role == "data_engineer"
    assert annotation.title_role == annotation.duties_role == "data_engineer"
    assert (annotation.problem, annotation.mismatch, annotation.language) == (
        None,
        False,
        "en",
    )
    assert annotation.text == roleclf.clean(DUTIES)
    assert annotation.to_dict(text=True)["text"] == annotation.text
    assert annotation.model == annotator.model.name
    assert annotation.taxonomy == roleclf.load_taxonomy().version
    named = [skill.id for skill in annotation.skills if skill.kind == "tool"]
    assert named == ["apache_airflow", "dbt", "snowflake", "python", "sql"]


STUDIES = (
    "You explore the data of our customers, state hypotheses and test them in A/B "
    "experiments. You train predictive models in Python and R, choose the algorithm by "
    "statistical evaluation, and explain what you found to the people who decide."
)


@pytest.mark.parametrize(
    ("title", "text", "title_role", "mismatch"),
    [
        pytest.param("Data Engineer", DUTIES, "data_engineer", False, id="agree"),
        pytest.param("Data Engineer", STUDIES, "data_engineer", True, id="disagree"),
        pytest.param("Accountant", DUTIES, "other", True, id="none-of-the-five"),
        pytest.param("Data Engineer", "", "data_engineer", False, id="title-alone"),
        pytest.param("Data Engineer / Data Scientist", STUDIES, None, False, id="two"),
        pytest.param("", STUDIES, None, False, id="no-title"),
        pytest.param("Zzyzx", STUDIES, None, False, id="unknown-word"),
    ],
)
def test_a_title_may_say_another_role_than_the_duties(
    annotator: Annotator, title: str, text: str, title_role: str | None, mismatch: bool
) -> None:
    annotation = annotator.annotate(title, text)
    assert (annotation.title_role, annotation.mismatch) == (title_role, mismatch)


def test_the_parts_of_the_sample(annotator: Annotator, sample: pd.DataFrame) -> None:
    for annotation in annotator.annotate_many(sample.to_dict("records")):
        assert_sound(annotation)
        assert annotation.problem is None
        threshold = annotator.model.threshold
        assert annotation.sure == (annotation.confidence >= threshold)


def mixed(sample: pd.DataFrame) -> list[Posting]:
    """Return the sample with strange postings among it."""
    rows = sample.to_dict("records")
    strange = [Posting(*row[:2], id=id_) for row, _, id_ in STRANGE]
    honest = [Posting(r["title"], r["description"], r["id"]) for r in rows]
    return [
        posting for pair in zip(honest, strange * 9, strict=False) for posting in pair
    ]


def test_a_batch_is_annotated_as_each_posting_alone(
    annotator: Annotator, sample: pd.DataFrame
) -> None:
    postings = mixed(sample)
    batch = annotator.annotate_batch(postings)
    assert len(batch) == len(postings)
    for posting, annotation in zip(postings, batch, strict=True):
        alone = annotator.annotate(posting.title, posting.description)
        expected = alone.to_dict(text=True) | {"id": posting.id}
        assert annotation.to_dict(text=True) == expected


def test_columns_say_what_the_records_say(
    annotator: Annotator, sample: pd.DataFrame
) -> None:
    batch = annotator.annotate_batch(mixed(sample))
    columns = batch.columns([*COLUMNS, "mismatch", "text"])
    for place, record in enumerate(batch):
        row = {name: values[place] for name, values in columns.items()}
        ids = {"tools": "tool", "skills": "skill"}
        for name, kind in ids.items():
            named = [skill.id for skill in record.skills if skill.kind == kind]
            assert row.pop(name) == ";".join(named)
        assert row == {name: getattr(record, name) for name in row}


def test_probabilities_are_columns_too(annotator: Annotator) -> None:
    batch = annotator.annotate_batch([Posting("Data Engineer", DUTIES), Posting()])
    for role in annotator.roles:
        (column,) = batch.columns([f"p_{role}"]).values()
        assert column == [batch[0].probabilities[role], None]


def test_reasons_are_a_column_too(annotator: Annotator) -> None:
    batch = annotator.annotate_batch([Posting("Data Engineer", DUTIES), Posting()])
    (column,) = batch.columns(["reasons"]).values()
    expected = [f"{r.feature} {r.weight:+.2f}" for r in batch[0].reasons]
    assert column == ["; ".join(expected), ""]


def test_a_batch_is_a_sequence(annotator: Annotator) -> None:
    postings = [Posting("Cook", id=str(i)) for i in range(4)]
    batch = annotator.annotate_batch(postings)
    assert [row.id for row in batch] == ["0", "1", "2", "3"]
    assert batch[-1].id == "3"
    assert [row.id for row in batch[1:3]] == ["1", "2"]
    with pytest.raises(IndexError, match=r"^posting 4 of 4$"):
        batch[4]
    assert list(annotator.annotate_batch([])) == []


def test_a_problem_met_when_reading_stays(annotator: Annotator) -> None:
    postings = [Posting("Data Engineer", DUTIES)] * 2
    torn, whole = annotator.annotate_batch(postings, ["unreadable", None])
    assert (torn.problem, whole.problem) == ("unreadable", None)
    # What could not be read well says nothing; the title does.
    assert (torn.role, torn.duties_role) == ("data_engineer", None)
    assert not torn.sure


@pytest.mark.parametrize(
    ("entry", "id_"),
    [
        pytest.param({"title": "Data Engineer", "id": 7}, "7", id="number-for-id"),
        pytest.param({"title": "Data Engineer", "description": NAN}, None, id="nan"),
        pytest.param({"title": "Data Engineer", "else": "x"}, None, id="more-keys"),
        pytest.param(Posting("Data Engineer", id="a"), "a", id="posting"),
        pytest.param(Posting("Data Engineer", NAN), None, id="posting-with-nan"),
        pytest.param(
            pd.Series({"title": "Data Engineer", "description": None}).to_dict(),
            None,
            id="row-of-a-frame",
        ),
    ],
)
def test_postings_are_mappings_or_records(
    annotator: Annotator, entry: Any, id_: str | None
) -> None:
    (annotation,) = annotator.annotate_many([entry])
    assert (annotation.id, annotation.role) == (id_, "data_engineer")
    assert annotation.problem == "no_text"


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        pytest.param("Data Engineer", "str", id="string"),
        pytest.param(("Data Engineer", ""), "tuple", id="tuple"),
        pytest.param(None, "NoneType", id="none"),
    ],
)
def test_anything_else_is_refused(annotator: Annotator, entry: Any, kind: str) -> None:
    message = f"^a posting is a roleclf.Posting or a mapping, not {kind}$"
    with pytest.raises(TypeError, match=message):
        list(annotator.annotate_many([entry]))


def test_many_are_annotated_lazily_and_in_order(annotator: Annotator) -> None:
    asked: list[int] = []

    def endless() -> Iterator[dict[str, str]]:
        for number in count():
            asked.append(number)
            yield {"title": "Data Engineer", "id": str(number)}

    annotations = annotator.annotate_many(endless())
    assert asked == []
    first = list(islice(annotations, 600))
    assert [annotation.id for annotation in first] == [str(i) for i in range(600)]
    assert len(asked) < 2_000


FRAME = pd.DataFrame(
    {
        "Job Title": ["Data Engineer", None, "Sous Chef", "Data Engineer"],
        "Body": [DUTIES, NAN, "", None],
        "role": ["mine", "mine", "mine", "mine"],
    },
    index=pd.Index(["b", "a", "b", 3], name="key"),
)


def test_a_frame_is_annotated_row_by_row_under_its_index(annotator: Annotator) -> None:
    before = FRAME.copy()
    out = annotator.annotate_frame(FRAME, title="Job Title", description="Body")
    assert list(out.columns) == COLUMNS
    pd.testing.assert_index_equal(out.index, FRAME.index)
    pd.testing.assert_frame_equal(FRAME, before)
    postings = [
        {"title": title, "description": body}
        for title, body in zip(FRAME["Job Title"], FRAME["Body"], strict=True)
    ]
    records = list(annotator.annotate_many(postings))
    assert [None if pd.isna(r) else r for r in out["role"]] == [r.role for r in records]
    assert out["confidence"].tolist() == [r.confidence for r in records]
    assert out["problem"].tolist()[1:] == ["no_text"] * 3
    assert out["tools"].tolist() == [
        ";".join(s.id for s in r.skills if s.kind == "tool") for r in records
    ]


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"title": "Job Title", "description": "none"}, id="title-only"),
        pytest.param({"title": "none", "description": "Body"}, id="text-only"),
    ],
)
def test_one_column_of_a_frame_is_enough(
    annotator: Annotator, columns: dict[str, str]
) -> None:
    out = annotator.annotate_frame(FRAME, **columns)
    assert out["role"].iloc[0] == "data_engineer"
    assert len(out) == len(FRAME)


def test_the_columns_of_a_frame_can_be_chosen(annotator: Annotator) -> None:
    names = ("mismatch", "p_other", "role")
    out = annotator.annotate_frame(FRAME, "Job Title", "Body", columns=names)
    assert tuple(out.columns) == names
    record = annotator.annotate("Data Engineer", DUTIES)
    first = out.iloc[0]
    assert (first["mismatch"], first["role"]) == (record.mismatch, record.role)
    assert first["p_other"] == pytest.approx(record.probabilities["other"])
    with pytest.raises(KeyError, match=r"^'p_baker'$"):
        annotator.annotate_frame(FRAME, "Job Title", "Body", columns=["p_baker"])


@pytest.mark.parametrize(
    ("name", "options", "tools"),
    [
        pytest.param("company", {}, "", id="common-name"),
        pytest.param("who", {"employer": "who"}, "", id="asked-for"),
        pytest.param("who", {}, "snowflake", id="not-found"),
    ],
)
def test_a_frame_may_name_the_employer(
    annotator: Annotator, name: str, options: dict[str, str], tools: str
) -> None:
    frame = pd.DataFrame({"description": ["Snowflake grows."], name: ["Snowflake AG"]})
    assert annotator.annotate_frame(frame, **options)["tools"].tolist() == [tools]


def test_a_frame_without_the_column_of_the_employer_is_refused(
    annotator: Annotator,
) -> None:
    frame = pd.DataFrame({"title": ["Cook"]})
    with pytest.raises(KeyError, match=r"no column 'who' among \['title'\]"):
        annotator.annotate_frame(frame, employer="who")


def test_a_frame_without_either_column_is_refused(annotator: Annotator) -> None:
    message = "no column 'title' or 'description' among ['Job Title', 'Body', 'role']"
    with pytest.raises(KeyError, match=f'^"{re.escape(message)}"$'):
        annotator.annotate_frame(FRAME)


def test_what_is_missing_in_a_frame_is_nan_in_every_column(
    annotator: Annotator,
) -> None:
    frame = pd.DataFrame({"title": ["Data Engineer", "Zzyzx"]})
    for rows in (frame, frame.head(1), frame.tail(1), frame.head(0)):
        out = annotator.annotate_frame(rows)
        text = pd.Series(["x"]).dtype
        types = dict.fromkeys(COLUMNS, text)
        types |= {"confidence": "float64", "second_confidence": "float64"}
        assert out.dtypes.to_dict() == types | {"sure": "bool"}
        assert not any(value is None for name in out for value in out[name])
    out = annotator.annotate_frame(frame)
    assert out["second_role"].isna().all()
    assert out["role"].isna().tolist() == [False, True]
    assert out["skills"].tolist() == ["", ""]
    names = ["p_data_engineer", "mismatch", "text", "reasons"]
    out = annotator.annotate_frame(frame.tail(1), columns=names)
    assert out.dtypes.astype(str).tolist()[:2] == ["float64", "bool"]
    assert out.iloc[0, 2:].tolist() == ["", ""]


def test_a_frame_of_no_rows_gives_no_rows(annotator: Annotator) -> None:
    out = annotator.annotate_frame(FRAME.head(0), title="Job Title", description="Body")
    assert (list(out.columns), len(out)) == (COLUMNS, 0)


@pytest.mark.parametrize("dtype", ["object", "str", "string[python]"])
def test_missing_cells_of_any_dtype_are_missing(
    annotator: Annotator, dtype: str
) -> None:
    title = pd.Series(["Data Engineer", None], dtype=dtype)
    out = annotator.annotate_frame(pd.DataFrame({"title": title}))
    assert out["problem"].tolist() == ["no_text", "no_text"]
    assert out["role"].iloc[0] == "data_engineer"
    assert pd.isna(out["role"].iloc[1])


def test_a_frame_longer_than_a_batch_comes_out_whole(annotator: Annotator) -> None:
    frame = pd.DataFrame({"title": ["Data Engineer", "Zzyzx"] * 300})
    out = annotator.annotate_frame(frame)
    known = out["role"].notna().tolist()
    assert known == [True, False] * 300


def test_a_model_of_two_roles_can_annotate(
    annotator: Annotator, sample: pd.DataFrame
) -> None:
    two = sample[sample["role"].isin(["data_engineer", "other"])]
    model = RoleClassifier(n_folds=2).fit(two, two["role"]).model_
    small = Annotator(model, annotator.lexicon)
    annotation = small.annotate("Data Engineer", DUTIES)
    assert list(annotation.probabilities) == ["data_engineer", "other"]
    assert annotation.second_role is None


def test_load_names_the_folder_that_holds_no_model(tmp_path: Any) -> None:
    message = (
        f"{tmp_path}: holds no manifest.json; "
        "train it again, or give another folder with --model"
    )
    with pytest.raises(ModelError, match=f"^{message}$"):
        roleclf.load(tmp_path)


def test_load_reads_a_folder_by_name(
    fitted: RoleClassifier, sample: pd.DataFrame, tmp_path: Any
) -> None:
    fitted.model_.save(tmp_path / "mine", {})
    mine = roleclf.load(str(tmp_path / "mine"))
    out = mine.annotate_frame(sample)
    expected = fitted.predict_proba(sample).max(axis=1)
    assert out["confidence"].tolist() == pytest.approx(expected.tolist(), abs=1e-12)
    assert out["role"].tolist() == fitted.predict(sample).tolist()
