# Columns of numbers of which nobody knows how many there will be.

cdef class Columns:
    """Columns of numbers that grow as rows are added."""

    cdef int64_t[:, ::1] cell
    cdef Py_ssize_t n

    def __cinit__(self, n_columns, size):
        self.cell = np.empty((n_columns, size), np.int64)

    cdef Py_ssize_t next(self) except -1:
        """Return the place of one more row."""
        if self.n == self.cell.shape[1]:
            cells = np.asarray(self.cell)
            self.cell = np.concatenate((cells, np.empty_like(cells)), axis=1)
        self.n += 1
        return self.n - 1

    cdef tuple filled(self):
        return tuple(np.asarray(self.cell)[:, : self.n])
