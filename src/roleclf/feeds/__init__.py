"""Recruiter feeds: the same document comes back, annotated.

Step 1 and last step of the line: READ -> clean -> ... -> annotate -> WRITE, for
documents that are no tables. A feed travels so:

    content      its bytes; a file is copied, and seen through an mmap  `content`
    family       JSON, XML or page, by the first characters       `reading`
    format       a row of the table, by the shape                 `formats.yaml`
    places       where each posting stands in the document        `finding`, `xmlscan`
    postings     title, text, id, read at the row's paths         `fields`, `titles`
    parts        a piece of the document and the postings in it   `records`
    annotations  `annotate_batch`, as for any posting             `annotating`
    edits        what is put in or taken out, and where           `additions`
    document     the same, but for the edits                      `edits`

All is read twice. The first time says whether the document is whole, of which
format, and how its titles are put together; nothing is written before. The second
time yields the parts, which are annotated in batches and written one by one, so that
memory holds a batch and never the document. XML goes through expat in chunks; of
JSON what is larger than a piece is taken apart (`jsonscan`, `jsontree`), and the rest
decoded. Pages, and JSON in UTF-16 or UTF-32, are one part, and are read as a whole.

A document is never written anew: what is added is put in at its place, and all else
stays as it is, byte for byte, in JSON, XML and HTML alike. What an earlier run added
is taken out first, so that annotating twice is annotating once. Formats differ by
their rows in the table alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from roleclf.feeds.annotating import annotate_document, annotate_file
from roleclf.feeds.reading import AUTO

if TYPE_CHECKING:
    from roleclf.annotate import Annotator

__all__ = ["annotate_document", "annotate_feed", "annotate_file"]

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
    from roleclf.annotate import Annotator, load

    annotator = model if isinstance(model, Annotator) else load(model)
    annotated: Document = annotate_document(annotator, document, format=format).document  # type: ignore[assignment]
    return annotated
