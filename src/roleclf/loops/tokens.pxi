# Stands in for text/tokens.py: cuts texts into words.

cdef struct Progress:
    # What was passed so far: line ends, those of texts counted twice; sentence ends;
    # texts. And the bounds of the `n_texts` texts.
    int64_t lines
    int64_t sentences
    Py_ssize_t texts
    int64_t* bounds
    Py_ssize_t n_texts


def find_words(
    const uint8_t[::1] buffer, const int64_t[::1] ends, const uint8_t[::1] gap_code
):
    cdef Py_ssize_t size = buffer.shape[0], n_blocks = size // 64 + 1
    if size > INT32_MAX:
        raise OverflowError("texts of more than 2 GiB in one batch")
    # Eight bytes are read at a time, up to seven of them behind the last.
    cdef uint8_t[::1] padded = np.empty(64 * n_blocks + 8, np.uint8)
    cdef uint64_t[::1] words = np.empty(n_blocks, np.uint64)
    cdef uint8_t* raw = &padded[0]
    memset(raw + size, 0, padded.shape[0] - size)
    if size:
        memcpy(raw, &buffer[0], size)
    cdef Py_ssize_t n = mark_edges(raw, size, words) // 2
    places_ = np.empty((4, n), np.int64)
    hashes_, gaps_ = np.empty(n, np.uint64), np.empty(n, np.uint8)
    bounds_ = np.zeros(ends.shape[0] + 1, np.int64)
    cdef int64_t[:, ::1] places = places_
    cdef int64_t[::1] bounds = bounds_
    cdef uint64_t[::1] hashes = hashes_
    cdef uint8_t[::1] gaps = gaps_
    cdef Progress so_far = Progress(0, 0, 0, &bounds[0], ends.shape[0])
    cdef EdgeBits edges = EdgeBits(&words[0], 0, words[0])
    cdef Py_ssize_t w, start, end, next = next_edge(&edges) if n else size
    pass_gap(raw, 0, next, 0, &so_far)
    check_length(gap_code.shape[0], 256)
    with cython.boundscheck(False):
        for w in range(n):
            start, end = next, next_edge(&edges)
            next = next_edge(&edges) if w + 1 < n else size
            places[0, w], places[1, w] = start, end
            places[2, w], places[3, w] = so_far.lines, so_far.lines + so_far.sentences
            hashes[w] = hash_word(raw, start, end)
            if next - end == 1 and raw[end] >= BLANK:
                gaps[w] = gap_code[raw[end]]
            else:
                gaps[w] = gap_of(raw, &gap_code[0], end, next)
                pass_gap(raw, end, next, w + 1, &so_far)
    if n:
        gaps[n - 1] = HARD_GAP
    return places_[0], places_[1], hashes_, gaps_, bounds_, places_[2], places_[3]


cdef int pass_gap(
    const uint8_t* raw,
    Py_ssize_t begin,
    Py_ssize_t end,
    Py_ssize_t n_words,
    Progress* so_far,
) except -1:
    """Count line, sentence and text ends in `raw[begin:end]`, between two words."""
    cdef Py_ssize_t i
    for i in range(begin, end):
        if raw[i] == SEPARATOR:
            # Counted twice, so that two texts never have neighbouring lines.
            so_far.lines += 2
            so_far.texts += 1
            if so_far.texts > so_far.n_texts:
                raise IndexError(f"more than {so_far.n_texts} texts")
            so_far.bounds[so_far.texts] = n_words
        elif raw[i] == LINE_END:
            so_far.lines += 1
        elif raw[i + 1] == BLANK and raw[i] in (c".", c"!", c"?", c";"):
            # "e.g. Kafka" goes on.
            so_far.sentences += i < 2 or raw[i - 2] != c"."
    return 0


cdef uint8_t gap_of(
    const uint8_t* raw, const uint8_t* code, Py_ssize_t end, Py_ssize_t next
) noexcept nogil:
    cdef bint before = raw[end] == BLANK, after = raw[next - 1] == BLANK
    if next - end == 1:
        return code[raw[end]]
    if next - end == 2 and before != after:
        return code[raw[end + before]]
    if next - end == 3 and before and after:
        return code[raw[end + 1]]
    return HARD_GAP


cdef inline bint is_alphanumeric(uint8_t byte) noexcept nogil:
    return (
        (byte >> 7)
        | (<uint8_t>(byte - c"a") < 26)
        | (<uint8_t>(byte - c"0") < 10)
    )


cdef Py_ssize_t mark_edges(
    const uint8_t* raw, Py_ssize_t size, uint64_t[::1] edges
) noexcept nogil:
    """Set the bit of each byte where a word begins or ends; return how many."""
    cdef uint8_t[64] flags
    cdef uint64_t words, marks, before = 0
    cdef Py_ssize_t block, i, n = 0
    for block in range(edges.shape[0]):
        for i in range(64):
            flags[i] = is_alphanumeric(raw[64 * block + i])
        words = bits_of(flags)
        for i in range(64):
            flags[i] = is_mark(raw[64 * block + i])
        marks = bits_of(flags)
        while marks:
            i = trailing_zeros(marks)
            words |= <uint64_t>is_in_word(raw, 64 * block + i, size) << i
            marks &= marks - 1
        edges[block] = words ^ (words << 1 | before)
        before = words >> 63
        n += n_bits(edges[block])
    return n


cdef inline uint64_t bits_of(const uint8_t* flags) noexcept nogil:
    """Return 64 bytes of 0 or 1 as the bits of a number."""
    cdef uint64_t eight, bits = 0
    cdef int i
    for i in range(8):
        memcpy(&eight, flags + 8 * i, 8)
        # The product has each of the eight as a bit of its highest byte.
        bits |= little_endian(eight) * GATHER_BITS >> 56 << 8 * i
    return bits


cdef inline bint is_mark(uint8_t byte) noexcept nogil:
    """Return whether words may contain this mark."""
    return (byte == c"+") | (byte == c"#") | (byte == c".")


cdef bint is_in_word(const uint8_t* raw, Py_ssize_t i, Py_ssize_t size) noexcept nogil:
    """Return whether a mark belongs to a word, as in "C++", "C#" and ".NET"."""
    cdef uint8_t before = raw[i - 1] if i else SEPARATOR
    if raw[i] == c".":
        if raw[i + 1] != c"n" or raw[i + 2] != c"e" or raw[i + 3] != c"t":
            return False
        if i + 4 >= size:
            return False
        return not is_alphanumeric(raw[i + 4]) and not is_alphanumeric(before)
    if i + 1 >= size or is_alphanumeric(raw[i + 1]):
        return False
    if raw[i] == c"#":
        return is_alphanumeric(before) and not c"0" <= before <= c"9"
    if before == c"+":
        return i > 1 and is_alphanumeric(raw[i - 2])
    return is_alphanumeric(before)


cdef struct EdgeBits:
    # The edges not yet read: `left` of the current block, and the blocks behind it.
    const uint64_t* bits
    Py_ssize_t block
    uint64_t left


cdef inline Py_ssize_t next_edge(EdgeBits* edges) noexcept nogil:
    """Return the next index where a word begins or ends; there must be one."""
    while not edges.left:
        edges.block += 1
        edges.left = edges.bits[edges.block]
    cdef Py_ssize_t place = 64 * edges.block + trailing_zeros(edges.left)
    edges.left &= edges.left - 1
    return place
