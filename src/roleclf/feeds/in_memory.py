"""Annotate a feed that is a string or bytes: what programmers call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from roleclf.feeds.annotating import annotate_document
from roleclf.feeds.reading import AUTO

if TYPE_CHECKING:
    from roleclf.annotation import Annotator

__all__ = ["annotate_feed"]

Document = TypeVar("Document", str, bytes)


def annotate_feed(
    document: Document,
    format: str = AUTO,  # noqa: A002  (the word of the contract)
    *,
    model: Annotator | str | Path | None = None,
) -> Document:
    """Return a feed with an annotation in every posting.

    Parameters
    ----------
    document : str or bytes
        JSON, JSON Lines, XML, or an HTML page with JSON-LD.
    format : str
        The name of its format; `auto` finds it out.
    model : Annotator, path or None
        A loaded model, or the folder of one; the shipped one by default.

    Returns
    -------
    str or bytes
        As `document`: the same but for the additions.

    Raises
    ------
    FeedError
        If the document cannot be read as a feed.

    Examples
    --------
    >>> feed = annotate_feed('[{"title": "Data Engineer", "description": "SQL"}]')
    >>> import json
    >>> json.loads(feed)[0]["_roleclf"]["role"]
    'data_engineer'
    """
    from roleclf.annotation import Annotator, load  # here: it loads the whole line

    annotator = model if isinstance(model, Annotator) else load(model)
    annotated: Document = annotate_document(annotator, document, format=format).document  # type: ignore[assignment]
    return annotated
