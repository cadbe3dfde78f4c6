# Stands in for skills/matcher.py: checks the letter case of skills.

def written_as_asked(tokens, hits, lexicon):
    cdef const int64_t[:] phrase = hits.phrase, first = hits.first, last = hits.last
    cdef const int64_t[::1] start = tokens.start, end = tokens.end
    cdef const uint32_t[::1] points = tokens.texts.points
    cdef const uint8_t[::1] only_listed = lexicon.only_listed.view(np.uint8)
    cdef const uint8_t[::1] cased = lexicon.cased.view(np.uint8)
    cdef const uint8_t[::1] is_exact = lexicon.is_exact.view(np.uint8)
    cdef tuple forms = lexicon.forms
    cdef Py_ssize_t k
    cdef int64_t own
    allowed_ = np.zeros(phrase.shape[0], np.uint8)
    cdef uint8_t[::1] allowed = allowed_
    cdef const uint32_t[::1] text
    for k in range(phrase.shape[0]):
        own = phrase[k]
        allowed[k] = not only_listed[own]
        if cased[own] and allowed[k]:
            text = points[start[first[k]] : end[last[k]]]
            if is_exact[own]:
                allowed[k] = is_written(text, forms[own])
            else:
                allowed[k] = not is_small(text)
    return allowed_.view(bool)


cdef bint is_written(const uint32_t[::1] text, str form):
    cdef Py_ssize_t i
    if text.shape[0] != PyUnicode_GET_LENGTH(form):
        return False
    for i in range(text.shape[0]):
        if text[i] != <uint32_t>PyUnicode_READ_CHAR(form, i):
            return False
    return True


cdef bint is_small(const uint32_t[::1] text):
    """Return the same as `str.islower`."""
    cdef Py_ssize_t i
    cdef Py_UCS4 letter
    cdef bint small = False
    for i in range(text.shape[0]):
        letter = <Py_UCS4>text[i]
        if letter.isupper() or letter.istitle():
            return False
        small |= letter.islower()
    return small
