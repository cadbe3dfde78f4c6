"""Write an annotation as XML elements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from roleclf.feeds.urns import ANNOTATION_URN, ROLE_URN
from roleclf.records import Annotation

__all__ = ["CATEGORY_TEMPLATES", "annotation_element", "category_element"]

# By the value of `native` in `formats.yaml`.
CATEGORY_TEMPLATES: Final = {
    "rss_category": '<{prefix}category domain="{urn}">{role}</{prefix}category>',
    "atom_category": '<{prefix}category scheme="{urn}" term="{role}"/>',
}
# The element for an entry of the list at each key.
_ENTRY_BY_KEY: Final = {
    "skills": "skill",
    "mentions": "mention",
    "profile": "profile",
    "matched": "match",
    "evidence": "span",
    "reasons": "reason",
    "spans": "span",
}
# Characters that XML cannot hold, not even as references.
_INVALID: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def category_element(native: str, posting: str, annotation: Annotation) -> str:
    """Return the format's category element with the role.

    Parameters
    ----------
    native : str
        A key of `CATEGORY_TEMPLATES`; for any other the element is "".
    posting : str
        The name of the posting's element; the category takes its prefix.
    annotation : Annotation
        Without a role the element is "".
    """
    if native not in CATEGORY_TEMPLATES or annotation.role is None:
        return ""
    prefix = posting.rpartition(":")[0]
    return CATEGORY_TEMPLATES[native].format(
        prefix=f"{prefix}:" if prefix else "", urn=ROLE_URN, role=annotation.role
    )


def annotation_element(annotation: Annotation) -> str:
    """Return the whole annotation as one element, in a namespace of its own.

    Each key with a value becomes an element, and each entry of a list. The plain
    values of an object become attributes.
    """
    inner = "".join(_elements(annotation.to_dict()))
    return f'<annotation xmlns="{ANNOTATION_URN}">{inner}</annotation>'


def _elements(fields: Mapping[str, Any]) -> Iterator[str]:
    for key, value in fields.items():
        if key == "probabilities":
            shares = [{"role": role, "share": share} for role, share in value.items()]
            yield from (_element("probability", share) for share in shares)
        elif isinstance(value, list):
            yield from (_element(_ENTRY_BY_KEY[key], entry) for entry in value)
        elif value is not None:
            yield _element(key, value)


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        # A span is [start, end].
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
    return _INVALID.sub("\N{REPLACEMENT CHARACTER}", text)
