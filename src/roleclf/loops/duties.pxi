# Stands in for duties/find.py, text by text. Memory for one text is used again for the
# next, and so stays in the cache.

cdef struct Part:
    # A phrase that is part of triggers: positions of its first and last word, without
    # fillers; index of its first word among the known ones; its row in `DutyTables.parts`.
    int64_t first
    int64_t last
    int32_t word
    int32_t row


cdef struct Second:
    # A part that may follow another: position and index of its first word, its number.
    int64_t place
    int32_t number
    int32_t word


cdef struct Pair:
    # Two parts that may be a step of a trigger: the cell of the pair index that tells,
    # the index of the left part, the index of the right part's first word.
    int32_t cell
    int32_t part
    int32_t word


cdef struct Reached:
    # A trigger and the step it has reached; the previous entry of the same word.
    int32_t step
    int32_t before


cdef struct DutyTables:
    # The arrays of `DutyTables` in duties/loop_tables.py, where they are documented and checked.
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
        # The entry before the first is the one that `ABSENT` reads.
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
    check_range(number, ABSENT, len(self.words))
    check_length(sentence.shape[0], n_words)
    check_bounds(bounds, n_words)
    if n_words == 0:
        return type(self)._find_sentences.__wrapped__(self, tokens)
    cdef DutyFinder finder = DutyFinder(self._loop_tables, len(self.ids), number, sentence)
    for t in range(bounds.shape[0] - 1):
        if bounds[t] < bounds[t + 1]:
            finder.read(bounds[t], bounds[t + 1])
    return finder.stated.columns()


cdef class DutyFinder:
    """Finds the duties in one text after the other."""

    cdef DutyTables tables
    cdef const int32_t[::1] number
    cdef const int64_t[::1] sentence
    cdef PhraseFinder phrases
    # Of the words that triggers contain: index in the batch; position without fillers,
    # sentences far apart; root and its hash; gap behind it.
    cdef Buffer words, places, roots, hashes, gaps
    cdef Buffer parts, seconds, pairs, reached, latest
    cdef Py_ssize_t n_reached
    cdef SentenceDuties stated

    def __cinit__(self, tables, n_duties, number, sentence):
        self.tables, self.phrases = duty_tables_of(tables), PhraseFinder(tables.automaton)
        self.number, self.sentence = number, sentence
        self.words, self.places = Buffer(sizeof(int32_t)), Buffer(sizeof(int64_t))
        self.roots, self.hashes = Buffer(sizeof(int32_t)), Buffer(sizeof(uint64_t))
        self.gaps, self.latest = Buffer(sizeof(uint8_t)), Buffer(sizeof(int32_t))
        self.parts, self.seconds = Buffer(sizeof(Part)), Buffer(sizeof(Second))
        self.pairs, self.reached = Buffer(sizeof(Pair)), Buffer(sizeof(Reached))
        self.stated = SentenceDuties(n_duties, sentence)

    cdef int read(self, Py_ssize_t begin, Py_ssize_t end) except -1:
        cdef Py_ssize_t n_words = self.keep(begin, end)
        cdef Py_ssize_t n_parts = self.find_parts(n_words)
        cdef Py_ssize_t n_pairs = self.find_pairs(n_parts)
        self.follow(n_words, n_parts, n_pairs)
        return 0

    cdef Py_ssize_t keep(self, Py_ssize_t begin, Py_ssize_t end) except -1:
        """Fill the arrays of the words that triggers contain; return how many."""
        cdef int32_t* words = <int32_t*>self.words.reserve(end - begin + 1)
        cdef int64_t* places = <int64_t*>self.places.reserve(end - begin + 1)
        cdef int32_t* roots = <int32_t*>self.roots.reserve(end - begin + 1)
        cdef uint64_t* hashes = <uint64_t*>self.hashes.reserve(end - begin + 1)
        cdef uint8_t* gaps = <uint8_t*>self.gaps.reserve(end - begin + 1)
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
        """Fill `parts`, sorted by first word, longer parts first; return how many."""
        cdef Py_ssize_t n = self.phrases.find(
            <const int32_t*>self.roots.rows,
            <const uint64_t*>self.hashes.rows,
            <const uint8_t*>self.gaps.rows,
            n_words,
        )
        cdef const Found* found = <const Found*>self.phrases.found.rows
        cdef const int64_t* places = <const int64_t*>self.places.rows
        cdef Part* parts = <Part*>self.parts.reserve(n + 1)
        cdef Py_ssize_t i
        for i in range(n):
            prefetch(self.tables.parts + ROW * found[i].row)
            parts[i].first, parts[i].last = places[found[i].first], places[found[i].last]
            parts[i].word, parts[i].row = found[i].first, found[i].row
        return n

    cdef Py_ssize_t find_pairs(self, Py_ssize_t n_parts) except -1:
        """Fill `pairs` with parts a few words apart that are steps; return how many.

        `Pair.cell` then holds the number of the pair, which has its steps.
        """
        cdef const Part* parts = <const Part*>self.parts.rows
        cdef Second* seconds = <Second*>self.seconds.reserve(n_parts + 1)
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
                    pairs = <Pair*>self.pairs.reserve(n + 1)
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
        """Follow the steps of triggers and add the duty of each complete trigger."""
        cdef const int32_t* words = <const int32_t*>self.words.rows
        cdef const Part* parts = <const Part*>self.parts.rows
        cdef const Pair* pairs = <const Pair*>self.pairs.rows
        cdef const int32_t* bounds = self.tables.bounds
        cdef const int32_t* lone = self.tables.lone
        cdef int32_t* latest = <int32_t*>self.latest.reserve(n_words + 1)
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
        """Follow the steps of one pair from what its left part has reached."""
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
                    # First steps come first, so the rest needs what is not there.
                    if so_far == ABSENT:
                        break
                    continue
            if step & 1:
                self.stated.add(self.tables.duty_bits[step >> (STEP_BITS + 1)])
                continue
            reached = <Reached*>self.reached.reserve(self.n_reached + 1)
            reached[self.n_reached] = Reached(step >> 1, latest[0])
            latest[0] = <int32_t>self.n_reached
            self.n_reached += 1
        return 0
