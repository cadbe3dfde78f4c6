# Duties found, text by text: see `duties.find`. What is noted of one text is written
# over by the next, and so stays at hand.

cdef struct Word:
    # A word that triggers know: where it stands among the words that count, those of
    # two sentences far apart; its root; its place in the batch.
    int64_t place
    int32_t root
    int32_t at


cdef struct Part:
    # A part of triggers: the places of its first and last word; which of the words
    # known is its first; the row of what is told of it.
    int64_t first
    int64_t last
    int32_t word
    int32_t row


cdef struct Second:
    # A part that may stand behind another: its place, number and first word.
    int64_t place
    int32_t number
    int32_t word


cdef struct Pair:
    # Two parts that may be a step: where that is told, which part is on the left, the
    # first word of the other.
    int32_t cell
    int32_t part
    int32_t word


cdef struct Reached:
    # A trigger and a step of it; what was reached before that at the same word.
    int32_t step
    int32_t before


cdef struct Packed:
    # What `duties.find._Packed` has, where it is checked, and how steps are found.
    const int32_t* forms
    const int32_t* roots
    const uint64_t* hashes
    const int32_t* states
    const int32_t* parts
    const int32_t* left
    const int32_t* value
    const int32_t* bounds
    const int32_t* steps
    const int32_t* lone
    const int32_t* said
    Table index


cdef Packed packed_of(packed):
    cdef const int32_t[::1] forms = packed.forms, states = packed.states
    cdef const uint64_t[::1] hashes = packed.hashes
    cdef const int32_t[:, ::1] roots = packed.roots, parts = packed.parts
    cdef const int32_t[::1] left = packed.left, value = packed.value
    cdef const int32_t[::1] bounds = packed.bounds, steps = packed.steps
    cdef const int32_t[::1] lone = packed.lone, said = packed.said
    return Packed(
        # What `ABSENT` reads comes first.
        forms=&forms[1],
        roots=&roots[1, 0],
        hashes=&hashes[0],
        states=&states[0],
        parts=&parts[0, 0],
        left=&left[0],
        value=&value[0],
        bounds=&bounds[0],
        steps=&steps[0],
        lone=&lone[0],
        said=&said[0],
        index=table_of(packed.index),
    )


def DutyPatterns_found(self, tokens):
    cdef const int32_t[::1] number = self.words.find(tokens)
    cdef const int64_t[::1] sentence = tokens.sentence, bounds = tokens.bounds
    cdef Py_ssize_t n_words = number.shape[0], t
    within(number, ABSENT, len(self.words))
    of_length(sentence.shape[0], n_words)
    in_order(bounds, n_words)
    if n_words == 0:
        return type(self)._found.__wrapped__(self, tokens)
    cdef Reader reader = Reader(self._packed, len(self.ids), number, sentence)
    for t in range(bounds.shape[0] - 1):
        if bounds[t] < bounds[t + 1]:
            reader.read(bounds[t], bounds[t + 1])
    return reader.stated.columns()


cdef class Reader:
    """Finds the duties of one text after the other."""

    cdef Packed packed
    cdef const int32_t[::1] number
    cdef const int64_t[::1] sentence
    cdef Room words, begun, ended, parts, seconds, pairs, reached, latest
    cdef Py_ssize_t n_reached
    cdef Stated stated

    def __cinit__(self, packed, n_duties, number, sentence):
        self.packed = packed_of(packed)
        self.number, self.sentence = number, sentence
        self.words, self.begun = Room(sizeof(Word)), Room(sizeof(int64_t))
        self.ended, self.latest = Room(sizeof(int32_t)), Room(sizeof(int32_t))
        self.parts, self.seconds = Room(sizeof(Part)), Room(sizeof(Second))
        self.pairs, self.reached = Room(sizeof(Pair)), Room(sizeof(Reached))
        self.stated = Stated(n_duties, sentence)

    cdef int read(self, Py_ssize_t begin, Py_ssize_t end) except -1:
        cdef Py_ssize_t n_words = self.keep(begin, end)
        cdef Py_ssize_t n_parts = self.find_parts(n_words)
        cdef Py_ssize_t n_pairs = self.find_pairs(n_parts)
        self.follow(n_words, n_parts, n_pairs)
        return 0

    cdef Py_ssize_t keep(self, Py_ssize_t begin, Py_ssize_t end) except -1:
        """Note the words that triggers know, and return how many these are."""
        cdef Word* words = <Word*>self.words.for_rows(end - begin + 1)
        cdef const int32_t* forms = self.packed.forms
        cdef const int32_t* number = &self.number[0]
        cdef const int64_t* sentence = &self.sentence[0]
        cdef Py_ssize_t i, n = 0
        cdef int64_t n_fillers = 0
        cdef int32_t root
        for i in range(begin, end):
            root = forms[number[i]]
            words[n].place = i - n_fillers + sentence[i] * TOO_FAR
            words[n].root = root
            words[n].at = <int32_t>i
            n += root >= 0
            n_fillers += root == FILLER
        # Behind the last there is none.
        words[n].place = INT64_MAX
        words[n].root = ABSENT
        return n

    cdef Py_ssize_t find_parts(self, Py_ssize_t n_words) except -1:
        """Note the parts among the words, by their first, the longer before."""
        cdef const Word* words = <const Word*>self.words.rows
        cdef const int32_t* roots = self.packed.roots
        cdef const int32_t* states = self.packed.states
        cdef const uint64_t* hashes = self.packed.hashes
        cdef Table* index = &self.packed.index
        cdef int32_t* ended = <int32_t*>self.ended.for_rows(n_words + 1)
        cdef Part* parts = <Part*>self.parts.rows
        cdef Py_ssize_t n_begun = self.begin_parts(n_words), n = 0, j, k, at
        cdef const int64_t* begun = <const int64_t*>self.begun.rows
        cdef int32_t state, row
        cdef uint64_t hashed
        for j in range(n_begun):
            k = at = begun[j] >> 1
            state, hashed = roots[2 * words[k].root], hashes[words[k].root]
            ended[0] = state if states[state] & ENDS else ABSENT
            if begun[j] & 1:
                while words[at + 1].place - words[at].place == 1:
                    hashed = chained(hashed, hashes[words[at + 1].root], 0)
                    state = place_of(index, hashed)
                    if state == ABSENT:
                        break
                    at += 1
                    ended[at - k] = state if states[state] & ENDS else ABSENT
                    if not states[state] & GOES_ON:
                        break
            for at in range(at, k - 1, -1):
                state = ended[at - k]
                if state == ABSENT:
                    continue
                for row in range(states[state] >> KIND_BITS, states[state + 1] >> KIND_BITS):
                    if n == self.parts.size:
                        parts = <Part*>self.parts.for_rows(n + 1)
                    prefetch(self.packed.parts + ROW * row)
                    parts[n] = Part(words[k].place, words[at].place, <int32_t>k, row)
                    n += 1
        return n

    cdef Py_ssize_t begin_parts(self, Py_ssize_t n_words) except -1:
        """Note the words that parts begin with, and whether longer ones may."""
        cdef const Word* words = <const Word*>self.words.rows
        cdef const int32_t* roots = self.packed.roots
        cdef int64_t* begun = <int64_t*>self.begun.for_rows(n_words + 1)
        cdef const uint64_t* hashes = self.packed.hashes
        cdef Table* index = &self.packed.index
        cdef Py_ssize_t k, n = 0
        cdef uint64_t hashed
        cdef int32_t kind, next = roots[2 * words[0].root + 1], goes_on
        for k in range(n_words):
            kind, next = next, roots[2 * words[k + 1].root + 1]
            goes_on = (kind >> 1) & (next >> KIND_BITS)
            goes_on &= words[k + 1].place - words[k].place == 1
            begun[n] = k << 1 | goes_on
            n += (kind & ENDS) | goes_on
            if goes_on:
                hashed = hashes[words[k].root]
                fetch_slot(index, chained(hashed, hashes[words[k + 1].root], 0))
        return n

    cdef Py_ssize_t find_pairs(self, Py_ssize_t n_parts) except -1:
        """Note the pairs of parts behind each other, a few words apart, that are steps.

        `Pair.cell` is then what tells which steps.
        """
        cdef const Part* parts = <const Part*>self.parts.rows
        cdef Second* seconds = <Second*>self.seconds.for_rows(n_parts + 1)
        cdef Pair* pairs = <Pair*>self.pairs.rows
        cdef const int32_t* row
        cdef const int32_t* left = self.packed.left
        cdef Py_ssize_t n_seconds = 0, n = 0, n_steps = 0, nearest = 0, i, j
        for i in range(n_parts):
            row = self.packed.parts + ROW * parts[i].row
            seconds[n_seconds] = Second(parts[i].first, row[NUMBER], parts[i].word)
            n_seconds += row[NUMBER] != ABSENT
        seconds[n_seconds].place = INT64_MAX
        for i in range(n_parts):
            row = self.packed.parts + ROW * parts[i].row
            if row[SHIFT] == ABSENT:
                continue
            while seconds[nearest].place <= parts[i].first:
                nearest += 1
            j = nearest
            while seconds[j].place < parts[i].last + TOO_FAR:
                if n == self.pairs.size:
                    pairs = <Pair*>self.pairs.for_rows(n + 1)
                pairs[n].cell = row[SHIFT] + seconds[j].number
                pairs[n].part, pairs[n].word = <int32_t>i, seconds[j].word
                prefetch(left + pairs[n].cell)
                n += seconds[j].place > parts[i].last
                j += 1
        for i in range(n):
            pairs[n_steps] = pairs[i]
            row = self.packed.parts + ROW * parts[pairs[i].part].row
            prefetch(self.packed.value + pairs[i].cell)
            n_steps += left[pairs[i].cell] == row[PHRASE]
        for i in range(n_steps):
            pairs[i].cell = self.packed.value[pairs[i].cell]
            prefetch(self.packed.bounds + pairs[i].cell)
        for i in range(n_steps):
            prefetch(self.packed.steps + self.packed.bounds[pairs[i].cell])
        return n_steps

    cdef int follow(
        self, Py_ssize_t n_words, Py_ssize_t n_parts, Py_ssize_t n_pairs
    ) except -1:
        """Take the steps, and state the duty of each trigger that is whole."""
        cdef const Word* words = <const Word*>self.words.rows
        cdef const Part* parts = <const Part*>self.parts.rows
        cdef const Pair* pairs = <const Pair*>self.pairs.rows
        cdef const int32_t* bounds = self.packed.bounds
        cdef const int32_t* lone = self.packed.lone
        cdef int32_t* latest = <int32_t*>self.latest.for_rows(n_words + 1)
        cdef Py_ssize_t i, k = 0, row
        self.n_reached = 0
        for i in range(n_words):
            latest[i] = ABSENT
        for i in range(n_parts):
            self.stated.at(words[parts[i].word].at)
            row = self.packed.parts[ROW * parts[i].row + LONE]
            while row != ABSENT:
                self.stated.add(self.packed.said[lone[row] >> 1])
                row = ABSENT if lone[row] & 1 else row + 1
            while k < n_pairs and pairs[k].part == i:
                self.step(
                    bounds[pairs[k].cell],
                    bounds[pairs[k].cell + 1],
                    latest[parts[i].word],
                    &latest[pairs[k].word],
                )
                k += 1
        self.stated.end_sentence()
        return 0

    cdef int step(
        self, Py_ssize_t row, Py_ssize_t end, int32_t so_far, int32_t* latest
    ) except -1:
        """Take the steps that one pair is, from what is reached so far."""
        cdef const int32_t* steps = self.packed.steps
        cdef Reached* reached
        cdef int32_t step, before
        while row < end:
            step, row = steps[row], row + 1
            if step >> 1 & LAST_STEP:
                before = so_far
                reached = <Reached*>self.reached.rows
                while before != ABSENT and reached[before].step != (step >> 1) - 1:
                    before = reached[before].before
                if before == ABSENT:
                    # First steps come first.
                    if so_far == ABSENT:
                        break
                    continue
            if step & 1:
                self.stated.add(self.packed.said[step >> (STEP_BITS + 1)])
                continue
            reached = <Reached*>self.reached.for_rows(self.n_reached + 1)
            reached[self.n_reached] = Reached(step >> 1, latest[0])
            latest[0] = <int32_t>self.n_reached
            self.n_reached += 1
        return 0


cdef class Stated:
    """The duties of sentences that come in reading order, each once in a sentence."""

    cdef Columns found
    cdef const int64_t* sentences
    cdef Py_ssize_t n_words, n_groups
    # Of the sentence that is read: a bit for each duty, one for each stated firmly.
    cdef Room said
    cdef uint64_t* any
    cdef uint64_t* firm
    cdef int64_t sentence
    cdef Py_ssize_t word

    def __cinit__(self, n_duties, const int64_t[::1] sentences):
        self.found = Columns(4, 1024)
        self.sentences, self.n_words = &sentences[0], sentences.shape[0]
        self.n_groups = n_duties // 64 + 1
        self.said = Room(sizeof(uint64_t))
        self.any = <uint64_t*>self.said.for_rows(2 * self.n_groups)
        self.firm = self.any + self.n_groups
        memset(self.any, 0, 2 * self.n_groups * sizeof(uint64_t))
        self.sentence = ABSENT

    cdef inline int at(self, Py_ssize_t word) except -1:
        """Go on to a word; what is added then is said in its sentence."""
        if self.sentences[word] != self.sentence:
            self.end_sentence()
            self.sentence, self.word = self.sentences[word], word
        return 0

    cdef inline void add(self, int32_t said) noexcept:
        cdef int32_t duty = said >> 1
        self.any[duty >> 6] |= <uint64_t>1 << (duty & 63)
        self.firm[duty >> 6] |= <uint64_t>(said & 1) << (duty & 63)

    cdef int end_sentence(self) except -1:
        cdef Py_ssize_t i, n, first = ABSENT, last = ABSENT
        cdef int bit
        for i in range(self.n_groups):
            if self.any[i] and first == ABSENT:
                first, last = self.ends()
            while self.any[i]:
                bit = trailing_zeros(self.any[i])
                n = self.found.next()
                self.found.cell[0, n], self.found.cell[1, n] = first, last
                self.found.cell[2, n] = 64 * i + bit
                self.found.cell[3, n] = self.firm[i] >> bit & 1
                self.any[i] &= self.any[i] - 1
            self.firm[i] = 0
        return 0

    cdef (Py_ssize_t, Py_ssize_t) ends(self):
        """Return the first and the last word of the sentence."""
        cdef Py_ssize_t first = self.word, last = self.word
        while first > 0 and self.sentences[first - 1] == self.sentence:
            first -= 1
        while last + 1 < self.n_words and self.sentences[last + 1] == self.sentence:
            last += 1
        return first, last

    cdef tuple columns(self):
        first, last, duty, is_firm = self.found.filled()
        return first, last, duty, is_firm.astype(bool)
