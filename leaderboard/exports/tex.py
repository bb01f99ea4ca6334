"""Text for LaTeX and BibTeX."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces even behind a backslash
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "±": r"$\pm$",
    "×": r"$\times$",
    "\u2212": "$-$",
}
_SIGNS = re.compile("[" + re.escape("".join(_SPECIAL)) + "]")


def tex(text: str) -> str:
    """The text so that LaTeX sets it as it is, on one line; control characters are left out."""
    clean = "".join(c if unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} else " " for c in text)
    return _SIGNS.sub(lambda sign: _SPECIAL[sign[0]], " ".join(clean.split()))
