# Stands in for text/arrays.py.

def expand_ranges(begin, end):
    cdef const int64_t[::1] begins = np.ascontiguousarray(begin, np.int64)
    cdef const int64_t[::1] ends = np.ascontiguousarray(end, np.int64)
    cdef Py_ssize_t i, n = 0
    cdef int64_t k
    for i in range(begins.shape[0]):
        n += max(ends[i] - begins[i], 0)
    numbers_, rows_ = np.empty(n, np.int64), np.empty(n, np.int64)
    cdef int64_t[::1] numbers = numbers_, rows = rows_
    n = 0
    for i in range(begins.shape[0]):
        for k in range(begins[i], ends[i]):
            numbers[n] = k
            rows[n] = i
            n += 1
    return numbers_, rows_
