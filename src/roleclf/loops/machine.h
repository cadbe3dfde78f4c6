/* What depends on the compiler and the processor. */

#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define prefetch(x) __builtin_prefetch(x)
/* Returns 63 for 0; no caller uses that value. */
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
/* A product with this has the lowest bits of eight bytes in its highest byte. */
#define GATHER_BITS 0x0102040810204080ULL

/* Sixteen characters of one, two or four bytes each are compared at once, with SSE2
   where the processor family always has it. Bit i of a result is character i. */
#define BLOCK 16

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>

/* Returns the characters as bytes; those wider than a byte become 255 or 0. */
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

static inline unsigned equal_bits(__m128i block, char byte) {
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(byte)));
}

static inline unsigned range_bits(__m128i block, char least, char most) {
    /* Bytes wrap around, so all others are more than `most - least`. */
    __m128i above = _mm_sub_epi8(block, _mm_set1_epi8(least));
    return equal_bits(_mm_subs_epu8(above, _mm_set1_epi8((char)(most - least))), 0);
}

/* Writes sixteen characters as code points and as folded bytes, and returns how many of
   them, from the first on, are printable ASCII with single blanks or line ends between;
   what is written behind them is to be overwritten. `before` says whether a blank or
   line end precedes them. */
static inline int copy_plain(
    const void* text, int width, int before, uint32_t* points, uint8_t* folded)
{
    __m128i block = block_of(text, width), none = _mm_setzero_si128();
    __m128i low = _mm_unpacklo_epi8(block, none), high = _mm_unpackhi_epi8(block, none);
    __m128i is_large = _mm_and_si128(
        _mm_cmpgt_epi8(block, _mm_set1_epi8('A' - 1)),
        _mm_cmplt_epi8(block, _mm_set1_epi8('Z' + 1)));
    __m128i small = _mm_add_epi8(block, _mm_and_si128(is_large, _mm_set1_epi8(32)));
    __m128i* part = (__m128i*)points;
    unsigned between = equal_bits(block, ' ') | equal_bits(block, '\n');
    unsigned plain = range_bits(block, ' ', '~') & ~equal_bits(block, '`');
    _mm_storeu_si128(part, _mm_unpacklo_epi16(low, none));
    _mm_storeu_si128(part + 1, _mm_unpackhi_epi16(low, none));
    _mm_storeu_si128(part + 2, _mm_unpacklo_epi16(high, none));
    _mm_storeu_si128(part + 3, _mm_unpackhi_epi16(high, none));
    _mm_storeu_si128((__m128i*)folded, small);
    /* The bit behind the last character ends the count. */
    return trailing_zeros(
        (~(plain | between) & 0xFFFF) | (between & (between << 1 | (unsigned)before))
        | 1 << BLOCK);
}

/* Returns where one of `#&*<=\\]^_` or a grave accent stands, a dash before another or
   at the end of the block, or a character wider than a byte. */
static inline unsigned marker_places(const void* text, int width) {
    __m128i block = block_of(text, width);
    unsigned dashes = equal_bits(block, '-');
    return equal_bits(block, '#') | equal_bits(block, '&') | equal_bits(block, '*')
        | range_bits(block, '<', '=') | range_bits(block, '\\', '`')
        | (dashes & (dashes >> 1 | 1 << (BLOCK - 1)))
        | (width > 1 ? equal_bits(block, (char)255) | equal_bits(block, 0) : 0);
}
#else
static inline int copy_plain(
    const void* text, int width, int before, uint32_t* points, uint8_t* folded)
{
    return 0;
}

/* Characters that may be markers; 255 stands for all wider than a byte. */
static const uint8_t IS_MARKER[256] = {
    ['#'] = 1, ['&'] = 1, ['*'] = 1, ['-'] = 1, ['<'] = 1, ['='] = 1, ['\\'] = 1,
    [']'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1, [255] = 1,
};

static inline unsigned marker_places(const void* text, int width) {
    unsigned found = 0;
    for (int i = 0; i < BLOCK; i++) {
        unsigned point = width == 1 ? ((const uint8_t*)text)[i]
            : width == 2 ? ((const uint16_t*)text)[i] : ((const uint32_t*)text)[i];
        found |= (unsigned)IS_MARKER[point < 255 ? point : 255] << i;
    }
    return found;
}
#endif
