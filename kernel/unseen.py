"""Names the characters that nobody sees, so that no text is made of them alone, or misread for them."""

import re

#: Soft hyphen, joiners, fillers, direction marks and variation selectors, as the inside of a character class that
#: Python, PostgreSQL and ECMA 262 read alike (Unicode's Default_Ignorable_Code_Point, without its rarest).
UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0"
)
#: Characters that command a terminal, begin a line, or turn the direction of what follows: a line of text has none.
CONTROL = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
_HIDDEN = re.compile(rf"[{CONTROL}{UNSEEN}]")


def has_hidden(text: str) -> bool:
    """Whether any character of a text is one that nobody sees, so that two texts may look the same and differ."""
    return _HIDDEN.search(text) is not None
