# Texts cut into words: see `tokens`.

cdef struct Between:
    # Line ends, those of texts twice, stops of sentences, and texts passed so far.
    int64_t lines
    int64_t stops
    Py_ssize_t texts


def words_in(
    const uint8_t[::1] buffer, const int64_t[::1] ends, const uint8_t[::1] gap_code
):
    cdef Py_ssize_t size = buffer.shape[0], padded = (size // 8 + 2) * 8
    if size > INT32_MAX:
        raise OverflowError("texts of more than 2 GiB in one batch")
    # Eight bytes are read at a time, up to eight behind the last.
    cdef uint8_t[:, ::1] both = np.empty((2, padded), np.uint8)
    cdef uint8_t* raw = &both[0, 0]
    cdef uint8_t* flags = &both[1, 0]
    memset(raw + size, 0, padded - size)
    memset(flags + size, 0, padded - size)
    if size:
        memcpy(raw, &buffer[0], size)
    flag_words(raw, flags, size)
    cdef int32_t[::1] edges = np.empty(size + 8, np.int32)
    cdef Py_ssize_t n = find_edges(flags, padded, &edges[0]) // 2
    edges[2 * n] = <int32_t>size
    places_ = np.empty((4, n), np.int64)
    hashes_, gaps_ = np.empty(n, np.uint64), np.empty(n, np.uint8)
    bounds_ = np.zeros(ends.shape[0] + 1, np.int64)
    cdef int64_t[:, ::1] places = places_
    cdef int64_t[::1] bounds = bounds_
    cdef uint64_t[::1] hashes = hashes_
    cdef uint8_t[::1] gaps = gaps_
    cdef Between so_far = Between(0, 0, 0)
    cdef Py_ssize_t w, end, next
    pass_gap(raw, 0, edges[0], 0, &so_far, bounds)
    of_length(gap_code.shape[0], 256)
    with cython.boundscheck(False):
        for w in range(n):
            end, next = edges[2 * w + 1], edges[2 * w + 2]
            places[0, w], places[1, w] = edges[2 * w], end
            places[2, w], places[3, w] = so_far.lines, so_far.lines + so_far.stops
            hashes[w] = hash_of(raw, edges[2 * w], end)
            if next - end == 1 and raw[end] >= BLANK:
                gaps[w] = gap_code[raw[end]]
            else:
                gaps[w] = gap_of(raw, gap_code, end, next)
                pass_gap(raw, end, next, w + 1, &so_far, bounds)
    if n:
        gaps[n - 1] = HARD_GAP
    return places_[0], places_[1], hashes_, gaps_, bounds_, places_[2], places_[3]


cdef int pass_gap(
    const uint8_t* raw,
    Py_ssize_t begin,
    Py_ssize_t end,
    Py_ssize_t n_words,
    Between* so_far,
    int64_t[::1] bounds,
) except -1:
    """Count what ends between two words, and note where texts do."""
    cdef Py_ssize_t i
    for i in range(begin, end):
        if raw[i] == SEPARATOR:
            # Twice, so that two texts never have neighbouring lines.
            so_far.lines += 2
            so_far.texts += 1
            bounds[so_far.texts] = n_words
        elif raw[i] == LINE_END:
            so_far.lines += 1
        elif raw[i + 1] == BLANK and raw[i] in (c".", c"!", c"?", c";"):
            # "e.g. Kafka" goes on
            so_far.stops += i < 2 or raw[i - 2] != c"."
    return 0


cdef uint8_t gap_of(
    const uint8_t* raw, const uint8_t[::1] code, Py_ssize_t end, Py_ssize_t next
):
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


cdef void flag_words(const uint8_t* raw, uint8_t* flags, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(size):
        flags[i] = is_plain(raw[i])
    flag_marks(raw, flags, size, c"+")
    flag_marks(raw, flags, size, c"#")
    flag_dots(raw, flags, size)


cdef void flag_marks(
    const uint8_t* raw, uint8_t* flags, Py_ssize_t size, uint8_t mark
) noexcept nogil:
    cdef const uint8_t* found = <const uint8_t*>memchr(raw, mark, size)
    cdef Py_ssize_t i
    cdef uint8_t before
    while found != NULL:
        i = found - raw
        if 0 < i < size - 1 and not is_plain(raw[i + 1]):
            before = raw[i - 1]
            if mark == c"#":
                flags[i] = is_plain(before) and not c"0" <= before <= c"9"
            elif before == c"+":
                flags[i] = i > 1 and is_plain(raw[i - 2])
            else:
                flags[i] = is_plain(before)
        found = <const uint8_t*>memchr(found + 1, mark, size - i - 1)


cdef void flag_dots(const uint8_t* raw, uint8_t* flags, Py_ssize_t size) noexcept nogil:
    cdef const uint8_t* found = <const uint8_t*>memchr(raw, c".", size)
    cdef Py_ssize_t i
    while found != NULL:
        i = found - raw
        if raw[i + 1] == c"n" and raw[i + 2] == c"e" and raw[i + 3] == c"t":
            if i + 4 < size and not is_plain(raw[i + 4]):
                flags[i] = i == 0 or not is_plain(raw[i - 1])
        found = <const uint8_t*>memchr(found + 1, c".", size - i - 1)


cdef Py_ssize_t find_edges(
    const uint8_t* flags, Py_ssize_t size, int32_t* edges
) noexcept nogil:
    """Write where words begin and end, in turn, and return how many places these are.

    `size` is a multiple of eight; `edges` has room for three more than it needs.
    """
    cdef Py_ssize_t i, k, n = 0
    cdef uint64_t eight, changed, before = 0
    for i in range(0, size, 8):
        memcpy(&eight, flags + i, 8)
        eight = little_endian(eight)
        changed = eight ^ (eight << 8 | before)
        before = eight >> 56
        # The bytes are 0 or 1: their sum is in the highest of the product.
        k = n + 3
        n += <Py_ssize_t>(changed * ONES >> 56)
        # Mostly there are three at most; what is too much is written over.
        edges[k - 3] = <int32_t>(i + (trailing_zeros(changed) >> 3))
        changed &= changed - 1
        edges[k - 2] = <int32_t>(i + (trailing_zeros(changed) >> 3))
        changed &= changed - 1
        edges[k - 1] = <int32_t>(i + (trailing_zeros(changed) >> 3))
        changed &= changed - 1
        while changed:
            edges[k] = <int32_t>(i + (trailing_zeros(changed) >> 3))
            k += 1
            changed &= changed - 1
    return n


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
