"""Names as the text has them, without what is no part of a name: LaTeX residue, quotes, stray brackets."""

from __future__ import annotations

import re

LONGEST = 200  # characters; no name is longer, and hostile text has to cost little
_MARKUP = re.compile(
    r"\\(?:text(?:bf|it|tt|sc|rm|sf|normal)?|emph|math(?:rm|bf|cal|it|sf|tt|bb)|operatorname|ensuremath|bm|boldsymbol|mbox|underline"
    r"|xspace|rm|bf|it|tt|sc|em|left|right|,|;|!|\s)(?![A-Za-z])"
)
_ESCAPE = re.compile(r"\\([%&_#$])")
_QUOTES = " \t.,;:!?\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb"


def clean_name(text: str) -> str:
    """The text without LaTeX residue, quotes around it, stray brackets and blanks in a row."""
    if "\\" in text:
        text = _MARKUP.sub(" ", _ESCAPE.sub(r"\1", text)).replace("\\", " ")
    if "$" in text or "{" in text or "}" in text or "~" in text:
        text = text.replace("$", "").replace("{", "").replace("}", "").replace("~", " ")
    text = " ".join(text.split())
    while True:
        before = text
        text = text.strip(_QUOTES)
        for opening, closing in ("()", "[]"):
            if text.count(opening) != text.count(closing) or (
                text[:1] == opening and text.find(closing) == len(text) - 1
            ):
                text = text.removeprefix(opening).removesuffix(closing).strip()
        if text == before:
            return text
