# Parts of texts, and hyphens at line ends: see `text.texts` and `matching.hyphenation`.

def Texts_spans(self, const int64_t[:] start, const int64_t[:] end):
    cdef const uint32_t[::1] points = self.points
    cdef const uint32_t* raw = &points[0] if points.shape[0] else NULL
    cdef Py_ssize_t i
    cdef list spans = []
    of_length(end.shape[0], start.shape[0])
    for i in range(start.shape[0]):
        if not 0 <= start[i] <= end[i] <= points.shape[0]:
            raise IndexError(f"{start[i]} to {end[i]} of {points.shape[0]} characters")
        spans.append(
            PyUnicode_FromKindAndData(
                PyUnicode_4BYTE_KIND, raw + start[i], end[i] - start[i]
            )
        )
    return spans


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
    return hyphens.filled()[0]
