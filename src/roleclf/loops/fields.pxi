# Stands in for tables/fields.py: finds the delimiters and line ends of CSV.

cdef inline uint64_t zero_bytes(uint64_t eight) noexcept nogil:
    """Return a number whose lowest set bit lies in the first zero byte of `eight`."""
    return (eight - ONES) & ~eight & HIGH_BITS


cdef Py_ssize_t next_mark(
    const uint8_t* raw, Py_ssize_t i, Py_ssize_t stop, uint8_t comma
) noexcept nogil:
    """Return the index of the next delimiter or line end before `stop`, or `stop`.

    Nothing outside `raw[i:stop]` is read.
    """
    cdef uint64_t eight, found
    while i + 8 <= stop:
        memcpy(&eight, raw + i, 8)
        eight = little_endian(eight)
        found = (
            zero_bytes(eight ^ comma * ONES)
            | zero_bytes(eight ^ LINE_END * ONES)
            | zero_bytes(eight ^ CARRIAGE_RETURN * ONES)
        )
        if found:
            return i + (trailing_zeros(found) >> 3)
        i += 8
    while i < stop:
        if raw[i] == comma or raw[i] == LINE_END or raw[i] == CARRIAGE_RETURN:
            break
        i += 1
    return i


cdef int64_t[::1] grown(int64_t[::1] places):
    return np.concatenate((places, np.empty_like(places)))


def regular_quotes(const uint8_t[::1] data, Py_ssize_t end, str delimiter):
    cdef uint8_t comma = ord(delimiter), beside
    cdef Py_ssize_t i = 0, n = 0, k
    cdef const uint8_t* found
    cdef int64_t[::1] places = np.empty(1024, np.int64)
    end = min(end, data.shape[0])
    while i < end:
        found = <const uint8_t*>memchr(&data[i], QUOTE, end - i)
        if found == NULL:
            break
        i = found - &data[0]
        if n + 2 > places.shape[0]:
            places = grown(places)
        places[n] = i
        # Every other quote closes: a delimiter is behind it instead of before it.
        k = i + 1 if n & 1 else i - 1
        n += 1
        i += 1
        if not 0 <= k < end:
            continue
        beside = data[k]
        if beside == QUOTE and k == i:
            # Two quotes in a row close and open again.
            places[n] = i
            n += 1
            i += 1
        elif beside != comma and beside != LINE_END and beside != QUOTE:
            if k < i or beside != CARRIAGE_RETURN:
                return None
    return np.asarray(places)[:n].copy()


def find_marks(const uint8_t[::1] data, str delimiter):
    cdef Py_ssize_t size = data.shape[0], i = 0, n = 0, k, stop
    quotes_ = regular_quotes(data, size, delimiter)
    if quotes_ is None or len(quotes_) % 2:
        return None
    cdef const int64_t[::1] quotes = quotes_
    cdef int64_t[::1] places = np.empty(1024, np.int64)
    cdef uint8_t comma = ord(delimiter)
    cdef const uint8_t* raw = &data[0] if size else NULL
    # From where each pair of quotes closes to where the next one opens.
    for k in range(0, quotes.shape[0] + 1, 2):
        stop = quotes[k] if k < quotes.shape[0] else size
        i = next_mark(raw, i, stop, comma)
        while i < stop:
            if data[i] != CARRIAGE_RETURN:
                if n == places.shape[0]:
                    places = grown(places)
                places[n] = i
                n += 1
            elif i + 1 == size or data[i + 1] != LINE_END:
                return None
            i = next_mark(raw, i + 1, stop, comma)
        if k < quotes.shape[0]:
            i = quotes[k + 1] + 1
    places_ = np.asarray(places)[:n].copy()
    return places_, np.asarray(data)[places_] == LINE_END


def count_lines(const uint8_t[::1] data):
    cdef Py_ssize_t size = data.shape[0], i, part, n = 0
    cdef uint8_t count
    cdef const uint8_t* raw
    for part in range(0, size, 255):
        # Counted in a byte, so that the compiler can use vector registers.
        raw, count = &data[part], 0
        for i in range(min(size - part, 255)):
            count += raw[i] == LINE_END
        n += count
    return n + lone_returns(data)


cdef Py_ssize_t lone_returns(const uint8_t[::1] data):
    cdef Py_ssize_t size = data.shape[0], i = 0, n = 0
    cdef const uint8_t* found
    while i < size:
        found = <const uint8_t*>memchr(&data[i], CARRIAGE_RETURN, size - i)
        if found == NULL:
            break
        i = found - &data[0] + 1
        n += i == size or data[i] != LINE_END
    return n
