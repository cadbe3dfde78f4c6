# Letters and blanks made plain, marks of Markdown looked for: see `cleaning`.

def tidied(list texts):
    # These modules import this one.
    from roleclf.cleaning import KIND_BY_BYTE
    from roleclf.folding import FOLDED
    from roleclf.letters import plain_letters

    cdef const uint8_t[::1] folds = FOLDED, kinds = KIND_BY_BYTE
    # A numpy.str_ is not what it is for the functions below.
    texts = list(map(str, texts))
    texts = [plain_letters(text) if has_odd_letter(text) else text for text in texts]
    cdef Py_ssize_t size = sum(map(len, texts)) + len(texts), n = 0, t
    points_, folded_ = np.empty(size, np.uint32), np.empty(size, np.uint8)
    ends_ = np.empty(len(texts), np.int64)
    cdef uint32_t[::1] points = points_
    cdef uint8_t[::1] folded = folded_
    cdef int64_t[::1] ends = ends_
    cdef uint8_t[256] between
    for t in range(256):
        # 1: may stay by itself; 3: may not
        between[t] = kinds[t] < TEXT_KIND
        between[t] |= 2 * (between[t] and t != BLANK and t != LINE_END)
    for t in range(len(texts)):
        # Nothing gets longer, so that what is written has its place.
        n += tidy_text(<str>texts[t], folds, kinds, between, &points[n], &folded[n])
        ends[t] = n
        points[n] = folded[n] = SEPARATOR
        n += 1
    return points_[:n], ends_, folded_[:n]


def marks_in(text):
    text = str(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef int width = PyUnicode_KIND(text)
    if width == 1:
        return marks_of(<const uint8_t*>data, size)
    if width == 2:
        return marks_of(<const uint16_t*>data, size)
    return marks_of(<const uint32_t*>data, size)


cdef int marks_of(const Character* text, Py_ssize_t size) noexcept nogil:
    """Return a bit for each of `cleaning._MARKS` that stands in a text."""
    # One for each mark, as wide as a character, so that several are seen at once.
    cdef Character link = 0, hash = 0, dashes = 0, stars = 0, lines = 0, equals = 0
    cdef Character escape = 0, star = 0, line = 0, code = 0, now, next
    cdef Py_ssize_t i
    for i in range(size):
        now = text[i]
        hash |= now == c"#"
        escape |= now == c"\\"
        star |= now == c"*"
        line |= now == c"_"
        code |= now == c"`"
    for i in range(size - 1):
        now, next = text[i], text[i + 1]
        link |= (now == c"]") & (next == c"(")
        dashes |= (now == c"-") & (next == c"-")
        stars |= (now == c"*") & (next == c"*")
        lines |= (now == c"_") & (next == c"_")
        equals |= (now == c"=") & (next == c"=")
    return (
        link | hash << 1 | dashes << 2 | stars << 3 | lines << 4 | equals << 5
        | escape << 6 | star << 7 | line << 8 | code << 9
    )


cdef bint has_odd_letter(str text):
    """Whether a text has one of the letters of `letters._ODD`."""
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    if PyUnicode_KIND(text) == 1:
        return False
    if PyUnicode_KIND(text) == 2:
        return is_any_odd(<const uint16_t*>PyUnicode_DATA(text), size)
    return is_any_odd(<const uint32_t*>PyUnicode_DATA(text), size)


cdef bint is_any_odd(const Character* text, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    cdef Character found = 0
    cdef uint32_t point
    for i in range(size):
        point = text[i]
        found |= (
            (point - 0x300 <= 0x6F) | (point - 0xFB00 <= 6) | (point - 0x1D400 <= 0x3FF)
        )
    return found != 0


cdef Py_ssize_t tidy_text(
    str text,
    const uint8_t[::1] folds,
    const uint8_t[::1] kinds,
    const uint8_t* between,
    uint32_t* points,
    uint8_t* folded,
):
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef int width = PyUnicode_KIND(text)
    cdef uint32_t last = <uint32_t>(folds.shape[0] - 1)
    if width == 1:
        return tidy(
            <const uint8_t*>data, size, &folds[0], last, &kinds[0], between, points, folded
        )
    if width == 2:
        return tidy(
            <const uint16_t*>data, size, &folds[0], last, &kinds[0], between, points, folded
        )
    return tidy(
        <const uint32_t*>data, size, &folds[0], last, &kinds[0], between, points, folded
    )


cdef Py_ssize_t tidy(
    const Character* text,
    Py_ssize_t size,
    const uint8_t* folds,
    uint32_t last,
    const uint8_t* kinds,
    const uint8_t* between,
    uint32_t* points,
    uint8_t* folded,
) noexcept nogil:
    """Write a text without what is too much between its words; return its length."""
    cdef Py_ssize_t i = 0, n = 0
    # As if behind a blank: of those that a text begins with none is left.
    cdef uint8_t fold, now, before = 1, strongest
    while i < size:
        fold = folds[min(<uint32_t>text[i], last)]
        now = between[fold]
        if (now & before) | (now >> 1):
            strongest = kinds[fold]
            if n and before:
                n -= 1
                strongest = max(strongest, kinds[folded[n]])
            i += 1
            while i < size:
                fold = folds[min(<uint32_t>text[i], last)]
                if not between[fold]:
                    break
                strongest = max(strongest, kinds[fold])
                i += 1
            if n and strongest != NOTHING and i < size:
                points[n] = folded[n] = LINE_END if strongest == LINE_KIND else BLANK
                n += 1
            before = 0
        else:
            points[n] = text[i]
            folded[n] = fold
            n += 1
            i += 1
            before = now
    return n - 1 if n and between[folded[n - 1]] else n
