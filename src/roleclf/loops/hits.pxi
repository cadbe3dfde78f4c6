# Stands in for matching/hits.py: chooses between overlapping hits.

def leftmost_longest(hits):
    cdef const int64_t[:] first = hits.first, last = hits.last
    chosen_ = np.empty(first.shape[0], np.uint8)
    cdef uint8_t[::1] chosen = chosen_
    cdef int64_t covered = ABSENT
    cdef Py_ssize_t i
    for i in range(first.shape[0]):
        chosen[i] = first[i] > covered
        covered = last[i] if chosen[i] else covered
    return chosen_.view(bool)
