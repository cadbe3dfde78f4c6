"""Find web and e-mail addresses, whose words name nothing that is asked for."""

from __future__ import annotations

from typing import Final

import numpy as np

from roleclf.matching import Hits
from roleclf.skills.proximity import Flags
from roleclf.text import GAP_CODE_BY_CHARACTER, Ints, Tokens, expand_ranges

__all__ = ["is_file_ending", "is_in_address"]

_AT: Final = GAP_CODE_BY_CHARACTER["@"]
# What a scheme is followed by, and what no address goes on behind.
_BEHIND_SCHEME: Final = np.isin(np.arange(256), list(b":."))
_IS_END: Final = np.isin(np.arange(256), list(b' \n\0()<>[]",;|'))


def is_in_address(tokens: Tokens, hits: Hits, schemes: Hits, domains: Hits) -> Flags:
    """Whether each hit lies within a web or an e-mail address.

    Parameters
    ----------
    schemes, domains : Hits
        Of what web addresses begin with, "https", "www", and what stands before their
        paths: "com".
    """
    # "Python @ Acme" is no address.
    at = np.flatnonzero(tokens.gap == _AT)
    at = at[tokens.start[at + 1] - tokens.end[at] == 1]
    behind = tokens.buffer.take(tokens.end[schemes.last], mode="clip")
    web = schemes.first[_BEHIND_SCHEME[behind]]
    dot = tokens.buffer.take(tokens.start[domains.first] - 1, mode="clip") == ord(".")
    slash = tokens.buffer.take(tokens.end[domains.last], mode="clip") == ord("/")
    at = np.concatenate((at, domains.first[dot & slash]))
    found = np.zeros(len(hits.first), bool)
    if len(at) + len(web) == 0 or len(found) == 0:
        return found
    begin, end = _spans(tokens, at, web)
    start = tokens.start[hits.first]
    # Of the addresses that begin before a hit, the last is the only one to hold it.
    nearest = np.searchsorted(begin, start, "right") - 1
    return (nearest >= 0) & (start < end[nearest])


def is_file_ending(tokens: Tokens, hits: Hits) -> Flags:
    """Whether each hit is what a file or an address ends in: "about.html"."""
    start = tokens.start[hits.first]
    before, dot = (tokens.buffer.take(start + i, mode="clip") for i in (-2, -1))
    found = (dot == ord(".")) & (before > ord(" ")) & (before != ord("."))
    found[found] = ~tokens.is_capital(hits.first[found])
    return found


def _spans(tokens: Tokens, mails: Ints, webs: Ints) -> tuple[Ints, Ints]:
    """Return where addresses begin and end in the buffer.

    A web address begins at its scheme, an e-mail address behind the last mark that none
    can have, or with its line.
    """
    marks = _marks(tokens, np.concatenate((mails, webs)))
    before = np.searchsorted(marks, tokens.start[mails])
    line_begin = tokens.start[np.searchsorted(tokens.line, tokens.line[mails])]
    mail_begin = np.maximum(np.append(marks, -1)[before - 1] + 1, line_begin)
    begin = np.concatenate((mail_begin, tokens.start[webs]))
    order = np.argsort(begin, kind="stable")
    inside = np.concatenate((tokens.start[mails], tokens.start[webs]))[order]
    ends = np.append(marks, len(tokens.buffer))
    return begin[order], ends[np.searchsorted(marks, inside)]


def _marks(tokens: Tokens, words: Ints) -> Ints:
    """Return the places of the marks that end an address, on the lines of some words.

    Few lines have an address. Each range has the end of its line, which is such a mark.
    """
    lines = np.unique(tokens.line[words])
    first = np.searchsorted(tokens.line, lines)
    beyond = np.searchsorted(tokens.line, lines, "right")
    end = tokens.start.take(beyond, mode="clip")
    end[beyond == len(tokens.start)] = len(tokens.buffer)
    places, _ = expand_ranges(tokens.start[first], end)
    return places[_IS_END[tokens.buffer[places]]]
