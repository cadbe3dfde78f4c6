"""Write trained weights as a model folder that `--reader careful` reads.

    python corpora/encoder/export.py build/encoder.pt build/encoder.parquet \
        -o models/roleclf-careful-en

Leaves out what no posting has of the vocabulary, writes the network as an ONNX graph of
eight-bit numbers, and says on how many labelled postings it still gives the answer of
the full one. `calibrate.py` then finds its temperature and threshold.
"""

from __future__ import annotations

import argparse
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from graph import quantized_graph
from network import BASE, BASE_NAME, ROLES, Encoder
from vocabulary import pieces_in, pruned

from roleclf.model import Encoder as ShippedEncoder
from roleclf.model import EncoderSettings, WordPieces, write_encoder

EMBEDDINGS: Final = "body.embeddings.{}_embeddings.weight"
LIBRARIES: Final = ("onnx", "onnxruntime", "tokenizers", "torch", "transformers")
N_COMPARED: Final = 200


def main() -> None:
    """Read the call, write the folder, and compare it with the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--max-pieces", type=int, default=256)
    call = parser.parse_args()
    texts = pd.read_parquet(call.texts)
    state = torch.load(call.weights, weights_only=True)
    name = f"{call.output.name} {call.version}"
    settings = EncoderSettings(name, ROLES, 1.0, max_pieces=call.max_pieces)
    export(state, texts, call.output, settings)
    labelled = texts[texts["use"] != "unlabelled"]
    sample = labelled.sample(min(N_COMPARED, len(labelled)), random_state=0)
    print(compared(state, sample, call.output))


def export(
    state: dict[str, torch.Tensor],
    texts: pd.DataFrame,
    output: Path,
    settings: EncoderSettings,
) -> None:
    """Write the folder of an encoder.

    Parameters
    ----------
    state : dict of str to Tensor
        The parameters of `Encoder`.
    texts : DataFrame
        As `prepare.py` writes it; `title` and `text` say which word pieces occur.
    """
    tokenizer = (BASE / "tokenizer.json").read_text(encoding="utf-8")
    used = pieces_in(tokenizer, [*texts["title"], *texts["text"]])
    tokenizer, ids = pruned(tokenizer, used)
    weights = {name: value.float().numpy() for name, value in state.items()}
    word, position = EMBEDDINGS.format("word"), EMBEDDINGS.format("position")
    weights[word] = weights[word][ids]
    weights[position] = weights[position][: settings.max_pieces]
    n_heads = json.loads((BASE / "config.json").read_text())["num_attention_heads"]
    about: dict[str, Any] = {
        "model": settings.name,
        "base": BASE_NAME,
        "pieces": len(ids),
        "postings": {use: int(n) for use, n in texts["use"].value_counts().items()},
        "made with": {name: version(name) for name in LIBRARIES},
    }
    write_encoder(output, settings, quantized_graph(weights, n_heads), tokenizer, about)
    size = sum(path.stat().st_size for path in output.iterdir())
    print(f"{output}: {len(ids):,} word pieces, {size / 1e6:.1f} MB")


def compared(state: dict[str, torch.Tensor], texts: pd.DataFrame, folder: Path) -> str:
    """Return in words how far the folder answers as the weights do."""
    encoder = ShippedEncoder.load(folder)
    full = _full_answers(state, texts, encoder.settings.max_pieces)
    small = encoder.answers(list(zip(texts["title"], texts["text"], strict=True)))
    same = (full.argmax(1) == small.argmax(1)).mean()
    apart = np.abs(np.exp(full) - np.exp(small)).max(1).mean()
    return (
        f"{len(texts)} labelled postings: the same role as by the full network for "
        f"{same:.1%}; probabilities differ by {apart:.3f} on average"
    )


def _full_answers(
    state: dict[str, torch.Tensor], texts: pd.DataFrame, max_pieces: int
) -> npt.NDArray[np.float64]:
    tokenizer = (BASE / "tokenizer.json").read_text(encoding="utf-8")
    pieces = WordPieces(tokenizer, max_pieces)
    n_layers = 1 + max(int(k.split(".")[3]) for k in state if ".layer." in k)
    network = Encoder(n_layers)
    network.load_state_dict(state)
    network.eval()
    rows = []
    with torch.inference_mode():
        for title, text in zip(texts["title"], texts["text"], strict=True):
            ids, types = map(torch.from_numpy, pieces.sequence(title, text))
            logits = network(ids[None], torch.ones_like(ids)[None], types[None])
            rows.append(logits.log_softmax(1)[0].numpy())
    return np.array(rows, np.float64)


if __name__ == "__main__":
    main()
