# Duties found: see `stems` and `duties.find`.

def WordForms_kept(self, const int32_t[::1] number, const int64_t[::1] sentence):
    cdef const uint8_t[::1] use = self._use
    cdef const uint64_t[::1] hash_of_form = self._hash
    cdef const int32_t[::1] root_of_form = self._root
    cdef Py_ssize_t n_words = number.shape[0], no_word = use.shape[0] - 1, i, n = 0
    kept_, rank_ = np.empty(n_words + 1, np.int64), np.empty(n_words + 1, np.int64)
    gap_ = np.empty(n_words + 1, np.uint8)
    cdef int64_t[::1] kept = kept_, rank = rank_
    cdef uint8_t[::1] gap = gap_
    cdef int64_t n_fillers = 0
    cdef uint8_t own
    cdef bint is_near
    within(number, ABSENT, no_word)
    of_length(sentence.shape[0], n_words)
    of_length(hash_of_form.shape[0], no_word)
    of_length(root_of_form.shape[0], no_word)
    with cython.boundscheck(False):
        for i in range(n_words):
            own = use[number[i] if number[i] >= 0 else no_word]
            kept[n] = i
            rank[n] = i - n_fillers
            n += own == KEPT
            n_fillers += own == FILLER
    sentences_, hashes_ = np.empty(n, np.int64), np.empty(n, np.uint64)
    roots_ = np.empty(n, np.int32)
    cdef int64_t[::1] sentences = sentences_
    cdef uint64_t[::1] hashes = hashes_
    cdef int32_t[::1] roots = roots_
    with cython.boundscheck(False):
        for i in range(n):
            sentences[i] = sentence[kept[i]]
            hashes[i] = hash_of_form[number[kept[i]]]
            roots[i] = root_of_form[number[kept[i]]]
        for i in range(n - 1):
            is_near = rank[i + 1] - rank[i] == 1 and sentences[i + 1] == sentences[i]
            gap[i] = 0 if is_near else HARD_GAP
    if n:
        gap[n - 1] = HARD_GAP
    return kept_[:n], rank_[:n], gap_[:n], sentences_, hashes_, roots_


def DutyPatterns_stated(self, const int64_t[::1] sentence, const int64_t[::1] rank, hits):
    cdef const int64_t[::1] phrase = hits.phrase, first = hits.first, last = hits.last
    packed = self._packed
    cdef const int32_t[:, ::1] part = packed.parts
    cdef const int32_t[::1] left = self._steps._left, value = self._steps._value
    cdef const int32_t[::1] bounds = packed.bounds, steps = packed.rows
    cdef const int32_t[::1] lone = packed.lone
    cdef Stated stated = Stated(packed.said, len(self.ids))
    cdef Begun begun = Begun(rank.shape[0])
    cdef Columns pairs = next_to(part, phrase, first, last, rank, sentence)
    cdef int64_t[:, ::1] pair = pairs.cell
    cdef Py_ssize_t n_near = pairs.n, i, k, p, n_pairs = 0, row
    cdef int64_t cell
    # What pairs are steps is told in three rounds, so that what each looks at has
    # been fetched meanwhile.
    for k in range(n_near):
        if k + AHEAD < n_near:
            prefetch(&left[pair[0, k + AHEAD]])
        cell, i = pair[0, k], pair[1, k]
        if left[cell] == phrase[i]:
            prefetch(&value[cell])
            for p in range(3):
                pair[p, n_pairs] = pair[p, k]
            n_pairs += 1
    for k in range(n_pairs):
        pair[0, k] = value[pair[0, k]]
        prefetch(&bounds[pair[0, k]])
    k = 0
    for i in range(phrase.shape[0]):
        for row in range(part[phrase[i], LONE], part[phrase[i] + 1, LONE]):
            stated.add(sentence[first[i]], lone[row])
        while k < n_pairs and pair[1, k] == i:
            cell = pair[0, k]
            for row in range(bounds[cell], bounds[cell + 1]):
                # A trigger, a step, and whether that is its last.
                if not begun.reaches(steps[row] >> 1, first[i]):
                    continue
                if steps[row] & 1:
                    stated.add(sentence[first[i]], steps[row] >> (STEP_BITS + 1))
                else:
                    begun.add(steps[row] >> 1, pair[2, k])
            k += 1
    return stated.columns()


cdef Columns next_to(
    const int32_t[:, ::1] part,
    const int64_t[::1] phrase,
    const int64_t[::1] first,
    const int64_t[::1] last,
    const int64_t[::1] rank,
    const int64_t[::1] sentence,
):
    """Return the cell, the left hit and the right word of all that may be steps."""
    cdef Columns pairs = Columns(3, 2 * phrase.shape[0] + 16)
    cdef int64_t[:, ::1] pair = pairs.cell
    cdef Py_ssize_t n_hits = phrase.shape[0], n_ends = 0, i, j, n = 0, nearest = 0
    # Of the hits that may be second: place among the words, number, word.
    cdef int64_t[:, ::1] ends = np.empty((3, n_hits + 1), np.int64)
    cdef int64_t place
    within(phrase, 0, part.shape[0] - 1)
    within(first, 0, rank.shape[0])
    within(last, 0, rank.shape[0])
    of_length(sentence.shape[0], rank.shape[0])
    of_length(first.shape[0], n_hits)
    of_length(last.shape[0], n_hits)
    with cython.boundscheck(False):
        for i in range(n_hits):
            if i + AHEAD < n_hits:
                prefetch(&part[phrase[i + AHEAD], 0])
            ends[0, n_ends] = rank[first[i]] + sentence[first[i]] * TOO_FAR
            ends[1, n_ends] = part[phrase[i], END]
            ends[2, n_ends] = first[i]
            n_ends += ends[1, n_ends] != ABSENT
        # Sentences stand too far apart for two hits of a pair.
        ends[0, n_ends] = INT64_MAX
        for i in range(n_hits):
            if i + AHEAD < n_hits:
                prefetch(&part[phrase[i + AHEAD], 0])
            if part[phrase[i], SHIFT] == ABSENT:
                continue
            place = rank[last[i]] + sentence[last[i]] * TOO_FAR
            while ends[0, nearest] <= rank[first[i]] + sentence[first[i]] * TOO_FAR:
                nearest += 1
            for j in range(nearest, n_ends):
                if ends[0, j] >= place + TOO_FAR:
                    break
                if ends[0, j] > place:
                    if n == pair.shape[1]:
                        pair = pairs.grow()
                    pair[0, n] = part[phrase[i], SHIFT] + ends[1, j]
                    pair[1, n], pair[2, n] = i, ends[2, j]
                    n += 1
    pairs.n = n
    return pairs


cdef class Begun:
    """Triggers of which a part is found, by the word where the next has to stand."""

    # Trigger and step of each, and the one before it that stands at the same word.
    cdef Columns found
    cdef int64_t[::1] latest

    def __cinit__(self, n_words):
        self.found = Columns(2, 1024)
        self.latest = np.full(n_words, ABSENT, np.int64)

    cdef int add(self, int64_t step, int64_t word) except -1:
        cdef Py_ssize_t n = self.found.next()
        self.found.cell[0, n], self.found.cell[1, n] = step, self.latest[word]
        self.latest[word] = n
        return 0

    cdef int reaches(self, int64_t step, int64_t word) except -1:
        """Whether a step may be taken: it is the first, or the one before was."""
        cdef int64_t earlier = self.latest[word]
        if not step & LAST_STEP:
            return True
        while earlier != ABSENT and self.found.cell[0, earlier] != step - 1:
            earlier = self.found.cell[1, earlier]
        return earlier != ABSENT


cdef class Stated:
    """The duties of sentences that come in reading order, each once in a sentence."""

    cdef Columns found
    cdef const int32_t[::1] said
    # Of the sentence that is read: a bit for each duty, one for each stated firmly.
    cdef uint64_t[::1] any
    cdef uint64_t[::1] firm
    cdef int64_t sentence

    def __cinit__(self, said, n_duties):
        self.found = Columns(3, 1024)
        self.said = said
        self.any, self.firm = np.zeros((2, n_duties // 64 + 1), np.uint64)
        self.sentence = ABSENT

    cdef int add(self, int64_t sentence, int32_t trigger) except -1:
        if sentence != self.sentence:
            self.end_sentence()
            self.sentence = sentence
        cdef int32_t duty = self.said[trigger] >> 1
        self.any[duty >> 6] |= <uint64_t>1 << (duty & 63)
        self.firm[duty >> 6] |= <uint64_t>(self.said[trigger] & 1) << (duty & 63)
        return 0

    cdef int end_sentence(self) except -1:
        cdef Py_ssize_t i, n
        cdef int bit
        for i in range(self.any.shape[0]):
            while self.any[i]:
                bit = trailing_zeros(self.any[i])
                n = self.found.next()
                self.found.cell[0, n], self.found.cell[1, n] = self.sentence, 64 * i + bit
                self.found.cell[2, n] = self.firm[i] >> bit & 1
                self.any[i] &= self.any[i] - 1
            self.firm[i] = 0
        return 0

    cdef tuple columns(self):
        self.end_sentence()
        sentence, duty, is_firm = self.found.filled()
        return sentence, duty, is_firm.astype(bool)


def bounds(tokens, const int64_t[::1] sentence):
    cdef const int64_t[::1] sentences = tokens.sentence, start = tokens.start
    cdef const int64_t[::1] end = tokens.end, bounds = tokens.bounds, base = tokens.base
    cdef Py_ssize_t n_words = sentences.shape[0], i, first = 0, last = 0, text = 0
    found_ = np.empty((3, sentence.shape[0]), np.int64)
    cdef int64_t[:, ::1] found = found_
    for i in range(sentence.shape[0]):
        while sentences[first] < sentence[i]:
            first += 1
        last = max(first, last)
        while last + 1 < n_words and sentences[last + 1] == sentence[i]:
            last += 1
        while bounds[text + 1] <= first:
            text += 1
        found[0, i], found[1, i] = start[first] - base[text], end[last] - base[text]
        found[2, i] = text
    return found_[0], found_[1], found_[2]
