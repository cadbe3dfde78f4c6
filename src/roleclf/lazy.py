"""Import what a package shows when it is first used (SPEC 1).

Whoever imports the package for one name then waits for no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["loader"]


def loader(package: str, module_by_name: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package.

    Parameters
    ----------
    package : str
    module_by_name : mapping of str to str
        The names that it shows, and in which of its modules they stand.

    Examples
    --------
    >>> load = loader("json", {"JSONDecoder": "decoder"})
    >>> load("JSONDecoder").__module__
    'json.decoder'
    """

    def load(name: str) -> Any:
        if name not in module_by_name:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{module_by_name[name]}")
        return getattr(module, name)

    return load
