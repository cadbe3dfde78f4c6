"""Read the prior: the mix of roles that probabilities assume.

The mix that a model was trained on is rarely the mix of the postings it is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["Prior", "read_prior"]

# What `read_prior` reads a prior from.
Prior = str | Path | Mapping[str, float]
_MIN_PROBABILITY: Final = 1e-6
_ROUNDING_ERROR: Final = 1e-6


def read_prior(
    prior: Prior, roles: Sequence[str], market: Mapping[str, float] | None
) -> npt.NDArray[np.float64]:
    """Return the probability of each role before its posting is read.

    Parameters
    ----------
    prior : str, Path or mapping of str to float
        "uniform"; "market", see there; "role=0.2,other=0.5"; a JSON file, or a mapping,
        of the same. Roles that are not named share what is left.
    roles : sequence of str
        All roles; the result is in their order.
    market : mapping of str to float, or None
        The share of each role on the job market, as far as the model knows it.

    Raises
    ------
    ValueError
        If the prior names an unknown role, or its shares do not fit together.

    Examples
    --------
    >>> read_prior("cook=0.5", ["baker", "cook", "waiter"], None).tolist()
    [0.25, 0.5, 0.25]
    """
    shares = _shares(prior, roles, market)
    unknown = [role for role in shares if role not in roles]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no role; there are {', '.join(roles)}")
    total = sum(shares.values())
    left = [role for role in roles if role not in shares]
    if not (min(shares.values(), default=0.0) >= 0 and total <= 1 + _ROUNDING_ERROR):
        raise ValueError(f"shares from 0 to 1, and 1 together, not {total:g}")
    if not left and total < 1 - _ROUNDING_ERROR:
        raise ValueError(f"shares of all roles are 1 together, not {total:g}")
    rest = dict.fromkeys(left, (1 - total) / max(len(left), 1))
    probability = np.array([{**shares, **rest}[role] for role in roles])
    probability = np.maximum(probability, _MIN_PROBABILITY)
    return np.asarray(probability / probability.sum())


def _shares(
    prior: Prior, roles: Sequence[str], market: Mapping[str, float] | None
) -> Mapping[str, float]:
    if isinstance(prior, Mapping):
        return {str(role): float(share) for role, share in prior.items()}
    if prior == "uniform":
        return dict.fromkeys(roles, 1 / len(roles))
    if prior == "market":
        if market is None:
            raise ValueError("this model was not told of a market; give shares")
        return market
    if isinstance(prior, str) and "=" in prior:
        pairs = [pair.partition("=") for pair in prior.split(",")]
        return {role.strip(): _parse_share(share) for role, _, share in pairs}
    return _shares_in_file(Path(prior))


def _shares_in_file(path: Path) -> Mapping[str, float]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        mend = "give uniform, market, role=share,… or a JSON file of them"
        raise ValueError(f"{path}: cannot be read ({error}); {mend}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path}: holds no object of roles and shares")
    return {role: _parse_share(share) for role, share in content.items()}


def _parse_share(value: object) -> float:
    try:
        return float(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is no share") from error
