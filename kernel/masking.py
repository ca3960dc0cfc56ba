"""Views show a person's name and numbers masked, and every view by the same rules, or two could be put together."""

from kernel.identifiers.documents import DocumentKind
from kernel.identifiers.text import half_width

#: Stands for one hidden character.
HIDDEN = "*"
#: First characters of a Chinese name.
_HAN = ("\u3400", "\u9fff")


def name(text: str) -> str:
    """Show a Chinese name's first character, and from three on also its last (李*娟, 黄*); of another name its first.

    The middle always counts for one, so that the mask does not tell how long the name is.
    """
    plain = half_width(text)
    if len(plain) < 2:
        return HIDDEN
    last = plain[-1] if len(plain) > 2 and _is_chinese(plain) else ""
    return plain[0] + HIDDEN + last


def document(kind: DocumentKind, number: str) -> str:
    """Show of a resident ID the first six characters and the last (330110***********9), of another document the last.

    What has not the length of such a number is hidden as a whole.
    """
    if kind is DocumentKind.RESIDENT_ID:
        return _ends(number, 6, 1) if len(number) == 18 else HIDDEN * len(number)
    return _ends(number, 0, 1) if len(number) >= 5 else HIDDEN * len(number)


def mobile(number: str) -> str:
    """Show the first three and the last four digits of eleven: 138****1234. Any other number is hidden."""
    return _ends(number, 3, 4) if len(number) == 11 else HIDDEN * len(number)


def _ends(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    return text[:first] + HIDDEN * hidden + text[first + hidden :]


def _is_chinese(text: str) -> bool:
    low, high = _HAN
    return all(low <= character <= high for character in text)
