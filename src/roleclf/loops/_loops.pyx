# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
# cython: initializedcheck=False, auto_pickle=False
"""The inner loops of the line, compiled where there is a C compiler.

Each takes and returns what the function does that it is named after (see `compiled`),
whose docstring says what that is; the tests hold the two equal. Places that come from
a model's arrays are checked, here or once when it is loaded (`walks`, `duties.packed`):
arrays that do not fit each other are an IndexError as in numpy. Pointers go where sizes
are known from the lines around them.

What a branch depends on decides the speed: one that is foretold wrong costs as much
as thirty additions. So what differs from word to word is computed, not branched on.
What lies in large tables is asked for a few words ahead, and is there when it is read.

The loops stand beside this file, one file for each step; here is what these share.
"""

import numpy as np

cimport cython

from cpython.buffer cimport PyBuffer_FillInfo
from cpython.unicode cimport (
    PyUnicode_4BYTE_KIND,
    PyUnicode_DATA,
    PyUnicode_FromKindAndData,
    PyUnicode_DecodeUTF8,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ_CHAR,
)
from libc.math cimport sqrt
from libc.stdint cimport (
    INT32_MAX,
    INT64_MAX,
    int32_t,
    int64_t,
    uint8_t,
    uint16_t,
    uint32_t,
    uint64_t,
)
from libc.stdlib cimport free, realloc
from libc.string cimport memchr, memcpy, memset

# What the loops take from the compiler and the processor.
cdef extern from "machine.h":
    const uint64_t[5] MIX
    const uint64_t ONES
    const uint64_t HIGH_BITS
    const uint64_t BITS_OF_EIGHT
    const int BLOCK
    uint64_t little_endian(uint64_t) noexcept nogil
    int trailing_zeros(unsigned long long) noexcept nogil
    int n_bits(unsigned long long) noexcept nogil
    void prefetch(const void*) noexcept nogil
    int n_tidy(const void*, int, int, uint32_t*, uint8_t*) noexcept nogil
    unsigned int telling(const void*, int) noexcept nogil

cdef enum:
    ABSENT = -1
    SEPARATOR = 0
    LINE_END = 10
    BLANK = 32
    HARD_GAP = 255
    CARRIAGE_RETURN = 13
    QUOTE = 34
    # what may mean something in a text, in the order of `cleaning._MARKS`
    LINK = 0x1
    HASH = 0x2
    DASHES = 0x4
    STARS = 0x8
    LINES = 0x10
    EQUALS = 0x20
    ESCAPE = 0x40
    STAR = 0x80
    LINE = 0x100
    CODE = 0x200
    TAG = 0x400
    ENTITY = 0x800
    ODD_LETTER = 0x1000
    # of a state of the walk
    ENDS = 1
    GOES_ON = 2
    KIND_BITS = 2
    # of a slot
    IS_TAKEN = 0x80
    # of a word in a duty
    FILLER = -2
    # of what stands between words
    NOTHING = 0
    LINE_KIND = 2
    TEXT_KIND = 3
    # from one part of a duty to the next, in words
    TOO_FAR = 6
    # of the parts of triggers, as `duties.packed` has them
    PHRASE = 0
    NUMBER = 1
    SHIFT = 2
    LONE = 3
    ROW = 4
    # of the steps of triggers
    STEP_BITS = 7
    LAST_STEP = 127
    # of a heading, as `sections` has them
    LONGEST_HEADING_LINE = 9
    LONGEST_NUMBER = 3
    # from a bracket to the other, in characters, as `cues` has it
    LONGEST_BRACKETS = 120
    # so many words are looked up while others are fetched
    AHEAD = 16
    # of a block of characters, to look at the next together, too
    LEAST_TIDY = 4
    # what there is room for on the stack
    MOST_COLUMNS = 64

ctypedef fused Place:
    int32_t
    int64_t

ctypedef fused Character:
    uint8_t
    uint16_t
    uint32_t

cdef uint64_t[9] KEEP = [
    0x0,
    0xFF,
    0xFFFF,
    0xFFFFFF,
    0xFFFFFFFF,
    0xFFFFFFFFFF,
    0xFFFFFFFFFFFF,
    0xFFFFFFFFFFFFFF,
    0xFFFFFFFFFFFFFFFF,
]


include "columns.pxi"
include "cleaning.pxi"
include "texts.pxi"
include "words.pxi"
include "lookups.pxi"
include "phrases.pxi"
include "sections.pxi"
include "cues.pxi"
include "skills.pxi"
include "features.pxi"
include "stated.pxi"
include "duties.pxi"
include "tables.pxi"
