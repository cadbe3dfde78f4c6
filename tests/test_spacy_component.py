"""The spaCy component marks what roleclf finds, and travels with its pipeline."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens.underscore import Underscore

from roleclf.annotation.annotate import Annotator
from roleclf.errors import TaxonomyError
from roleclf.taxonomy import SHIPPED_TAXONOMY

TEXT = "We use AWS+Terraform and ETL.\nNice to have\nGo, k8s or Amazon Web Services"
# What must work where spaCy is not installed.
WITHOUT_SPACY = """
import sys
sys.modules["spacy"] = None
import roleclf
from roleclf.cli import main
annotation = roleclf.load().annotate(description="We use k8s.")
print(annotation.skills[0].id)
main(["skills", "--help"], standalone_mode=False)
try:
    import roleclf.skills.spacy_component
except ModuleNotFoundError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def nlp() -> Language:
    """A pipeline of nothing but the component, with the shipped lexicon."""
    return pipeline()


@pytest.fixture
def own_lexicon(tmp_path: Path) -> Path:
    """A lexicon of two rows of the shipped one."""
    path = tmp_path / "own.csv"
    with (SHIPPED_TAXONOMY / "skills.csv").open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    with path.open("w", encoding="utf-8", newline="") as lines:
        chosen = [row for row in rows if row[0] in {"kubernetes", "terraform"}]
        csv.writer(lines).writerows([header, *chosen])
    return path


def pipeline(lexicon: Path | None = None) -> Language:
    made = spacy.blank("en")
    made.add_pipe("roleclf_skills", config={"lexicon": lexicon and str(lexicon)})
    return made


def marks(doc: Doc) -> list[tuple[str, int, int, str | None, str]]:
    """Return id, start, end, section and need of each mention."""
    group = doc.spans["skills"]
    return [
        (span.kb_id_, *mention.values())
        for span, mention in zip(group, group.attrs["mentions"], strict=True)
    ]


def test_spans_cover_the_mentions(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert [
        (span.text, span.label_, span.kb_id_, span.id_) for span in doc.spans["skills"]
    ] == [
        ("AWS+Terraform", "TOOL", "amazon_web_services", "amazon_web_services"),
        ("AWS+Terraform", "TOOL", "terraform", "terraform"),
        ("ETL", "SKILL", "etl", "etl"),
        ("Go", "TOOL", "go", "go"),
        ("k8s", "TOOL", "kubernetes", "kubernetes"),
        ("Amazon Web Services", "TOOL", "amazon_web_services", "amazon_web_services"),
    ]
    assert marks(doc) == [
        ("amazon_web_services", 7, 10, None, "preferred"),
        ("terraform", 11, 20, None, "mentioned"),
        ("etl", 25, 28, None, "mentioned"),
        ("go", 43, 45, "preferred", "preferred"),
        ("kubernetes", 47, 50, "preferred", "preferred"),
        ("amazon_web_services", 54, 73, "preferred", "preferred"),
    ]


def test_the_mentions_are_those_of_the_annotator(
    annotator: Annotator, nlp: Language, sample: pd.DataFrame
) -> None:
    postings = sample[["description"]].to_dict("records")
    annotations = list(annotator.annotate_many(postings))
    docs = list(nlp.pipe(annotation.text for annotation in annotations))
    for annotation, doc in zip(annotations, docs, strict=True):
        expected = [
            (skill.id, m.start, m.end, m.section, skill.need)
            for skill in annotation.skills
            for m in skill.mentions
        ]
        assert marks(doc) == sorted(expected, key=lambda mark: mark[1])
        for span, (_, start, end, *_) in zip(
            doc.spans["skills"], marks(doc), strict=True
        ):
            assert span.start_char <= start < end <= span.end_char


@pytest.mark.parametrize("batch_size", [1, 2, 9])
def test_a_stream_is_marked_as_its_documents_are(
    nlp: Language, batch_size: int
) -> None:
    texts = [TEXT, "", "We bake bread.", "Kafka"]
    alone = [marks(nlp(text)) for text in texts]
    docs = nlp.pipe(iter(texts), batch_size=batch_size)
    assert [marks(doc) for doc in docs] == alone


def test_a_pipeline_comes_back_from_disk(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    assert marks(spacy.load(tmp_path)(TEXT)) == marks(nlp(TEXT))


def test_a_pipeline_comes_back_from_bytes(nlp: Language) -> None:
    assert marks(pipeline().from_bytes(nlp.to_bytes())(TEXT)) == marks(nlp(TEXT))


def test_a_saved_pipeline_takes_its_own_lexicon_along(
    own_lexicon: Path, tmp_path: Path
) -> None:
    own = pipeline(own_lexicon)
    found = marks(own(TEXT))
    assert [id_ for id_, *_ in found] == ["terraform", "kubernetes"]
    own.to_disk(tmp_path / "saved")
    own_lexicon.unlink()
    assert marks(spacy.load(tmp_path / "saved")(TEXT)) == found
    assert marks(pipeline(own_lexicon).from_bytes(own.to_bytes())(TEXT)) == found


def test_bytes_replace_a_lexicon_that_is_compiled(own_lexicon: Path) -> None:
    used = pipeline()
    used(TEXT)
    used.get_pipe("roleclf_skills").from_bytes(
        pipeline(own_lexicon).get_pipe("roleclf_skills").to_bytes()
    )
    assert [id_ for id_, *_ in marks(used(TEXT))] == ["terraform", "kubernetes"]


def test_a_document_keeps_its_mentions_in_bytes(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert marks(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == marks(doc)


def test_a_missing_lexicon_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"no\.csv: "):
        pipeline(tmp_path / "no.csv")(TEXT)


def test_it_declares_what_it_writes_and_adds_no_extension(nlp: Language) -> None:
    nlp(TEXT)
    meta = nlp.get_pipe_meta("roleclf_skills")
    assert (meta.assigns, meta.requires, meta.retokenizes) == (["doc.spans"], [], False)
    assert Underscore.doc_extensions == Underscore.span_extensions == {}


def test_nothing_is_read_before_the_first_document() -> None:
    assert vars(pipeline().get_pipe("roleclf_skills")) == {"lexicon": None}


def test_the_rest_works_without_spacy() -> None:
    command = [sys.executable, "-W", "error", "-c", WITHOUT_SPACY]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, check=True, encoding="utf-8"
    )
    first, *_, last = done.stdout.splitlines()
    assert (first, done.stderr) == ("kubernetes", "")
    assert last.startswith("No module named 'spacy")
