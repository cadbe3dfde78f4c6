"""Learn headings from the lines that people write above the parts of postings.

    python corpora/headings.py

Reads `labels/headings.csv`: lines that stand as headings in the postings of several
companies, in seven languages, and the section that a reader said each opens ("none" for
no heading). Writes, beside `src/roleclf/matching/headings.py`:

- `headings.csv`: the phrases that are found wherever they stand as a heading;
- `heading_words.csv`: words and their weights for each section, by which a heading that
  is in no list is told from its words.

Prints how well the words do on headings that they were not learned from.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict

from roleclf.matching.heading_words import NO_HEADING, OTHER_WORD
from roleclf.matching.section_names import SECTIONS
from roleclf.taxonomy import shipped_skills
from roleclf.text.tokens import tokenize

LABELS: Final = Path(__file__).parent / "labels" / "headings.csv"
DATA: Final = Path(__file__).parents[1] / "src" / "roleclf" / "matching"
CLASSES: Final = (*SECTIONS, NO_HEADING)
# What must be seen at so many companies to be listed as a phrase; a single word also
# opens sections by chance.
MIN_COMPANIES: Final = 8
MIN_COMPANIES_OF_WORD: Final = 20
BEGINS_ITEM: Final = (
    r"\b(?:with|in|of|to|as|on|mit|in|von|met|van|en|avec|de|con|com|em|di|da)$"
    r"|^(?:strong|excellent|good|experience|knowledge|familiarity|ability|proficiency)\s"
)
# A word must stand in so many headings.
MIN_HEADINGS: Final = 2
PENALTY: Final = 10.0
# Items of lists, which are no headings, are made of tools of the lexicon and these.
ITEMS: Final = (
    "experience with {}",
    "knowledge of {}",
    "familiarity with {}",
    "strong {} skills",
    "{} proficiency",
    "hands-on experience in {}",
    "understanding of {}",
    "exposure to {}",
    "{}",
    "erfahrung mit {}",
    "kenntnisse in {}",
    "ervaring met {}",
    "kennis van {}",
    "expérience de {}",
    "connaissance de {}",
    "experiencia con {}",
    "conocimientos de {}",
    "experiência com {}",
    "conhecimento em {}",
    "esperienza con {}",
    "conoscenza di {}",
    # A wish for one skill is no heading of wishes.
    "{} preferred",
    "{} is a plus",
    "experience with {} preferred",
    "{} experience is a plus",
    "{} knowledge desirable",
    "{} von vorteil",
    "{} wünschenswert",
    "{} is een pre",
    "kennis van {} is een plus",
    "{} serait un plus",
    "connaissance de {} appréciée",
    "{} valorable",
    "se valorará {}",
    "{} desejável",
    "{} será um diferencial",
    "{} gradito",
    "conoscenza di {} preferibile",
)
N_ITEMS: Final = 400
THRESHOLDS: Final = (0.6, 0.7, 0.8)


def main() -> None:
    """Write both files, and print the figures."""
    labels = pd.read_csv(LABELS, keep_default_na=False)
    write_phrases(labels)
    items = list_items()
    words, counts = word_counts([*labels["heading"], *items])
    y = np.array([*labels["section"], *[NO_HEADING] * len(items)])
    classifier = LogisticRegression(C=PENALTY, max_iter=1000)
    folds = KFold(5, shuffle=True, random_state=0)
    proba = cross_val_predict(classifier, counts, y, cv=folds, method="predict_proba")
    report(y, proba, np.unique(y))
    write_words(words, classifier.fit(counts, y))


def write_phrases(labels: pd.DataFrame) -> None:
    """Add the frequent headings to those that are listed by hand."""
    with (DATA / "headings.csv").open(encoding="utf-8", newline="") as rows:
        section_by_phrase = {r["heading"]: r["section"] for r in csv.DictReader(rows)}
    n_words = labels["heading"].str.split().str.len()
    is_listed = labels["companies"] >= np.where(
        n_words > 1, MIN_COMPANIES, MIN_COMPANIES_OF_WORD
    )
    # "The benefits" begins sentences, too, and "experience with" items of lists; where
    # they fill a line its words tell it.
    begins_sentence = labels["heading"].str.startswith("the ") & (n_words == 2)
    begins_item = labels["heading"].str.contains(BEGINS_ITEM)
    is_listed &= ~begins_sentence & ~begins_item
    listed = labels[is_listed & (labels["section"] != NO_HEADING)]
    for phrase, section in zip(listed["heading"], listed["section"], strict=True):
        section_by_phrase.setdefault(phrase, section)
    with (DATA / "headings.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("heading", "section"))
        rows.writerows(section_by_phrase.items())


def list_items() -> list[str]:
    """Return items of lists as they stand under headings, and are none themselves."""
    names = [skill.name for skill in shipped_skills().values() if skill.kind == "tool"]
    return [
        template.format(name)
        for n, name in enumerate(names[:: len(names) // N_ITEMS])
        for template in (ITEMS[n % len(ITEMS)], ITEMS[(n + 7) % len(ITEMS)])
    ]


def word_counts(headings: list[str]) -> tuple[list[str], csr_array]:
    """Return the words of headings as the matcher reads them, and which has which.

    The first word, `OTHER_WORD`, stands for all that are in too few headings.
    """
    tokens = tokenize(headings)
    written = tokens.texts.spans(tokens.start, tokens.end)
    hashes, first, number, count = np.unique(
        tokens.hash, return_index=True, return_inverse=True, return_counts=True
    )
    kept = np.flatnonzero(count >= MIN_HEADINGS)
    column = np.zeros(len(hashes), int)
    column[kept] = np.arange(1, 1 + len(kept))
    shape = (len(headings), 1 + len(kept))
    places = (tokens.text_of_word, column[number])
    counts = csr_array((np.ones(len(number)), places), shape)
    return [OTHER_WORD, *(written[first[i]].lower() for i in kept)], counts


def write_words(words: list[str], classifier: LogisticRegression) -> None:
    """Write a row of weights for each word; the first, of "", holds the intercepts."""
    order = [classifier.classes_.tolist().index(name) for name in CLASSES]
    weights = np.vstack((classifier.intercept_, classifier.coef_.T))[:, order]
    with (DATA / "heading_words.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("word", *CLASSES))
        for word, row in zip(["", *words], weights.tolist(), strict=True):
            rows.writerow((word, *(f"{weight:.2f}" for weight in row)))


def report(y: np.ndarray, proba: np.ndarray, classes: np.ndarray) -> None:
    """Print precision and recall of the sections that words tell, out of fold."""
    said, confidence = classes[proba.argmax(axis=1)], proba.max(axis=1)
    print(f"{len(y):,} lines, {np.mean(said == y):.3f} right out of fold")
    for threshold in THRESHOLDS:
        given = (said != NO_HEADING) & (confidence >= threshold)
        right = given & (said == y)
        precision = right.sum() / given.sum()
        recall = right.sum() / (y != NO_HEADING).sum()
        print(f"from {threshold}: precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    main()
