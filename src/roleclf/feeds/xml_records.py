"""Turn XML elements into records such as JSON has, which the table can read."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from roleclf.feeds.fields import MARKUP

__all__ = ["OpenElement", "field_key", "split_name"]

# The prefixes that the table uses for namespaces, whatever prefix a document uses.
_PREFIX_BY_NAMESPACE: Final = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "https://teamtailor.com/locations": "tt",
    "http://www.w3.org/2005/Atom": "atom",
    "http://www.neogov.com/namespaces/JobListing": "joblisting",
}


class OpenElement:
    """An element of a posting that is being read.

    Parameters
    ----------
    key : str
        What the table calls it.
    tag : str
        Its local name.
    attributes : mapping of str to str, optional
        Attribute `a` becomes the child `@a`.
    """

    __slots__ = ("children", "key", "pieces", "tag")

    def __init__(
        self, key: str, tag: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        self.key, self.tag = key, tag
        # Each with whether it is markup, rather than text to be escaped.
        self.pieces: list[tuple[str, bool]] = []
        self.children: dict[str, Any] = {
            f"@{name}": value for name, value in (attributes or {}).items()
        }

    def value(self) -> Any:
        """Return the element's text; if it has elements, a record with its markup."""
        if not self.children:
            return "".join(text for text, _ in self.pieces)
        return {**self.children, MARKUP: self.markup()}

    def markup(self) -> str:
        """Return the element's content as HTML."""
        return "".join(
            text if is_markup else escape(text, quote=False)
            for text, is_markup in self.pieces
        )

    def add(self, child: OpenElement) -> int:
        """Add an element that ended, and return the length of its markup.

        Several elements of one name become a list.
        """
        value, markup = child.value(), child.markup()
        self.pieces.append((f"<{child.tag}>{markup}</{child.tag}>", True))
        if child.key not in self.children:
            self.children[child.key] = value
        elif isinstance(self.children[child.key], list):
            self.children[child.key].append(value)
        else:
            self.children[child.key] = [self.children[child.key], value]
        return len(markup)


def split_name(name: str) -> tuple[str, str, str]:
    """Return namespace, local name and prefix of a name that expat reports."""
    parts = name.split(" ")
    if len(parts) == 1:
        return "", name, ""
    return parts[0], parts[1], parts[2] if len(parts) == 3 else ""


def field_key(namespace: str, local: str, prefix: str, of_posting: str) -> str:
    """Return what the table calls an element.

    That is the local name alone if the namespace is that of the posting's element.
    """
    if namespace in {"", of_posting}:
        return local
    prefix = _PREFIX_BY_NAMESPACE.get(namespace, prefix)
    return f"{prefix}:{local}" if prefix else local
