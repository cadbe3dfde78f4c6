# Stands in for text/markup.py: finds the markers of markup.

def marker_bits(text):
    text = str(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef int width = PyUnicode_KIND(text)
    if width == 1:
        return marker_bits_of(<const uint8_t*>data, size)
    if width == 2:
        return marker_bits_of(<const uint16_t*>data, size)
    return marker_bits_of(<const uint32_t*>data, size)


cdef int marker_bits_of(const Character* text, Py_ssize_t size) noexcept nogil:
    """Return the bits of the markers that may matter, as text/markup.py has them."""
    cdef Py_ssize_t block, i
    cdef unsigned int places
    cdef int marks = 0
    # Most blocks contain no marker.
    for block in range(size // BLOCK):
        places = marker_places(text + BLOCK * block, sizeof(Character))
        while places:
            marks |= marker_at(text, BLOCK * block + trailing_zeros(places), size)
            places &= places - 1
    for i in range(size // BLOCK * BLOCK, size):
        marks |= marker_at(text, i, size)
    return marks


cdef inline Character is_odd(Character point) noexcept nogil:
    """Return whether a letter needs normalization: Latin-1 texts have none."""
    if Character is uint8_t:
        return 0
    elif Character is uint16_t:
        return (<uint16_t>(point - 0x300) <= 0x6F) | (<uint16_t>(point - 0xFB00) <= 6)
    else:
        return (
            (point - 0x300 <= 0x6F) | (point - 0xFB00 <= 6) | (point - 0x1D400 <= 0x3FF)
        )


cdef int marker_at(
    const Character* text, Py_ssize_t i, Py_ssize_t size
) noexcept nogil:
    """Return the bits of the marker at `i`, 0 if its neighbours make it plain text."""
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
