"""Train the encoder on postings that readers have labelled.

    python corpora/encoder/train.py build/encoder.parquet -o build/encoder.pt --seed 0

Reads what `prepare.py` wrote, and learns from the rows whose `use` is `train`. Takes
about an hour on two cores. The same data, seed, libraries and processor give the same
weights.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from network import BASE, ROLES, Encoder

from roleclf.evaluation import role_shares
from roleclf.model import WordPieces
from roleclf.model.encoder.word_pieces import PieceSequence
from roleclf.training.training_set import check_shares

# Shared by all roles: no label is certain.
SMOOTHING: Final = 0.03
BATCH_SIZE: Final = 16
# Batches whose postings are sorted by length together, so that little is padding.
BATCHES_OF_A_CHUNK: Final = 20
BODY_RATE: Final = 1.4e-4
HEAD_RATE: Final = 1e-3
WEIGHT_DECAY: Final = 0.01
WARM_UP: Final = 0.1
MAX_NORM: Final = 1.0
STEPS_OF_A_REPORT: Final = 25
# Where the processor has no matrices of half precision, it takes five times as long.
HAS_BFLOAT16: Final = "amx_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8")


class Lesson(NamedTuple):
    """A posting as the encoder reads it, the shares of its roles, and its weight."""

    pieces: PieceSequence
    shares: npt.NDArray[np.float32]
    weight: float


def main() -> None:
    """Read the call, and train."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--max-pieces", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    call = parser.parse_args()
    torch.manual_seed(call.seed)
    texts = pd.read_parquet(call.texts)
    lessons = lessons_of(texts[texts["use"] == "train"], call.max_pieces)
    network = Encoder(call.layers)
    chance = np.random.default_rng(call.seed)
    train(network, lessons, call.epochs, chance, call.output)


def lessons_of(labelled: pd.DataFrame, max_pieces: int) -> list[Lesson]:
    """Return what is learned from each labelled posting."""
    tokenizer = (BASE / "tokenizer.json").read_text(encoding="utf-8")
    pieces = WordPieces(tokenizer, max_pieces)
    columns = (labelled[name] for name in ("title", "text", "weight"))
    return [
        Lesson(pieces.sequence(title, text), shares, float(weight))
        for title, text, weight, shares in zip(
            *columns, shares_of(labelled), strict=True
        )
    ]


def shares_of(labelled: pd.DataFrame) -> npt.NDArray[np.float32]:
    """Return how much of each posting each role is; 1 together.

    As the linear model learns it, and a little of every role besides.
    """
    shares = check_shares(role_shares(labelled), labelled["role"].to_numpy(str))
    smooth = (1 - SMOOTHING) * shares + SMOOTHING / len(ROLES)
    return np.asarray(smooth, np.float32)


def train(
    network: Encoder,
    lessons: Sequence[Lesson],
    n_epochs: int,
    chance: np.random.Generator,
    output: Path,
) -> None:
    """Train a network, and write its weights after each epoch."""
    n_steps = n_epochs * math.ceil(len(lessons) / BATCH_SIZE)
    optimizer, schedule = _optimizer(network, n_steps)
    start, step, loss_shown = perf_counter(), 0, math.nan
    for _ in range(n_epochs):
        network.train()
        for batch in batches(lessons, chance):
            with torch.autocast("cpu", torch.bfloat16, enabled=HAS_BFLOAT16):
                logits = network(*padded([lesson.pieces for lesson in batch]))
            loss = loss_of(logits.float(), batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), MAX_NORM)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            step += 1
            is_first = math.isnan(loss_shown)
            loss_shown = (
                loss.item() if is_first else 0.98 * loss_shown + 0.02 * loss.item()
            )
            if step % STEPS_OF_A_REPORT == 0:
                seconds = (perf_counter() - start) / step
                print(
                    f"step {step} of {n_steps}, loss {loss_shown:.3f}, {seconds:.2f} s"
                )
        output.parent.mkdir(parents=True, exist_ok=True)
        torch.save(network.state_dict(), output)


def batches(
    lessons: Sequence[Lesson], chance: np.random.Generator
) -> Iterator[list[Lesson]]:
    """Yield all lessons in batches of like length, in an order that chance decides."""
    order = chance.permutation(len(lessons))
    size = BATCH_SIZE * BATCHES_OF_A_CHUNK
    found = []
    for start in range(0, len(order), size):
        chunk = sorted(
            order[start : start + size], key=lambda i: len(lessons[i].pieces.ids)
        )
        found += [chunk[i : i + BATCH_SIZE] for i in range(0, len(chunk), BATCH_SIZE)]
    for place in chance.permutation(len(found)):
        yield [lessons[i] for i in found[place]]


def padded(
    pieces: Sequence[PieceSequence],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and types of a batch, as `Encoder.forward` takes them."""
    longest = max(len(sequence.ids) for sequence in pieces)
    ids, mask, types = torch.zeros(3, len(pieces), longest, dtype=torch.long)
    for place, sequence in enumerate(pieces):
        n = len(sequence.ids)
        ids[place, :n] = torch.from_numpy(sequence.ids)
        mask[place, :n] = 1
        types[place, :n] = torch.from_numpy(sequence.types)
    return ids, mask, types


def loss_of(logits: torch.Tensor, batch: Sequence[Lesson]) -> torch.Tensor:
    """Return the weighted cross entropy of a batch against the shares of its roles."""
    shares = torch.from_numpy(np.array([lesson.shares for lesson in batch]))
    weights = torch.tensor([lesson.weight for lesson in batch])
    losses = -(shares * logits.log_softmax(1)).sum(1)
    return (losses * weights).sum() / weights.sum()


def _optimizer(network: Encoder, n_steps: int) -> tuple[Any, Any]:
    """Return the optimizer, and a schedule: a warm-up, then a linear decay."""
    groups = [
        {"params": network.body.parameters(), "lr": BODY_RATE},
        {"params": network.head.parameters(), "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)

    def share(step: int) -> float:
        rising = (step + 1) / (WARM_UP * n_steps)
        return min(rising, max(0.0, (n_steps - step) / ((1 - WARM_UP) * n_steps)))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, share)


if __name__ == "__main__":
    main()
