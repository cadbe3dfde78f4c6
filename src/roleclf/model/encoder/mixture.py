"""Join the answers of the linear model and of an encoder into one probability.

A logarithmic opinion pool (Genest and Zidek 1986, doi:10.1214/ss/1177013825), whose
temperature `corpora/encoder/calibrate.py` fits on postings that neither learned from.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.model.stacking import softmax

__all__ = ["Mixture"]

Floats = npt.NDArray[np.float64]


class Mixture(NamedTuple):
    """How much each answer counts, and how far the sum is trusted.

    `temperature` divides the weighted sum of log probabilities; above 1 it makes the
    answer less sure. The weights are those with the least log loss, in steps of a
    tenth, on postings of sources that neither model had learned from.
    """

    encoder_weight: float = 0.4
    linear_weight: float = 0.6
    temperature: float = 1.0

    def mix(
        self, encoder: Floats, linear: Floats, prior_shift: Floats | float = 0.0
    ) -> Floats:
        """Return the probabilities of both together, shape (n_postings, n_roles).

        Parameters
        ----------
        encoder, linear : float64 arrays, shape (n_postings, n_roles)
            Log probabilities. Those of the linear model are for its prior.
        prior_shift : float64 array, shape (n_roles,)
            Logarithm of each role's prior over the one that the linear model learned
            with. It is taken off before, and added in full behind: Bayes' rule holds
            for the answer, not for a part of it.
        """
        of_labels = linear - prior_shift
        pooled = self.encoder_weight * encoder + self.linear_weight * of_labels
        return softmax(pooled / self.temperature + prior_shift)
