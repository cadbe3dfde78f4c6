"""An annotation as elements of XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from roleclf.feeds.xmlscan import ANNOTATION_URN, ROLE_URN
from roleclf.records import Annotation

__all__ = ["annotation_element", "category_element"]

# What an entry of a list is called.
_ENTRY: Final = {
    "skills": "skill",
    "mentions": "mention",
    "profile": "profile",
    "matched": "match",
    "evidence": "span",
    "reasons": "reason",
    "spans": "span",
}
_CATEGORY: Final = {
    "rss_category": '<{prefix}category domain="{urn}">{role}</{prefix}category>',
    "atom_category": '<{prefix}category scheme="{urn}" term="{role}"/>',
}
# What XML has no way to write, not even as a reference.
_UNWRITABLE: Final = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


def category_element(own: str, posting: str, annotation: Annotation) -> str:
    """Return the category of a role, in the namespace of the posting's element.

    Empty where the format has none, or the posting no role.
    """
    if own not in _CATEGORY or annotation.role is None:
        return ""
    prefix = posting.rpartition(":")[0]
    return _CATEGORY[own].format(
        prefix=f"{prefix}:" if prefix else "", urn=ROLE_URN, role=annotation.role
    )


def annotation_element(annotation: Annotation) -> str:
    """Return the whole annotation: an element for each key that says something.

    Of an object the plain values are attributes, of a list each entry an element.
    """
    inner = "".join(_elements(annotation.to_dict()))
    return f'<annotation xmlns="{ANNOTATION_URN}">{inner}</annotation>'


def _elements(fields: Mapping[str, Any]) -> Iterator[str]:
    for key, value in fields.items():
        if key == "probabilities":
            shares = [{"role": role, "share": share} for role, share in value.items()]
            yield from (_element("probability", share) for share in shares)
        elif isinstance(value, list):
            yield from (_element(_ENTRY[key], entry) for entry in value)
        elif value is not None:
            yield _element(key, value)


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        # A span, from start to end.
        value = dict(zip(("start", "end"), value, strict=True))
    if not isinstance(value, dict):
        return f"<{name}>{escape(_text(value))}</{name}>"
    lists = {key: inner for key, inner in value.items() if isinstance(inner, list)}
    attributes = "".join(
        f" {key}={quoteattr(_text(inner))}"
        for key, inner in value.items()
        if inner is not None and key not in lists
    )
    inner = "".join(_elements(lists))
    if not inner:
        return f"<{name}{attributes}/>"
    return f"<{name}{attributes}>{inner}</{name}>"


def _text(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
