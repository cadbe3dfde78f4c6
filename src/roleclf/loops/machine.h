/* What the inner loops take from the compiler and from the processor. */

#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define prefetch(x) __builtin_prefetch(x)
/* Of 0 it is 63: whoever asks then does not look at it. */
static inline int trailing_zeros(unsigned long long x) {
    return __builtin_ctzll(x | 1ULL << 63);
}
static inline int n_bits(unsigned long long x) {
    return __builtin_popcountll(x);
}
#else
#define prefetch(x) (void)(x)
static inline int trailing_zeros(unsigned long long x) {
    int n = 0;
    for (; n < 63 && !(x & 1); x >>= 1) n++;
    return n;
}
static inline int n_bits(unsigned long long x) {
    int n = 0;
    for (; x; x &= x - 1) n++;
    return n;
}
#endif

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define little_endian(x) __builtin_bswap64(x)
#else
#define little_endian(x) (x)
#endif

static const unsigned long long MIX[5] = {
    0x9E3779B97F4A7C15ULL,
    0xC2B2AE3D27D4EB4FULL,
    0xD6E8FEB86659FD93ULL,
    0xA0761D6478BD642FULL,
    0xE7037ED1A0B428DBULL,
};
/* Eight bytes of 1, and the highest bit of each of eight. */
#define ONES 0x0101010101010101ULL
#define HIGH_BITS 0x8080808080808080ULL
/* Times this, the lowest bits of eight bytes become the highest byte. */
#define BITS_OF_EIGHT 0x0102040810204080ULL

/* Sixteen characters of one, two or four bytes are looked at together where every
   processor of a kind can. The first of them has the lowest bit in what is returned. */
#define BLOCK 16

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>

/* The characters as bytes; those that are more than a byte become 255 or 0. */
static inline __m128i block_of(const void* text, int width) {
    const __m128i* part = (const __m128i*)text;
    if (width == 1)
        return _mm_loadu_si128(part);
    if (width == 2)
        return _mm_packus_epi16(_mm_loadu_si128(part), _mm_loadu_si128(part + 1));
    return _mm_packus_epi16(
        _mm_packs_epi32(_mm_loadu_si128(part), _mm_loadu_si128(part + 1)),
        _mm_packs_epi32(_mm_loadu_si128(part + 2), _mm_loadu_si128(part + 3)));
}

static inline unsigned where(__m128i block, char byte) {
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(byte)));
}

static inline unsigned where_from(__m128i block, char least, char most) {
    /* As bytes go round, all others are more than `most - least`. */
    __m128i above = _mm_sub_epi8(block, _mm_set1_epi8(least));
    return where(_mm_subs_epu8(above, _mm_set1_epi8((char)(most - least))), 0);
}

/* Write characters as code points and as folded bytes, and return how many of them are
   ASCII and stay as they are but for their case; what is written behind is of no use.
   `before` says whether a blank or a line end is before them. */
static inline int n_tidy(
    const void* text, int width, int before, uint32_t* points, uint8_t* folded)
{
    __m128i block = block_of(text, width), none = _mm_setzero_si128();
    __m128i low = _mm_unpacklo_epi8(block, none), high = _mm_unpackhi_epi8(block, none);
    __m128i is_large = _mm_and_si128(
        _mm_cmpgt_epi8(block, _mm_set1_epi8('A' - 1)),
        _mm_cmplt_epi8(block, _mm_set1_epi8('Z' + 1)));
    __m128i small = _mm_add_epi8(block, _mm_and_si128(is_large, _mm_set1_epi8(32)));
    __m128i* part = (__m128i*)points;
    unsigned between = where(block, ' ') | where(block, '\n');
    unsigned plain = where_from(block, ' ', '~') & ~where(block, '`');
    _mm_storeu_si128(part, _mm_unpacklo_epi16(low, none));
    _mm_storeu_si128(part + 1, _mm_unpackhi_epi16(low, none));
    _mm_storeu_si128(part + 2, _mm_unpacklo_epi16(high, none));
    _mm_storeu_si128(part + 3, _mm_unpackhi_epi16(high, none));
    _mm_storeu_si128((__m128i*)folded, small);
    /* The bit behind the last ends it. */
    return trailing_zeros(
        (~(plain | between) & 0xFFFF) | (between & (between << 1 | (unsigned)before))
        | 1 << BLOCK);
}

/* Return where one of `#&*<=\\]^_` or a grave accent stands, or a dash before another,
   or may stand, or a character that is more than a byte. */
static inline unsigned telling(const void* text, int width) {
    __m128i block = block_of(text, width);
    unsigned dashes = where(block, '-');
    return where(block, '#') | where(block, '&') | where(block, '*')
        | where_from(block, '<', '=') | where_from(block, '\\', '`')
        | (dashes & (dashes >> 1 | 1 << (BLOCK - 1)))
        | (width > 1 ? where(block, (char)255) | where(block, 0) : 0);
}
#else
static inline int n_tidy(
    const void* text, int width, int before, uint32_t* points, uint8_t* folded)
{
    return 0;
}

/* What may mean something; 255 is all that is more than a byte. */
static const uint8_t IS_TELLING[256] = {
    ['#'] = 1, ['&'] = 1, ['*'] = 1, ['-'] = 1, ['<'] = 1, ['='] = 1, ['\\'] = 1,
    [']'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1, [255] = 1,
};

static inline unsigned telling(const void* text, int width) {
    unsigned found = 0;
    for (int i = 0; i < BLOCK; i++) {
        unsigned point = width == 1 ? ((const uint8_t*)text)[i]
            : width == 2 ? ((const uint16_t*)text)[i] : ((const uint32_t*)text)[i];
        found |= (unsigned)IS_TELLING[point < 255 ? point : 255] << i;
    }
    return found;
}
#endif
