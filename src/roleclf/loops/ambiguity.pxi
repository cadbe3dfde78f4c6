# Stands in for skills/ambiguity.py: checks the letter case of ambiguous forms.

def fits_case(tokens, hits, lexicon):
    cdef const int64_t[:] phrase = hits.phrase, first = hits.first, last = hits.last
    cdef const int64_t[::1] start = tokens.start, end = tokens.end
    cdef const uint32_t[::1] points = tokens.texts.points
    cdef const uint8_t[::1] needs_case = lexicon.needs_case.view(np.uint8)
    cdef const uint8_t[::1] needs_exact_case = lexicon.needs_exact_case.view(np.uint8)
    cdef tuple forms = lexicon.forms
    cdef Py_ssize_t k
    cdef int64_t form
    fits_ = np.ones(phrase.shape[0], np.uint8)
    cdef uint8_t[::1] fits = fits_
    cdef const uint32_t[::1] text
    for k in range(phrase.shape[0]):
        form = phrase[k]
        if needs_case[form]:
            text = points[start[first[k]] : end[last[k]]]
            if needs_exact_case[form]:
                fits[k] = is_written(text, forms[form])
            else:
                fits[k] = not is_small(text)
    return fits_.view(bool)


cdef bint is_written(const uint32_t[::1] text, str form):
    cdef Py_ssize_t i, length = PyUnicode_GET_LENGTH(form)
    if text.shape[0] < length:
        return False
    for i in range(length):
        if text[i] != <uint32_t>PyUnicode_READ_CHAR(form, i):
            return False
    for i in range(length, text.shape[0]):
        if not c"0" <= text[i] <= c"9":
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
