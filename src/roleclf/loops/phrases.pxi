# Phrases found: see `phrases`.

cdef inline uint64_t chained(uint64_t left, uint64_t right, uint8_t gap) noexcept nogil:
    left = left * MIX[2] + right + gap * MIX[3]
    left ^= left >> 31
    return left * MIX[4]


def PhraseTable_rows(self, tokens):
    cdef const int32_t[::1] word = self.words.find(tokens)
    cdef const uint64_t[::1] hashes = tokens.hash
    cdef const uint8_t[::1] gap = tokens.gap, kind = self._kind
    cdef const int32_t[::1] first_state = self._first_state, bounds = self._states.bounds
    cdef const uint8_t[::1] follows = self._follows.view(np.uint8)
    cdef Table table = table_of(self._index)
    cdef Py_ssize_t n_words = word.shape[0], n_known = first_state.shape[0] - 1
    cdef Py_ssize_t n_states = kind.shape[0] - 1
    cdef int32_t[:, ::1] begun
    cdef Columns hits = Columns(3, word.shape[0] + 16)
    # Not `hits.cell`: what stands in an object is looked up each time.
    cdef int64_t[:, ::1] hit = hits.cell
    cdef Py_ssize_t k, i, at, p, n = 0
    cdef int32_t[MOST_WORDS] ended
    cdef int32_t state
    cdef uint64_t hashed
    within(word, ABSENT, n_known)
    within(first_state, ABSENT, n_states)
    of_length(follows.shape[0], n_known + 1)
    of_length(bounds.shape[0], n_states + 1)
    of_length(len(self._index._keys), n_states)
    of_length(hashes.shape[0], n_words)
    of_length(gap.shape[0], n_words)
    begun = begun_at(word, gap, first_state, kind, follows)
    with cython.boundscheck(False):
        for k in range(begun.shape[1]):
            if k + AHEAD < begun.shape[1] and begun[1, k + AHEAD]:
                i = begun[0, k + AHEAD]
                fetch_slot(&table, chained(hashes[i], hashes[i + 1], gap[i]))
            i = at = begun[0, k]
            state, hashed = first_state[word[i]], hashes[i]
            ended[0] = state if kind[state] & ENDS else ABSENT
            if begun[1, k]:
                while (
                    state != ABSENT
                    and kind[state] & GOES_ON
                    and gap[at] != HARD_GAP
                    and at + 1 < n_words
                ):
                    if at - i == MOST_WORDS - 1:
                        return type(self)._rows.__wrapped__(self, tokens)
                    hashed = chained(hashed, hashes[at + 1], gap[at])
                    state = place_of(&table, hashed)
                    at += 1
                    # What ends with the word `at`, or `ABSENT`.
                    ended[at - i] = (
                        state if state != ABSENT and kind[state] & ENDS else ABSENT
                    )
            for at in range(at, i - 1, -1):
                state = ended[at - i]
                if state != ABSENT:
                    for p in range(bounds[state], bounds[state + 1]):
                        if n == hit.shape[1]:
                            hit = hits.grow()
                        hit[0, n], hit[1, n], hit[2, n] = p, i, at
                        n += 1
    hits.n = n
    return hits.filled()


def longest_first(hits):
    cdef const int64_t[:] first = hits.first, last = hits.last
    chosen_ = np.empty(first.shape[0], np.uint8)
    cdef uint8_t[::1] chosen = chosen_
    cdef int64_t covered = ABSENT
    cdef Py_ssize_t i
    for i in range(first.shape[0]):
        chosen[i] = first[i] > covered
        covered = last[i] if chosen[i] else covered
    return chosen_.view(bool)


cdef int32_t[:, ::1] begun_at(
    const int32_t[::1] word,
    const uint8_t[::1] gap,
    const int32_t[::1] first_state,
    const uint8_t[::1] kind,
    const uint8_t[::1] follows,
):
    """Return the words that are a phrase or may begin one of several, and which may.

    What `PhraseTable_rows` has checked is not checked again.
    """
    cdef Py_ssize_t n_words = word.shape[0], i, n = 0
    cdef Py_ssize_t no_word = first_state.shape[0] - 1, no_state = kind.shape[0] - 1
    begun_ = np.empty((2, n_words + 1), np.int32)
    cdef int32_t[:, ::1] begun = begun_
    cdef int32_t number = no_word, next, state
    cdef uint8_t own, goes_on
    with cython.boundscheck(False):
        if n_words:
            number = word[0] if word[0] >= 0 else no_word
        for i in range(n_words):
            next = word[i + 1] if i + 1 < n_words and word[i + 1] >= 0 else no_word
            state = first_state[number]
            own = kind[state if state >= 0 else no_state]
            goes_on = own >> 1 & follows[next] & (gap[i] != HARD_GAP) & (i + 1 < n_words)
            begun[0, n], begun[1, n] = <int32_t>i, goes_on
            n += (own & ENDS) | goes_on
            number = next
    return np.ascontiguousarray(begun_[:, :n])
