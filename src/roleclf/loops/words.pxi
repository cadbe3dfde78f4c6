# Texts cut into words: see `tokens`.

cdef struct Between:
    # Line ends, those of texts twice, stops of sentences, and texts passed so far;
    # where the words of each text end, and room for how many there is.
    int64_t lines
    int64_t stops
    Py_ssize_t texts
    int64_t* bounds
    Py_ssize_t n_texts


def words_in(
    const uint8_t[::1] buffer, const int64_t[::1] ends, const uint8_t[::1] gap_code
):
    cdef Py_ssize_t size = buffer.shape[0], n_blocks = size // 64 + 1
    if size > INT32_MAX:
        raise OverflowError("texts of more than 2 GiB in one batch")
    # Eight bytes are read at a time, up to eight behind the last.
    cdef uint8_t[::1] padded = np.empty(64 * n_blocks + 8, np.uint8)
    cdef uint64_t[::1] words = np.empty(n_blocks, np.uint64)
    cdef uint8_t* raw = &padded[0]
    memset(raw + size, 0, padded.shape[0] - size)
    if size:
        memcpy(raw, &buffer[0], size)
    cdef Py_ssize_t n = edges_in(raw, size, words) // 2
    places_ = np.empty((4, n), np.int64)
    hashes_, gaps_ = np.empty(n, np.uint64), np.empty(n, np.uint8)
    bounds_ = np.zeros(ends.shape[0] + 1, np.int64)
    cdef int64_t[:, ::1] places = places_
    cdef int64_t[::1] bounds = bounds_
    cdef uint64_t[::1] hashes = hashes_
    cdef uint8_t[::1] gaps = gaps_
    cdef Between so_far = Between(0, 0, 0, &bounds[0], ends.shape[0])
    cdef Edges edges = Edges(&words[0], 0, words[0])
    cdef Py_ssize_t w, start, end, next = next_edge(&edges) if n else size
    pass_gap(raw, 0, next, 0, &so_far)
    of_length(gap_code.shape[0], 256)
    with cython.boundscheck(False):
        for w in range(n):
            start, end = next, next_edge(&edges)
            next = next_edge(&edges) if w + 1 < n else size
            places[0, w], places[1, w] = start, end
            places[2, w], places[3, w] = so_far.lines, so_far.lines + so_far.stops
            hashes[w] = hash_of(raw, start, end)
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
    Between* so_far,
) except -1:
    """Count what ends between two words, and note where texts do."""
    cdef Py_ssize_t i
    for i in range(begin, end):
        if raw[i] == SEPARATOR:
            # Twice, so that two texts never have neighbouring lines.
            so_far.lines += 2
            so_far.texts += 1
            if so_far.texts > so_far.n_texts:
                raise IndexError(f"more than {so_far.n_texts} texts")
            so_far.bounds[so_far.texts] = n_words
        elif raw[i] == LINE_END:
            so_far.lines += 1
        elif raw[i + 1] == BLANK and raw[i] in (c".", c"!", c"?", c";"):
            # "e.g. Kafka" goes on
            so_far.stops += i < 2 or raw[i - 2] != c"."
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


cdef inline bint is_plain(uint8_t byte) noexcept nogil:
    return (
        (byte >> 7)
        | (<uint8_t>(byte - c"a") < 26)
        | (<uint8_t>(byte - c"0") < 10)
    )


cdef Py_ssize_t edges_in(
    const uint8_t* raw, Py_ssize_t size, uint64_t[::1] edges
) noexcept nogil:
    """Set a bit for each place where a word begins or ends; return how many."""
    cdef uint8_t[64] flags
    cdef uint64_t words, marks, before = 0
    cdef Py_ssize_t block, i, n = 0
    for block in range(edges.shape[0]):
        for i in range(64):
            flags[i] = is_plain(raw[64 * block + i])
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
    """Return 64 bytes that are 0 or 1 as bits."""
    cdef uint64_t eight, bits = 0
    cdef int i
    for i in range(8):
        memcpy(&eight, flags + 8 * i, 8)
        # Each of the eight is moved to its place in the highest byte.
        bits |= little_endian(eight) * BITS_OF_EIGHT >> 56 << 8 * i
    return bits


cdef inline bint is_mark(uint8_t byte) noexcept nogil:
    """Whether it is a mark that words may have in them."""
    return (byte == c"+") | (byte == c"#") | (byte == c".")


cdef bint is_in_word(const uint8_t* raw, Py_ssize_t i, Py_ssize_t size) noexcept nogil:
    """Whether such a mark belongs to a word, as in "C++", "C#" and ".NET"."""
    cdef uint8_t before = raw[i - 1] if i else SEPARATOR
    if raw[i] == c".":
        if raw[i + 1] != c"n" or raw[i + 2] != c"e" or raw[i + 3] != c"t":
            return False
        return i + 4 < size and not is_plain(raw[i + 4]) and not is_plain(before)
    if i + 1 >= size or is_plain(raw[i + 1]):
        return False
    if raw[i] == c"#":
        return is_plain(before) and not c"0" <= before <= c"9"
    if before == c"+":
        return i > 1 and is_plain(raw[i - 2])
    return is_plain(before)


cdef struct Edges:
    # What is left of the edges: the bits of one block after the other.
    const uint64_t* bits
    Py_ssize_t block
    uint64_t left


cdef inline Py_ssize_t next_edge(Edges* edges) noexcept nogil:
    """Return the next place where a word begins or ends; there must be one."""
    while not edges.left:
        edges.block += 1
        edges.left = edges.bits[edges.block]
    cdef Py_ssize_t place = 64 * edges.block + trailing_zeros(edges.left)
    edges.left &= edges.left - 1
    return place


cdef inline uint64_t scramble(uint64_t number) noexcept nogil:
    number *= MIX[0]
    number ^= number >> 31
    number *= MIX[1]
    return number ^ (number >> 31)


cdef inline uint64_t eight_from(
    const uint8_t* raw, Py_ssize_t start, Py_ssize_t end
) noexcept nogil:
    """Return the bytes from `start`, eight at most, as one number."""
    cdef uint64_t eight
    memcpy(&eight, raw + start, 8)
    return little_endian(eight) & KEEP[min(end - start, 8)]


cdef uint64_t hash_of(
    const uint8_t* raw, Py_ssize_t start, Py_ssize_t end
) noexcept nogil:
    cdef uint64_t hashed = scramble(eight_from(raw, start, end))
    cdef Py_ssize_t read
    for read in range(8, min(end - start, 64), 8):
        hashed = scramble(hashed + eight_from(raw, start + read, end) * MIX[1] + 2)
    return hashed
