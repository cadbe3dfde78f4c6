# Stands in for matching/phrases.py.

def PhraseTable_find_rows(self, tokens):
    cdef const int32_t[::1] words = self.words.find(tokens)
    cdef const uint64_t[::1] hashes = tokens.hash
    cdef const uint8_t[::1] gaps = tokens.gap
    cdef const int64_t[::1] bounds = tokens.bounds
    cdef Py_ssize_t n_words = words.shape[0], n = 0, n_found, t, i, begin
    cdef PhraseFinder finder = PhraseFinder(self.automaton)
    cdef Columns rows = Columns(3, n_words // 4 + 16)
    cdef int64_t[:, ::1] row = rows.cell
    cdef const Found* found
    check_range(words, ABSENT, len(self.words))
    check_length(hashes.shape[0], n_words)
    check_length(gaps.shape[0], n_words)
    check_bounds(bounds, n_words)
    for t in range(bounds.shape[0] - 1):
        begin = bounds[t]
        if begin == bounds[t + 1]:
            continue
        n_found = finder.find(
            &words[begin], &hashes[begin], &gaps[begin], bounds[t + 1] - begin
        )
        found = <const Found*>finder.found.rows
        while n + n_found > row.shape[1]:
            row = rows.grow()
        with cython.boundscheck(False):
            for i in range(n_found):
                row[0, n + i], row[1, n + i] = found[i].row, begin + found[i].first
                row[2, n + i] = begin + found[i].last
        n += n_found
    rows.n = n
    return rows.columns()


def PhraseTable_group_by_list(
    self, const int64_t[::1] phrases, const int64_t[::1] first, const int64_t[::1] last
):
    cdef const int32_t[::1] owner = self._states.owner, place = self._states.place
    cdef Py_ssize_t n_lists = len(self._names), n = phrases.shape[0], i, to
    bounds_ = np.zeros(n_lists + 1, np.int64)
    hits_ = np.empty((3, n), np.int64)
    cdef int64_t[::1] bounds = bounds_, next
    cdef int64_t[:, ::1] hits = hits_
    check_range(phrases, 0, owner.shape[0])
    check_range(owner, 0, n_lists)
    check_length(place.shape[0], owner.shape[0])
    check_length(first.shape[0], n)
    check_length(last.shape[0], n)
    with cython.boundscheck(False):
        for i in range(n):
            bounds[owner[phrases[i]] + 1] += 1
        next = np.cumsum(bounds_, out=bounds_).copy()
        for i in range(n):
            to = next[owner[phrases[i]]]
            next[owner[phrases[i]]] = to + 1
            hits[0, to], hits[1, to], hits[2, to] = place[phrases[i]], first[i], last[i]
    return hits_[0], hits_[1], hits_[2], bounds_
