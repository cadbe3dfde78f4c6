# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
# cython: initializedcheck=False, auto_pickle=False
"""Compiled inner loops, for installs with a C compiler.

Each loop takes and returns the same as the numpy function that it is named after (see
`roleclf.loops.compiled`), which documents it; tests hold the two equal. Indexes from a
model's arrays are checked, here or once when the model is loaded
(`matching/array_checks.py`, `duties/loop_tables.py`): arrays that do not fit each other
raise an IndexError as in numpy. Pointers are used where sizes are ensured nearby.

Branch prediction decides the speed: one misprediction costs as much as thirty
additions. So what differs from word to word is computed, not branched on. Cells of
large tables are prefetched a few words before they are read.

The loops are in the files included below, one for each numpy module. Here is what they
share.
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

# What depends on the compiler and the processor.
cdef extern from "machine.h":
    const uint64_t[5] MIX
    const uint64_t ONES
    const uint64_t HIGH_BITS
    const uint64_t GATHER_BITS
    const int BLOCK
    uint64_t little_endian(uint64_t) noexcept nogil
    int trailing_zeros(unsigned long long) noexcept nogil
    int n_bits(unsigned long long) noexcept nogil
    void prefetch(const void*) noexcept nogil
    int copy_plain(const void*, int, int, uint32_t*, uint8_t*) noexcept nogil
    unsigned int marker_places(const void*, int) noexcept nogil

cdef enum:
    ABSENT = -1
    SEPARATOR = 0
    LINE_END = 10
    BLANK = 32
    HARD_GAP = 255
    CARRIAGE_RETURN = 13
    QUOTE = 34
    # markers, in the order of `_MARKERS` in text/markup.py
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
    # kinds of automaton states, as in matching/phrase_states.py
    ENDS = 1
    GOES_ON = 2
    KIND_BITS = 2
    # of a slot of a hash table
    OCCUPIED = 0x80
    # a word that duty triggers skip, as in duties/loop_tables.py
    FILLER = -2
    # kinds of whitespace, as in text/whitespace.py
    NO_SPACE = 0
    LINE_SPACE = 2
    NOT_SPACE = 3
    # words between two parts of a duty trigger, as in duties/find.py
    TOO_FAR = 6
    # columns of a part of a duty trigger, as in duties/loop_tables.py
    PHRASE = 0
    NUMBER = 1
    SHIFT = 2
    LONE = 3
    ROW = 4
    # packing of the steps of duty triggers, as in duties/loop_tables.py
    STEP_BITS = 7
    LAST_STEP = 127
    # limits of headings, as in matching/headings.py
    LONGEST_HEADING_LINE = 9
    LONGEST_NUMBER = 3
    WORDS_OF_LONG_LINE = 100
    LONGEST_SMALL_WORD = 4
    # how a line stands, and its limit, as in matching/heading_words.py
    MARKED = 0
    PLAIN = 1
    BARE = 2
    MAX_HEADING_WORDS = 9
    # the code of a gap, as in text/tokens.py
    COMMA = 6
    # characters between two brackets, as in skills/cues.py
    LONGEST_BRACKETS = 120
    # how many words ahead table cells are prefetched
    AHEAD = 16
    # plain characters in a block that make it worth reading the next as a block, too
    MIN_PLAIN = 4
    # columns that arrays on the stack have
    MOST_COLUMNS = 64

ctypedef fused Place:
    int32_t
    int64_t

ctypedef fused Character:
    uint8_t
    uint16_t
    uint32_t

# By number of bytes, a mask that keeps so many low bytes.
cdef uint64_t[9] LOW_BYTES = [
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


include "buffers.pxi"
include "markup.pxi"
include "whitespace.pxi"
include "texts.pxi"
include "hashing.pxi"
include "tokens.pxi"
include "hash_index.pxi"
include "arrays.pxi"
include "vocabulary.pxi"
include "language.pxi"
include "automaton.pxi"
include "phrases.pxi"
include "hits.pxi"
include "hyphenation.pxi"
include "headings.pxi"
include "cues.pxi"
include "heading_words.pxi"
include "clauses.pxi"
include "versions.pxi"
include "ambiguity.pxi"
include "features.pxi"
include "sentence_duties.pxi"
include "duties.pxi"
include "csv_fields.pxi"
include "annotation_batch.pxi"
