# Letters and blanks made plain, marks of Markdown looked for: see `cleaning`.

def tidied(texts, Py_ssize_t size):
    # These modules import this one.
    from roleclf.text.cleaning import KIND_BY_BYTE
    from roleclf.text.folding import FOLDED

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
    """Return a bit for each of `cleaning._MARKS` that may mean something, and for odd
    letters.
    """
    cdef Py_ssize_t block, i
    cdef unsigned int places
    cdef int marks = 0
    # In most blocks there is nothing.
    for block in range(size // BLOCK):
        places = telling(text + BLOCK * block, sizeof(Character))
        while places:
            marks |= mark_at(text, BLOCK * block + trailing_zeros(places), size)
            places &= places - 1
    for i in range(size // BLOCK * BLOCK, size):
        marks |= mark_at(text, i, size)
    return marks


cdef inline Character is_odd(Character point) noexcept nogil:
    """Whether it is a letter in an odd guise: narrow texts have none."""
    if Character is uint8_t:
        return 0
    elif Character is uint16_t:
        return (<uint16_t>(point - 0x300) <= 0x6F) | (<uint16_t>(point - 0xFB00) <= 6)
    else:
        return (
            (point - 0x300 <= 0x6F) | (point - 0xFB00 <= 6) | (point - 0x1D400 <= 0x3FF)
        )


cdef int mark_at(
    const Character* text, Py_ssize_t i, Py_ssize_t size
) noexcept nogil:
    """Return the bits of what begins at a place, none for what means nothing there."""
    cdef Character now = text[i], before = LINE_END, next = LINE_END
    if now < c"#" or (now > c"`" and now < 0x300):
        return 0
    if i > 0:
        before = text[i - 1]
    if i + 1 < size:
        next = text[i + 1]
    if now == c"]":
        return LINK if next == c"(" else 0
    if now == c"#":
        return HASH if before == BLANK or before == LINE_END else 0
    if now == c"-":
        return DASHES if next == c"-" else 0
    if now == c"*":
        if next == c"*":
            return STARS
        return STAR if next != BLANK and next != LINE_END else 0
    if now == c"_":
        return LINE | LINES if next == c"_" else LINE
    if now == c"=":
        return EQUALS if next == c"=" else 0
    if now == c"\\":
        return ESCAPE
    if now == c"`":
        return CODE
    if now == c"<":
        return TAG
    if now == c"&":
        return ENTITY if next > BLANK else 0
    return ODD_LETTER if is_odd(now) else 0


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
    cdef Py_ssize_t i = 0, n = 0, alone = 0
    cdef int n_read
    # As if behind a blank: of those that a text begins with none is left.
    cdef uint8_t fold, now, before = 1, strongest
    while i < size:
        if alone <= i <= size - BLOCK:
            n_read = n_tidy(text + i, sizeof(Character), before, points + n, folded + n)
            i, n = i + n_read, n + n_read
            if n_read:
                before = folded[n - 1] <= BLANK
            if n_read == BLOCK:
                continue
            # Where little is ASCII, trying each block again would cost more.
            alone = i + BLOCK if n_read < LEAST_TIDY else i + 1
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
