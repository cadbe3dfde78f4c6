"""Turn a posting's HTML, Markdown or plain text into text, one line per block.

Step 2 of the line: read -> CLEAN -> tokens -> sections -> ... Pure: text in, text
out. Every offset that roleclf reports counts in what `clean` returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import numpy as np

from roleclf.loops import compiled
from roleclf.text.folding import (
    BLANK,
    LINE_END,
    N_ODD,
    ODD_BLANK,
    ODD_LINE_ENDS,
    SEPARATOR,
    UNSEEN,
    fold,
)
from roleclf.text.letters import plain_letters
from roleclf.text.texts import Bytes, Ints, Points, Texts

__all__ = ["KIND_BY_BYTE", "cell_text", "clean", "clean_batch"]

_BLOCK_TAGS: Final = (
    "address|article|aside|blockquote|body|br|center|dd|details|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|option|p|pre|"
    "section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINE_TAGS: Final = (
    "a|abbr|acronym|b|big|cite|code|del|em|font|html|head|i|img|ins|kbd|label|link|"
    "mark|meta|o:p|q|s|script|small|span|strike|strong|style|sub|sup|svg|tt|u|wbr"
)
_UNSEEN_TAGS: Final = "head, script, style, template, noscript, svg, iframe, object"
_TAG: Final = rf"(?i)<(?:/?(?:{_BLOCK_TAGS}|{_INLINE_TAGS})\b[^<>]*>|!--)"
_ENCODED_TAG: Final = rf"(?i)&(?:lt|#0*60|#x0*3c);/?(?:{_BLOCK_TAGS}|{_INLINE_TAGS})\b"
_BLOCK: Final = rf"(?i)(?=</?(?:{_BLOCK_TAGS})\b)"
# The parser takes as long as the square of the tags that are left open. Where there
# are more of blocks, the tags are taken out before, but for the title's: it is unseen.
_MOST_BLOCKS: Final = 10_000
_BLOCK_TAG: Final = rf"(?i)</?(?!title\b)(?:{_BLOCK_TAGS})\b[^<>]*>"
# Words of neighbouring inline elements would glue together: <span>Go</span><span>R
_GLUED: Final = r"(?i)(</(?:span|a|b|strong|em|i|u|font)>)(?=<\w)"
_ENTITY: Final = r"&(?:#0*\d{1,7}|#[xX]0*[0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});"

# What must stand in a text for a rule to be tried, the rule, what it leaves. Patterns
# begin with a literal where they can, for `re` then skips to it.
_MARKDOWN_RULES: Final = (
    # [text](url) and ![picture](url)
    ("](", r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}\)", r"\1"),
    # # heading, up to three blanks before it
    ("#", r"#(?:(?<=^#)|(?<=^ #)|(?<=^  #)|(?<=^   #))#{0,5}[ \t]+", ""),
    ("---", r"^[ \t]{0,3}-[- \t]{2,}$", ""),  # rules of all kinds
    ("***", r"^[ \t]{0,3}\*[* \t]{2,}$", ""),
    ("___", r"^[ \t]{0,3}_[_ \t]{2,}$", ""),
    ("===", r"^[ \t]{0,3}={3,}[ \t]*$", ""),
    ("\\", r"\\([\\`*_{}\[\]()#+\-.!&|<>~])", r"\1"),  # \- escapes
    # *emphasis*, **strong**, _emphasis_; strong left open
    ("*", r"\*\*{0,2}(?=[^\s*])([^*\n]{0,300}[^\s*])\*{1,3}", r"\1"),
    ("_", r"_(?<!\w_)_{0,2}(?=[^\s_])([^_\n]{0,300}[^\s_])_{1,3}(?!\w)", r"\1"),
    ("**", r"\*\*+", ""),
    ("`", r"`{1,3}([^`\n]{1,300})`{1,3}", r"\1"),  # `code`
)

# What two characters a needle begins with, tags and entities: looked for in a text all
# at once, and letters in an odd guise besides.
_MARKS: Final = (*{needle[:2]: None for needle, _, _ in _MARKDOWN_RULES}, "<", "&")
_MARKS_OF_HTML: Final = 0b11 << (len(_MARKS) - 2)
_ODD_LETTERS: Final = 1 << len(_MARKS)
_ANY_MARK: Final = 2 * _ODD_LETTERS - 1
_RULES: Final = tuple(
    (1 << _MARKS.index(needle[:2]), needle, f"(?m){pattern}", replacement)
    for needle, pattern, replacement in _MARKDOWN_RULES
)

_MISSING: Final = frozenset({"nan", "NaN", "NaT", "<NA>"})
# What stands between words, weakest first: the strongest of a run is what it leaves.
_NOTHING, _BLANK_KIND, _LINE_KIND, _TEXT_KIND = range(4)
_LEFT_BY_KIND: Final = np.array([0, BLANK, LINE_END], np.uint8)
KIND_BY_BYTE: Final = np.full(256, _TEXT_KIND, np.uint8)
for _kind, _bytes in (
    (_NOTHING, UNSEEN),
    (_BLANK_KIND, (BLANK, ODD_BLANK)),
    (_LINE_KIND, (LINE_END, *ODD_LINE_ENDS)),
):
    KIND_BY_BYTE[np.array(_bytes)] = _kind


def clean(text: str | None) -> str:
    r"""Return the text of `text`, one block per line, blanks collapsed.

    Parameters
    ----------
    text : str or None
        HTML, entity-escaped HTML, Markdown or plain text; None reads as "".

    Notes
    -----
    One more layer of entities is undone only when escaped tags outnumber live
    ones, as in feeds that escape the whole of their HTML.

    Examples
    --------
    >>> clean("<p>C&amp;C++</p><ul><li>Go<li><b>R</b> 4</ul>")
    'C&C++\nGo\nR 4'
    >>> clean("## You bring\n* **dbt** or *SQL*")
    'You bring\n* dbt or SQL'
    """
    return str(clean_batch([text])[0])


def cell_text(value: object) -> str | None:
    """Return what a cell of a table holds as text; None for a missing value.

    Examples
    --------
    >>> cell_text("SQL"), cell_text(3), cell_text(float("nan"))
    ('SQL', '3', None)
    """
    if value is None or isinstance(value, str):
        return value
    # Each library has a missing value of its own; all that they share is their names.
    text = str(value)
    return None if text in _MISSING else text


def clean_batch(texts: Sequence[str | None]) -> Texts:
    """Return what `clean` makes of each of `texts`, joined."""
    size = sum(len(text) + 1 for text in texts if text)
    # One by one, so that what is made of a text is at hand for the next step.
    written = map(_without_markup, texts)
    return Texts(*_tidied(written, size))


@compiled
def _tidied(texts: Iterable[str], size: int) -> tuple[Points, Ints, Bytes]:
    """Leave of each run of blanks and line ends one: a line end where it has any.

    Returns the points, ends and bytes of the texts. `size` is about how many characters
    and texts they are, for the loop to know.
    """
    joined = Texts.of(list(texts))
    points, folded = joined.points.copy(), fold(joined.points)
    folded[joined.ends] = SEPARATOR
    place = _untidy(folded)
    kind = KIND_BY_BYTE[folded[place]]
    run = np.flatnonzero(np.diff(place, prepend=-2) > 1)
    strongest = np.maximum.reduceat(kind, run) if run.size else kind
    leaves = (strongest > _NOTHING) & (strongest < _TEXT_KIND)
    stays = run[leaves]
    folded[place[stays]] = points[place[stays]] = _LEFT_BY_KIND[strongest[leaves]]
    is_left = kind == _TEXT_KIND
    is_left[stays] = True
    # What begins a batch has no separator before it.
    is_left[:1] &= (place[:1] > 0) | (kind[:1] == _TEXT_KIND)
    kept = np.ones(len(points), bool)
    kept[place] = is_left
    ends = joined.ends - np.searchsorted(place[~is_left], joined.ends)
    return points[kept], ends, folded[kept]


def _without_markup(text: str | None) -> str:
    if not text:
        return ""
    marks = _marks_in(text)
    if marks & _MARKS_OF_HTML and (plain := _without_tags(text)) is not text:
        text, marks = plain, _marks_in(plain)
    if marks:
        text = _markdown_to_text(text, marks)
    return plain_letters(text) if marks & _ODD_LETTERS else text


def _without_tags(text: str) -> str:
    has_entity = "&" in text and _compiled(_ENTITY).search(text)
    if has_entity and (encoded := _compiled(_ENCODED_TAG).findall(text)):
        text = _unescaped(text) if len(encoded) > text.count("<") else text
    if "<" in text and _compiled(_TAG).search(text):
        return _html_to_text(text)
    return _unescaped(text) if has_entity else text


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # When a text first needs it: few do, and a first answer should not wait for all.
    return re.compile(pattern)


def _unescaped(text: str) -> str:
    import html  # here, as below: its table of names is long

    return html.unescape(text)


def _html_to_text(source: str) -> str:
    # Loaded here: most texts carry no tag, and a first answer should not wait.
    from selectolax.lexbor import LexborHTMLParser

    # A line end in HTML source is only a blank; blocks make the lines.
    source = " ".join(source.splitlines())
    source, n_blocks = _compiled(_BLOCK).subn("\n", source)
    if n_blocks > _MOST_BLOCKS:
        source = _compiled(_BLOCK_TAG).sub("", source)
    source = _compiled(_GLUED).sub(r"\1 ", source)
    tree = LexborHTMLParser(source)
    for node in tree.css(_UNSEEN_TAGS):
        node.decompose()
    return tree.root.text(deep=True, separator="") if tree.root else ""


def _markdown_to_text(text: str, marks: int) -> str:
    for mark, needle, pattern, replacement in _RULES:
        # Python finds one character ten times faster than two.
        if marks & mark and needle[0] in text and needle in text:
            plain = _compiled(pattern).sub(replacement, text)
            if plain != text:
                text, marks = plain, _marks_in(plain)
    return text


@compiled
def _marks_in(text: str) -> int:
    """Return a bit for each of `_MARKS` that may mean something, and for odd letters.

    Without the loop that is all of them, for looking once would be looking twice.
    """
    return _ANY_MARK


def _untidy(folded: Bytes) -> Ints:
    """Return the places of what stands between words, but for what may stay as it is.

    That is a blank or a line end by itself, as most are.
    """
    between = folded <= BLANK
    double = between[1:] & between[:-1]
    untidy = folded - np.uint8(UNSEEN) < N_ODD
    untidy[1:] |= double
    untidy[:-1] |= double
    untidy[:1] |= between[:1]
    return np.flatnonzero(untidy)
