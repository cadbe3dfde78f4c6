# Collects the duties of each sentence while duties.pxi finds their triggers.

cdef class SentenceDuties:
    """The duties of sentences in reading order, each once per sentence."""

    cdef Columns found
    cdef const int64_t* sentences
    cdef Py_ssize_t n_words, n_groups
    # Of the current sentence: the bits of its duties, and of those stated firmly.
    cdef Buffer duty_bits
    cdef uint64_t* any
    cdef uint64_t* firm
    cdef int64_t sentence
    cdef Py_ssize_t word

    def __cinit__(self, n_duties, const int64_t[::1] sentences):
        self.found = Columns(4, 1024)
        self.sentences, self.n_words = &sentences[0], sentences.shape[0]
        self.n_groups = n_duties // 64 + 1
        self.duty_bits = Buffer(sizeof(uint64_t))
        self.any = <uint64_t*>self.duty_bits.reserve(2 * self.n_groups)
        self.firm = self.any + self.n_groups
        memset(self.any, 0, 2 * self.n_groups * sizeof(uint64_t))
        self.sentence = ABSENT

    cdef inline int at(self, Py_ssize_t word) except -1:
        """Move to a word; duties added from here on belong to its sentence."""
        if self.sentences[word] != self.sentence:
            self.end_sentence()
            self.sentence, self.word = self.sentences[word], word
        return 0

    cdef inline void add(self, int32_t duty_bits) noexcept:
        cdef int32_t duty = duty_bits >> 1
        self.any[duty >> 6] |= <uint64_t>1 << (duty & 63)
        self.firm[duty >> 6] |= <uint64_t>(duty_bits & 1) << (duty & 63)

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
        first, last, duty, is_firm = self.found.columns()
        return first, last, duty, is_firm.astype(bool)
