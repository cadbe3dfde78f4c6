"""Elements of XML as records such as JSON has, which the table can read."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from roleclf.feeds.fields import MARKUP

__all__ = ["OpenElement", "key_of", "parts_of"]

# What the table calls namespaces, whatever a document does.
_PREFIX_BY_SPACE: Final = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "https://teamtailor.com/locations": "tt",
    "http://www.w3.org/2005/Atom": "atom",
    "http://www.neogov.com/namespaces/JobListing": "joblisting",
}


class OpenElement:
    """An element that is open, in a posting; its attribute `a` is the child `@a`."""

    __slots__ = ("children", "key", "pieces", "tag")

    def __init__(
        self, key: str, tag: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        self.key, self.tag = key, tag
        # Text, and whether it is markup already.
        self.pieces: list[tuple[str, bool]] = []
        self.children: dict[str, Any] = {
            f"@{name}": value for name, value in (attributes or {}).items()
        }

    def value(self) -> Any:
        """Return the text; of an element with elements, those and its markup."""
        if not self.children:
            return "".join(text for text, _ in self.pieces)
        return {**self.children, MARKUP: self.markup()}

    def markup(self) -> str:
        """Return what is inside as HTML would have it."""
        return "".join(
            text if is_markup else escape(text, quote=False)
            for text, is_markup in self.pieces
        )

    def add(self, child: OpenElement) -> int:
        """Add an element that is closed; several of one name become a list.

        How many characters of markup are kept for it is returned.
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


def parts_of(name: str) -> tuple[str, str, str]:
    """Return namespace, local name and prefix of a name as expat gives it."""
    parts = name.split(" ")
    if len(parts) == 1:
        return "", name, ""
    return parts[0], parts[1], parts[2] if len(parts) == 3 else ""


def key_of(space: str, local: str, prefix: str, own: str) -> str:
    """Return what the table calls an element: bare if of the posting's namespace."""
    if space in {"", own}:
        return local
    prefix = _PREFIX_BY_SPACE.get(space, prefix)
    return f"{prefix}:{local}" if prefix else local
