"""Read postings again with an encoder, and keep it in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.errors import MissingExtraError, ModelError
from roleclf.model.encoder.inputs import encoder_inputs
from roleclf.model.encoder.session import Network
from roleclf.model.encoder.settings import EncoderSettings
from roleclf.model.encoder.word_pieces import WordPieces
from roleclf.model.folder import (
    parse_settings,
    read_files,
    write_manifest,
    write_settings,
)
from roleclf.model.layout import ENCODER, NETWORK, TOKENIZER

__all__ = ["Encoder", "check_extra", "write_encoder"]

_EXTRA: Final = "careful"
_LIBRARIES: Final = ("onnxruntime", "tokenizers")

Floats = npt.NDArray[np.float64]


class Encoder:
    """A network that reads title and text in context, fixed.

    It can be pickled, and used in forks of the process that loaded it.

    Parameters
    ----------
    settings : EncoderSettings
    network : Network
    tokenizer : str
        What `tokenizer.json` holds.
    """

    def __init__(
        self, settings: EncoderSettings, network: Network, tokenizer: str
    ) -> None:
        self.settings = settings
        self._network = network
        self._tokenizer = tokenizer
        self._pieces: WordPieces | None = None

    def log_probabilities(
        self,
        titles: Sequence[str],
        descriptions: Sequence[str],
        roles: Sequence[str],
    ) -> Floats:
        """Return what the encoder alone says of postings.

        Parameters
        ----------
        titles, descriptions : sequence of str, length n_postings
            Cleaned.
        roles : sequence of str
            The order of the columns.

        Returns
        -------
        float64 array, shape (n_postings, n_roles)
        """
        inputs = encoder_inputs(titles, descriptions, self.settings.inputs)
        order = [self.settings.roles.index(role) for role in roles]
        return self.answers(inputs)[:, order]

    def answers(self, inputs: Sequence[tuple[str, str]]) -> Floats:
        """Return log probabilities of titles and selected texts, each read by itself.

        Parameters
        ----------
        inputs : sequence of (str, str)
            As `encoder_inputs` returns them.

        Returns
        -------
        float64 array, shape (n_postings, n_roles)
            The columns are in the order of the settings' roles.
        """
        if self._pieces is None:
            self._pieces = WordPieces(self._tokenizer, self.settings.max_pieces)
        sequences = (self._pieces.sequence(title, text) for title, text in inputs)
        rows = [self._network.logits(sequence) for sequence in sequences]
        logits = np.array(rows).reshape(len(rows), len(self.settings.roles))
        logits -= logits.max(axis=1, keepdims=True, initial=-np.inf)
        return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Return the encoder in `folder`; every file is checked before use.

        Raises
        ------
        MissingExtraError
            If the libraries that run it are not installed.
        ModelError
            If the folder holds no encoder, one of another format, or a file that is
            not what the manifest says.
        """
        check_extra()
        files = read_files(folder, ENCODER)
        try:
            settings = EncoderSettings.from_dict(parse_settings(folder, files, ENCODER))
            tokenizer = files[TOKENIZER].tobytes().decode()
        except (KeyError, TypeError, ValueError) as error:
            problem = "holds what no encoder holds"
            raise ModelError(folder, problem, ENCODER.mend) from error
        return cls(settings, Network(files[NETWORK]), tokenizer)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_pieces": None}


def check_extra() -> None:
    """Refuse to go on without the libraries that an encoder needs, importing none.

    Raises
    ------
    MissingExtraError
    """
    if not all(map(find_spec, _LIBRARIES)):
        raise MissingExtraError("the careful reader", _EXTRA)


def write_encoder(
    folder: Path,
    settings: EncoderSettings,
    network: bytes,
    tokenizer: str,
    about: Mapping[str, Any],
) -> None:
    """Write an encoder into a folder; `about` goes into the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NETWORK).write_bytes(network)
    (folder / TOKENIZER).write_text(tokenizer, encoding="utf-8")
    write_settings(folder, settings.to_dict())
    write_manifest(folder, about, ENCODER)
