# Stands in for annotation/annotation_batch.py: joins names per posting.

def join_distinct(const int64_t[:] place, const int64_t[:] bounds, list texts):
    cdef Py_ssize_t run, i
    cdef int64_t own
    cdef int64_t[::1] last_run = np.full(len(texts), -1)
    cdef list joined = [], few
    cdef str text
    # Empty texts are skipped as if seen already.
    for i in range(len(texts)):
        text = texts[i]
        if not text:
            last_run[i] = INT64_MAX
    for run in range(bounds.shape[0] - 1):
        few = []
        for i in range(bounds[run], bounds[run + 1]):
            own = place[i]
            if last_run[own] < run:
                last_run[own] = run
                few.append(texts[own])
        joined.append(";".join(few))
    return joined
