"""Numbers in a clean text, each with its unit, sign, error and range: finding them, not yet judging them.

A number that is glued to a name (`CIFAR-10`, `top-5`, `F1`, `3D`) is no value; it stays part of the name's token.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from leaderboard.extraction import data

# Forms in which the case tells the unit: "M" is a million or so, "m" a metre.
_CASED = {"M": ("M", "magnitude"), "G": ("G", "magnitude")}
# One letter may be a unit or the start of the next word; these are units only when glued or followed by no word.
_SHORT = frozenset("x×smhngvwjabktNAGKMBWVJ")


@cache
def _units() -> dict[str, tuple[str, str]]:
    """Unit as written, in lower case -> (unit, class), from units.toml."""
    table = data.toml("units.toml")
    return {form: (unit, name) for name, units in table.items() for unit, forms in units.items() for form in forms}


@lru_cache(maxsize=4096)
def unit_of(text: str) -> tuple[str, str]:
    """The unit that a surface form stands for, and its class; ("", "none") for none."""
    if not text:
        return "", "none"
    if text in _CASED:
        return _CASED[text]
    return _units().get(regex.sub(r"\s+", " ", text.lower()), (text, "other"))


@dataclass(slots=True)
class Value:
    """A number of the text. Offsets are half-open, into the clean text.

    `start:end` is the number alone, `outer_start:outer_end` with sign, unit and error. `unit_class` is one of none,
    percent, points, factor, quality, rate, time, length, angle, speed, physical, memory, compute, magnitude, pixel.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    text: str
    number: float
    unit: str = ""
    unit_text: str = ""
    unit_class: str = "none"
    sign: str = ""
    error: float | None = None
    shared_unit: bool = False  # the unit stands at a later member of the list ("91.2, 92.3 and 94%")
    low_of_range: bool = False
    high_of_range: bool = False
    modifier: bool = False  # "10-fold cross", "300-dimensional": hyphen and a word that is no unit
    thousands: bool = False
    decimals: int = 0


@cache
def _pattern() -> regex.Pattern[str]:
    spelled = sorted((u for u in _units() if u not in _SHORT), key=len, reverse=True)
    short = "(?:[xX×](?!\\s?\\d)|[smhNVWJAkKMBGTg])"
    units = "|".join(regex.escape(u).replace(r"\ ", r"\s?") for u in spelled)
    return regex.compile(
        rf"""
        (?=[\d.+±~<>≥≤-])
        (?<![\w@^.\\]) (?<!\w['&]) (?<![^\W\d_]-) (?<![A-Za-z]\d{{0,4}}[-/:]) (?<!\d:) (?<![A-Za-z]/)
        (?P<sign>(?:[+±](?:/-)?|(?<![\w%.)])(?<![\d%]\s)-|[~<>≥≤]=?)\s?(?:[~<>≥≤+]\s?)?)?+
        (?P<number>(?:\d{{1,3}}(?:,\d{{3}})++(?:\.\d++)?|\d++(?:\.\d++)?|\.\d++)(?:\s?[×x]\s?10\^?\s?-?\d{{1,2}}+|[eE][-+]?\d{{1,2}}+(?!\w))?)
        (?!:\d) (?!\.\d)
        (?:
          (?P<error>\s?(?:%\s?)?(?:±|\+/-|\+-|\(±)\s?(?P<spread>\d++(?:\.\d++)?)\)?) )?+
        (?:
          \s?-?\s?(?P<unit>(?i:{units}))(?![\w]) (?!(?<=bits?)\sper\s) (?:(?<=%)|(?!-\w))
          | \+?(?P<percent>%)(?=[+)\s]|[a-z]{{2}})
          | (?P<glued>{short})(?![\w.]\w|\w) (?!-\w)
          | \s(?P<spaced>[xX×](?!\s?\d)|[smhNVWJAKMGB]|GPUs?)(?=[\s.,;:)\]/]|$)(?!\s(?:is|was|be)\b)
        )?+
        (?P<modifier>-(?=[A-Za-z]))?+
        """,
        regex.VERBOSE,
    )


_GLUED_NAME = regex.compile(r"[A-Za-zα-ω_]|°?[A-Za-z]")


def find_values(text: str) -> list[Value]:
    """All free-standing numbers of a clean text, in order. Never raises."""
    values: list[Value] = []
    for match in _pattern().finditer(text):
        number_start, number_end = match.span("number")
        end = match.end()
        unit_text = match["unit"] or match["percent"] or match["glued"] or match["spaced"] or ""
        # Glued to letters that are no unit: "3D", "2nd", "20Newsgroups" are names or ordinals.
        if not unit_text and match["modifier"] is None and end < len(text) and _GLUED_NAME.match(text, end):
            continue
        written = match["number"]
        number = _number(written)
        if number is None:
            continue
        unit, unit_class = unit_of(unit_text)
        plain = written.replace(",", "")
        value = Value(
            start=number_start,
            end=number_end,
            outer_start=match.start(),
            outer_end=end,
            text=written,
            number=number,
            unit=unit,
            unit_text=unit_text,
            unit_class=unit_class,
            sign=(match["sign"] or "").strip(),
            error=float(match["spread"]) if match["spread"] else None,
            modifier=match["modifier"] is not None,
            thousands="," in written,
            decimals=len(plain.split(".", 1)[1])
            if "." in plain and plain[-1].isdigit() and plain.replace(".", "", 1).isdigit()
            else 0,
        )
        if value.modifier:
            value.outer_end = end - 1
        values.append(value)
    _ranges(text, values)
    return values


_SCIENTIFIC = regex.compile(r"(.*?)\s?[×x]\s?10\^?\s?(-?\d+)$")


def _number(written: str) -> float | None:
    text = written.replace(",", "")
    scientific = _SCIENTIFIC.match(text) if "×" in text or "x" in text else None
    try:
        number = float(f"{scientific[1]}e{scientific[2]}") if scientific else float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


_RANGE_GAP = regex.compile(r"\s?(?:-|—|~)\s?|\s(?:to|through)\s|\s?-\s?~\s?")
_LIST_GAP = regex.compile(
    r"\s?(?:,|/|;|&|,?\s(?:and|or|versus|vs\.?|to))\s?(?:to|about|around|over)?\s?|\s?(?:-|—)\s?|(?:,?\s(?:and|or|to)\s|,\s|/)[~+]?"
)


def _ranges(text: str, values: list[Value]) -> None:
    """Mark "75.1-83.2%" and pass a unit back over a bare list ("91.2, 92.3 and 94%")."""
    for left, right in zip(reversed(values[:-1]), reversed(values[1:]), strict=True):
        gap = text[left.outer_end : right.outer_start]
        if len(gap) > 12:
            continue
        joined = gap == "" and right.sign in ("-", "±")
        if (joined and right.sign == "-") or _RANGE_GAP.fullmatch(gap):
            left.low_of_range = right.high_of_range = True
            if right.sign == "-":
                right.sign = ""
        if not left.unit and not left.modifier and right.unit and (left.low_of_range or _LIST_GAP.fullmatch(gap)):
            left.unit, left.unit_class, left.unit_text, left.shared_unit = (
                right.unit,
                right.unit_class,
                right.unit_text,
                True,
            )
