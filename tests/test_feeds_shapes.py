"""Feeds without a format of their own are read, each shown by an invented feed."""

from __future__ import annotations

from typing import Any

import pytest

from fakes import FakeAnnotator
from feeds import (
    HTML,
    PLAIN,
    dumped,
    item,
    page,
    read,
    rss,
    without_annotations,
    without_elements,
)
from roleclf.errors import FeedError
from roleclf.feeds import annotate_document
from roleclf.records import Posting

NEOGOV = ' xmlns:n="http://www.neogov.com/namespaces/JobListing"'
ATOM = ' xmlns:a10="http://www.w3.org/2005/Atom"'


@pytest.mark.parametrize(
    ("record", "posting"),
    [
        pytest.param(
            {"uid": "7", "name": "Baker", "details": [{"name": "Job", "value": HTML}]},
            Posting("Baker", f"Job\n{PLAIN}", "7"),
            id="named-details",
        ),
        pytest.param(
            {
                "Id": "7",
                "Title": "Baker",
                "ExternalDescriptionStr": "<p>Bread</p>",
                "ExternalResponsibilitiesStr": "<p>Rolls</p>",
                "ExternalQualificationsStr": "<p>Flour</p>",
            },
            Posting(
                "Baker", "Bread\nResponsibilities\nRolls\nQualifications\nFlour", "7"
            ),
            id="one-field-a-section",
        ),
        pytest.param(
            {
                "title": "Baker",
                "description": "Bread",
                "basic_qualifications": "Flour",
                "preferred_qualifications": "Yeast",
                "url": "/7",
            },
            Posting("Baker", "Bread\nQualifications\nFlour\nYeast", "/7"),
            id="two-kinds-of-qualifications",
        ),
        pytest.param(
            {
                "id": "7",
                "type": "jobs",
                "attributes": {"title": "Baker", "pitch": "Rolls!", "body": HTML},
            },
            Posting("Baker", f"Rolls!\n{PLAIN}", "7"),
            id="json-api",
        ),
        pytest.param(
            {"id": "7", "headline": "Baker", "description": {"text": "Bread"}},
            Posting("Baker", "Bread", "7"),
            id="text-in-an-object",
        ),
        pytest.param(
            {
                "referenznummer": "7",
                "stellenangebotsTitel": "Koch (m/w/d)",
                "stellenangebotsBeschreibung": "Suppe",
            },
            Posting("Koch (m/w/d)", "Suppe", "7"),
            id="german",
        ),
        pytest.param(
            {
                "id": "7",
                "intitule": "Boulanger - Quai",
                "description": "Pain",
                "entreprise": {"nom": "Quai"},
            },
            Posting("Boulanger", "Pain", "7", "Quai"),
            id="french",
        ),
        pytest.param(
            {"title": "Baker", "externalPath": "/job/7", "bulletFields": ["R-7"]},
            Posting("Baker", None, "/job/7"),
            id="id-is-a-path",
        ),
    ],
)
def test_common_names_are_read_in_json(
    record: dict[str, Any], posting: Posting
) -> None:
    assert read(dumped({"results": [record]})) == ("json", [posting])


@pytest.mark.parametrize(
    ("document", "format_", "posting"),
    [
        pytest.param(
            "<JobPositionPostings><JobPositionPosting><JobPositionPostingId>7"
            "</JobPositionPostingId><JobPositionInformation><JobPositionTitle>Baker"
            "</JobPositionTitle><JobPositionDescription><JobPositionPurpose>Bread"
            "</JobPositionPurpose></JobPositionDescription><JobPositionRequirements>"
            "<P>Flour</P></JobPositionRequirements></JobPositionInformation>"
            "</JobPositionPosting></JobPositionPostings>",
            "xml",
            Posting("Baker", "Bread\nRequirements\nFlour", "7"),
            id="hr-xml",
        ),
        pytest.param(
            "<Export><Data><JobPositionPosting><JobPositionPostingId>7"
            "</JobPositionPostingId><JobPositionInformation><JobPositionTitle><TitleCode>"
            "12</TitleCode></JobPositionTitle><JobPositionTitleDescription>Koch"
            "</JobPositionTitleDescription><Objective>Suppe</Objective>"
            "</JobPositionInformation></JobPositionPosting></Data></Export>",
            "xml",
            Posting("Koch", "Suppe", "7"),
            id="hr-xml-with-codes",
        ),
        pytest.param(
            "<Jobs><Job><AdvertiserName>Quay</AdvertiserName><SenderReference>7"
            "</SenderReference><Position>Baker</Position><Description>Bread"
            "</Description></Job></Jobs>",
            "xml",
            Posting("Baker", "Bread", "7", "Quay"),
            id="advertisers",
        ),
        pytest.param(
            "<source><jobs><job><job_reference>7</job_reference><url>/7</url>"
            "<title>Baker</title><description>Bread</description>"
            "<requirements>Flour</requirements></job></jobs></source>",
            "indeed",
            Posting("Baker", "Bread\nRequirements\nFlour", "7"),
            id="more-than-indeed-has",
        ),
        pytest.param(
            '<jobs><job id="7" title="Baker" description="Bread"/></jobs>',
            "xml",
            Posting("Baker", "Bread", "7"),
            id="attributes",
        ),
        pytest.param(
            "<source><listing><entry><id>7</id><title>Baker</title><description>Bread"
            "</description></entry></listing></source>",
            "indeed",
            Posting("Baker", "Bread", "7"),
            id="source-of-entries",
        ),
        pytest.param(
            "<rss><jobs><job><title>Baker</title><id>7</id><description>Bread"
            "</description></job></jobs></rss>",
            "rss",
            Posting("Baker", "Bread", "7"),
            id="rss-of-jobs",
        ),
        pytest.param(
            rss(
                item(
                    "<title>Baker</title><guid>7</guid><description>Bread</description>"
                    "<n:examplesofduties>Rolls</n:examplesofduties>"
                    "<n:qualifications>Flour</n:qualifications>"
                    "<n:supplementalinformation>By post.</n:supplementalinformation>"
                ),
                spaces=NEOGOV,
            ),
            "rss",
            Posting(
                "Baker",
                "Bread\nResponsibilities\nRolls\nQualifications\nFlour\nBy post.",
                "7",
            ),
            id="rss-of-public-offices",
        ),
        pytest.param(
            rss(
                item(
                    "<title>Baker at Quay (Oslo)</title><guid>7</guid>"
                    "<a10:author><a10:name>Quay</a10:name></a10:author>"
                ),
                item("<title>Cook</title>"),
                spaces=ATOM,
            ),
            "rss",
            Posting("Baker", None, "7", "Quay"),
            id="rss-with-an-author-of-atom",
        ),
    ],
)
def test_common_names_are_read_in_xml(
    document: str, format_: str, posting: Posting
) -> None:
    name, postings = read(document)
    assert (name, postings[0]) == (format_, posting)


def test_a_json_feed_may_have_its_texts_in_an_extension() -> None:
    job = {"@type": "JobPosting", "title": "Baker", "description": "Bread"}
    items = [{"id": "7", "title": "Baker", "_jobposting": job}]
    document = dumped({"version": "https://jsonfeed.org/version/1.1", "items": items})
    assert read(document) == ("jsonfeed", [Posting("Baker", "Bread", "7")])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(
            "<p>Bread</p><p><strong>Categories:</strong> ML, AI</p><p>Apply</p>",
            "<p>Bread</p><p><strong></p><p>Apply</p>",
            id="paragraph",
        ),
        pytest.param("Bread<br>Tags: ML, AI", "Bread<br>", id="after-a-break"),
        pytest.param(
            "<p>Bread</p><p>Tags: <a href='/ml'>ML</a>, <a href='/ai'>AI</a></p>",
            "<p>Bread</p><p></p>",
            id="links",
        ),
        pytest.param("Bread\nKeywords: ML\nApply", "Bread\n\nApply", id="plain-text"),
        pytest.param(
            "<p>Our tags: small.</p>We set price tags: ML",
            "<p>Our tags: small.</p>We set price tags: ML",
            id="a-sentence-stays",
        ),
    ],
)
@pytest.mark.parametrize("format_", ["json", "rss", "jsonfeed"])
def test_a_line_of_tags_is_not_read(format_: str, text: str, left: str) -> None:
    job = {"id": "7", "title": "Baker", "description": text, "content_html": text}
    documents = {
        "json": dumped([{**job, "content_html": ""}]),
        "rss": rss(
            item(f"<title>Baker</title><description><![CDATA[{text}]]></description>")
        ),
        "jsonfeed": dumped(
            {"version": "https://jsonfeed.org/version/1", "items": [job]}
        ),
    }
    name, (posting,) = read(documents[format_])
    assert (name, posting.description) == (format_, left)


def test_postings_of_lever_may_be_grouped() -> None:
    groups = [
        {"title": team, "postings": [{"id": id_, "text": title, "hostedUrl": "/"}]}
        for team, id_, title in (("Ovens", "1", "Baker"), ("Stoves", "2", "Cook"))
    ]
    postings = [Posting("Baker", None, "1"), Posting("Cook", None, "2")]
    assert read(dumped(groups)) == ("lever", postings)


@pytest.mark.parametrize(
    "job",
    [
        pytest.param(
            {"title": {"@value": "Baker"}, "description": {"@value": "Bread"}},
            id="values-in-objects",
        ),
        pytest.param(
            {"schema:title": "Baker", "schema:description": "Bread"}, id="prefixed"
        ),
        pytest.param(
            {
                "http://schema.org/title": [{"@value": "Baker"}],
                "https://schema.org/description": [{"@value": "Bread"}],
            },
            id="expanded",
        ),
    ],
)
def test_json_ld_may_be_written_in_full(job: dict[str, Any]) -> None:
    document = dumped({"@type": "schema:JobPosting", **job})
    assert read(document) == ("jsonld", [Posting("Baker", "Bread")])


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("{};", id="semicolon"),
        pytest.param("<!--\n{}\n-->", id="comment-of-html"),
        pytest.param("<!--\n{};\n//-->", id="comment-of-both"),
        pytest.param("//<![CDATA[\n{};\n//]]>", id="cdata"),
    ],
)
def test_text_around_json_ld_in_a_script_stays(script: str) -> None:
    job = {"@type": "JobPosting", "title": "Baker", "description": "Bread"}
    document = page(script.replace("{}", dumped(job)))
    assert read(document) == ("jsonld", [Posting("Baker", "Bread")])
    once = str(annotate_document(FakeAnnotator(), document).document)
    assert without_annotations(once) == document
    assert annotate_document(FakeAnnotator(), once).document == once


@pytest.mark.parametrize("blanks", ["\n", " \r\n\t"])
def test_blanks_before_the_declaration_of_xml_stay(blanks: str) -> None:
    document = blanks + rss(item("<title>Bäcker</title><guid>7</guid>"))
    document = document.replace("UTF-8", "ISO-8859-1")
    for written in (document, document.encode("iso-8859-1")):
        assert read(written) == ("rss", [Posting("Bäcker", None, "7")])
    once = str(annotate_document(FakeAnnotator(), document).document)
    assert without_elements(once) == document
    assert annotate_document(FakeAnnotator(), once).document == once


def test_blanks_and_a_mark_before_the_declaration_of_xml_stay() -> None:
    head = "\ufeff\n".encode()
    document = head + rss(item("<title>Bäcker</title>", "<guid>7</guid>")).encode()
    assert read(document) == ("rss", [Posting("Bäcker", None, "7")])
    once = annotate_document(FakeAnnotator(), document).document
    assert without_elements(bytes(once).decode()) == document.decode()


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        pytest.param("utf-16", "utf-8", id="as-dotnet-writes-strings"),
        pytest.param("utf-16", "utf-8-sig", id="as-dotnet-writes-strings-with-a-mark"),
        pytest.param("utf-8", "utf-16", id="wide-with-a-mark"),
        pytest.param("utf-8", "utf-16-be", id="wide-without-a-mark"),
    ],
)
@pytest.mark.parametrize("title", ["Bäcker", "Bäcker & Koch"])
def test_xml_is_read_in_the_encoding_that_it_has(
    declared: str, encoding: str, title: str
) -> None:
    is_wide = encoding.startswith("utf-16")
    title = title.replace("&", "&amp;") if is_wide else title
    document = rss(item(f"<title>{title}</title><guid>7</guid>"))
    data = document.replace("UTF-8", declared).encode(encoding)
    assert read(data) == ("rss", [Posting(title.replace("&amp;", "&"), None, "7")])
    once = annotate_document(FakeAnnotator(), data).document
    assert without_elements(bytes(once).decode(encoding)) == data.decode(encoding)
    assert annotate_document(FakeAnnotator(), once).document == once


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_bare_ampersand_in_utf_16_is_refused(encoding: str) -> None:
    # Half of Ħ and of Ц has the byte of an ampersand.
    document = rss(item("<title>Ħ R&D</title>", "<guid>Ц</guid>"))
    with pytest.raises(
        FeedError, match=r"^feed, line 3, column 17: is not well-formed"
    ):
        read(document.replace("UTF-8", "utf-16").encode(encoding))


def test_letters_of_another_encoding_are_refused() -> None:
    document = rss(item("<title>Bäcker</title>")).encode("latin-1")
    with pytest.raises(FeedError, match=r"and in the encoding that it declares$"):
        read(document)


def test_a_page_whose_json_ld_has_no_posting_is_refused() -> None:
    document = page(dumped({"@type": "ItemList", "itemListElement": []}))
    with pytest.raises(FeedError) as caught:
        read(document)
    assert str(caught.value) == (
        "feed, script at line 4: has no postings where jsonld has them (its objects "
        "have @type, itemListElement); give a feed, or a page with a JobPosting"
    )
