# Stands in for text/whitespace.py: collapses whitespace and folds letters.

def collapse_whitespace(texts, Py_ssize_t size):
    # Imported here, for these modules import this one.
    from roleclf.text.folding import FOLDED
    from roleclf.text.whitespace import KIND_BY_BYTE

    cdef const uint8_t[::1] folds = FOLDED, kinds = KIND_BY_BYTE
    cdef Buffer points = Buffer(sizeof(uint32_t)), folded = Buffer(sizeof(uint8_t))
    cdef list ends = []
    cdef Py_ssize_t n = 0, room, t
    points.reserve(size + 1)
    folded.reserve(size + 1)
    cdef uint8_t[256] between
    for t in range(256):
        # 0: no space; 1: may stay if single; 3: is always replaced
        between[t] = kinds[t] < NOT_SPACE
        between[t] |= 2 * (between[t] and t != BLANK and t != LINE_END)
    for text in texts:
        # The C functions below need exactly str, not numpy.str_.
        text = str(text)
        # No text gets longer.
        room = n + PyUnicode_GET_LENGTH(text) + 1
        points.reserve(room)
        folded.reserve(room)
        n += collapse_text(
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


cdef Py_ssize_t collapse_text(
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
        return collapse_characters(
            <const uint8_t*>data, size, &folds[0], last, &kinds[0], between, points,
            folded,
        )
    if width == 2:
        return collapse_characters(
            <const uint16_t*>data, size, &folds[0], last, &kinds[0], between, points,
            folded,
        )
    return collapse_characters(
        <const uint32_t*>data, size, &folds[0], last, &kinds[0], between, points, folded
    )


cdef Py_ssize_t collapse_characters(
    const Character* text,
    Py_ssize_t size,
    const uint8_t* folds,
    uint32_t last,
    const uint8_t* kinds,
    const uint8_t* between,
    uint32_t* points,
    uint8_t* folded,
) noexcept nogil:
    """Write a text with its whitespace collapsed; return its length."""
    cdef Py_ssize_t i = 0, n = 0, alone = 0
    cdef int n_read
    # As if behind a blank, so that no blank stays at the beginning.
    cdef uint8_t fold, now, before = 1, strongest
    while i < size:
        if alone <= i <= size - BLOCK:
            n_read = copy_plain(
                text + i, sizeof(Character), before, points + n, folded + n
            )
            i, n = i + n_read, n + n_read
            if n_read:
                before = folded[n - 1] <= BLANK
            if n_read == BLOCK:
                continue
            # Where little is ASCII, trying every block would cost more than it saves.
            alone = i + BLOCK if n_read < MIN_PLAIN else i + 1
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
            if n and strongest != NO_SPACE and i < size:
                points[n] = folded[n] = LINE_END if strongest == LINE_SPACE else BLANK
                n += 1
            before = 0
        else:
            points[n] = text[i]
            folded[n] = fold
            n += 1
            i += 1
            before = now
    return n - 1 if n and between[folded[n - 1]] else n
