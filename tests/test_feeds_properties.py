"""Any feed is only added to, and comes out the same when annotated twice."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fakes import FakeAnnotator
from roleclf.feeds import annotate_document
from test_feeds import OtherAnnotator

TEXT = st.text(max_size=8)
OURS = st.sampled_from(["data_engineer", {"inCodeSet": "urn:roleclf:role"}, "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT | OURS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = ("tags", "skills", "occupationalCategory", "_roleclf", "a", "é\n", "description")
RECORD = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6)
DOCUMENTS = {
    "json": lambda records: records,
    "jsonld": lambda records: {
        "@graph": [{**record, "@type": "JobPosting"} for record in records]
    },
    "jsonfeed": lambda records: {
        "version": "https://jsonfeed.org/version/1.1",
        "items": records,
    },
}
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8
)


def noted(document: str, annotator: Any = None) -> str:
    found = annotate_document(annotator or FakeAnnotator(), document).document
    return str(found)


def is_ours(value: Any) -> bool:
    return isinstance(value, dict) and any(
        isinstance(inner, str) and inner.startswith("urn:roleclf:")
        for inner in value.values()
    )


def of_others(record: dict[str, Any], format_: str) -> dict[str, Any]:
    """Return a record without what an annotation adds to it or finds there."""
    told = record.get("_roleclf")
    told = told.get("tags") if isinstance(told, dict) else None
    kept = {}
    for key, value in record.items():
        listed = value if isinstance(value, list) else None
        if listed and format_ == "jsonld" and key in {"skills", "occupationalCategory"}:
            listed = [entry for entry in listed if not is_ours(entry)]
            kept |= {key: listed} if listed else {}
        elif listed and format_ == "jsonfeed" and key == "tags":
            added = told if isinstance(told, list) else []
            listed = [entry for entry in listed if entry not in added]
            kept |= {key: listed} if listed else {}
        elif key != "_roleclf":
            kept[key] = value
    return kept


@pytest.mark.parametrize("format_", DOCUMENTS)
@given(
    records=st.lists(RECORD, min_size=1, max_size=3),
    indent=st.sampled_from([None, 0, 2]),
    is_ascii=st.booleans(),
)
def test_json_gets_additions_alone(
    format_: str, records: list[dict[str, Any]], indent: int | None, is_ascii: bool
) -> None:
    records = [{"title": "Data Engineer"}, *records]
    document = json.dumps(
        DOCUMENTS[format_](records), indent=indent, ensure_ascii=is_ascii
    )
    once = noted(document)
    assert noted(once) == once
    assert noted(noted(document, OtherAnnotator())) == once
    found = json.loads(once)
    found = found.get("items") or found["@graph"] if format_ != "json" else found
    for before, after in zip(records, found, strict=True):
        after.pop("@type", None)
        assert of_others(after, format_) == of_others(before, format_)


@given(
    items=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["title", "p", "x:category"]), XML_TEXT, st.booleans()
            ),
            max_size=4,
        ),
        max_size=3,
    ),
    encoding=st.sampled_from(["utf-8", "utf-16", "ascii"]),
)
def test_xml_gets_additions_alone(
    items: list[list[tuple[str, str, bool]]], encoding: str
) -> None:
    inner = "".join(
        "<item>" + "".join(map(element, entries)) + "</item>" if entries else "<item />"
        for entries in items
    )
    document = (
        f"<?xml version='1.0' encoding='{encoding}'?>\n"
        f"<rss xmlns:x='urn:x'>{inner}</rss>"
    ).encode(encoding, "xmlcharrefreplace")
    once = annotate_document(FakeAnnotator(), document).document
    assert annotate_document(FakeAnnotator(), once).document == once
    root = etree.fromstring(once)  # type: ignore[arg-type]
    for found in root.xpath("//category[@domain] | //*[local-name()='annotation']"):
        found.getparent().remove(found)
    before = etree.fromstring(document)
    assert etree.tostring(root, method="c14n") == etree.tostring(before, method="c14n")


def element(entry: tuple[str, str, bool]) -> str:
    name, text, is_raw = entry
    if is_raw:
        return f"<{name}><![CDATA[{text.replace(']]>', '')}]]></{name}><!-- > -->"
    return f"<{name}>{escape(text)}</{name}>"
