"""Views show a person's name and numbers masked, and every view by the same rules, or two could be put together."""

from kernel.identifiers.documents import DocumentKind
from kernel.identifiers.text import half_width

#: Stands for one hidden character.
HIDDEN = "*"
#: First characters of a Chinese name.
_HAN = ("\u3400", "\u9fff")


class MaskedText(str):
    """A personal value that may be shown; only this module makes one."""

    __slots__ = ()


def name(text: str) -> MaskedText:
    """Show a Chinese name's first character, and from three on also its last (李*娟, 黄*); of another name its first.

    The middle always counts for one, so that the mask does not tell how long the name is.
    """
    plain = half_width(text)
    if len(plain) < 2:
        return MaskedText(HIDDEN)
    last = plain[-1] if len(plain) > 2 and _is_chinese(plain) else ""
    return MaskedText(plain[0] + HIDDEN + last)


def document(kind: DocumentKind, number: str) -> MaskedText:
    """Show of a resident ID the first six characters and the last (330110***********9), of another document the last.

    What has not the length of such a number is hidden as a whole.
    """
    if kind is DocumentKind.RESIDENT_ID:
        return _ends(number, 6, 1) if len(number) == 18 else _hidden(number)
    return _ends(number, 0, 1) if len(number) >= 5 else _hidden(number)


def mobile(number: str) -> MaskedText:
    """Show the first three and the last four digits of eleven: 138****1234. Any other number is hidden."""
    return _ends(number, 3, 4) if len(number) == 11 else _hidden(number)


def _ends(text: str, first: int, last: int) -> MaskedText:
    hidden = len(text) - first - last
    return MaskedText(text[:first] + HIDDEN * hidden + text[first + hidden :])


def _hidden(text: str) -> MaskedText:
    return MaskedText(HIDDEN * len(text))


def _is_chinese(text: str) -> bool:
    low, high = _HAN
    return all(low <= character <= high for character in text)
