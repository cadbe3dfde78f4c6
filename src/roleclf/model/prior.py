"""Read the mix of roles that probabilities shall assume.

Step 7 of the line, beside MODEL: the mix a model learned from is rarely the mix of
the postings it is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["Prior", "read_prior"]

Prior = str | Path | Mapping[str, float]
_LEAST: Final = 1e-6
_ROUNDING: Final = 1e-6


def read_prior(
    wish: Prior, roles: Sequence[str], market: Mapping[str, float] | None
) -> npt.NDArray[np.float64]:
    """Return the probability of each role before its posting is read.

    Parameters
    ----------
    wish : str, Path or mapping of str to float
        "uniform"; "market", the mix the model was told of; "role=0.2,other=0.5"; a
        JSON file, or a mapping, of the same. Roles that are not named share what is
        left.
    market : mapping of str to float, or None

    Raises
    ------
    ValueError
        If it names an unknown role, or its shares are no shares of a whole.

    Examples
    --------
    >>> read_prior("cook=0.5", ["baker", "cook", "waiter"], None).tolist()
    [0.25, 0.5, 0.25]
    """
    shares = _shares(wish, roles, market)
    unknown = [role for role in shares if role not in roles]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no role; there are {', '.join(roles)}")
    total = sum(shares.values())
    left = [role for role in roles if role not in shares]
    if not (min(shares.values(), default=0.0) >= 0 and total <= 1 + _ROUNDING):
        raise ValueError(f"shares from 0 to 1, and 1 together, not {total:g}")
    if not left and total < 1 - _ROUNDING:
        raise ValueError(f"shares of all roles are 1 together, not {total:g}")
    rest = dict.fromkeys(left, (1 - total) / max(len(left), 1))
    prior = np.array([{**shares, **rest}[role] for role in roles])
    prior = np.maximum(prior, _LEAST)
    return np.asarray(prior / prior.sum())


def _shares(
    wish: Prior, roles: Sequence[str], market: Mapping[str, float] | None
) -> Mapping[str, float]:
    if isinstance(wish, Mapping):
        return {str(role): float(share) for role, share in wish.items()}
    if wish == "uniform":
        return dict.fromkeys(roles, 1 / len(roles))
    if wish == "market":
        if market is None:
            raise ValueError("this model was not told of a market; give shares")
        return market
    if isinstance(wish, str) and "=" in wish:
        pairs = [pair.partition("=") for pair in wish.split(",")]
        return {role.strip(): _share(share) for role, _, share in pairs}
    return _of_file(Path(wish))


def _of_file(path: Path) -> Mapping[str, float]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        mend = "give uniform, market, role=share,… or a JSON file of them"
        raise ValueError(f"{path}: cannot be read ({error}); {mend}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path}: holds no object of roles and shares")
    return {role: _share(share) for role, share in content.items()}


def _share(value: object) -> float:
    try:
        return float(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is no share") from error
