"""The names of the package are imported when they are first used."""

from __future__ import annotations

import importlib

import pytest

import roleclf


@pytest.mark.parametrize("name", ["roleclf"])
def test_a_package_has_every_name_that_it_exports(name: str) -> None:
    package = importlib.import_module(name)
    for exported in package.__all__:
        assert getattr(package, exported) is not None
    assert dir(package) == sorted(package.__all__)


@pytest.mark.parametrize("name", ["roleclf"])
def test_a_package_has_no_other_name(name: str) -> None:
    package = importlib.import_module(name)
    message = f"^module '{name}' has no attribute 'labels'$"
    with pytest.raises(AttributeError, match=message):
        package.labels  # noqa: B018


def test_a_name_is_the_object_of_its_module() -> None:
    assert roleclf.clean is importlib.import_module("roleclf.text.cleaning").clean
