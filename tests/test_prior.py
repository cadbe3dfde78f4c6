"""The mix of roles that probabilities assume."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from roleclf.model.prior import read_prior

ROLES = ("baker", "cook", "other")
MARKET = {"baker": 0.1, "cook": 0.2, "other": 0.7}


@pytest.mark.parametrize(
    ("mix", "shares"),
    [
        pytest.param("uniform", [1 / 3, 1 / 3, 1 / 3], id="uniform"),
        pytest.param("market", [0.1, 0.2, 0.7], id="market"),
        pytest.param("cook=0.5", [0.25, 0.5, 0.25], id="the-rest-shares"),
        pytest.param("baker=0.2, cook=0.2,other=0.6", [0.2, 0.2, 0.6], id="all-named"),
        pytest.param({"other": 0.9}, [0.05, 0.05, 0.9], id="mapping"),
        pytest.param("other=1", [0.0, 0.0, 1.0], id="nothing-left"),
    ],
)
def test_a_mix_is_read(mix: Any, shares: list[float]) -> None:
    prior = read_prior(mix, ROLES, MARKET)
    assert prior.tolist() == pytest.approx(shares, abs=1e-5)
    assert prior.min() > 0.0
    assert prior.sum() == pytest.approx(1.0)


def test_a_mix_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mix.json"
    path.write_text(json.dumps({"cook": 0.5, "baker": 0.5}), "utf-8")
    for mix in (path, str(path)):
        shares = read_prior(mix, ROLES, None).tolist()
        assert shares == pytest.approx([0.5, 0.5, 0.0], abs=1e-5)


@pytest.mark.parametrize(
    ("mix", "message"),
    [
        pytest.param(
            "market", "this model was not told of a market; give shares", id="no-market"
        ),
        pytest.param(
            "pilot=0.1", "'pilot' is no role; there are baker, cook, other", id="role"
        ),
        pytest.param("cook=much", "'much' is no share", id="no-number"),
        pytest.param(
            "cook=0.8,baker=0.4",
            "shares from 0 to 1, and 1 together, not 1.2",
            id="many",
        ),
        pytest.param(
            "cook=-0.1", "shares from 0 to 1, and 1 together, not -0.1", id="negative"
        ),
        pytest.param(
            "cook=nan", "shares from 0 to 1, and 1 together, not nan", id="nan"
        ),
        pytest.param(
            {"cook": 0.1, "baker": 0.1, "other": 0.1},
            "shares of all roles are 1 together, not 0.3",
            id="few",
        ),
    ],
)
def test_what_is_no_mix_is_refused(mix: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read_prior(mix, ROLES, None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("[1]", "{}: holds no object of roles and shares", id="list"),
        pytest.param("{", "{}: cannot be read (", id="no-json"),
        pytest.param(None, "{}: cannot be read (", id="no-file"),
    ],
)
def test_a_file_that_is_no_mix_is_named(
    tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "mix.json"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(message.format(path))}"):
        read_prior(path, ROLES, None)


def test_an_unknown_word_says_what_may_be_given() -> None:
    with pytest.raises(ValueError, match=r"; give uniform, market, role=share,… or a"):
        read_prior("marked", ROLES, MARKET)
    assert np.isfinite(read_prior("market", ROLES, MARKET)).all()
