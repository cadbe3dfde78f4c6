"""A small encoder with random weights, written as `corpora/encoder` writes one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from roleclf.model import EncoderSettings, write_encoder

SCRIPTS = Path(__file__).parents[1] / "corpora" / "encoder"
ROLES = (
    "other",
    "mlops_engineer",
    "ml_engineer",
    "dataops_engineer",
    "data_scientist",
    "data_engineer",
)
MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WORDS = (
    *("data", "engineer", "you", "build", "pipelines", "models", "deploy"),
    *("and", "the", "we", "in", "a"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = (*MARKS, *WORDS, *LETTERS[1:], *(f"##{letter}" for letter in LETTERS))
SETTINGS = EncoderSettings("tiny 1.0", ROLES, threshold=0.85, max_pieces=48)
WIDTH, N_HEADS = 8, 2


def tokenizer() -> str:
    """Return the `tokenizer.json` of the small vocabulary."""
    content = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": place,
                "content": mark,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for place, mark in enumerate(MARKS)
        ],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {piece: place for place, piece in enumerate(VOCABULARY)},
        },
    }
    return json.dumps(content)


def weights(n_layers: int = 1, seed: int = 0) -> dict[str, npt.NDArray[np.float32]]:
    """Return random parameters under the names that BERT gives them."""
    chance = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "body.embeddings.word_embeddings.weight": (len(VOCABULARY), WIDTH),
        "body.embeddings.position_embeddings.weight": (SETTINGS.max_pieces, WIDTH),
        "body.embeddings.token_type_embeddings.weight": (2, WIDTH),
        **_linear("head", 2 * WIDTH, len(ROLES)),
        **_normalization("body.embeddings.LayerNorm"),
    }
    for layer in range(n_layers):
        name = f"body.encoder.layer.{layer}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes |= _linear(f"{name}.attention.{part}", WIDTH, WIDTH)
        shapes |= _linear(f"{name}.intermediate.dense", WIDTH, 4 * WIDTH)
        shapes |= _linear(f"{name}.output.dense", 4 * WIDTH, WIDTH)
        shapes |= _normalization(f"{name}.attention.output.LayerNorm")
        shapes |= _normalization(f"{name}.output.LayerNorm")
    return {k: chance.normal(size=v).astype(np.float32) for k, v in shapes.items()}


def write_small_encoder(
    folder: Path, settings: EncoderSettings = SETTINGS, **about: Any
) -> Path:
    """Write a folder with a small encoder, and return it."""
    sys.path.insert(0, str(SCRIPTS))
    try:
        from graph import quantized_graph  # no module of the package
    finally:
        sys.path.remove(str(SCRIPTS))
    network = quantized_graph(weights(), N_HEADS)
    write_encoder(folder, settings, network, tokenizer(), about)
    return folder


def _linear(name: str, n_in: int, n_out: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (n_out, n_in), f"{name}.bias": (n_out,)}


def _normalization(name: str) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (WIDTH,), f"{name}.bias": (WIDTH,)}
