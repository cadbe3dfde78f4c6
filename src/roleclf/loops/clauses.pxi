# Stands in for skills/clauses.py: finds commas and dashes.

def dashes_between_blanks(const uint8_t[::1] buffer):
    cdef Columns dashes = Columns(1, 64)
    cdef Py_ssize_t size = buffer.shape[0], i = 1, n
    cdef const uint8_t* raw = &buffer[0] if size else NULL
    cdef const uint8_t* found
    while i < size - 1:
        found = <const uint8_t*>memchr(raw + i, c"-", size - 1 - i)
        if found == NULL:
            break
        i = found - raw
        if raw[i - 1] == BLANK and raw[i + 1] == BLANK:
            n = dashes.next()
            dashes.cell[0, n] = i
        i += 1
    return dashes.columns()[0]


def commas_in(tokens, has_cue):
    cdef const uint8_t[::1] gap = tokens.gap, chosen = has_cue.view(np.uint8)
    cdef const int64_t[::1] sentence = tokens.sentence
    cdef Columns commas = Columns(1, 64)
    cdef Py_ssize_t size = gap.shape[0], i = 0, n
    cdef const uint8_t* raw = &gap[0] if size else NULL
    cdef const uint8_t* found
    while i < size:
        found = <const uint8_t*>memchr(raw + i, COMMA, size - i)
        if found == NULL:
            break
        i = found - raw
        if chosen[sentence[i]]:
            n = commas.next()
            commas.cell[0, n] = i
        i += 1
    return commas.columns()[0]
