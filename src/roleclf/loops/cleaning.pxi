# Letters and blanks made plain, marks of Markdown looked for: see `cleaning`.

def tidied(texts, Py_ssize_t size):
    # These modules import this one.
    from roleclf.cleaning import KIND_BY_BYTE
    from roleclf.folding import FOLDED
    from roleclf.letters import plain_letters

    cdef const uint8_t[::1] folds = FOLDED, kinds = KIND_BY_BYTE
    cdef Room points = Room(sizeof(uint32_t)), folded = Room(sizeof(uint8_t))
    cdef list ends = []
    cdef Py_ssize_t n = 0, room, t
    points.for_rows(size + 1)
    folded.for_rows(size + 1)
    cdef uint8_t[256] between
    for t in range(256):
        # 1: may stay by itself; 3: may not
        between[t] = kinds[t] < TEXT_KIND
        between[t] |= 2 * (between[t] and t != BLANK and t != LINE_END)
    for text in texts:
        # A numpy.str_ is not what it is for the functions below.
        text = str(text)
        if has_odd_letter(text):
            text = plain_letters(text)
        # Nothing gets longer.
        room = n + PyUnicode_GET_LENGTH(text) + 1
        points.for_rows(room)
        folded.for_rows(room)
        n += tidy_text(
            text,
            folds,
            kinds,
            between,
            <uint32_t*>points.rows + n,
            <uint8_t*>folded.rows + n,
        )
        (<uint32_t*>points.rows)[n] = (<uint8_t*>folded.rows)[n] = SEPARATOR
        ends.append(n)
        n += 1
    return (
        np.frombuffer(points, np.uint32, n),
        np.array(ends, np.int64),
        np.frombuffer(folded, np.uint8, n),
    )


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
    """Return a bit for each of `cleaning._MARKS` that may mean something in a text.

    A "#" that does opens a line or follows a blank, and text follows a "*" or an "&".
    """
    # One for each mark, as wide as a character, so that several are seen at once.
    cdef Character link = 0, hash = 0, dashes = 0, stars = 0, lines = 0, equals = 0
    cdef Character escape = 0, star = 0, line = 0, code = 0, tag = 0, entity = 0
    cdef Character now, next
    cdef Py_ssize_t i
    if size == 0:
        return 0
    hash, line, code = text[0] == c"#", text[0] == c"_", text[0] == c"`"
    for i in range(size - 1):
        now, next = text[i], text[i + 1]
        link |= (now == c"]") & (next == c"(")
        hash |= ((now == BLANK) | (now == LINE_END)) & (next == c"#")
        dashes |= (now == c"-") & (next == c"-")
        stars |= (now == c"*") & (next == c"*")
        lines |= (now == c"_") & (next == c"_")
        equals |= (now == c"=") & (next == c"=")
        escape |= now == c"\\"
        star |= (now == c"*") & (next != BLANK) & (next != LINE_END) & (next != c"*")
        line |= next == c"_"
        code |= next == c"`"
        tag |= now == c"<"
        entity |= (now == c"&") & (next > BLANK)
    return (
        link | hash << 1 | dashes << 2 | stars << 3 | lines << 4 | equals << 5
        | escape << 6 | star << 7 | line << 8 | code << 9 | tag << 10 | entity << 11
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
