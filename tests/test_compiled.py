"""Compiled loops return what numpy returns, and roleclf works the same without them."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import roleclf
from roleclf.annotation.annotate import load
from roleclf.annotation.annotation_batch import join_distinct
from roleclf.duties import find as duties
from roleclf.loops.loading import HAS_LOOPS, compiled
from roleclf.matching import heading_words, headings, hyphenation, language
from roleclf.matching.hits import Hits, leftmost_longest, merge_hits
from roleclf.matching.phrase_states import compile_phrases
from roleclf.matching.phrases import PhraseTable
from roleclf.matching.vocabulary import Vocabulary
from roleclf.model import feature_rows
from roleclf.model.feature_rows import FeatureRows
from roleclf.model.feature_spaces import NgramSpace
from roleclf.skills import ambiguity, clauses, cues, versions
from roleclf.tables import csv_fields
from roleclf.text import markup, tokens
from roleclf.text.arrays import expand_ranges
from roleclf.text.hash_index import HashIndex
from roleclf.text.normalization import normalize_letters
from roleclf.text.texts import Texts
from roleclf.text.tokens import tokenize
from roleclf.text.whitespace import collapse_whitespace

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample" / "postings.csv"
HIDDEN = """
import sys
sys.modules["roleclf.loops._loops"] = None
"""
# Labels the sample where nothing is compiled.
WITHOUT_LOOPS = f"{HIDDEN}\nfrom roleclf.cli import main\nmain(sys.argv[1:])"
# Writes a loaded model where nothing is compiled, and reads one there.
WRITES = f"""{HIDDEN}
import pickle, roleclf
pickle.dump(roleclf.load(), sys.stdout.buffer)
"""
READS = f"""{HIDDEN}
import pickle
print(pickle.load(sys.stdin.buffer).annotate("Data Engineer", "We build pipelines."))
"""
needs_loops = pytest.mark.skipif(
    not HAS_LOOPS, reason="roleclf is installed without compiled loops"
)
# Words of duties, skills, headings and cues, written in many ways.
WRITINGS = (
    "build maintain design data pipelines models and the of our monitor deploy in to "
    "production machine learning infrastructure Kubernetes k8s Apache Airflow C++ C# "
    "R Go .NET Node.js CI/CD e.g. i.e. requirements: preferred Python, SQL; must-have "
    "is a plus. Degree 3+ years! und wir suchen die AWS+Terraform &amp; **bold** "
    "_under_ # --- === `code` [a](b) \\- ﬁne 𝐃ata e\u0301 日本語 \u200b \u2028 \x00 "
    "(ideally (AWS) preferred) (R) go GO rust "
    "responsible for feature store registry retrain drift quality automated tests"
)
SEPARATORS = st.sampled_from([" ", "  ", "\n", " - ", "/", "\xa0", "\r\n", ", ", ""])
PIECES = st.one_of(st.sampled_from(WRITINGS.split(" ")), st.text(max_size=9))
TEXT = st.lists(st.tuples(PIECES, SEPARATORS), max_size=40).map(
    lambda parts: "".join(map("".join, parts))
)
BATCHES = st.lists(TEXT, max_size=4)


@cache
def shipped() -> roleclf.Annotator:
    """Return the shipped model, loaded once."""
    return load()


class Line:
    """A batch on its way through the line, as far as the loops need it."""

    def __init__(self, texts: Sequence[str]) -> None:
        annotator = shipped()
        self.spaces = annotator.model.spaces
        self.weights = annotator.model.experts["text"].weights
        self.matcher = annotator.matcher
        self.vocabulary = annotator._vocabulary
        self.raw = list(texts)
        self.texts = Texts(*collapse_whitespace.__wrapped__(self.raw, 0))
        self.tokens = self.vocabulary.number(tokenize(self.texts))
        self.patterns = self.spaces.duties.patterns
        self.occurrences = NgramSpace._occurrences.__wrapped__(
            self.spaces.text, self.tokens
        )
        self.readable = self.texts.ends % 3 > 0

    @property
    def words_as_hits(self) -> Hits:
        """Every word as a hit, the last of each three with the next."""
        first = np.arange(len(self.tokens.hash))
        last = np.minimum(first + first % 3 // 2, len(first) - 1)
        return Hits(first, first, last)

    @property
    def guarded(self) -> Hits:
        """The hits of skills, and words as if they were guarded forms."""
        lexicon, words = self.matcher.lexicon, self.words_as_hits
        places = np.flatnonzero(lexicon.needs_case)
        guarded = Hits(places[words.first % len(places)], words.first, words.last)
        return merge_hits(self.matcher._phrases.find(self.tokens)["skills"], guarded)

    @property
    def rows(self) -> FeatureRows:
        """The features of the texts, weighed."""
        idf = self.spaces.text.idf
        tfidf = feature_rows._tfidf.__wrapped__
        log_count = feature_rows._LOG_COUNT
        return FeatureRows(*tfidf(*self.occurrences, self.readable, idf, log_count))


def begin_and_end(line: Line) -> tuple[Any, Any]:
    """Return ranges of all lengths, some empty, in any order."""
    begin = line.tokens.start % 7
    return begin, begin + line.tokens.end % 3


# Each function of which there is a loop, and what it is given of a batch.
CASES: dict[Any, Callable[[Line], tuple[Any, ...]]] = {
    collapse_whitespace: lambda line: (line.raw, 0),
    tokens._find_words: lambda line: (
        line.texts.folded,
        line.texts.ends,
        tokens._GAP_CODE,
    ),
    HashIndex.find: lambda line: (
        line.vocabulary._words._index,
        line.tokens.hash ^ (line.tokens.hash & np.uint64(1)),
    ),
    expand_ranges: begin_and_end,
    Vocabulary._numbers: lambda line: (line.vocabulary, line.tokens.hash),
    language._count_stopwords: lambda line: (
        language.stopwords().find(line.tokens),
        line.tokens.bounds,
        language._languages()[2],
    ),
    leftmost_longest: lambda line: (line.matcher._phrases.find(line.tokens)["skills"],),
    PhraseTable._find_rows: lambda line: (line.matcher._phrases, line.tokens),
    PhraseTable._group_by_list: lambda line: (
        line.matcher._phrases,
        *line.matcher._phrases._find_rows(line.tokens),
    ),
    hyphenation._line_end_hyphens: lambda line: (line.tokens.buffer,),
    ambiguity._fits_case: lambda line: (
        line.tokens,
        line.guarded,
        line.matcher.lexicon,
    ),
    cues._brackets: lambda line: (line.tokens, line.words_as_hits),
    headings._is_heading: lambda line: (
        line.tokens,
        line.matcher._phrases.find(line.tokens)["headings"],
        headings._ASKS[headings.read_headings().section],
    ),
    heading_words._heading_lines: lambda line: (line.tokens,),
    heading_words._most_likely: lambda line: (
        line.tokens,
        *heading_words._heading_lines(line.tokens)[:2],
        heading_words.read_heading_words(),
    ),
    clauses._commas_in: lambda line: (
        line.tokens,
        np.arange(line.tokens.sentence.max(initial=-1) + 1) % 3 > 0,
    ),
    clauses._dashes_between_blanks: lambda line: (line.tokens.buffer,),
    versions._glued_words: lambda line: (
        line.tokens,
        line.matcher.words.find(line.tokens),
    ),
    NgramSpace._occurrences: lambda line: (line.spaces.text, line.tokens),
    feature_rows._tfidf: lambda line: (
        *line.occurrences,
        line.readable,
        line.spaces.text.idf,
        feature_rows._LOG_COUNT,
    ),
    FeatureRows.dot: lambda line: (line.rows, line.weights),
    duties.DutyPatterns._find_sentences: lambda line: (line.patterns, line.tokens),
}
# Those that are compared by tests of their own.
ALONE = (
    markup._marker_bits,
    csv_fields.find_field_ends,
    csv_fields.regular_quotes,
    csv_fields.is_valid_utf8,
    csv_fields.decode_fields,
    join_distinct,
    Texts.spans,
)
# Those give the features of each text in any order.
UNORDERED = (NgramSpace._occurrences, feature_rows._tfidf)
LOOPS = [pytest.param(loop, id=loop.__qualname__) for loop in CASES]


def arrays(result: Any) -> list[np.ndarray[Any, Any]]:
    """Return what a function returned as a list of arrays."""
    return list(result) if isinstance(result, tuple) else [result]


def in_order(loop: Any, found: list[np.ndarray[Any, Any]]) -> list[Any]:
    """Return what a loop found with the features of each text rising."""
    if loop not in UNORDERED:
        return found
    bounds = next(a for a in found if a.dtype == np.int64 and len(a) and a[0] == 0)
    others = [a for a in found if a is not bounds]
    text = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    order = np.lexsort((others[0], text))
    return [bounds, *(a[order] for a in others)]


@needs_loops
@pytest.mark.parametrize("loop", LOOPS)
@given(texts=BATCHES)
def test_a_loop_returns_what_numpy_does(loop: Any, texts: list[str]) -> None:
    line = Line(texts)
    given_ = CASES[loop](line)
    ours, theirs = (
        in_order(loop, arrays(one(*given_))) for one in (loop, loop.__wrapped__)
    )
    assert [a.dtype.kind for a in ours] == [a.dtype.kind for a in theirs]
    for own, other in zip(ours, theirs, strict=True):
        if own.dtype.kind == "f":
            np.testing.assert_allclose(own, other, rtol=1e-12, atol=1e-12)
        else:
            np.testing.assert_array_equal(own, other)


@needs_loops
@given(text=TEXT)
def test_markers_that_change_a_text_are_found(text: str) -> None:
    bits = markup._marker_bits(text)
    found = {marker for i, marker in enumerate(markup._MARKERS) if bits >> i & 1}
    assert all(marker in text for marker in found)
    for _, marker, pattern, replacement in markup._RULES:
        is_tried = marker[:2] in found or marker not in text
        assert is_tried or re.sub(pattern, replacement, text) == text
    assert found & {"<", "&"} or markup._strip_html(text) == text
    is_odd = bool(bits & markup._LETTER_BIT)
    assert is_odd or normalize_letters(text) == text


# What loops that read sixteen characters at once must not overlook.
ODD = [*"\t\r`é’\u200b\x00~\x7fﬁ𝐃日_€", "  ", "\n\n", " \n", "--", "&a", "[](", "\\-"]


@needs_loops
@pytest.mark.parametrize("beyond", ["", "’", "日", "😀"])
@pytest.mark.parametrize("odd", ODD)
def test_a_character_is_read_the_same_anywhere(odd: str, beyond: str) -> None:
    words = "Ab, c\n" * 7
    texts = [f"{words[:at]}{odd}{words[at:]}{beyond}" for at in range(40)]
    ours = collapse_whitespace(texts, 0)
    theirs = collapse_whitespace.__wrapped__(texts, 0)
    for own, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(own, other)
    bits = {markup._marker_bits(text) for text in texts}
    assert len(bits) == 1


PIECES_OF_CSV = (
    "a",
    "é",
    "’",
    "😀",
    ",",
    ";",
    '"',
    "\n",
    "\r",
    "\r\n",
    '""',
    '"\n"',
    '","',
)
# A row, often enough for arrays to grow.
ROW = '"a ""b"", c",d e,\r\n'
CSV = st.builds(
    lambda pieces, n_before: (ROW * n_before + "".join(pieces)).encode(),
    st.lists(st.sampled_from(PIECES_OF_CSV), min_size=1),
    st.sampled_from([0, 0, 0, 1, 600]),
)


def as_lists(result: Any) -> Any:
    """Return what a function of `csv_fields` returned, arrays as types and lists."""
    if isinstance(result, tuple):
        return [as_lists(part) for part in result]
    return (result.dtype, result.tolist()) if isinstance(result, np.ndarray) else result


@needs_loops
@given(data=CSV, delimiter=st.sampled_from(",;\t"), share=st.floats(0, 1))
def test_delimiters_and_quotes_of_csv_are_found_as_numpy_does(
    data: bytes, delimiter: str, share: float
) -> None:
    for loop, arguments in (
        (csv_fields.find_field_ends, (data, delimiter)),
        (csv_fields.regular_quotes, (data, int(share * len(data)), delimiter)),
    ):
        theirs = loop.__wrapped__(*arguments)
        assert as_lists(loop(*arguments)) == as_lists(theirs)


# Bytes at the edges of what UTF-8 allows behind each other.
EDGES = [bytes([b]) for b in b"\x00a\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf"]
EDGES += [bytes([b]) for b in b"\xe0\xe1\xed\xee\xef\xf0\xf1\xf4\xf5\xff"]
PIECES_OF_UTF_8 = st.one_of(
    st.sampled_from(EDGES),
    st.binary(max_size=2),
    st.text(max_size=2).map(str.encode),
    st.just(b"8 bytes."),
)


@needs_loops
@given(data=st.lists(PIECES_OF_UTF_8).map(b"".join))
def test_utf_8_is_recognized_as_python_does(data: bytes) -> None:
    assert csv_fields.is_valid_utf8(data) == csv_fields.is_valid_utf8.__wrapped__(data)


@needs_loops
@given(
    texts=st.lists(st.text()),
    fields_=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20))),
    is_quoted=st.booleans(),
)
def test_fields_are_decoded_as_python_does(
    texts: list[str], fields_: list[tuple[int, int]], is_quoted: bool
) -> None:
    if not is_quoted:
        texts = [text.replace('"', "") for text in texts]
    raw = [text.encode() for text in texts]
    if is_quoted:
        raw = [b'"' + text.replace(b'"', b'""') + b'"' for text in raw]
    sizes = np.array([*map(len, raw)], np.int64)
    stops = np.cumsum(sizes)
    starts = stops - sizes
    data = b"".join(raw)
    decode = csv_fields.decode_fields
    plain = decode.__wrapped__
    assert decode(data, starts, stops) == plain(data, starts, stops) == texts
    # Wherever fields are told to be, there is no reading beyond the bytes.
    data = b'"' * 9 + b"a" * 9 + b'"' * 9
    places = np.array(fields_, np.int64).reshape(-1, 2).T
    assert decode(data, *places) == plain(data, *places)


@needs_loops
@given(runs=st.lists(st.lists(st.integers(0, 4))))
def test_names_are_joined_as_python_does(runs: list[list[int]]) -> None:
    places = np.array([place for run in runs for place in run], np.int64)
    bounds = np.cumsum([0, *map(len, runs)])
    texts = ["a", "", "b", "c", "a"]
    joined = join_distinct(places, bounds, texts)
    assert joined == join_distinct.__wrapped__(places, bounds, texts)


@needs_loops
@given(texts=st.lists(st.text()), ends=st.lists(st.integers(0, 99)))
def test_spans_are_decoded_as_numpy_does(texts: list[str], ends: list[int]) -> None:
    joined = Texts.of(texts)
    end = np.minimum(np.array(ends, np.int64), len(joined.points))
    start = end // 2
    spans = joined.spans(start, end)
    assert spans == Texts.spans.__wrapped__(joined, start, end)


def test_spans_beyond_the_texts_raise() -> None:
    with pytest.raises(IndexError):
        Texts.of(["ab"]).spans(np.array([1]), np.array([4]))


def functions_of(module: Any) -> Iterator[Any]:
    """Yield the functions of a module, those of its classes too."""
    for own in vars(module).values():
        yield own
        if isinstance(own, type):
            yield from vars(own).values()


@needs_loops
def test_every_loop_stands_for_a_function_and_is_tested() -> None:
    loops = importlib.import_module("roleclf.loops._loops")
    written = {name for name, own in vars(loops).items() if hasattr(own, "func_name")}
    names = [m.name for m in pkgutil.walk_packages(roleclf.__path__, "roleclf.")]
    skipped = ("roleclf.loops._loops", "roleclf.__main__")
    modules = [importlib.import_module(name) for name in names if name not in skipped]
    functions = {id(own) for module in modules for own in functions_of(module)}
    used = {name for name in written if id(getattr(loops, name)) in functions}
    assert used == written
    tested = (*CASES, *ALONE)
    assert {getattr(loops, name) for name in written} == set(tested)


def test_without_a_loop_a_function_stays_what_it_is() -> None:
    def has_no_loop() -> None:
        """Do nothing."""

    assert compiled(has_no_loop) is has_no_loop


@needs_loops
def test_a_loop_has_the_name_and_docstring_of_its_function() -> None:
    assert HashIndex.find.__doc__ is not None
    assert HashIndex.find.__doc__.startswith("Return the index of each hash")
    assert HashIndex.find.__name__ == "find"


@needs_loops
def test_texts_of_numpy_are_texts() -> None:
    written = np.array(["naïve\u0301 — **C++**  and Go", "R"])
    assert [roleclf.clean(text) for text in written] == [
        roleclf.clean(str(text)) for text in written
    ]


@pytest.mark.parametrize(
    ("bounds", "feature"),
    [
        pytest.param([0, 1], [3], id="no-such-row-of-weights"),
        pytest.param([0, 2], [1], id="no-such-feature"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    bounds: list[int], feature: list[int]
) -> None:
    rows = FeatureRows(np.array(bounds), np.array(feature), np.ones(len(feature)))
    with pytest.raises((IndexError, ValueError)):
        rows.dot(np.ones((3, 2), np.float32))


def test_long_phrases_and_many_columns_need_no_loop() -> None:
    phrase = " ".join(f"word{i}" for i in range(80))
    table = PhraseTable(["long"], compile_phrases({"long": [phrase]}))
    hits = table.find(tokenize([f"before {phrase} behind"]))["long"]
    assert (hits.first.tolist(), hits.last.tolist()) == ([1], [80])
    rows = FeatureRows(np.array([0, 2]), np.array([0, 1]), np.array([2.0, 3.0]))
    assert rows.dot(np.ones((2, 80), np.float32)).tolist() == [[5.0] * 80]


def test_labels_are_the_same_without_loops() -> None:
    options = ["classify", str(SAMPLE), "--workers", "1", "--quiet", "--prefix", ""]
    columns = ["--columns", "id", "--probabilities", "--reasons", "--text"]
    ways = (["-m", "roleclf"], ["-c", WITHOUT_LOOPS])
    ours, theirs = (
        subprocess.run(  # noqa: S603
            [sys.executable, *way, *options, *columns], capture_output=True, check=True
        ).stdout
        for way in ways
    )
    assert ours == theirs
    assert ours.count(b"\n") > 77


@needs_loops
def test_a_pickled_model_goes_from_where_loops_are_to_where_none_are_and_back() -> None:
    ours = shipped().annotate("Data Engineer", "We build pipelines.")
    program = [sys.executable, "-c"]
    theirs = subprocess.run(  # noqa: S603
        [*program, READS],
        input=pickle.dumps(shipped()),
        capture_output=True,
        check=True,
    )
    assert theirs.stdout.decode() == f"{ours}\n"
    written = subprocess.check_output([*program, WRITES])  # noqa: S603
    read = pickle.loads(written)  # noqa: S301
    assert str(read.annotate("Data Engineer", "We build pipelines.")) == str(ours)
