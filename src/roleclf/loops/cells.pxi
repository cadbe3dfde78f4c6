# Stands in for tables/cells.py: decodes cells, appends to lines.

def is_utf8(const uint8_t[::1] data):
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


def cells_of(const uint8_t[::1] data, const int64_t[:] starts, const int64_t[:] stops):
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


def with_ends(
    const uint8_t[::1] data, const int64_t[:] starts, const int64_t[:] stops, list ends
):
    cdef Py_ssize_t size = data.shape[0], n = len(ends), n_bytes = 0, i, own
    cdef const uint8_t* raw = &data[0] if size else NULL
    cdef char* place
    cdef bytes end
    if not starts.shape[0] == stops.shape[0] == n:
        raise ValueError("not as many ends as lines")
    for i in range(n):
        if not 0 <= starts[i] <= stops[i] <= size:
            raise IndexError("no such line")
        end = ends[i]
        n_bytes += stops[i] - starts[i] + len(end)
    joined = PyBytes_FromStringAndSize(NULL, n_bytes)
    place = PyBytes_AS_STRING(joined)
    for i in range(n):
        own = stops[i] - starts[i]
        if own:
            memcpy(place, raw + starts[i], own)
        end = ends[i]
        memcpy(place + own, PyBytes_AS_STRING(end), len(end))
        place += own + len(end)
    return joined
