# Checks of places, and columns of which nobody knows how long they will be.


cdef int within(const Place[::1] places, int64_t least, int64_t end) except -1:
    """Refuse places that are not from `least` to before `end`.

    All at once, before a loop that checks none: that takes a tenth of the time.
    """
    # As if unsigned, what is too low is too high.
    cdef uint64_t n_places = end - least
    cdef bint is_wrong = False
    cdef Py_ssize_t i
    with cython.boundscheck(False):
        if Place is int32_t:
            for i in range(places.shape[0]):
                is_wrong |= <uint32_t>(places[i] - least) >= <uint32_t>n_places
        else:
            for i in range(places.shape[0]):
                is_wrong |= <uint64_t>(places[i] - least) >= n_places
    if is_wrong:
        raise IndexError(f"places that are not from {least} to {end - 1}")
    return 0


cdef int in_order(const int64_t[::1] bounds, Py_ssize_t end) except -1:
    """Refuse bounds that fall, or that are not from 0 to `end`."""
    cdef bint falls = bounds[0] < 0 or bounds[bounds.shape[0] - 1] > end
    cdef Py_ssize_t i
    with cython.boundscheck(False):
        for i in range(bounds.shape[0] - 1):
            falls |= bounds[i] > bounds[i + 1]
    if falls:
        raise IndexError(f"bounds that fall, or go beyond {end}")
    return 0


cdef int of_length(Py_ssize_t length, Py_ssize_t expected) except -1:
    """Refuse an array that is not as long as another that it goes with."""
    if length != expected:
        raise IndexError(f"an array of {length}, not {expected}")
    return 0


cdef class Columns:
    """Columns of numbers that grow as rows are added."""

    cdef int64_t[:, ::1] cell
    cdef Py_ssize_t n

    def __cinit__(self, n_columns, size):
        self.cell = np.empty((n_columns, size), np.int64)

    cdef Py_ssize_t next(self) except -1:
        """Return the place of one more row."""
        if self.n == self.cell.shape[1]:
            self.grow()
        self.n += 1
        return self.n - 1

    cdef int64_t[:, ::1] grow(self):
        """Return the columns with room for twice as many rows."""
        cells = np.asarray(self.cell)
        self.cell = np.concatenate((cells, np.empty_like(cells)), axis=1)
        return self.cell

    cdef tuple filled(self):
        return tuple(np.asarray(self.cell)[:, : self.n])


cdef class Room:
    """Memory for rows of one size, of which nobody knows how many there will be."""

    cdef void* rows
    cdef Py_ssize_t size
    cdef Py_ssize_t n_bytes

    def __cinit__(self, n_bytes):
        self.n_bytes = n_bytes

    def __dealloc__(self):
        free(self.rows)

    cdef void* for_rows(self, Py_ssize_t n_rows) except NULL:
        """Return room for so many rows, with what is in it already."""
        if n_rows > self.size:
            n_rows = max(n_rows, 2 * self.size, 256)
            rows = realloc(self.rows, n_rows * self.n_bytes)
            if rows == NULL:
                raise MemoryError
            self.rows, self.size = rows, n_rows
        return self.rows

    def __getbuffer__(self, Py_buffer* view, int flags):
        # Whoever has its bytes keeps them: there is no more room then.
        PyBuffer_FillInfo(view, self, self.rows, self.size * self.n_bytes, 0, flags)
