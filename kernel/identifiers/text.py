"""People type identifiers with Chinese input methods, so full-width forms must mean the same as the ASCII ones."""

#: The full-width forms of "!" to "~" and the ideographic space; nothing else is folded, so "²" stays no digit.
_HALF_WIDTH = {0xFEE0 + ascii_: ascii_ for ascii_ in range(0x21, 0x7F)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """Fold full-width forms to ASCII and trim the ends."""
    return (text if text.isascii() else text.translate(_HALF_WIDTH)).strip()
