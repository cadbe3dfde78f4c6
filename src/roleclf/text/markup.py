"""Strip markup: HTML, HTML entities and Markdown become plain text.

Most texts contain little of it, so one pass looks for the markers of all kinds, and
only the rules whose markers it found are tried.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from roleclf.loops import compiled
from roleclf.text.normalization import normalize_letters

__all__ = ["strip_markup"]

_BLOCK_TAGS: Final = (
    "address|article|aside|blockquote|body|br|center|dd|details|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|option|p|pre|"
    "section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINE_TAGS: Final = (
    "a|abbr|acronym|b|big|cite|code|del|em|font|html|head|i|img|ins|kbd|label|link|"
    "mark|meta|o:p|q|s|script|small|span|strike|strong|style|sub|sup|svg|tt|u|wbr"
)
_HIDDEN_TAGS: Final = "head, script, style, template, noscript, svg, iframe, object"
_ANY_TAG: Final = rf"(?i)<(?:/?(?:{_BLOCK_TAGS}|{_INLINE_TAGS})\b[^<>]*>|!--)"
_ESCAPED_TAG: Final = rf"(?i)&(?:lt|#0*60|#x0*3c);/?(?:{_BLOCK_TAGS}|{_INLINE_TAGS})\b"
_BLOCK_START: Final = rf"(?i)(?=</?(?:{_BLOCK_TAGS})\b)"
# The parser's time grows with the square of the number of open tags. In a text with
# more blocks than this their tags are removed before parsing, except those of <title>,
# whose content is hidden.
_MAX_BLOCKS: Final = 10_000
_BLOCK_TAG: Final = rf"(?i)</?(?!title\b)(?:{_BLOCK_TAGS})\b[^<>]*>"
# Between neighbouring inline elements, whose words would otherwise become one:
# <span>Go</span><span>R
_INLINE_BOUNDARY: Final = r"(?i)(</(?:span|a|b|strong|em|i|u|font)>)(?=<\w)"
_ENTITY: Final = r"&(?:#0*\d{1,7}|#[xX]0*[0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});"

# Each rule: the marker that a text must contain for it to be tried, the pattern, the
# replacement. Patterns begin with a literal where they can, for `re` skips to it.
_MARKDOWN_RULES: Final = (
    # [text](url) and ![picture](url)
    ("](", r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}\)", r"\1"),
    # # heading, up to three blanks before it
    ("#", r"#(?:(?<=^#)|(?<=^ #)|(?<=^  #)|(?<=^   #))#{0,5}[ \t]+", ""),
    ("---", r"^[ \t]{0,3}-[- \t]{2,}$", ""),  # horizontal rules
    ("***", r"^[ \t]{0,3}\*[* \t]{2,}$", ""),
    ("___", r"^[ \t]{0,3}_[_ \t]{2,}$", ""),
    ("===", r"^[ \t]{0,3}={3,}[ \t]*$", ""),
    # A line end as two characters, but for the path C:\new.
    ("\\", r"(?<!\b[A-Za-z]:)(?:(?:\\{1,2}r)?\\{1,2}n|\\{1,2}t(?=[A-Z\W]))", "\n"),
    ("\\", r"\\([\\`*_{}\[\]()#+\-.!&|<>~])", r"\1"),  # \- escapes
    # *emphasis*, **strong**, _emphasis_; unpaired **
    ("*", r"\*\*{0,2}(?=[^\s*])([^*\n]{0,300}[^\s*])\*{1,3}", r"\1"),
    ("_", r"_(?<!\w_)_{0,2}(?=[^\s_])([^_\n]{0,300}[^\s_])_{1,3}(?!\w)", r"\1"),
    ("**", r"\*\*+", ""),
    ("`", r"`{1,3}([^`\n]{1,300})`{1,3}", r"\1"),  # `code`
)

# What one pass looks for, a bit for each: the first two characters of the rules'
# markers, the beginnings of tags and entities, and letters to normalize.
_MARKERS: Final = (*{marker[:2]: None for marker, _, _ in _MARKDOWN_RULES}, "<", "&")
_HTML_BITS: Final = 0b11 << (len(_MARKERS) - 2)
_LETTER_BIT: Final = 1 << len(_MARKERS)
_ALL_BITS: Final = 2 * _LETTER_BIT - 1
_RULES: Final = tuple(
    (1 << _MARKERS.index(marker[:2]), marker, f"(?m){pattern}", replacement)
    for marker, pattern, replacement in _MARKDOWN_RULES
)


def strip_markup(text: str | None) -> str:
    """Return `text` without markup and with plain letters; its whitespace is untidy."""
    if not text:
        return ""
    bits = _marker_bits(text)
    if bits & _HTML_BITS and (plain := _strip_html(text)) is not text:
        text, bits = plain, _marker_bits(plain)
    if bits:
        text = _strip_markdown(text, bits)
    return normalize_letters(text) if bits & _LETTER_BIT else text


@compiled
def _marker_bits(text: str) -> int:
    """Return the bits of the markers that may matter in `text`.

    Without the loop these are all: looking for the markers first would take as long as
    trying the rules.
    """
    return _ALL_BITS


def _strip_html(text: str) -> str:
    has_entity = "&" in text and _regex(_ENTITY).search(text)
    if has_entity and (escaped := _regex(_ESCAPED_TAG).findall(text)):
        text = _unescape(text) if len(escaped) > text.count("<") else text
    if "<" in text and _regex(_ANY_TAG).search(text):
        return _text_of_html(text)
    return _unescape(text) if has_entity else text


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    # Compiled when a text first needs it: few do, and start-up is faster.
    return re.compile(pattern)


def _unescape(text: str) -> str:
    import html  # here, for start-up: its table of entities is long

    return html.unescape(text)


def _text_of_html(source: str) -> str:
    # Imported here, for start-up: most texts contain no tag.
    from selectolax.lexbor import LexborHTMLParser

    # A line end in HTML source is only a blank; blocks make the lines.
    source = " ".join(source.splitlines())
    source, n_blocks = _regex(_BLOCK_START).subn("\n", source)
    if n_blocks > _MAX_BLOCKS:
        source = _regex(_BLOCK_TAG).sub("", source)
    source = _regex(_INLINE_BOUNDARY).sub(r"\1 ", source)
    tree = LexborHTMLParser(source)
    for node in tree.css(_HIDDEN_TAGS):
        node.decompose()
    return tree.root.text(deep=True, separator="") if tree.root else ""


def _strip_markdown(text: str, bits: int) -> str:
    for bit, marker, pattern, replacement in _RULES:
        # Python finds one character ten times faster than two.
        if bits & bit and marker[0] in text and marker in text:
            plain = _regex(pattern).sub(replacement, text)
            if plain != text:
                text, bits = plain, _marker_bits(plain)
    return text
