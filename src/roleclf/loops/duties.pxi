# Duties found, text by text: see `duties.find`. Each text reuses the memory of the one
# before, which so stays in the cache.

cdef struct Part:
    # A phrase that is a part of triggers: the places of its first and last word (see
    # `DutyFinder.places`), its first among the words kept, and its row in `parts`.
    int64_t first
    int64_t last
    int32_t word
    int32_t row


cdef struct Second:
    # A part that may come second: its place, number and first word.
    int64_t place
    int32_t number
    int32_t word


cdef struct Pair:
    # Two parts that may be a step: the cell of the `PairIndex` that says so, the left
    # part, and the first word of the other.
    int32_t cell
    int32_t part
    int32_t word


cdef struct Reached:
    # A trigger and a step of it, in the bits of `steps`; what was reached before at the
    # same word.
    int32_t step
    int32_t before


cdef struct DutyTables:
    # As `DutyLoopTables` has and checks them.
    const int32_t* roots
    const uint64_t* hashes
    const int32_t* parts
    const int32_t* left
    const int32_t* value
    const int32_t* bounds
    const int32_t* steps
    const int32_t* lone
    const int32_t* duty_bits


cdef DutyTables duty_tables_of(tables):
    cdef const int32_t[::1] roots = tables.roots
    cdef const uint64_t[::1] hashes = tables.hashes
    cdef const int32_t[:, ::1] parts = tables.parts
    cdef const int32_t[::1] left = tables.left, value = tables.value
    cdef const int32_t[::1] bounds = tables.bounds, steps = tables.steps
    cdef const int32_t[::1] lone = tables.lone, duty_bits = tables.duty_bits
    return DutyTables(
        # The row before the first is that of `ABSENT`.
        roots=&roots[1],
        hashes=&hashes[0],
        parts=&parts[0, 0],
        left=&left[0],
        value=&value[0],
        bounds=&bounds[0],
        steps=&steps[0],
        lone=&lone[0],
        duty_bits=&duty_bits[0],
    )


def DutyPatterns_find_sentences(self, tokens):
    cdef const int32_t[::1] number = self.words.find(tokens)
    cdef const int64_t[::1] sentence = tokens.sentence, bounds = tokens.bounds
    cdef Py_ssize_t n_words = number.shape[0], t
    within(number, ABSENT, len(self.words))
    of_length(sentence.shape[0], n_words)
    in_order(bounds, n_words)
    if n_words == 0:
        return type(self)._find_sentences.__wrapped__(self, tokens)
    cdef DutyFinder finder = DutyFinder(self._loop_tables, len(self.ids), number, sentence)
    for t in range(bounds.shape[0] - 1):
        if bounds[t] < bounds[t + 1]:
            finder.read(bounds[t], bounds[t + 1])
    return finder.stated.columns()


cdef class DutyFinder:
    """Finds the duties of one text after the other."""

    cdef DutyTables tables
    cdef const int32_t[::1] number
    cdef const int64_t[::1] sentence
    cdef PhraseFinder phrases
    # Of the words that triggers know: which of the batch; its place, with fillers left
    # out and sentences far apart; its root, the root's hash, and the gap behind it.
    cdef Room words, places, roots, hashes, gaps
    cdef Room parts, seconds, pairs, reached, latest
    cdef Py_ssize_t n_reached
    cdef Stated stated

    def __cinit__(self, tables, n_duties, number, sentence):
        self.tables, self.phrases = duty_tables_of(tables), PhraseFinder(tables.automaton)
        self.number, self.sentence = number, sentence
        self.words, self.places = Room(sizeof(int32_t)), Room(sizeof(int64_t))
        self.roots, self.hashes = Room(sizeof(int32_t)), Room(sizeof(uint64_t))
        self.gaps, self.latest = Room(sizeof(uint8_t)), Room(sizeof(int32_t))
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
        cdef int32_t* words = <int32_t*>self.words.for_rows(end - begin + 1)
        cdef int64_t* places = <int64_t*>self.places.for_rows(end - begin + 1)
        cdef int32_t* roots = <int32_t*>self.roots.for_rows(end - begin + 1)
        cdef uint64_t* hashes = <uint64_t*>self.hashes.for_rows(end - begin + 1)
        cdef uint8_t* gaps = <uint8_t*>self.gaps.for_rows(end - begin + 1)
        cdef const int32_t* root_of = self.tables.roots
        cdef const int32_t* number = &self.number[0]
        cdef const int64_t* sentence = &self.sentence[0]
        cdef Py_ssize_t i, n = 0
        cdef int64_t n_fillers = 0
        cdef int32_t root
        for i in range(begin, end):
            root = root_of[number[i]]
            words[n], roots[n] = <int32_t>i, root
            places[n] = i - n_fillers + sentence[i] * TOO_FAR
            n += root >= 0
            n_fillers += root == FILLER
        for i in range(n):
            hashes[i] = self.tables.hashes[roots[i]]
            gaps[i] = HARD_GAP if i + 1 == n or places[i + 1] - places[i] > 1 else 0
        return n

    cdef Py_ssize_t find_parts(self, Py_ssize_t n_words) except -1:
        """Note the parts among the words, by first word, longer ones first."""
        cdef Py_ssize_t n = self.phrases.find(
            <const int32_t*>self.roots.rows,
            <const uint64_t*>self.hashes.rows,
            <const uint8_t*>self.gaps.rows,
            n_words,
        )
        cdef const Found* found = <const Found*>self.phrases.found.rows
        cdef const int64_t* places = <const int64_t*>self.places.rows
        cdef Part* parts = <Part*>self.parts.for_rows(n + 1)
        cdef Py_ssize_t i
        for i in range(n):
            prefetch(self.tables.parts + ROW * found[i].row)
            parts[i].first, parts[i].last = places[found[i].first], places[found[i].last]
            parts[i].word, parts[i].row = found[i].first, found[i].row
        return n

    cdef Py_ssize_t find_pairs(self, Py_ssize_t n_parts) except -1:
        """Note the pairs of parts that are steps, one a few words behind the other.

        `Pair.cell` is then the link, a row of `bounds`.
        """
        cdef const Part* parts = <const Part*>self.parts.rows
        cdef Second* seconds = <Second*>self.seconds.for_rows(n_parts + 1)
        cdef Pair* pairs = <Pair*>self.pairs.rows
        cdef const int32_t* row
        cdef const int32_t* left = self.tables.left
        cdef Py_ssize_t n_seconds = 0, n = 0, n_steps = 0, nearest = 0, i, j
        for i in range(n_parts):
            row = self.tables.parts + ROW * parts[i].row
            seconds[n_seconds] = Second(parts[i].first, row[NUMBER], parts[i].word)
            n_seconds += row[NUMBER] != ABSENT
        seconds[n_seconds].place = INT64_MAX
        for i in range(n_parts):
            row = self.tables.parts + ROW * parts[i].row
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
            row = self.tables.parts + ROW * parts[pairs[i].part].row
            prefetch(self.tables.value + pairs[i].cell)
            n_steps += left[pairs[i].cell] == row[PHRASE]
        for i in range(n_steps):
            pairs[i].cell = self.tables.value[pairs[i].cell]
            prefetch(self.tables.bounds + pairs[i].cell)
        for i in range(n_steps):
            prefetch(self.tables.steps + self.tables.bounds[pairs[i].cell])
        return n_steps

    cdef int follow(
        self, Py_ssize_t n_words, Py_ssize_t n_parts, Py_ssize_t n_pairs
    ) except -1:
        """Follow the steps, and state the duty of each trigger that matches as a whole."""
        cdef const int32_t* words = <const int32_t*>self.words.rows
        cdef const Part* parts = <const Part*>self.parts.rows
        cdef const Pair* pairs = <const Pair*>self.pairs.rows
        cdef const int32_t* bounds = self.tables.bounds
        cdef const int32_t* lone = self.tables.lone
        cdef int32_t* latest = <int32_t*>self.latest.for_rows(n_words + 1)
        cdef Py_ssize_t i, k = 0, row
        self.n_reached = 0
        for i in range(n_words):
            latest[i] = ABSENT
        for i in range(n_parts):
            self.stated.at(words[parts[i].word])
            row = self.tables.parts[ROW * parts[i].row + LONE]
            while row != ABSENT:
                self.stated.add(self.tables.duty_bits[lone[row] >> 1])
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
        """Take the steps of one pair, from what its left word was reached by."""
        cdef const int32_t* steps = self.tables.steps
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
                    # First steps stand first, so none can follow.
                    if so_far == ABSENT:
                        break
                    continue
            if step & 1:
                self.stated.add(self.tables.duty_bits[step >> (STEP_BITS + 1)])
                continue
            reached = <Reached*>self.reached.for_rows(self.n_reached + 1)
            reached[self.n_reached] = Reached(step >> 1, latest[0])
            latest[0] = <int32_t>self.n_reached
            self.n_reached += 1
        return 0
