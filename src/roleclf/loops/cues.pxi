# Stands in for skills/cues.py: finds the brackets around cues.

cdef inline bint ends_line(uint8_t byte) noexcept nogil:
    return byte == LINE_END or byte == SEPARATOR


def brackets(tokens, cue_hits):
    cdef const int64_t[:] first = cue_hits.first, last = cue_hits.last
    cdef const int64_t[::1] start = tokens.start, end = tokens.end
    cdef const uint8_t[::1] buffer = tokens.buffer
    cdef Py_ssize_t k, opened, closes, begins, stops
    around_ = np.full((2, first.shape[0]), ABSENT)
    cdef int64_t[:, ::1] around = around_
    for k in range(first.shape[0]):
        opened = opened_before(buffer, start[first[k]])
        if opened == ABSENT:
            continue
        closes = closed_behind(buffer, start[first[k]], end[last[k]], opened)
        if closes == ABSENT or (opened + 1 == start[first[k]] and closes == end[last[k]]):
            continue
        begins, stops = first[k], last[k]
        while begins > 0 and start[begins - 1] > opened:
            begins -= 1
        while stops + 1 < start.shape[0] and start[stops + 1] < closes:
            stops += 1
        around[0, k], around[1, k] = begins, stops
    return around_[0], around_[1]


cdef Py_ssize_t opened_before(const uint8_t[::1] buffer, Py_ssize_t start) except -2:
    """Return the index of the bracket that is open at `start`, or `ABSENT`."""
    cdef Py_ssize_t i
    for i in range(start - 1, max(0, start - LONGEST_BRACKETS) - 1, -1):
        if buffer[i] == c"(":
            return i
        if buffer[i] == c")" or ends_line(buffer[i]):
            break
    return ABSENT


cdef Py_ssize_t closed_behind(
    const uint8_t[::1] buffer, Py_ssize_t start, Py_ssize_t end, Py_ssize_t opened
) except -2:
    """Return the index of the bracket that closes behind `end`, or `ABSENT`."""
    cdef Py_ssize_t i
    for i in range(start, min(opened + LONGEST_BRACKETS, buffer.shape[0])):
        if ends_line(buffer[i]):
            break
        if i >= end and buffer[i] == c")":
            return i
    return ABSENT
