# Stands in for matching/language.py: counts stop words by language.

def count_stopwords(
    const int32_t[::1] numbers,
    const int64_t[::1] bounds,
    const uint8_t[:, ::1] membership,
):
    cdef Py_ssize_t t, i, c, n, n_columns = membership.shape[1]
    counts_ = np.zeros((bounds.shape[0] - 1, n_columns), np.int32)
    cdef int32_t[:, ::1] counts = counts_
    cdef int32_t[::1] known = np.empty(numbers.shape[0] + 1, np.int32)
    cdef int32_t[MOST_COLUMNS] sums
    cdef const uint8_t* row
    if n_columns > MOST_COLUMNS:
        raise ValueError(f"more than {MOST_COLUMNS} languages")
    for t in range(counts.shape[0]):
        n = 0
        for i in range(bounds[t], bounds[t + 1]):
            known[n] = numbers[i]
            n += numbers[i] != ABSENT
        for c in range(n_columns):
            sums[c] = 0
        for i in range(n):
            row = &membership[known[i], 0]
            for c in range(n_columns):
                sums[c] += row[c]
        for c in range(n_columns):
            counts[t, c] = sums[c]
    return counts_
