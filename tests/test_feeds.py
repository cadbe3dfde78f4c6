"""Every format is read by its row of the table, and written back with additions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

import roleclf
from fakes import FakeAnnotations, FakeAnnotator, annotated
from feeds import (
    DATA_ENGINEER,
    HTML,
    JOB,
    SAMPLES,
    Sample,
    annotations,
    dumped,
    ids,
    item,
    page,
    read,
    rss,
    without_annotations,
    without_elements,
)
from roleclf import Annotator
from roleclf.feeds import annotate_document, annotate_feed
from roleclf.feeds.formats import format_names
from roleclf.records import Posting

URN = "urn:roleclf:annotation:1"
NOTE = f"{{{URN}}}annotation"
EVERY_SAMPLE = pytest.mark.parametrize("sample", SAMPLES, ids=ids(SAMPLES))
JSON = [sample for sample in SAMPLES if sample.document[0] in "[{"]
XML = [sample for sample in SAMPLES if sample.document[0] == "<"]


class OtherAnnotator(FakeAnnotator):
    """A later model, which calls everything `other` and finds no skill."""

    def annotate_batch(self, postings: Any, problems: Any = None) -> FakeAnnotations:
        rows = [replace(annotated(p), role="other", skills=()) for p in postings]
        return FakeAnnotations(rows)


def noted(document: Any, annotator: Any = None, **options: Any) -> Any:
    """Return the document with annotations of the fake model."""
    annotator = annotator or FakeAnnotator()
    return annotate_document(annotator, document, **options).document


@EVERY_SAMPLE
def test_format_and_postings_are_detected_by_the_shape(sample: Sample) -> None:
    assert read(sample.document) == (sample.format, sample.postings)


def test_every_format_has_a_sample() -> None:
    assert {sample.format for sample in SAMPLES} == set(format_names())


@EVERY_SAMPLE
def test_a_format_can_be_named(sample: Sample) -> None:
    assert read(sample.document, sample.format) == (sample.format, sample.postings)


@EVERY_SAMPLE
def test_bytes_are_read_as_text_is(sample: Sample) -> None:
    assert noted(sample.document.encode()) == noted(sample.document).encode()


@EVERY_SAMPLE
def test_annotating_twice_is_annotating_once(sample: Sample) -> None:
    once = noted(sample.document)
    assert noted(once) == once
    assert once != sample.document


@EVERY_SAMPLE
def test_another_models_annotation_is_replaced(sample: Sample) -> None:
    first = noted(sample.document, OtherAnnotator())
    assert noted(first) == noted(sample.document)
    assert noted(noted(sample.document), OtherAnnotator()) == first


@pytest.mark.parametrize("sample", JSON, ids=ids(JSON))
def test_json_without_the_additions_is_what_came(sample: Sample) -> None:
    found = noted(sample.document)
    assert without_annotations(found) == sample.document
    assert [note["id"] for note in annotations(found)] == [
        posting.id for posting in sample.postings
    ]


@pytest.mark.parametrize("sample", XML, ids=ids(XML))
def test_xml_without_the_additions_is_what_came(sample: Sample) -> None:
    found = noted(sample.document.encode())
    parser = etree.XMLParser(strip_cdata=False)
    root = etree.fromstring(found, parser)
    notes = root.findall(f".//{NOTE}")
    assert len(notes) == len(sample.postings)
    for element in [*notes, *root.iterfind(".//category[@domain='urn:roleclf:role']")]:
        element.getparent().remove(element)
    for element in root.iterfind(".//{*}category[@scheme='urn:roleclf:role']"):
        element.getparent().remove(element)
    original = etree.fromstring(sample.document.encode(), parser)
    assert etree.tostring(root, method="c14n") == etree.tostring(
        original, method="c14n"
    )


@pytest.mark.parametrize("sample", XML, ids=ids(XML))
def test_every_other_byte_of_xml_stays(sample: Sample) -> None:
    found = without_elements(noted(sample.document))
    # An empty element has to be opened for what is put into it.
    assert found.replace("<job></job>", "<job/>") == sample.document


def test_schema_org_has_places_for_role_and_skills() -> None:
    document = dumped({"@type": "JobPosting", **JOB})
    posting = json.loads(noted(document))
    assert posting["occupationalCategory"] == [
        {
            "@type": "CategoryCode",
            "inCodeSet": "urn:roleclf:role",
            "codeValue": "data_engineer",
            "name": "Data engineer",
        },
        {
            "@type": "CategoryCode",
            "@id": "urn:roleclf:role:data_engineer:15-1243.01",
            "inCodeSet": "https://www.onetcenter.org/taxonomy.html",
            "codeValue": "15-1243.01",
            "name": "Data Warehousing Specialists",
        },
    ]
    assert posting["skills"] == [
        {
            "@type": "DefinedTerm",
            "inDefinedTermSet": "urn:roleclf:skill",
            "termCode": "sql",
            "name": "SQL",
        }
    ]
    assert posting["_roleclf"] == annotated(DATA_ENGINEER).to_dict() | {"id": None}


@pytest.mark.parametrize(
    ("own", "kept"),
    [
        pytest.param("SQL, SAP", "SQL, SAP", id="text-stays"),
        pytest.param({"@type": "DefinedTerm"}, {"@type": "DefinedTerm"}, id="object"),
        pytest.param([], [], id="empty-list"),
        pytest.param(None, None, id="null"),
    ],
)
def test_a_value_in_a_native_field_stays_if_it_is_no_list(own: Any, kept: Any) -> None:
    document = dumped({"@type": "JobPosting", **JOB, "skills": own})
    assert json.loads(noted(document))["skills"] == kept


def test_a_list_in_a_native_field_is_extended() -> None:
    document = dumped({"@type": "JobPosting", **JOB, "skills": ["SAP"]})
    skills = json.loads(noted(document))["skills"]
    assert (skills[0], skills[1]["termCode"]) == ("SAP", "sql")


@pytest.mark.parametrize(
    ("own", "tags", "told"),
    [
        pytest.param({}, ["data_engineer"], ["data_engineer"], id="none"),
        pytest.param(
            {"tags": ["x"]}, ["x", "data_engineer"], ["data_engineer"], id="some"
        ),
        pytest.param({"tags": []}, [], [], id="empty"),
        pytest.param({"tags": ["data_engineer"]}, ["data_engineer"], [], id="the-same"),
    ],
)
def test_json_feed_gets_a_tag(own: Any, tags: list[str], told: list[str]) -> None:
    entry = {"id": "1", "content_html": HTML, **own}
    version = "https://jsonfeed.org/version/1.1"
    document = dumped({"version": version, "title": "Jobs", "items": [entry]})
    found = noted(noted(document))
    assert json.loads(found)["items"][0]["tags"] == tags
    assert json.loads(found)["items"][0]["_roleclf"]["tags"] == told
    without = json.loads(noted(found, OtherAnnotator()))["items"][0]["tags"]
    assert "data_engineer" in own.get("tags", []) or "data_engineer" not in without


def test_rss_gets_a_category_and_the_annotation() -> None:
    document = rss(
        item("<title>Engineer</title>", f"<description>{HTML}</description>")
    )
    (found,) = etree.fromstring(noted(document.encode())).iter("item")
    (category,) = found.findall("category")
    assert (category.get("domain"), category.text) == (
        "urn:roleclf:role",
        "data_engineer",
    )
    (note,) = found.findall(NOTE)
    values = {child.tag.partition("}")[2]: child.text for child in note}
    assert values["role"] == "data_engineer"
    assert values["confidence"] == "0.9"
    assert values["sure"] == "true"
    skill = note.find("{*}skill")
    assert skill is not None
    assert dict(skill.attrib) == {
        "id": "sql",
        "name": "SQL",
        "kind": "tool",
        "need": "required",
    }
    mention = skill.find("{*}mention")
    assert mention is not None
    assert mention.get("text") == "SQL"


def test_a_skill_of_xml_has_group_and_years_as_attributes(annotator: Annotator) -> None:
    text = "5+ years of Python or Scala are required, and you know Docker."
    document = rss(
        item("<title>Engineer</title>", f"<description>{text}</description>")
    )
    annotated = annotate_document(annotator, document.encode()).document
    skills = etree.fromstring(annotated).iter("{*}skill")
    assert [(s.get("id"), s.get("group"), s.get("years")) for s in skills] == [
        ("python", "1", "5"),
        ("scala", "1", "5"),
        ("docker", None, None),
    ]


def test_atom_gets_a_category_in_the_prefix_of_its_entry() -> None:
    (sample,) = (s for s in XML if "<a:entry>" in s.document)
    root = etree.fromstring(noted(sample.document))
    category = root.find("{*}entry/{http://www.w3.org/2005/Atom}category")
    assert category is not None
    assert dict(category.attrib) == {"scheme": "urn:roleclf:role", "term": "other"}


def test_every_script_of_a_page_is_annotated() -> None:
    one = dumped({"@type": "JobPosting", **JOB})
    two = dumped({"@graph": [{"@type": "JobPosting", "title": "Baker </b>"}]})
    other = '{"@type": "Organization"}'
    document = page(one, other, "{broken", two)
    found = noted(document)
    assert found.count('"_roleclf"') == 2
    assert without_annotations(found) == document
    assert noted(found) == found
    assert noted(document.encode("utf-8")) == found.encode("utf-8")


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        pytest.param("\n//<![CDATA[\n", "\n//]]>\n", id="line-comments"),
        pytest.param("/* <![CDATA[ */", "/* ]]> */", id="comments"),
        pytest.param("<![CDATA[", "]]>", id="bare"),
        pytest.param("\n", "\n", id="none"),
    ],
)
def test_a_script_may_be_hidden_from_readers_of_xml(head: str, tail: str) -> None:
    script = dumped({"@type": "JobPosting", **JOB})
    found = noted(page(f"{head}{script}{tail}"))
    assert without_annotations(found) == page(f"{head}{script}{tail}")
    assert found.count("_roleclf") == 1


@pytest.mark.parametrize(
    ("declared", "odd"),
    [
        pytest.param("windows-1251", "Инженер".encode("cp1251"), id="cyrillic"),
        pytest.param("shift_jis", "技術者".encode("cp932"), id="japanese"),
        pytest.param("none-such", b"\xe9", id="unknown"),
        pytest.param("undefined", b"\xe9", id="raises"),
        pytest.param("unicode_escape", rb"\u00e9" + b"\xe9", id="escapes"),
        pytest.param("cp932", b"\x81\xe6\x87\x90", id="two-codes-for-a-letter"),
        pytest.param("utf-16", b"\xe9", id="wide-letters"),
        pytest.param("cp037", b"\xe9", id="no-ascii"),
    ],
)
def test_a_page_stays_as_it_is_whatever_it_declares(declared: str, odd: bytes) -> None:
    script = dumped({"@type": "JobPosting", **JOB})
    document = f'<html><meta charset="{declared}"><p>|</p>{page(script)}'
    # As long as it has to be for pairs of bytes.
    data = document.encode().replace(b"|", odd + b" " * (len(document) % 2))
    found = noted(data)
    assert without_annotations(found.decode("latin-1")) == data.decode("latin-1")
    assert found.count(b'"_roleclf"') == 1


def test_what_is_added_to_a_page_cannot_end_a_script() -> None:
    title = "Data </script> Engineer"
    document = page(dumped({"@type": "JobPosting", "@id": "</script><b>", **JOB}))
    document = document.replace("</script><b>", "<\\/script><b>")
    found = noted(document)
    assert found.count("</script>") == document.count("</script>"), title
    assert "\\u003c/script>" in found


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"],
)
def test_json_keeps_its_encoding(encoding: str) -> None:
    document = '[{"title": "Données", "description": "Pipeline à Zürich"}]'
    found = noted(document.encode(encoding))
    assert found.decode(encoding) == noted(document)
    assert found[:4] == document.encode(encoding)[:4]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        pytest.param("utf-8", "utf-8-sig", id="byte-order-mark"),
        pytest.param("iso-8859-1", "iso-8859-1", id="latin-1"),
        pytest.param("windows-1252", "cp1252", id="cp1252"),
        pytest.param("us-ascii", "ascii", id="ascii"),
        pytest.param("utf-16", "utf-16", id="utf-16"),
        pytest.param("utf-16", "utf-16-le", id="utf-16-without-mark"),
        pytest.param("utf-16", "utf-16-be", id="utf-16-be-without-mark"),
    ],
)
def test_xml_keeps_its_encoding(declared: str, encoding: str) -> None:
    title = "Engineer" if encoding == "ascii" else "Ingénieur"
    head = f"<?xml version='1.0' encoding='{declared}'?>"
    document = f"{head}<rss><item><title>{title} — ff</title></item><item/></rss>"
    data = document.replace("—", "&#8212;").encode(encoding)
    once = noted(data)
    assert noted(once) == once
    found = [e.text for e in etree.fromstring(once).iter(f"{{{URN}}}role")]
    assert found == ["other"]
    assert etree.fromstring(once).findtext("item/title") == f"{title} — ff"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_an_old_annotation_is_taken_out_wherever_it_stands(encoding: str) -> None:
    old = f"<annotation xmlns='{URN}'><role>other</role></annotation>"
    more = f"<category domain='urn:roleclf:role'/><x:note xmlns:x='{URN}' />"
    inner = f"<item>{old}<title>Baker</title>{more}<guid>7</guid></item>{old}"
    head = f"<?xml version='1.0' encoding='{encoding[:6].strip('-')}'?>"
    document = f"{head}<rss>{inner}</rss>"
    clean = document.replace(old, "").replace(more, "")
    assert noted(document.encode(encoding)) == noted(clean.encode(encoding))


def test_an_attribute_can_be_an_id() -> None:
    document = '<jobs><vacancy id="7" name="x"><title>Baker</title></vacancy></jobs>'
    assert read(document) == ("xml", [Posting("Baker", None, "7")])


def test_spelling_of_json_is_kept() -> None:
    document = (
        '\r\n[ {"title" :"Data\\u0020Engineer","n":1.50e+3,"n":0123e0,"deep":[[],{ }] '
        ',\t"description": "pipeline \\ud83d" }\n , "text", null,\n{ } ]\n\n'
    ).replace("0123e0", "123456789012345678901234567890")
    found = noted(document)
    assert without_annotations(found) == document
    assert noted(found) == found
    assert [note["role"] for note in annotations(found)] == ["data_engineer", None]


def test_the_last_of_two_equal_keys_counts() -> None:
    document = '{"jobs": [], "jobs": [{"title": "Baker", "title": "Engineer"}]}'
    assert [posting.title for posting in read(document)[1]] == ["Engineer"]
    assert without_annotations(noted(document)) == document


def test_the_shipped_model_is_used_by_default(annotator: roleclf.Annotator) -> None:
    document = dumped([JOB])
    found = roleclf.annotate_feed(document)
    assert found == annotate_feed(document, "json", model=annotator)
    assert json.loads(found)[0]["_roleclf"]["role"] == "data_engineer"
    assert roleclf.annotate_feed(document.encode()) == found.encode()
