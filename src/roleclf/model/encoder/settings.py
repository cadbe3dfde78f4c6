"""The settings of an encoder, which its folder keeps in `model.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from roleclf.model.encoder.inputs import InputSelection
from roleclf.model.encoder.mixture import Mixture

__all__ = ["EncoderSettings"]


class EncoderSettings(NamedTuple):
    """What an encoder is called, what it reads, and how its answer is used.

    Attributes
    ----------
    name : str
        Name and version, as annotations quote it.
    roles : tuple of str
        In the order of the network's output.
    threshold : float
        Confidence from which a role is `sure`, 0-1, of postings that were read again
        and of the others.
    unsure_below : float
        Postings are read again for which the linear model's confidence is less, 0-1.
    max_pieces : int
        Word pieces of a posting that are read.
    inputs : InputSelection
    mixture : Mixture
    """

    name: str
    roles: tuple[str, ...]
    threshold: float
    unsure_below: float = 0.8
    max_pieces: int = 256
    inputs: InputSelection = InputSelection()
    mixture: Mixture = Mixture()

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as `model.json` keeps them."""
        return {
            **self._asdict(),
            "roles": list(self.roles),
            "inputs": self.inputs._asdict(),
            "mixture": self.mixture._asdict(),
        }

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> EncoderSettings:
        """Return the settings that `to_dict` made `entry` of.

        Raises
        ------
        TypeError, KeyError
            If there are others.
        """
        inputs = InputSelection(**entry["inputs"])
        mixture = Mixture(**entry["mixture"])
        roles = tuple(entry["roles"])
        return cls(**{**entry, "roles": roles, "inputs": inputs, "mixture": mixture})
