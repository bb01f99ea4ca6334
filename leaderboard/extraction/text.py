"""The clean view of a paper's text: what the rules read, with a way back to the characters as given.

Abstracts arrive as LaTeX, HTML or plain Unicode, often mixed. A `Document` joins title and abstract into one cleaned
text (macros resolved, entities decoded, dashes, spaces and signs unified) and maps every position of it back to its
field and its offset there, so that each span that is found points into the text as given.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex

from leaderboard.models import Field, Paper

# Characters that stand for one another, one to one, so that no offset moves.
_ONE_TO_ONE = str.maketrans(
    {
        **dict.fromkeys(
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
        ),
        **dict.fromkeys("\t\r\n\v\f\x85\u2028\u2029", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u2033", '"'),
        "％": "%",
        "﹪": "%",
        "∼": "~",
        "≈": "~",
        "⩾": "≥",
        "⩽": "≤",
        "✕": "×",
        "⨯": "×",
        "µ": "μ",
        "º": "°",
    }
)

_SYMBOLS = {
    "pm": "±", "times": "×", "sim": "~", "approx": "~", "simeq": "~", "thicksim": "~", "geq": "≥", "ge": "≥",
    "geqslant": "≥", "leq": "≤", "le": "≤", "leqslant": "≤", "gt": ">", "lt": "<", "textgreater": ">", "textless": "<",
    "cdot": "·", "deg": "°", "degree": "°", "circ": "°", "textdegree": "°", "rightarrow": "→", "to": "→",
    "uparrow": " ", "downarrow": " ", "rightleftarrows": "↔", "leftrightarrow": "↔", "percent": "%", "textendash": "-",
    "textemdash": "—", "mu": "μ", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε",
    "varepsilon": "ε", "lambda": "λ", "sigma": "σ", "tau": "τ", "rho": "ρ", "kappa": "κ", "ell": "l", "ldots": "...",
    "dots": "...", "quad": " ", "qquad": " ", "newline": " ", "par": " ", "item": " ", "LaTeX": "LaTeX", "TeX": "TeX",
    "infty": "∞", "Delta": "Δ", "textasciitilde": "~",
}  # fmt: skip
# Macros whose braces hold ordinary text: the macro goes, the text stays.
_WRAPPERS = (
    "text(?:bf|it|sc|tt|rm|sf|sl|normal|up|md|color)?|emph|mathrm|mathbf|mathcal|mathit|mathsf|mathtt|mathbb|boldsymbol|bm|"
    "mbox|hbox|underline|texttt|operatorname|bf|it|rm|tt|sc|em|sf|small|footnotesize|large|Large|normalsize|bfseries|"
    "itshape|protect|centering|noindent|xspace|left|right|big|Big|displaystyle|uline|textsubscript|textsuperscript|"
    "mathop|acs?|acp|acl|acf|gls|Gls|glspl|eg|ie|huge|Huge|LARGE|tiny|scriptsize|rev|revise|edit|add|new|hl|blue|red|fontsize|selectfont|thanks|xspace|scshape|selectfont|mathord|ensuremath|textquotesingle"
)

# The built-in `re` finds one character of a set fastest: it tells where the patterns below need to look at all.
_SPECIAL = re.compile(r"[\\$&{}~^_\t\r\n\v\f\x80-\U0010ffff]")
_MARKUP = re.compile(r"[\\$&{}~^_]")
_MAY_END = re.compile(r"""[.!?\n](?:(?<=\n)|["')\]]{0,2}(?=\s))""")


@cache
def _rewrites() -> regex.Pattern[str]:
    """What is rewritten, in order of preference at each position: each starts with a sign of `_MARKUP` or a space."""
    return regex.compile(
        r"""
        (?P<gone>[~\s]?\\(?:[cC]ite|ref|eqref|cref|Cref|label|autoref|footnotemark|vspace|hspace|bibliography|includegraphics|img|icon|fontsize)[a-zA-Z]*+\*?(?:\[[^\]]{0,80}\])*+(?:\{[^{}]{0,400}\})?)
      | (?P<color>\\(?:text)?color\{[^{}]{0,40}\})
      | (?P<note>\\(?:footnote|thanks)\s?\{)
      | (?P<gap>\}\s?\{|\\(?:url|href|nolinkurl)\s?\{)
      | (?P<thousands>\{,\})
      | (?P<degree>\^\s?\{?\s?\\(?:circ|deg)\b\s?\}?|\{?\\(?:deg|degree)\b\}?)
      | (?P<wrapper>\\(?:@WRAPPERS@)(?![a-zA-Z])\s?\*?)
      | (?P<macro>\\(?P<name>[a-zA-Z]+)(?:\s?\{\s?\})?)
      | (?P<space>\\[,;:!\ /]|\\\\)
      | (?P<escaped>\\(?P<sign>[%$&_#{}\-]))
      | (?P<accent>\\["'`^~=.](?=\{?[a-zA-Z]))
      | (?P<entity>&(?:\#\d{1,6}|\#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});)
      | (?P<tie>~(?!\s?[\d.\\$]))
      | (?P<subscript>[_^](?=\s?\{|\s?[\w\\+]\$|(?<=[a-zA-Z$][_^])\d))
      | (?P<math>\$(?!\d))
      | (?P<dollar>\$(?=\d))
      | (?P<brace>[{}])
        """.replace("@WRAPPERS@", _WRAPPERS),
        regex.VERBOSE,
    )


class OffsetMap(NamedTuple):
    """Where the segments of a cleaned text come from: parallel lists of their first clean and raw positions.

    Within a segment the offset grows one to one, save in those whose index is in `rewritten`: they stand as a whole for
    the stretch up to the next segment's raw position.
    """

    clean_at: list[int]
    raw_at: list[int]
    rewritten: frozenset[int]


def _matches(text: str) -> Iterator[regex.Match[str]]:
    """The matches of `_rewrites`, in order."""
    rewrites = _rewrites()
    position = 0
    while found := _MARKUP.search(text, position):
        at = found.start()
        match = None
        if text[at] == "\\" and position < at and text[at - 1].isspace():
            match = rewrites.match(text, at - 1)  # a citation goes with the space before it
        match = match or rewrites.match(text, at)
        if match:
            yield match
        position = match.end() if match else at + 1


def clean(raw: str) -> tuple[str, OffsetMap]:
    """The cleaned text and the way back to the text as given."""
    if not _SPECIAL.search(raw):
        return raw, OffsetMap([0], [0], frozenset())
    text = raw.translate(_ONE_TO_ONE)
    out: list[str] = []
    clean_at, raw_at = [0], [0]
    rewritten: list[int] = []
    length = last = 0
    for match in _matches(text):
        start, end = match.span()
        new = _replacement(match, text)
        if new is None:
            continue
        out.append(text[last:start])
        length += start - last
        if new:
            out.append(new)
            rewritten.append(len(clean_at))
            clean_at.append(length)
            raw_at.append(start)
            length += len(new)
        clean_at.append(length)
        raw_at.append(end)
        last = end
    if not out:
        return text, OffsetMap([0], [0], frozenset())
    out.append(text[last:])
    return "".join(out), OffsetMap(clean_at, raw_at, frozenset(rewritten))


def _replacement(match: regex.Match[str], text: str) -> str | None:
    """What stands in the clean text for one match of `_rewrites`; None leaves it as it is."""
    kind = match.lastgroup
    if kind in ("gone", "color", "wrapper", "thousands", "accent", "subscript", "brace"):
        return "," if kind == "thousands" else ""
    if match["macro"] is not None:
        name = match["name"]
        if name in _SYMBOLS:
            return _SYMBOLS[name]
        # A macro whose definition is lost: its name is all that is left ("\imagenet{}").
        return name if len(name) > 2 else ""
    if match["escaped"] is not None:
        return str(match["sign"])
    if kind == "degree":
        return "°"
    if kind == "note":
        return " — "
    if kind in ("space", "tie", "gap"):
        return " "
    if kind == "entity":
        decoded = html.unescape(match[0]).translate(_ONE_TO_ONE)
        return None if decoded == match[0] else decoded
    if kind == "math":
        return ""
    # A dollar before a number opens a formula if another one follows soon; else it is money.
    if kind == "dollar":
        close = text.find("$", match.end(), match.end() + 60)
        return "" if close > 0 or text.find("$", max(0, match.start() - 60), match.start()) >= 0 else None
    return None


class Location(NamedTuple):
    """Half-open offsets into one field of a paper, as given."""

    field: Field
    start: int
    end: int


_BOUNDARY = "  \n  "


class Document:
    """Title and abstract as one clean text. Positions are into `text`; `locate` leads back to the paper.

    Args:
        paper: the paper as read; its title and abstract are never altered.
    """

    __slots__ = ("_abstract_at", "_maps", "_raw", "paper", "text", "title_end")

    def __init__(self, paper: Paper) -> None:
        title, title_map = clean(paper.title)
        abstract, abstract_map = clean(paper.abstract)
        self.paper = paper
        self.title_end = len(title)
        self._abstract_at = len(title) + len(_BOUNDARY) if title else 0
        self.text = title + _BOUNDARY + abstract if title else abstract
        self._maps: tuple[OffsetMap, OffsetMap] = (title_map, abstract_map)
        self._raw = (paper.title, paper.abstract)

    @property
    def abstract_start(self) -> int:
        """Where the abstract begins in `text`."""
        return self._abstract_at

    def locate(self, start: int, end: int) -> Location:
        """Where `text[start:end]` stands in the paper, without spaces and lost markup at its edges."""
        field: Field = "title" if end <= self.title_end and self._abstract_at else "abstract"
        base = 0 if field == "title" else self._abstract_at
        clean_at, raw_at, rewritten = self._maps[field == "abstract"]
        k = bisect_right(clean_at, start - base) - 1
        first = raw_at[k] + (0 if k in rewritten else start - base - clean_at[k])
        # The end is one past the last character's own place, so that markup that follows the span stays outside.
        k = bisect_right(clean_at, end - base - 1) - 1
        if k in rewritten:
            return Location(field, first, raw_at[k + 1])
        return Location(field, first, raw_at[k] + end - base - clean_at[k])

    def given(self, place: Location) -> str:
        """The text as given at a place."""
        return self._raw[place.field == "abstract"][place.start : place.end]


_SPACE = regex.compile(r"\s")
# Abbreviations after which a full stop ends no sentence.
_ABBREVIATIONS = (
    r"al|i\.e|e\.g|vs|cf|etc|acc|pts|approx|resp|Fig|Figs|fig|Eq|Eqs|Sec|Tab|No|no|Dr|Prof|Mr|Ms|St|avg|abs|rel|max|min|w\.r\.t|"
    r"a\.k\.a|s\.t|viz|ca|ver|incl|Vol|vol|ed|eds|et|Inc|Corp|params|param|prec|rec|std|dev|w\.r|i\.i\.d"
)


@cache
def _sentence_ends() -> regex.Pattern[str]:
    # "... et al. Another" does end one, but "al." before a capital is ambiguous, and kept together.
    return regex.compile(
        r"(?<![\s.(](?:"
        + _ABBREVIATIONS
        + r")\.)(?<!\b[A-Z]\.)(?<=[.!?][\"')\]]{0,2})\s+(?=[\"'(\[]{0,2}[A-Z0-9\\+~$α-ω])|\s*\n\s*"
    )


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences of a clean text, in order. The boundary between title and abstract ends one."""
    spans = []
    start = 0
    ends = _sentence_ends()
    for found in _MAY_END.finditer(text):
        at = found.end()
        if text[at - 1] == "\n":
            at -= 1
            while at > start and _SPACE.match(text, at - 1):
                at -= 1
        match = ends.match(text, at) if at >= start else None
        if match is None:
            continue
        if at > start:
            spans.append((start, at))
        start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans
