# Stands in for matching/headings.py: tells headings from other text.

cdef inline bint closes_heading(uint8_t byte) noexcept nogil:
    return byte in (c":", c"?", c"!", c"*", c"-", c"|", LINE_END, SEPARATOR)


cdef inline bint is_number_end(uint8_t byte) noexcept nogil:
    return byte == c"." or byte == c")" or byte == c":"


def is_heading(tokens, hits, asks_):
    cdef const int64_t[:] first = hits.first, last = hits.last, phrase = hits.phrase
    cdef const uint8_t[::1] asks = asks_.view(np.uint8)
    cdef const int64_t[::1] start = tokens.start, end = tokens.end, line = tokens.line
    cdef const uint8_t[::1] buffer = tokens.buffer
    cdef const uint32_t[::1] points = tokens.texts.points
    cdef Py_ssize_t size = buffer.shape[0], k, begins, behind
    cdef uint8_t mark, beyond
    cdef bint at_start, apart
    found_ = np.zeros(first.shape[0], np.uint8)
    cdef uint8_t[::1] found = found_
    for k in range(first.shape[0]):
        begins, behind = first[k], end[last[k]]
        at_start = begins == 0 or line[begins - 1] != line[begins]
        if not at_start and is_number_end(buffer[end[begins - 1]]):
            at_start = begins == 1 or line[begins - 2] != line[begins]
            at_start &= end[begins - 1] - start[begins - 1] <= LONGEST_NUMBER
            begins -= at_start
        mark, apart = buffer[behind], False
        if mark == BLANK and closes_heading(buffer[min(behind + 1, size - 1)]):
            beyond = buffer[min(behind + 2, size - 1)]
            apart = beyond in (BLANK, LINE_END, SEPARATOR)
            mark = buffer[behind + 1] if apart else mark
        if mark == c":":
            found[k] = at_start or (<Py_UCS4>points[start[first[k]]]).isupper()
        elif at_start:
            found[k] = apart or fills_line(
                line, begins, first[k], last[k], closes_heading(mark), buffer, end
            )
        if not at_start and not found[k] and last[k] > first[k] and asks[phrase[k]]:
            found[k] = is_inside_long_line(line, start, end, points, first[k], last[k])
    return found_.view(bool)


cdef bint fills_line(
    const int64_t[::1] line,
    Py_ssize_t begins,
    Py_ssize_t first,
    Py_ssize_t last,
    bint closed,
    const uint8_t[::1] buffer,
    const int64_t[::1] end,
) except -1:
    """Return whether a hit is most of its line, or opens a list behind a colon."""
    cdef Py_ssize_t n_words = last - first + 1, stop = first + 1, most
    # No more words are read than it takes to see that the line is too long.
    most = min(max(begins, last + 1) + LONGEST_HEADING_LINE + 1, line.shape[0])
    while stop < most and line[stop] == line[first]:
        stop += 1
    if stop - begins <= LONGEST_HEADING_LINE:
        if closed:
            return True
        if n_words > 1 and 2 * n_words >= stop - begins and buffer[end[stop - 1]] != c".":
            return True
    if n_words == 1 or stop - 1 - last > LONGEST_HEADING_LINE:
        return False
    return buffer[end[stop - 1]] == c":"


cdef bint is_inside_long_line(
    const int64_t[::1] line,
    const int64_t[::1] start,
    const int64_t[::1] end,
    const uint32_t[::1] points,
    Py_ssize_t first,
    Py_ssize_t last,
) except -1:
    """Return whether a hit is capitalised in a line that lost its line ends."""
    cdef Py_ssize_t before = first - WORDS_OF_LONG_LINE, i
    cdef Py_ssize_t behind = first + WORDS_OF_LONG_LINE
    if not (before >= 0 and line[before] == line[first]):
        if not (behind < line.shape[0] and line[behind] == line[first]):
            return False
    for i in range(first, last + 1):
        if (<Py_UCS4>points[start[i]]).isupper():
            continue
        if i == first or i == last or end[i] - start[i] > LONGEST_SMALL_WORD:
            return False
    return True
