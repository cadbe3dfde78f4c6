# Stands in for matching/vocabulary.py: looks words up for all lists at once.

def Vocabulary_numbers(self, const uint64_t[::1] hashes):
    # It is in this order already, unless pickled by an install without loops.
    cdef const int32_t[::1, :] own = np.asfortranarray(self._number_by_list)
    cdef HashTable table = hash_table_of(self._words._index)
    cdef Py_ssize_t n_lists = own.shape[0], n = hashes.shape[0]
    numbers_ = np.empty((n_lists, n), np.int32)
    cdef int32_t[:, ::1] numbers = numbers_
    check_length(own.shape[1], len(self._words) + 1)
    if n == 0 or n_lists == 0:
        return numbers_
    # With a constant the compiler unrolls the inner loop: a model has four lists.
    if n_lists == 4:
        number_words(&table, &hashes[0], n, &own[0, 0], own.shape[1] - 1, 4, &numbers[0, 0])
    else:
        number_words(
            &table, &hashes[0], n, &own[0, 0], own.shape[1] - 1, n_lists, &numbers[0, 0]
        )
    return numbers_


cdef inline void number_words(
    HashTable* table,
    const uint64_t* hashes,
    Py_ssize_t n,
    const int32_t* own,
    Py_ssize_t no_word,
    Py_ssize_t n_lists,
    int32_t* numbers,
) noexcept nogil:
    """Write the number of each word in each list, list by list."""
    # A ring buffer: the rows of `own` that the next words read.
    cdef Py_ssize_t[AHEAD] rows
    cdef Py_ssize_t i, k, row
    cdef int32_t place
    for i in range(n + AHEAD):
        if i >= AHEAD:
            row = rows[i % AHEAD]
            for k in range(n_lists):
                numbers[k * n + i - AHEAD] = own[row + k]
        if i + AHEAD < n:
            prefetch_slot(table, hashes[i + AHEAD])
        if i < n:
            place = find_hash(table, hashes[i])
            rows[i % AHEAD] = n_lists * (place if place >= 0 else no_word)
            prefetch(own + rows[i % AHEAD])
