# Checks of indexes, and arrays that grow while a loop fills them. All files use these.

cdef int check_range(const Place[::1] places, int64_t least, int64_t end) except -1:
    """Raise IndexError if a place is not in `range(least, end)`.

    Checked before a loop that then checks nothing: that takes a tenth of the time.
    """
    # One comparison: as unsigned numbers, places below `least` are too high.
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


cdef int check_bounds(const int64_t[::1] bounds, Py_ssize_t end) except -1:
    """Raise IndexError if bounds descend or are not in `range(end + 1)`."""
    cdef bint falls = bounds[0] < 0 or bounds[bounds.shape[0] - 1] > end
    cdef Py_ssize_t i
    with cython.boundscheck(False):
        for i in range(bounds.shape[0] - 1):
            falls |= bounds[i] > bounds[i + 1]
    if falls:
        raise IndexError(f"bounds that fall, or go beyond {end}")
    return 0


cdef int check_length(Py_ssize_t length, Py_ssize_t expected) except -1:
    """Raise IndexError if an array is not as long as it has to be."""
    if length != expected:
        raise IndexError(f"an array of {length}, not {expected}")
    return 0


cdef class Columns:
    """A table of integers that grows as rows are added."""

    cdef int64_t[:, ::1] cell
    cdef Py_ssize_t n

    def __cinit__(self, n_columns, size):
        self.cell = np.empty((n_columns, size), np.int64)

    cdef Py_ssize_t next(self) except -1:
        """Add a row and return its index."""
        if self.n == self.cell.shape[1]:
            self.grow()
        self.n += 1
        return self.n - 1

    cdef int64_t[:, ::1] grow(self):
        """Double the capacity and return the cells."""
        cells = np.asarray(self.cell)
        self.cell = np.concatenate((cells, np.empty_like(cells)), axis=1)
        return self.cell

    cdef tuple columns(self):
        return tuple(np.asarray(self.cell)[:, : self.n])


cdef class Buffer:
    """Memory for rows of `n_bytes` each that grows as more are needed."""

    cdef void* rows
    cdef Py_ssize_t size
    cdef Py_ssize_t n_bytes

    def __cinit__(self, n_bytes):
        self.n_bytes = n_bytes

    def __dealloc__(self):
        free(self.rows)

    cdef void* reserve(self, Py_ssize_t n_rows) except NULL:
        """Return memory for at least `n_rows` rows, contents kept."""
        if n_rows > self.size:
            n_rows = max(n_rows, 2 * self.size, 256)
            rows = realloc(self.rows, n_rows * self.n_bytes)
            if rows == NULL:
                raise MemoryError
            self.rows, self.size = rows, n_rows
        return self.rows

    def __getbuffer__(self, Py_buffer* view, int flags):
        # numpy arrays of these bytes stay valid only while nothing more is reserved.
        PyBuffer_FillInfo(view, self, self.rows, self.size * self.n_bytes, 0, flags)
