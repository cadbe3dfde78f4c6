# Stands in for matching/heading_words.py: finds lines that may be headings.

cdef inline bint begins_at_margin(const uint8_t[::1] buffer, Py_ssize_t start) except -1:
    return start == 0 or ends_line(buffer[start - 1])


def heading_lines(tokens):
    cdef const int64_t[::1] start = tokens.start, end = tokens.end, line = tokens.line
    cdef const uint8_t[::1] buffer = tokens.buffer, gap = tokens.gap
    cdef const uint32_t[::1] points = tokens.texts.points
    cdef Py_ssize_t n_words = line.shape[0], first = 0, beyond, n
    cdef int stands
    cdef Columns lines = Columns(3, 64)
    for beyond in range(1, n_words + 1):
        with cython.boundscheck(False):
            if beyond < n_words and line[beyond] == line[beyond - 1]:
                continue
        if beyond - first <= MAX_HEADING_WORDS:
            stands = how_a_line_stands(
                line, start, end, buffer, points, gap, first, beyond
            )
            if stands != ABSENT:
                n = lines.next()
                lines.cell[0, n], lines.cell[1, n] = first, beyond - 1
                lines.cell[2, n] = stands
        first = beyond
    return lines.columns()


cdef int how_a_line_stands(
    const int64_t[::1] line,
    const int64_t[::1] start,
    const int64_t[::1] end,
    const uint8_t[::1] buffer,
    const uint32_t[::1] points,
    const uint8_t[::1] gap,
    Py_ssize_t first,
    Py_ssize_t beyond,
) except -2:
    """Return how the words from `first` stand as a line, or `ABSENT`."""
    cdef Py_ssize_t behind = end[beyond - 1], far = beyond + 2 * (beyond - first), i
    cdef uint8_t mark = buffer[behind]
    if mark == BLANK:
        mark = buffer[min(behind + 1, buffer.shape[0] - 1)]
    if mark == c":" or mark == c"?":
        return MARKED
    if not ends_line(mark) and mark != c"*":
        return ABSENT
    # Numbers of lines differ by more across texts.
    if beyond == line.shape[0] or line[beyond] - line[first] != 1:
        return ABSENT
    if not begins_at_margin(buffer, start[first]):
        return ABSENT
    if not (<Py_UCS4>points[start[first]]).isupper():
        return ABSENT
    if not begins_at_margin(buffer, start[beyond]):
        return MARKED
    if far < line.shape[0] and line[far] == line[beyond]:
        return PLAIN
    for i in range(first, beyond - 1):
        if gap[i] >= COMMA:
            return ABSENT
    return BARE


def most_likely(tokens, const int64_t[::1] first, const int64_t[::1] last, model):
    cdef const uint64_t[::1] hashes = tokens.hash
    cdef const int32_t[:, ::1] weights = model.weights
    cdef const int32_t[::1] intercept = model.intercept
    cdef HashTable table = hash_table_of(model.words._index)
    cdef Py_ssize_t n = first.shape[0], other = weights.shape[0] - 1, k, i, c
    cdef Py_ssize_t n_classes = weights.shape[1]
    cdef int32_t number
    cdef const int32_t* row
    best_, scores_ = np.empty(n, np.int64), np.empty((n, n_classes), np.int64)
    cdef int64_t[::1] best = best_
    cdef int64_t[:, ::1] scores = scores_
    check_length(other, len(model.words))
    check_length(intercept.shape[0], n_classes)
    check_length(last.shape[0], n)
    check_range(first, 0, hashes.shape[0])
    check_range(last, 0, hashes.shape[0])
    with cython.boundscheck(False):
        for k in range(n):
            for c in range(n_classes):
                scores[k, c] = intercept[c]
            for i in range(first[k], last[k] + 1):
                number = find_hash(&table, hashes[i])
                row = &weights[number if number >= 0 else other, 0]
                for c in range(n_classes):
                    scores[k, c] += row[c]
            best[k] = 0
            for c in range(1, n_classes):
                if scores[k, c] > scores[k, best[k]]:
                    best[k] = c
    return best_, scores_
