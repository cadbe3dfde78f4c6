# Stands in for text/hashing.py, inside other loops.

cdef inline uint64_t scramble(uint64_t number) noexcept nogil:
    number *= MIX[0]
    number ^= number >> 31
    number *= MIX[1]
    return number ^ (number >> 31)


cdef inline uint64_t read_eight(
    const uint8_t* raw, Py_ssize_t start, Py_ssize_t end
) noexcept nogil:
    """Return up to eight bytes of `raw[start:end]` as one number."""
    cdef uint64_t eight
    memcpy(&eight, raw + start, 8)
    return little_endian(eight) & LOW_BYTES[min(end - start, 8)]


cdef uint64_t hash_word(
    const uint8_t* raw, Py_ssize_t start, Py_ssize_t end
) noexcept nogil:
    cdef uint64_t hashed = scramble(read_eight(raw, start, end))
    cdef Py_ssize_t read
    for read in range(8, min(end - start, 64), 8):
        hashed = scramble(hashed + read_eight(raw, start + read, end) * MIX[1] + 2)
    return hashed


cdef inline uint64_t chain_hash(uint64_t left, uint64_t right, uint8_t gap) noexcept nogil:
    left = left * MIX[2] + right + gap * MIX[3]
    left ^= left >> 31
    return left * MIX[4]
