# Stands in for text/hash_index.py.

cdef struct HashTable:
    # The arrays of a `HashIndex`; it built them, so they need no check.
    const uint8_t* hints
    const int32_t* slots
    const uint64_t* keys
    int shift
    int n_probes


cdef HashTable hash_table_of(index):
    cdef const uint8_t[::1] hints = index._hint
    cdef const int32_t[::1] slots = index._table
    cdef const uint64_t[::1] keys = index._keys
    cdef HashTable table
    table.hints = &hints[0]
    table.slots = &slots[0]
    # Without keys every slot is empty and none is read.
    table.keys = &keys[0] if keys.shape[0] else <const uint64_t*>NULL
    table.shift = index._shift
    table.n_probes = index._n_probes
    return table


cdef inline int32_t find_hash(HashTable* table, uint64_t key) noexcept nogil:
    cdef Py_ssize_t slot = key >> table.shift, i
    cdef uint8_t hint = <uint8_t>(key | OCCUPIED)
    for i in range(slot, slot + table.n_probes):
        if table.hints[i] == hint and table.keys[table.slots[i]] == key:
            return table.slots[i]
        if not table.hints[i]:
            break
    return ABSENT


cdef inline void prefetch_slot(HashTable* table, uint64_t key) noexcept nogil:
    """Prefetch the slot that a later look-up of `key` reads first."""
    prefetch(table.hints + (key >> table.shift))
    prefetch(table.slots + (key >> table.shift))


def HashIndex_find(self, const uint64_t[::1] hashes):
    cdef HashTable table = hash_table_of(self)
    found_ = np.empty(hashes.shape[0], np.int32)
    cdef int32_t[::1] found = found_
    cdef Py_ssize_t i
    for i in range(hashes.shape[0]):
        if i + AHEAD < hashes.shape[0]:
            prefetch_slot(&table, hashes[i + AHEAD])
        found[i] = find_hash(&table, hashes[i])
    return found_
