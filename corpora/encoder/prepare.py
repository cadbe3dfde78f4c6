"""Select what the encoder reads of each posting, as `--reader careful` will.

    python corpora/encoder/prepare.py ../shared/corpora build

Writes build/encoder.parquet: title and text of every posting, its labels where it has
one, and `use`: `train`, `calibrate` (some sources and companies that are not trained
on), `dev`, `field_dev`, or `unlabelled`, which only says which word pieces occur.
Writes the labelled postings of the first two uses as they were, too, for
`calibrate.py`: build/encoder_train.csv and build/encoder_calibrate.csv.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from typing import Final

import pandas as pd

from roleclf.evaluation import read_labelled
from roleclf.model import encoder_inputs
from roleclf.text import cell_text, clean_batch

USE_BY_FILES: Final = {
    ("gold_train.csv", "labels_train.jsonl"): "train",
    ("gold_dev.csv", "labels_dev.jsonl"): "dev",
    ("field_dev.csv", "labels_field_dev.jsonl"): "field_dev",
}
POSTING: Final = ["id", "title", "company", "description"]
LABELS: Final = ["role", "secondary", "shares", "weight"]
# Whole sources, small ones of many kinds, and one company in twenty of the others.
SOURCES_TO_CALIBRATE: Final = frozenset(
    (
        "analytics_eng_eu_2026",
        "arbeitnow_lmao2023",
        "cyber",
        "ds_us_m7mds2024",
        "faisal",
        "glassdoor_dcsohn2020",
        "glassdoor_uncleaned_ds2020",
        "google_abdealib2023",
        "greece_asterios2023",
        "indeed_uk_ojarvis2024",
        "linkedin_intern_hbr2025",
        "linkedin_us_dinozeyu2025",
        "m5991",
        "remoteok_mcurvo2025",
        "usajobs_shanafarber2023",
    )
)
COMPANIES_TO_CALIBRATE: Final = 5  # of 100


def main(corpora: Path, build: Path) -> None:
    """Write encoder.parquet into `build`."""
    labelled = [
        read_labelled(corpora / gold, [corpora / labels]).assign(use=use)
        for (gold, labels), use in USE_BY_FILES.items()
    ]
    labelled[0].loc[_is_for_calibration(labelled[0]), "use"] = "calibrate"
    build.mkdir(parents=True, exist_ok=True)
    for use in ("train", "calibrate"):
        postings = labelled[0].loc[labelled[0]["use"] == use, POSTING]
        postings.to_csv(build / f"encoder_{use}.csv", index=False)
    known = set().union(*(frame["id"] for frame in labelled))
    postings = pd.read_parquet(corpora / "postings.parquet")
    more = pd.read_parquet(corpora / "postings_more.parquet")
    unlabelled = [
        frame[~frame["id"].isin(known)].assign(use="unlabelled")
        for frame in (postings[postings["split"] == "train"], more)
    ]
    frame = pd.concat([*labelled, *unlabelled], ignore_index=True)
    pairs = encoder_inputs(
        clean_batch([cell_text(title) for title in frame["title"]]),
        clean_batch([cell_text(text) for text in frame["description"]]),
    )
    chosen = frame[["id", "use", *LABELS]].assign(
        title=[title for title, _ in pairs], text=[text for _, text in pairs]
    )
    chosen.to_parquet(build / "encoder.parquet", index=False)
    print(chosen["use"].value_counts().to_string())


def _is_for_calibration(labelled: pd.DataFrame) -> pd.Series[bool]:
    company = labelled["company"].where(labelled["company"] != "", labelled["id"])
    number = company.str.lower().map(lambda name: zlib.crc32(name.encode()) % 100)
    of_source = labelled["source"].isin(SOURCES_TO_CALIBRATE)
    return of_source | (number < COMPANIES_TO_CALIBRATE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
