# Stands in for tables/csv_fields.py: finds and decodes the fields of CSV.

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


def find_field_ends(const uint8_t[::1] data, str delimiter):
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


def is_valid_utf8(const uint8_t[::1] data):
    cdef Py_ssize_t size = data.shape[0], i, n
    cdef const uint8_t* raw = &data[0] if size else NULL
    i = past_ascii(raw, size)
    while i < size:
        n = length_in_utf8(raw + i, size - i)
        if not n:
            return False
        i += n
        i += past_ascii(raw + i, size - i)
    return True


cdef inline Py_ssize_t past_ascii(const uint8_t* raw, Py_ssize_t size) noexcept nogil:
    """Return how many bytes come before the first that is not ASCII."""
    cdef Py_ssize_t i = 0
    cdef uint64_t eight
    while i + 8 <= size:
        memcpy(&eight, raw + i, 8)
        eight = little_endian(eight) & HIGH_BITS
        if eight:
            return i + (trailing_zeros(eight) >> 3)
        i += 8
    while i < size and raw[i] < 0x80:
        i += 1
    return i


cdef inline Py_ssize_t length_in_utf8(const uint8_t* raw, Py_ssize_t size) noexcept nogil:
    """Return the length of the UTF-8 sequence at `raw`, 0 if invalid or ASCII."""
    cdef uint8_t first = raw[0], least = 0x80, most = 0xBF
    cdef Py_ssize_t n = 1 + (first >= 0xC2) + (first >= 0xE0) + (first >= 0xF0), k
    if n == 1 or n > size or first > 0xF4:
        return 0
    # Not allowed: overlong sequences, surrogates, code points beyond Unicode.
    if first == 0xE0:
        least = 0xA0
    elif first == 0xF0:
        least = 0x90
    elif first == 0xED:
        most = 0x9F
    elif first == 0xF4:
        most = 0x8F
    if not least <= raw[1] <= most:
        return 0
    for k in range(2, n):
        if raw[k] & 0xC0 != 0x80:
            return 0
    return n


cdef Py_ssize_t without_doubles(
    const uint8_t* raw, Py_ssize_t size, uint8_t* single
) noexcept nogil:
    """Write the bytes with doubled quotes as one; return how many are written."""
    cdef Py_ssize_t i = 0, n = 0, k
    cdef const uint8_t* quote
    while i < size:
        quote = <const uint8_t*>memchr(raw + i, QUOTE, size - i)
        k = size - i if quote == NULL else quote - (raw + i) + 1
        memcpy(single + n, raw + i, k)
        i += k
        n += k
        if quote != NULL and i < size and raw[i] == QUOTE:
            i += 1
    return n


def decode_fields(const uint8_t[::1] data, const int64_t[:] starts, const int64_t[:] stops):
    cdef Py_ssize_t size = data.shape[0], i, start, n
    cdef const uint8_t* raw = &data[0] if size else NULL
    cdef const uint8_t* cell
    cdef uint8_t[::1] single = np.empty(0, np.uint8)
    cdef list cells = []
    for i in range(starts.shape[0]):
        start, n = starts[i], min(stops[i], size)
        if not 0 <= start < n:
            cells.append("")
            continue
        cell = raw + start
        n -= start
        if cell[0] == QUOTE:
            cell += 1
            n = max(0, n - 2)
            if memchr(cell, QUOTE, n) != NULL:
                if single.shape[0] < n:
                    single = np.empty(2 * n, np.uint8)
                n = without_doubles(cell, n, &single[0])
                cell = &single[0]
        cells.append(PyUnicode_DecodeUTF8(<const char*>cell, n, NULL))
    return cells
