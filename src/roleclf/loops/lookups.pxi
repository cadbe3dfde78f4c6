# Hashes looked up: see `text.hash_index`, `matching.vocabulary` and
# `matching.language`.

cdef struct Table:
    # What `HashIndex` has built, and so needs no check.
    const uint8_t* hints
    const int32_t* slots
    const uint64_t* keys
    int shift
    int n_probes


cdef Table table_of(index):
    cdef const uint8_t[::1] hints = index._hint
    cdef const int32_t[::1] slots = index._table
    cdef const uint64_t[::1] keys = index._keys
    cdef Table table
    table.hints = &hints[0]
    table.slots = &slots[0]
    # Without keys every slot is empty.
    table.keys = &keys[0] if keys.shape[0] else <const uint64_t*>NULL
    table.shift = index._shift
    table.n_probes = index._n_probes
    return table


cdef inline int32_t place_of(Table* table, uint64_t key) noexcept nogil:
    cdef Py_ssize_t slot = key >> table.shift, i
    cdef uint8_t hint = <uint8_t>(key | IS_TAKEN)
    for i in range(slot, slot + table.n_probes):
        if table.hints[i] == hint and table.keys[table.slots[i]] == key:
            return table.slots[i]
        if not table.hints[i]:
            break
    return ABSENT


cdef inline void fetch_slot(Table* table, uint64_t key) noexcept nogil:
    """Have what will be looked up for a key fetched meanwhile."""
    prefetch(table.hints + (key >> table.shift))
    prefetch(table.slots + (key >> table.shift))


def HashIndex_find(self, const uint64_t[::1] hashes):
    cdef Table table = table_of(self)
    found_ = np.empty(hashes.shape[0], np.int32)
    cdef int32_t[::1] found = found_
    cdef Py_ssize_t i
    for i in range(hashes.shape[0]):
        if i + AHEAD < hashes.shape[0]:
            fetch_slot(&table, hashes[i + AHEAD])
        found[i] = place_of(&table, hashes[i])
    return found_


def Vocabulary_numbers(self, const uint64_t[::1] hashes):
    # So it is but in a pickle from where there are no loops.
    cdef const int32_t[::1, :] own = np.asfortranarray(self._number_by_list)
    cdef Table table = table_of(self._words._index)
    cdef Py_ssize_t n_lists = own.shape[0], n = hashes.shape[0]
    numbers_ = np.empty((n_lists, n), np.int32)
    cdef int32_t[:, ::1] numbers = numbers_
    of_length(own.shape[1], len(self._words) + 1)
    if n == 0 or n_lists == 0:
        return numbers_
    # What a compiler knows the number of it keeps at hand: a model has four lists.
    if n_lists == 4:
        number_words(&table, &hashes[0], n, &own[0, 0], own.shape[1] - 1, 4, &numbers[0, 0])
    else:
        number_words(
            &table, &hashes[0], n, &own[0, 0], own.shape[1] - 1, n_lists, &numbers[0, 0]
        )
    return numbers_


cdef inline void number_words(
    Table* table,
    const uint64_t* hashes,
    Py_ssize_t n,
    const int32_t* own,
    Py_ssize_t no_word,
    Py_ssize_t n_lists,
    int32_t* numbers,
) noexcept nogil:
    """Write what each list says of each word, list by list."""
    # Of the next words, which row of `own` each reads: a ring.
    cdef Py_ssize_t[AHEAD] rows
    cdef Py_ssize_t i, k, row
    cdef int32_t place
    for i in range(n + AHEAD):
        if i >= AHEAD:
            row = rows[i % AHEAD]
            for k in range(n_lists):
                numbers[k * n + i - AHEAD] = own[row + k]
        if i + AHEAD < n:
            fetch_slot(table, hashes[i + AHEAD])
        if i < n:
            place = place_of(table, hashes[i])
            rows[i % AHEAD] = n_lists * (place if place >= 0 else no_word)
            prefetch(own + rows[i % AHEAD])


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
