# Phrases found, and chosen: see `matching.phrases` and `matching.hits`.

cdef inline uint64_t chained(uint64_t left, uint64_t right, uint8_t gap) noexcept nogil:
    left = left * MIX[2] + right + gap * MIX[3]
    left ^= left >> 31
    return left * MIX[4]


cdef struct Begun:
    # A word that a phrase begins with: whether it is a phrase itself, whether a longer
    # one may begin here, and then the hash of this word and the next.
    uint64_t hashed
    int32_t word
    bint ends
    bint goes_on


cdef struct Found:
    # A phrase: its row in `PhraseStates.place`, its first and its last word.
    int32_t row
    int32_t first
    int32_t last


cdef class PhraseFinder:
    """Finds the phrases of one run of words after the other."""

    # As `PhraseAutomaton` has them.
    cdef const int32_t* starts
    cdef const int32_t* states
    cdef Table index
    cdef Room begun, ended, found

    def __cinit__(self, automaton):
        cdef const int32_t[:, ::1] starts = automaton.starts
        cdef const int32_t[::1] states = automaton.states
        # The row before the first is that of `ABSENT`.
        self.starts, self.states = &starts[1, 0], &states[0]
        self.index = table_of(automaton.keys)
        self.begun, self.ended = Room(sizeof(Begun)), Room(sizeof(int32_t))
        self.found = Room(sizeof(Found))

    cdef Py_ssize_t find(
        self,
        const int32_t* words,
        const uint64_t* hashes,
        const uint8_t* gaps,
        Py_ssize_t n_words,
    ) except -1:
        """Note all phrases, by first word, longer ones first; return how many.

        The gap behind the last word is taken to be hard.
        """
        cdef Py_ssize_t n_begun = self.begin(words, hashes, gaps, n_words)
        cdef const Begun* begun = <const Begun*>self.begun.rows
        cdef const int32_t* starts = self.starts
        cdef const int32_t* states = self.states
        cdef Table index = self.index
        cdef int32_t* ended = <int32_t*>self.ended.for_rows(n_words + 1)
        cdef Found* found = <Found*>self.found.rows
        cdef Py_ssize_t n = 0, j, i, at
        cdef int32_t state, row
        cdef uint64_t hashed
        cdef bint goes_on
        for j in range(n_begun):
            i = at = begun[j].word
            # The state of the phrase that ends at each word from `i` on, or `ABSENT`.
            ended[0] = starts[2 * words[i]] if begun[j].ends else ABSENT
            hashed, goes_on = begun[j].hashed, begun[j].goes_on
            while goes_on:
                state = place_of(&index, hashed)
                if state == ABSENT:
                    break
                at += 1
                ended[at - i] = state if states[state] & ENDS else ABSENT
                goes_on = states[state] & GOES_ON and gaps[at] != HARD_GAP
                if goes_on:
                    hashed = chained(hashed, hashes[at + 1], gaps[at])
            for at in range(at, i - 1, -1):
                state = ended[at - i]
                if state == ABSENT:
                    continue
                for row in range(
                    states[state] >> KIND_BITS, states[state + 1] >> KIND_BITS
                ):
                    if n == self.found.size:
                        found = <Found*>self.found.for_rows(n + 1)
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
        """Note the words that phrases begin with, and which begin longer ones."""
        cdef const int32_t* starts = self.starts
        cdef Table index = self.index
        cdef Begun* begun = <Begun*>self.begun.for_rows(n_words + 1)
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
                begun[n].hashed = chained(hashes[i], hashes[i + 1], gaps[i])
                fetch_slot(&index, begun[n].hashed)
            n += begun[n].ends | begun[n].goes_on
        begun[n].word, begun[n].ends, begun[n].goes_on = n_words - 1, next & ENDS, False
        return n + (next & ENDS)


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
    within(words, ABSENT, len(self.words))
    of_length(hashes.shape[0], n_words)
    of_length(gaps.shape[0], n_words)
    in_order(bounds, n_words)
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
    return rows.filled()


def PhraseTable_group_by_list(
    self, const int64_t[::1] rows, const int64_t[::1] first, const int64_t[::1] last
):
    cdef const int32_t[::1] owner = self._states.owner, place = self._states.place
    cdef Py_ssize_t n_lists = len(self._names), n = rows.shape[0], i, to
    bounds_ = np.zeros(n_lists + 1, np.int64)
    hits_ = np.empty((3, n), np.int64)
    cdef int64_t[::1] bounds = bounds_, next
    cdef int64_t[:, ::1] hits = hits_
    within(rows, 0, owner.shape[0])
    within(owner, 0, n_lists)
    of_length(place.shape[0], owner.shape[0])
    of_length(first.shape[0], n)
    of_length(last.shape[0], n)
    with cython.boundscheck(False):
        for i in range(n):
            bounds[owner[rows[i]] + 1] += 1
        next = np.cumsum(bounds_, out=bounds_).copy()
        for i in range(n):
            to = next[owner[rows[i]]]
            next[owner[rows[i]]] = to + 1
            hits[0, to], hits[1, to], hits[2, to] = place[rows[i]], first[i], last[i]
    return hits_[0], hits_[1], hits_[2], bounds_


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
