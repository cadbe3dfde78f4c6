# Stands in for model/feature_spaces.py and feature_rows.py: finds, weighs and
# multiplies features.

def NgramSpace_occurrences(self, tokens):
    bigrams = self._bigrams
    cdef const int32_t[::1] word = self.words.find(tokens), unigrams = self._unigrams
    cdef const int64_t[::1] bounds = tokens.bounds
    cdef const int32_t[::1] shift = bigrams._shift, left = bigrams._left, value = bigrams._value
    cdef Py_ssize_t n_texts = bounds.shape[0] - 1, n = 0, t, i, k, n_cells, n_known
    cdef Py_ssize_t no_word = unigrams.shape[0] - 1
    found_ = np.empty(2 * word.shape[0] + 2, np.int32)
    ends_ = np.zeros(n_texts + 1, np.int64)
    cdef int32_t[::1] found = found_
    # Cell and left number of each pair, collected so that cells can be prefetched.
    cdef int32_t[:, ::1] cells = np.empty((2, word.shape[0] + 1), np.int32)
    cdef int64_t[::1] ends = ends_
    cdef int32_t current, next, cell
    check_range(word, ABSENT, no_word)
    check_range(shift, 0, left.shape[0] - no_word + 1)
    check_bounds(bounds, word.shape[0])
    check_length(shift.shape[0], unigrams.shape[0])
    check_length(value.shape[0], left.shape[0])
    with cython.boundscheck(False):
        for t in range(n_texts):
            n_cells, next = 0, ABSENT
            for i in range(bounds[t + 1] - 1, bounds[t] - 1, -1):
                current = word[i] if word[i] >= 0 else no_word
                found[n] = unigrams[current]
                n += found[n] >= 0
                cells[0, n_cells] = shift[current] + max(next, 0)
                cells[1, n_cells] = current
                prefetch(&left[cells[0, n_cells]])
                n_cells += (current != no_word) & (next >= 0)
                next = word[i]
            n_known = 0
            for k in range(n_cells):
                cell = cells[0, k]
                cells[0, n_known] = cell
                prefetch(&value[cell])
                n_known += left[cell] == cells[1, k]
            for k in range(n_known):
                found[n] = value[cells[0, k]]
                n += 1
            ends[t + 1] = n
    return found_[:n], ends_


def tfidf(
    feature,
    const int64_t[::1] bounds,
    readable,
    const float[::1] idf,
    const double[::1] log_count,
):
    cdef const uint8_t[::1] is_readable = readable.view(np.uint8)
    cdef const int32_t[::1] occurrence = np.ascontiguousarray(feature, np.int32)
    cdef Py_ssize_t n_texts = bounds.shape[0] - 1, n = 0, t, i, begin
    cdef int32_t most = <int32_t>(log_count.shape[0] - 1), column
    columns_ = np.empty(occurrence.shape[0] + 1, np.int64)
    values_ = np.empty(occurrence.shape[0], np.float64)
    ends_ = np.zeros(n_texts + 1, np.int64)
    cdef int64_t[::1] columns = columns_, ends = ends_
    cdef double[::1] values = values_
    cdef int32_t[::1] count = np.zeros(idf.shape[0], np.int32)
    cdef double squares
    check_range(occurrence, 0, idf.shape[0])
    check_bounds(bounds, occurrence.shape[0])
    check_length(is_readable.shape[0], n_texts)
    with cython.boundscheck(False):
        for t in range(n_texts):
            begin, squares = n, 0.0
            for i in range(bounds[t], bounds[t + 1] if is_readable[t] else bounds[t]):
                if i + AHEAD < occurrence.shape[0]:
                    prefetch(&count[occurrence[i + AHEAD]])
                column = occurrence[i]
                columns[n] = column
                n += count[column] == 0
                count[column] += 1
            for i in range(begin, n):
                column = <int32_t>columns[i]
                values[i] = log_count[min(count[column], most)] * idf[column]
                squares += values[i] * values[i]
                count[column] = 0
            for i in range(begin, n):
                values[i] /= sqrt(squares)
            ends[t + 1] = n
    return ends_, columns_[:n], values_[:n]


def FeatureRows_dot(self, weights):
    if weights.dtype != np.float32 or not 0 < weights.shape[1] <= MOST_COLUMNS:
        return type(self).dot.__wrapped__(self, weights)
    cdef const float[:, ::1] weight = np.ascontiguousarray(weights)
    cdef const int64_t[::1] bounds = self.bounds, feature = self.feature
    cdef const double[::1] value = self.value
    cdef Py_ssize_t n_texts = bounds.shape[0] - 1, n_columns = weight.shape[1], t
    scores_ = np.zeros((n_texts, n_columns))
    cdef double[:, ::1] scores = scores_
    check_range(feature, 0, weight.shape[0])
    check_length(value.shape[0], feature.shape[0])
    check_bounds(bounds, feature.shape[0])
    for t in range(n_texts if feature.shape[0] else 0):
        # With a constant the compiler unrolls the inner loop: there are six roles.
        if n_columns == 6:
            add_rows(
                &feature[0], &value[0], bounds[t], bounds[t + 1], feature.shape[0],
                &weight[0, 0], 6, &scores[t, 0]
            )
        else:
            add_rows(
                &feature[0], &value[0], bounds[t], bounds[t + 1], feature.shape[0],
                &weight[0, 0], n_columns, &scores[t, 0]
            )
    return scores_


cdef inline void add_rows(
    const int64_t* feature,
    const double* value,
    Py_ssize_t begin,
    Py_ssize_t end,
    Py_ssize_t n_features,
    const float* weight,
    Py_ssize_t n_columns,
    double* scores,
) noexcept nogil:
    """Write the sum of the weights of features `begin` to `end`, times their values."""
    cdef double[MOST_COLUMNS] sums
    cdef const float* row
    cdef Py_ssize_t i, c
    for c in range(n_columns):
        sums[c] = 0.0
    for i in range(begin, end):
        if i + AHEAD < n_features:
            prefetch(weight + n_columns * feature[i + AHEAD])
        row = weight + n_columns * feature[i]
        for c in range(n_columns):
            sums[c] += value[i] * row[c]
    for c in range(n_columns):
        scores[c] = sums[c]
