# Stands in for matching/hyphenation.py: finds hyphens at line ends.

def line_end_hyphens(const uint8_t[::1] buffer):
    cdef Columns hyphens = Columns(1, 64)
    cdef Py_ssize_t size = buffer.shape[0], i = 0, n
    cdef const uint8_t* raw = &buffer[0] if size else NULL
    cdef const uint8_t* found
    while i < size:
        found = <const uint8_t*>memchr(raw + i, LINE_END, size - i)
        if found == NULL:
            break
        i = found - raw
        if i and raw[i - 1] == c"-":
            n = hyphens.next()
            hyphens.cell[0, n] = i - 1
        i += 1
    return hyphens.columns()[0]
