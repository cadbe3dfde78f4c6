"""Find the temperature and the threshold of a careful reader.

    python corpora/encoder/calibrate.py build/encoder_calibrate.csv --labels LABELS \
        --encoder models/roleclf-careful-en --model build/calibration-en

Neither the encoder nor the linear model may have learned from the postings. What is
found is written into the folder of the encoder.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

import roleclf
from roleclf.evaluation import read_labelled, readers_agree
from roleclf.model import ENCODER, read_manifest, read_settings, softmax
from roleclf.model.folder import write_manifest, write_settings
from roleclf.training.head_fitting import sure_threshold

SURE_ACCURACY: Final = 0.95
# What `write_manifest` writes by itself.
WRITTEN_ANEW: Final = ("format", "kind", "files")
TEMPERATURES: Final = np.geomspace(0.3, 3.0, 93)


def main() -> None:
    """Read the call, and print what fits best."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--labels", type=Path, action="append", default=[])
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    call = parser.parse_args()
    frame = read_labelled(call.corpus, call.labels)
    frame = frame[readers_agree(frame)]
    careful = roleclf.load(call.model, reader=call.encoder)
    columns = [f"p_{role}" for role in careful.roles]
    label = np.array([careful.roles.index(role) for role in frame["role"]])
    answers = careful.annotate_frame(frame, columns=["encoder_role", *columns])
    is_read = answers["encoder_role"].notna().to_numpy()
    proba = answers[columns].fillna(0.0).to_numpy(float, copy=True)
    # Undoes the temperature that the folder has.
    used = careful.model.encoder.settings.mixture.temperature
    logits = used * np.log(proba[is_read])
    temperature = best_temperature(logits, label[is_read])
    proba[is_read] = softmax(logits / temperature)
    is_right = proba.argmax(axis=1) == label
    threshold = sure_threshold(proba, is_right, SURE_ACCURACY)
    print(
        f"{len(frame):,} postings, {is_read.mean():.1%} of them read again, "
        f"{is_right.mean():.1%} right\n"
        f"temperature {temperature:.3f}, sure from {threshold:.3f}"
    )
    write(call.encoder, temperature, threshold)


def write(folder: Path, temperature: float, threshold: float) -> None:
    """Write temperature and threshold into the folder of an encoder."""
    about = read_manifest(folder, ENCODER)
    about = {k: v for k, v in about.items() if k not in WRITTEN_ANEW}
    settings = read_settings(folder)
    settings["threshold"] = round(threshold, 3)
    settings["mixture"]["temperature"] = round(temperature, 3)
    write_settings(folder, settings)
    write_manifest(folder, about, ENCODER)


def best_temperature(
    logits: npt.NDArray[np.float64], label: npt.NDArray[np.int64]
) -> float:
    """Return the temperature with the least log loss."""
    rows = np.arange(len(label))
    losses = [-np.log(softmax(logits / t)[rows, label]).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


if __name__ == "__main__":
    main()
