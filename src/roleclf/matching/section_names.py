"""The sections of a posting, and the record of the headings that open them."""

from __future__ import annotations

from typing import Final, NamedTuple

from roleclf.text import Ints

__all__ = ["SECTIONS", "Headings"]

SECTIONS: Final = (
    "duties",
    "requirements",
    "preferred",
    "benefits",
    "company",
    "apply",
    "legal",
)


class Headings(NamedTuple):
    """The headings of a batch of texts, in reading order.

    Attributes
    ----------
    first, last : int64 arrays, shape (n_headings,)
        First and last word in the batch, both inclusive.
    section : int64 array, shape (n_headings,)
        Index in `SECTIONS` of the section that each opens.
    """

    first: Ints
    last: Ints
    section: Ints
