# Stands in for text/texts.py: decodes spans of texts.

def Texts_spans(self, const int64_t[:] start, const int64_t[:] end):
    cdef const uint32_t[::1] points = self.points
    cdef const uint32_t* raw = &points[0] if points.shape[0] else NULL
    cdef Py_ssize_t i
    cdef list spans = []
    check_length(end.shape[0], start.shape[0])
    for i in range(start.shape[0]):
        if not 0 <= start[i] <= end[i] <= points.shape[0]:
            raise IndexError(f"{start[i]} to {end[i]} of {points.shape[0]} characters")
        spans.append(
            PyUnicode_FromKindAndData(
                PyUnicode_4BYTE_KIND, raw + start[i], end[i] - start[i]
            )
        )
    return spans
