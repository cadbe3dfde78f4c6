# Finds phrases with the tables of matching/automaton.py; phrases and duties use it.

cdef struct Begun:
    # A word that begins a phrase: whether it is one itself, whether a longer one may
    # follow, and in that case the hash of it and the next word.
    uint64_t hashed
    int32_t word
    bint ends
    bint goes_on


cdef struct Found:
    # A phrase found: its row in the phrase table, its first and last word.
    int32_t row
    int32_t first
    int32_t last


cdef class PhraseFinder:
    """Finds phrases in one sequence of words after the other."""

    # The arrays of matching/automaton.py.
    cdef const int32_t* starts
    cdef const int32_t* states
    cdef HashTable index
    cdef Buffer begun, ended, found

    def __cinit__(self, automaton):
        cdef const int32_t[:, ::1] starts = automaton.starts
        cdef const int32_t[::1] states = automaton.states
        # The row before the first is the one that `ABSENT` reads.
        self.starts, self.states = &starts[1, 0], &states[0]
        self.index = hash_table_of(automaton.keys)
        self.begun, self.ended = Buffer(sizeof(Begun)), Buffer(sizeof(int32_t))
        self.found = Buffer(sizeof(Found))

    cdef Py_ssize_t find(
        self,
        const int32_t* words,
        const uint64_t* hashes,
        const uint8_t* gaps,
        Py_ssize_t n_words,
    ) except -1:
        """Fill `found` with all phrases and return how many there are.

        They are sorted by first word, longer phrases first. A hard gap is assumed
        behind the last word.
        """
        cdef Py_ssize_t n_begun = self.begin(words, hashes, gaps, n_words)
        cdef const Begun* begun = <const Begun*>self.begun.rows
        cdef const int32_t* starts = self.starts
        cdef const int32_t* states = self.states
        cdef HashTable index = self.index
        cdef int32_t* ended = <int32_t*>self.ended.reserve(n_words + 1)
        cdef Found* found = <Found*>self.found.rows
        cdef Py_ssize_t n = 0, j, i, at
        cdef int32_t state, row
        cdef uint64_t hashed
        cdef bint goes_on
        for j in range(n_begun):
            i = at = begun[j].word
            # By length, the state of the phrase from word i to `at`, or `ABSENT`.
            ended[0] = starts[2 * words[i]] if begun[j].ends else ABSENT
            hashed, goes_on = begun[j].hashed, begun[j].goes_on
            while goes_on:
                state = find_hash(&index, hashed)
                if state == ABSENT:
                    break
                at += 1
                ended[at - i] = state if states[state] & ENDS else ABSENT
                goes_on = states[state] & GOES_ON and gaps[at] != HARD_GAP
                if goes_on:
                    hashed = chain_hash(hashed, hashes[at + 1], gaps[at])
            for at in range(at, i - 1, -1):
                state = ended[at - i]
                if state == ABSENT:
                    continue
                for row in range(
                    states[state] >> KIND_BITS, states[state + 1] >> KIND_BITS
                ):
                    if n == self.found.size:
                        found = <Found*>self.found.reserve(n + 1)
                    found[n] = Found(row, <int32_t>i, <int32_t>at)
                    n += 1
        return n

    cdef Py_ssize_t begin(
        self,
        const int32_t* words,
        const uint64_t* hashes,
        const uint8_t* gaps,
        Py_ssize_t n_words,
    ) except -1:
        """Fill `begun` with the words that begin phrases and return how many."""
        cdef const int32_t* starts = self.starts
        cdef HashTable index = self.index
        cdef Begun* begun = <Begun*>self.begun.reserve(n_words + 1)
        cdef Py_ssize_t i, n = 0
        cdef int32_t kind, next
        if n_words == 0:
            return 0
        next = starts[2 * words[0] + 1]
        for i in range(n_words - 1):
            kind, next = next, starts[2 * words[i + 1] + 1]
            begun[n].word, begun[n].ends = <int32_t>i, kind & ENDS
            begun[n].goes_on = (
                (kind >> 1) & (next >> KIND_BITS) & (gaps[i] != HARD_GAP)
            )
            if begun[n].goes_on:
                begun[n].hashed = chain_hash(hashes[i], hashes[i + 1], gaps[i])
                prefetch_slot(&index, begun[n].hashed)
            n += begun[n].ends | begun[n].goes_on
        begun[n].word, begun[n].ends, begun[n].goes_on = n_words - 1, next & ENDS, False
        return n + (next & ENDS)
