"""Have an encoder read again the postings that the linear model is unsure of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from roleclf.model.stacking import Prediction

if TYPE_CHECKING:
    from roleclf.model.role_model import RoleModel

__all__ = ["read_again"]

# In place of 0, which has no logarithm.
_LEAST_PROBABILITY: Final = float(np.finfo(np.float64).tiny)


def read_again(
    model: RoleModel,
    prediction: Prediction,
    titles: Sequence[str],
    descriptions: Sequence[str],
    readable: npt.NDArray[np.bool_],
) -> Prediction:
    """Return a prediction in which the model's encoder has its part where it is unsure.

    Without an encoder it is returned as it is.

    Parameters
    ----------
    model : RoleModel
    prediction : Prediction
        What `model.predict` says.
    titles, descriptions : sequence of str, length n_postings
        Cleaned.
    readable : bool array, shape (n_postings,)
        Whether there is a text, in a language that the model reads.
    """
    if model.encoder is None:
        return prediction
    settings, linear = model.encoder.settings, prediction.proba
    # A row of NaN has no evidence at all; it compares as false.
    unsure = readable & (linear.max(axis=1, initial=0.0) < settings.unsure_below)
    places = np.flatnonzero(unsure).tolist()
    said = model.encoder.log_probabilities(
        [titles[i] for i in places], [descriptions[i] for i in places], model.roles
    )
    proba, encoder_proba = linear.copy(), np.full(linear.shape, np.nan)
    log_linear = np.log(np.maximum(linear[places], _LEAST_PROBABILITY))
    proba[places] = settings.mixture.mix(said, log_linear, model.prior_shift)
    encoder_proba[places] = np.exp(said)
    return prediction._replace(proba=proba, encoder_proba=encoder_proba)
