"""Knows what guessers try first: words, names and rows of keys, whatever digits and signs are put around them."""

from functools import cache
from importlib.resources import files
from string import digits, punctuation, whitespace

#: What people put before or behind a word to have it accepted.
_DECORATION = digits + punctuation + whitespace


def is_common(password: str) -> bool:
    """Whether a folded password is one of the commonest, decorated or not."""
    return _stem(password) in _stems()


def _stem(password: str) -> str:
    return password.strip(_DECORATION)


@cache
def _stems() -> frozenset[str]:
    """The stems of `common_passwords.csv`, one in a line below the heading: those that lists of leaked passwords begin
    with, in China and elsewhere, and the words of this platform's own place of work.
    """
    _, *stems = files("gateway.accounts").joinpath("common_passwords.csv").read_text("utf-8").splitlines()
    return frozenset(stems)
