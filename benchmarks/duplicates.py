"""Compare groups of near-duplicates with exact Jaccard similarity, and time them.

    python benchmarks/duplicates.py ../shared/corpora/postings.parquet

Every pair of texts with a similarity of at least a half is found exactly, by prefix
filtering (Chaudhuri et al. 2006, doi:10.1109/ICDE.2006.9).
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from time import perf_counter

import numpy as np
import pyarrow.parquet as pq
import scipy.sparse as sp

from roleclf.text.cleaning import clean
from roleclf.text.minhash import MIN_WORDS, sign_texts
from roleclf.text.minhash import _shingles as shingles_of
from roleclf.text.near_duplicates import MIN_SIMILARITY, DuplicateGroups
from roleclf.text.tokens import Tokens, tokenize

BATCH_SIZE = 256
LOWEST = 0.5
EDGES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01)
N_SYNTHETIC = 200_000


def batches(path: str) -> Iterator[Tokens]:
    """Yield the postings' texts, tokenised, in batches."""
    texts = pq.read_table(path, columns=["description"])["description"].to_pylist()
    for start in range(0, len(texts), BATCH_SIZE):
        yield tokenize([clean(text) for text in texts[start : start + BATCH_SIZE]])


def shingle_sets(parts: list[Tokens]) -> sp.csr_array:
    """Return which shingles each text has; none for a text of too few words."""
    hashes, rows = [], []
    for n, tokens in enumerate(parts):
        shingle, text = shingles_of(tokens)
        is_long = np.diff(tokens.bounds)[text] >= MIN_WORDS
        hashes.append(shingle[is_long])
        rows.append(text[is_long] + n * BATCH_SIZE)
    _, column = np.unique(np.concatenate(hashes), return_inverse=True)
    row = np.concatenate(rows)
    n_texts = sum(len(tokens.texts) for tokens in parts)
    shape = (n_texts, column.max() + 1)
    sets = sp.csr_array((np.ones(len(row), np.int32), (row, column)), shape=shape)
    sets.sum_duplicates()
    sets.data[:] = 1
    return sets


def rarest(sets: sp.csr_array) -> sp.csr_array:
    """Return the rarest members of each set; similar sets have one in common."""
    size = np.diff(sets.indptr)
    row = np.repeat(np.arange(sets.shape[0]), size)
    order = np.lexsort((np.bincount(sets.indices)[sets.indices], row))
    rank = np.arange(sets.nnz) - np.repeat(sets.indptr[:-1], size)
    kept = rank < (size - np.ceil(LOWEST * size) + 1)[row]
    members = (np.ones(kept.sum(), np.int32), (row[kept], sets.indices[order][kept]))
    return sp.csr_array(members, shape=sets.shape)


def similar_pairs(sets: sp.csr_array) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield arrays of first text, second text and their Jaccard similarity."""
    prefixes = rarest(sets)
    size, by_shingle = np.diff(sets.indptr), prefixes.T.tocsr()
    for start in range(0, sets.shape[0], BATCH_SIZE):
        met = (prefixes[start : start + BATCH_SIZE] @ by_shingle).tocoo()
        left, right = met.coords[0] + start, met.coords[1]
        is_candidate = (left < right) & (size[left] >= LOWEST * size[right])
        is_candidate &= size[right] >= LOWEST * size[left]
        left, right = left[is_candidate], right[is_candidate]
        common = sets[left].multiply(sets[right]).sum(axis=1)
        share = common / (size[left] + size[right] - common)
        similar = share >= LOWEST
        yield left[similar], right[similar], share[similar]


def bytes_per_group(n_groups: int) -> float:
    """Return the memory that each of so many groups takes."""
    rng = np.random.default_rng(0)
    tracemalloc.start()
    groups = DuplicateGroups()
    for _ in range(0, n_groups, 4 * BATCH_SIZE):
        shape = (4 * BATCH_SIZE, 128)
        groups.assign(rng.integers(1, 256, shape, dtype=np.uint8))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / n_groups


def main(path: str) -> None:
    """Print time, memory, and how the groups agree with exact similarity."""
    parts = list(batches(path))
    start = perf_counter()
    signatures = [sign_texts(tokens) for tokens in parts]
    signed = perf_counter()
    groups = DuplicateGroups()
    ids = np.array([id_ for part in signatures for id_ in groups.assign(part)])
    done, n = perf_counter(), len(ids)
    print(f"{n:,} texts: {(signed - start) / n * 1e6:.0f} us each to sign, ", end="")
    print(f"{(done - signed) / n * 1e6:.0f} us to group; ", end="")
    print(f"{bytes_per_group(N_SYNTHETIC):.0f} bytes a group, of {N_SYNTHETIC:,}")
    n_of_group = np.unique(ids, return_counts=True)[1]
    n_pairs = int((n_of_group * (n_of_group - 1) // 2).sum())
    print(f"{len(n_of_group):,} groups, {n_pairs:,} pairs within one")
    pairs = similar_pairs(shingle_sets(parts))
    left, right, share = map(np.concatenate, zip(*pairs, strict=True))
    same = ids[left] == ids[right]
    for low, high in pairwise(EDGES):
        between = (share >= low) & (share < high)
        print(f"share {low:.2f}-{min(high, 1):.2f}: {between.sum():6,} pairs, ", end="")
        print(f"{same[between].mean():.3f} in one group")
    for least in (MIN_SIMILARITY - 0.05, MIN_SIMILARITY, MIN_SIMILARITY + 0.05):
        true = share >= least
        print(f"pairs sharing {least:.2f}: {same[true].mean():.3f} found; ", end="")
        print(f"of pairs found {(same & true).sum() / n_pairs:.3f} share so much")


if __name__ == "__main__":
    main(sys.argv[1])
