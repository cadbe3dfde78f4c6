"""Surprising properties of real feeds, each with an invented feed."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import roleclf
from fakes import FakeAnnotator
from feeds import HTML, JOB, TAGS, annotations, dumped, item, page, read, rss
from roleclf.feeds import annotate_document
from roleclf.feeds.titles import (
    common_title_shape,
    role_in_title,
    without_company,
)
from roleclf.records import Posting
from roleclf.text.cleaning import clean

DUTIES = (
    "<p>You design the tables of our ferry bookings and write the SQL and Airflow "
    "pipelines that load the warehouse every night.</p><ul><li>Kafka</li></ul>"
)


def postings(document: Any) -> list[Posting]:
    return read(document)[1]


def encoded(html: str) -> str:
    return html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    ("key", "at", "html"),
    [
        pytest.param("content", "greenhouse", encoded(DUTIES), id="greenhouse-escaped"),
        pytest.param(
            "description",
            "arbeitnow",
            encoded(DUTIES) + '<p>Find <a href="#">jobs</a></p>',
            id="arbeitnow-escaped-beside-live-markup",
        ),
    ],
)
def test_escaped_markup_is_undone_once_more(
    annotator: roleclf.Annotator, key: str, at: str, html: str
) -> None:
    marks = {
        "greenhouse": {"absolute_url": "#", "requisition_id": "1"},
        "arbeitnow": {"slug": "1", "job_types": []},
    }
    where = {"greenhouse": "jobs", "arbeitnow": "data"}
    document = dumped({where[at]: [{"title": "Engineer", key: html, **marks[at]}]})
    name, (posting,) = read(document)
    assert name == at
    assert clean(posting.description).startswith("You design the tables")
    (note,) = annotations(str(annotate_document(annotator, document).document))
    named = {skill["id"] for skill in note["skills"]}
    assert {"apache_airflow", "apache_kafka", "sql"} <= named


def test_live_markup_that_speaks_of_tags_is_not_undone() -> None:
    html = "<p>You know the difference of &lt;b&gt; and <b>bold</b></p>"
    document = dumped({"data": [{**JOB, "slug": "1", "description": html}]})
    assert clean(postings(document)[0].description) == (
        "You know the difference of <b> and bold"
    )


def test_a_list_without_descriptions_says_so(annotator: roleclf.Annotator) -> None:
    jobs = [{"shortcode": "A", "title": title} for title in ("Data Engineer", "Zzyzx")]
    found = annotate_document(annotator, dumped({"results": jobs}))
    first, second = annotations(str(found.document))
    assert (first["role"], first["problem"]) == ("data_engineer", "no_text")
    assert (second["role"], second["problem"]) == (None, "no_text")
    assert (found.postings, found.unclassified) == (2, 1)
    assert found.postings_by_problem == {"no_text": 2}


def test_skills_under_a_heading_of_the_table_are_required(
    annotator: roleclf.Annotator,
) -> None:
    job = {
        "shortcode": "A",
        "title": "Data Engineer",
        "description": "<p>We run the ferries of the fjords, and count who takes them "
        "in Kafka, which you will see often in the office and at sea.</p>",
        "requirements": "<ul><li>Airflow</li></ul>",
        "benefits": "<ul><li>Lessons in Snowflake, and in rowing</li></ul>",
    }
    (note,) = annotations(str(annotate_document(annotator, dumped(job)).document))
    need_by_id = {skill["id"]: skill["need"] for skill in note["skills"]}
    assert need_by_id["apache_airflow"] == "required"
    assert need_by_id["snowflake"] == "mentioned"


def test_tags_and_categories_are_no_evidence() -> None:
    tags = {"tags": TAGS, "category": "Data Science", "skills": "Python"}
    telling = {**JOB, "id": 1, "candidate_required_location": "EU", **tags}
    silent = {**telling, "tags": [], "category": "", "skills": ""}
    assert postings(dumped({"jobs": [telling]})) == postings(dumped({"jobs": [silent]}))
    category = "<category>Data Science</category>"
    title = "<title>Baker</title>"
    assert postings(rss(item(title, category))) == postings(rss(item(title)))


def test_an_unlisted_posting_is_annotated_like_any() -> None:
    job = {"title": "Engineer", "jobUrl": "#", "descriptionHtml": HTML}
    document = dumped({"jobs": [{**job, "isListed": True}, {**job, "isListed": False}]})
    found = str(annotate_document(FakeAnnotator(), document).document)
    assert [note["role"] for note in annotations(found)] == ["data_engineer"] * 2


def test_the_notice_of_remoteok_gets_no_annotation() -> None:
    document = dumped(
        [
            {"legal": "Please link back to the pipeline of jobs."},
            {"position": "Baker", "slug": "b", "description": "Bread."},
        ]
    )
    found = str(annotate_document(FakeAnnotator(), document).document)
    assert [note["role"] for note in annotations(found)] == ["other"]
    assert found.index("_roleclf") > found.index("Bread.")


@pytest.mark.parametrize(
    "sentence",
    [
        "<br/><br/>Please mention the word **PIPELINE** and tag RMTI= when applying to "
        "show you read the job post completely (#RMTI=). This is a beta feature to "
        "avoid spam applicants. So we see that they're human.",
        "\nPlease mention the word PIPELINE when applying to show you read the job "
        "post completely (#RMTI=). This is a feature to avoid spam applicants. "
        "So we see that they're human.",
    ],
)
def test_the_sentence_against_spam_is_not_read(sentence: str) -> None:
    job = {"position": "Baker", "slug": "b", "description": "<p>Bread.</p>" + sentence}
    assert postings(dumped([job]))[0].description == "<p>Bread.</p>"


@pytest.mark.parametrize(
    ("titles", "companies", "shapes", "roles"),
    [
        pytest.param(
            ["Ferro: Engineer", "Ferro: Data: Lead"],
            [None, None],
            ["company_first"],
            ["Engineer", "Data: Lead"],
            id="company-first",
        ),
        pytest.param(
            ["ML Engineer at Ferro (Oslo)", "Cook at Große Fähre"],
            [None, None],
            ["dashed", "at"],
            ["ML Engineer", "Cook"],
            id="role-at-company",
        ),
        pytest.param(
            ["Lead - Data — Ferro", "Cook  — Fähre & Co"],
            [None, None],
            ["dashed", "at"],
            ["Lead - Data", "Cook"],
            id="role-dash-company",
        ),
        pytest.param(
            ["Engineer — Machine Learning", "Cook", None],
            [None] * 3,
            ["dashed", "at"],
            ["Engineer — Machine Learning", "Cook", None],
            id="not-all-titles-have-the-shape",
        ),
        pytest.param(
            ["Engineer at Scale", "Engineer at Ferro", "Cook | Ferro"],
            ["Ferro"] * 3,
            [],
            ["Engineer at Scale", "Engineer", "Cook"],
            id="known-company",
        ),
        pytest.param(
            ["Analyst at large"], [None], ["at"], ["Analyst at large"], id="at"
        ),
        pytest.param([], [], ["at"], [], id="no-titles"),
    ],
)
def test_roles_of_titles(
    titles: list[str | None],
    companies: list[str | None],
    shapes: list[str],
    roles: list[str | None],
) -> None:
    known = list(map(without_company, titles, companies))
    shape = common_title_shape(known, shapes)
    assert [role_in_title(title, shape) for title in known] == roles


def test_mojibake_is_repaired_for_reading_and_stays_in_the_feed() -> None:
    text = "You donâ\x80\x99t bake. CafÃ© â€œpipelineâ€\x9d, voilà » 5\xa0kg"
    document = dumped([{"title": "Baker", "description": text}])
    (posting,) = postings(document)
    assert posting.description == "You don’t bake. Café “pipeline”, voilà » 5\xa0kg"
    assert text in str(annotate_document(FakeAnnotator(), document).document)


def test_bare_entities_and_ampersands_of_html_stay(
    caplog: pytest.LogCaptureFixture,
) -> None:
    document = rss(
        item("<title>R&D&nbsp;Engineer</title>"),
        item("<title><![CDATA[Cook & Co]]></title><link>?a=1&b=2</link>"),
    )
    assert [p.title for p in postings(document)] == ["R&D\xa0Engineer", "Cook & Co"]
    found = str(annotate_document(FakeAnnotator(), document).document)
    assert "<title>R&D&nbsp;Engineer</title>" in found
    assert "?a=1&b=2" in found
    assert "feed, line 3: a bare & is read as one" in caplog.messages
    assert "feed, line 3: &nbsp; is none of XML, read as HTML's" in caplog.messages


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        '{"jobs": [], "meta": {"total": 0}}',
        '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        rss(),
        "<source><publisher>Ferro</publisher></source>",
    ],
)
def test_a_feed_without_postings_is_a_warning(
    document: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        found = annotate_document(FakeAnnotator(), document, "jobs")
    assert caplog.messages == ["jobs: no postings"]
    assert (found.document, found.postings) == (document, 0)


def test_a_description_cut_in_an_entity_is_read_to_its_end() -> None:
    job = {"absolute_url": "#", "title": "Baker", "content": "&lt;p&gt;Bread &am"}
    document = dumped({"jobs": [job]})
    assert postings(document)[0].description == "&lt;p&gt;Bread &am"


def test_a_broken_line_among_json_lines_stays_and_is_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    document = '{"title": "Baker"}\n{"title": \n{"title": "Cook"}\n'
    found = annotate_document(FakeAnnotator(), document, "jobs")
    assert str(found.document).split("\n")[1] == '{"title": '
    assert found.postings_by_problem == {"unreadable": 1}
    assert (found.postings, found.unclassified) == (3, 1)
    assert caplog.messages == ["jobs, line 2: is no JSON object, and stays so"]


def test_of_many_broken_lines_the_first_are_reported_and_the_others_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    document = '{"title": "Baker"}\n' + '{"title": \n' * 20_000
    found = annotate_document(FakeAnnotator(), document, "jobs")
    assert found.postings_by_problem == {"unreadable": 20_000}
    assert caplog.messages == [
        *(f"jobs, line {n}: is no JSON object, and stays so" for n in range(2, 7)),
        "jobs: 19995 more lines are no JSON objects, and stay so",
    ]


@pytest.mark.parametrize(
    "first", ["<meta charset=utf-8>", "<title>a</title>", "<link>"]
)
def test_a_page_may_begin_with_what_stands_in_its_head(first: str) -> None:
    document = first + page(dumped({"@type": "JobPosting", **JOB}))
    assert read(document)[0] == "jsonld"


def test_an_element_may_begin_with_the_name_of_one_of_html() -> None:
    document = f"<title-list>{item('<title>Baker</title>')}</title-list>"
    assert postings(document) == [Posting("Baker")]


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_bytes_like_objects_are_read_as_bytes(kind: Any) -> None:
    document = dumped([JOB]).encode()
    expected = annotate_document(FakeAnnotator(), document).document
    assert annotate_document(FakeAnnotator(), kind(document)).document == expected


def test_a_document_of_another_type_is_a_type_error() -> None:
    no_document: Any = 3
    with pytest.raises(TypeError, match="bytes-like"):
        annotate_document(FakeAnnotator(), no_document)
