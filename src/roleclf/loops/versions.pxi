# Stands in for skills/versions.py: finds words with digits at their end.

cdef inline bint is_digit(uint8_t byte) noexcept nogil:
    return <uint8_t>(byte - c"0") < 10


cdef inline bint is_version_suffix(uint8_t byte) noexcept nogil:
    return byte == c"+" or byte == c"c" or byte == c"g" or byte == c"r" or byte == c"x"


def glued_words(tokens, const int32_t[::1] numbers):
    cdef const int64_t[::1] start = tokens.start, end = tokens.end
    cdef const uint8_t[::1] buffer = tokens.buffer
    cdef Py_ssize_t i, n
    cdef uint8_t last, before_last
    cdef Columns words = Columns(1, 64)
    check_range(end, 1, buffer.shape[0] + 1)
    check_range(start, 0, buffer.shape[0])
    check_length(end.shape[0], numbers.shape[0])
    check_length(start.shape[0], numbers.shape[0])
    with cython.boundscheck(False):
        for i in range(numbers.shape[0]):
            # One test that nearly always fails, in place of three that often do.
            last = buffer[end[i] - 1]
            if (
                (numbers[i] == ABSENT)
                & (is_digit(last) | is_version_suffix(last))
                & (not is_digit(buffer[start[i]]))
            ):
                before_last = buffer[max(end[i] - 2, start[i])]
                if not (is_digit(last) or is_digit(before_last)):
                    continue
                n = words.next()
                words.cell[0, n] = i
    return words.columns()[0]
