"""The policies of all manifests: each a function from a bundle to its faults."""

from typing import Callable, Iterator

from bundle import Bundle

_POLICIES: dict[str, Callable[[Bundle], Iterator[str]]] = {}


def policy(check):
    """Adds a function to the policies, by its name."""
    _POLICIES[check.__name__] = check
    return check


def names(module: str = "") -> list[str]:
    """All policies, or those of a module."""
    return sorted(
        name for name, check in _POLICIES.items() if module in ("", check.__module__)
    )


def faults(bundle: Bundle) -> dict[str, list[str]]:
    """The faults of a bundle by policy; only policies that find any."""
    found = {name: list(check(bundle)) for name, check in _POLICIES.items()}
    return {name: told for name, told in found.items() if told}
