"""Numbers in a clean text, each with its unit, sign, error and range: finding them, not yet judging them.

A number that is glued to a name (`CIFAR-10`, `top-5`, `F1`, `3D`) is no value; it stays part of the name's token.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

# Unit as written (lower case where case carries no meaning) -> (unit, class). The classes are what the rules speak of.
_UNITS: dict[str, tuple[str, str]] = {
    "%": ("%", "percent"), "percent": ("%", "percent"), "per cent": ("%", "percent"), "pct": ("%", "percent"),
    "percentage points": ("points", "points"), "percentage point": ("points", "points"), "percent points": ("points", "points"),
    "% points": ("points", "points"), "%-points": ("points", "points"), "% point": ("points", "points"), "percentage": ("%", "percent"),
    "points": ("points", "points"), "point": ("points", "points"), "pts": ("points", "points"), "pp": ("points", "points"),
    "p.p": ("points", "points"), "%p": ("points", "points"), "pt": ("points", "points"), "%pt": ("points", "points"),
    "x": ("x", "factor"), "×": ("x", "factor"), "times": ("x", "factor"), "-fold": ("x", "factor"), "fold": ("x", "factor"),
    "-times": ("x", "factor"), "-x": ("x", "factor"), "-percent": ("%", "percent"), "-point": ("points", "points"), "-points": ("points", "points"),
    "-percentage-point": ("points", "points"), "orders of magnitude": ("orders of magnitude", "factor"),
    "order of magnitude": ("orders of magnitude", "factor"),
    "db": ("dB", "quality"), "fps": ("fps", "rate"), "frames per second": ("fps", "rate"), "frames/s": ("fps", "rate"), "frame/s": ("fps", "rate"),
    "frames/sec": ("fps", "rate"), "frames/second": ("fps", "rate"), "frames per sec": ("fps", "rate"), "images per second": ("images/s", "rate"),
    "images/s": ("images/s", "rate"), "img/s": ("images/s", "rate"), "tokens per second": ("tokens/s", "rate"), "tokens/s": ("tokens/s", "rate"),
    "hz": ("Hz", "rate"), "khz": ("kHz", "rate"), "mhz": ("MHz", "rate"), "ghz": ("GHz", "rate"), "qps": ("qps", "rate"),
    "ms": ("ms", "time"), "msec": ("ms", "time"), "millisecond": ("ms", "time"), "milliseconds": ("ms", "time"), "milli-seconds": ("ms", "time"),
    "μs": ("μs", "time"), "us": ("μs", "time"), "microseconds": ("μs", "time"), "ns": ("ns", "time"), "s": ("s", "time"), "sec": ("s", "time"), "secs": ("s", "time"),
    "second": ("s", "time"), "seconds": ("s", "time"), "min": ("minutes", "time"), "mins": ("minutes", "time"), "minute": ("minutes", "time"),
    "minutes": ("minutes", "time"), "h": ("hours", "time"), "hr": ("hours", "time"), "hrs": ("hours", "time"), "hour": ("hours", "time"),
    "hours": ("hours", "time"), "day": ("days", "time"), "days": ("days", "time"), "weeks": ("weeks", "time"), "week": ("weeks", "time"),
    "months": ("months", "time"), "years": ("years", "time"), "gpu hours": ("GPU hours", "time"), "gpu-hours": ("GPU hours", "time"),
    "gpu days": ("GPU days", "time"), "gpu-days": ("GPU days", "time"), "gpu day": ("GPU days", "time"), "gpu-day": ("GPU days", "time"),
    "gpu hour": ("GPU hours", "time"), "tpu days": ("TPU days", "time"), "cpu hours": ("CPU hours", "time"),
    "mm": ("mm", "length"), "cm": ("cm", "length"), "m": ("m", "length"), "km": ("km", "length"), "μm": ("μm", "length"), "um": ("μm", "length"),
    "nm": ("nm", "length"), "millimeters": ("mm", "length"), "millimetres": ("mm", "length"), "centimeters": ("cm", "length"),
    "centimetres": ("cm", "length"), "meter": ("m", "length"), "meters": ("m", "length"), "metres": ("m", "length"), "micrometers": ("μm", "length"),
    "microns": ("μm", "length"), "micron": ("μm", "length"), "millimeter": ("mm", "length"), "centimeter": ("cm", "length"), "metre": ("m", "length"), "kilometers": ("km", "length"),
    "inches": ("inches", "length"), "inch": ("inches", "length"), "feet": ("feet", "length"), "ft": ("feet", "length"), "miles": ("miles", "length"),
    "°": ("°", "angle"), "degrees": ("degrees", "angle"), "degree": ("degrees", "angle"), "deg": ("degrees", "angle"), "radians": ("radians", "angle"),
    "rad": ("radians", "angle"), "mrad": ("mrad", "angle"), "radian": ("radians", "angle"), "°/s": ("°/s", "speed"), "deg/s": ("deg/s", "speed"), "°c": ("°C", "physical"),
    "m/s": ("m/s", "speed"), "cm/s": ("cm/s", "speed"), "mm/s": ("mm/s", "speed"), "km/h": ("km/h", "speed"), "rad/s": ("rad/s", "speed"), "mph": ("mph", "speed"),
    "m/s2": ("m/s2", "speed"), "rpm": ("rpm", "speed"), "bl/s": ("BL/s", "speed"), "body lengths per second": ("BL/s", "speed"), "body length per second": ("BL/s", "speed"),
    "n": ("N", "physical"), "mn": ("mN", "physical"), "kn": ("kN", "physical"), "newton": ("N", "physical"), "newtons": ("N", "physical"),
    "nm/rad": ("Nm/rad", "physical"), "n/m": ("N/m", "physical"), "kpa": ("kPa", "physical"), "mpa": ("MPa", "physical"), "pa": ("Pa", "physical"), "v": ("V", "physical"), "kv": ("kV", "physical"), "mv": ("mV", "physical"),
    "w": ("W", "physical"), "mw": ("mW", "physical"), "kw": ("kW", "physical"), "j": ("J", "physical"), "mj": ("mJ", "physical"), "kj": ("kJ", "physical"),
    "kg": ("kg", "physical"), "g": ("g", "magnitude"), "mg": ("mg", "physical"), "watts": ("W", "physical"), "wh": ("Wh", "physical"), "kwh": ("kWh", "physical"), "n·m": ("Nm", "physical"),
    "n.m": ("Nm", "physical"), "a": ("A", "physical"), "ma": ("mA", "physical"), "grams": ("g", "physical"), "volts": ("V", "physical"), "g/cm": ("g/cm", "physical"), "pj": ("pJ", "physical"), "tops/w": ("TOPS/W", "physical"), "kgf": ("kgf", "physical"),
    "gb": ("GB", "memory"), "mb": ("MB", "memory"), "kb": ("KB", "memory"), "tb": ("TB", "memory"), "gib": ("GiB", "memory"), "mib": ("MiB", "memory"),
    "bytes": ("bytes", "memory"), "megabytes": ("MB", "memory"), "gigabytes": ("GB", "memory"), "bits": ("bits", "memory"), "bit": ("bits", "memory"), "-bit": ("bits", "memory"), "kbytes": ("KB", "memory"),
    "kbps": ("kbps", "memory"), "mbps": ("Mbps", "memory"), "bpp": ("bpp", "quality"),
    "gflops": ("GFLOPs", "compute"), "mflops": ("MFLOPs", "compute"), "tflops": ("TFLOPs", "compute"), "flops": ("FLOPs", "compute"), "pflops": ("PFLOPs", "compute"),
    "gmacs": ("GMACs", "compute"), "mmacs": ("MMACs", "compute"), "macs": ("MACs", "compute"), "gmac": ("GMACs", "compute"), "gflop": ("GFLOPs", "compute"), "bflops": ("GFLOPs", "compute"),
    "k": ("K", "magnitude"), "b": ("B", "magnitude"), "t": ("T", "magnitude"), "thousand": ("K", "magnitude"), "million": ("M", "magnitude"),
    "billion": ("B", "magnitude"), "trillion": ("T", "magnitude"), "pixels": ("pixels", "pixel"), "pixel": ("pixels", "pixel"), "px": ("pixels", "pixel"),
    "gpus": ("GPUs", "hardware"), "gpu": ("GPUs", "hardware"), "gbps": ("Gbps", "memory"), "wpm": ("wpm", "rate"), "nats": ("nats", "quality"),
}  # fmt: skip
_CASED = {"M": ("M", "magnitude"), "G": ("G", "magnitude")}
# One letter may be a unit or the start of the next word; these are units only when glued or followed by no word.
_SHORT = frozenset("x×smhngvwjabktNAGKMBWVJ")


def unit_of(text: str) -> tuple[str, str]:
    """The unit that a surface form stands for, and its class; ("", "none") for none."""
    if not text:
        return "", "none"
    if text in _CASED:
        return _CASED[text]
    return _UNITS.get(regex.sub(r"\s+", " ", text.lower()), (text, "other"))


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
    spelled = sorted((u for u in _UNITS if u not in _SHORT), key=len, reverse=True)
    short = "(?:[xX×](?!\\s?\\d)|[smhNVWJAkKMBGTg])"
    units = "|".join(regex.escape(u).replace(r"\ ", r"\s?") for u in spelled)
    return regex.compile(
        rf"""
        (?<![\w@^.\\]) (?<!\w['&]) (?<![^\W\d_]-) (?<![A-Za-z]\d{{0,4}}[-/:]) (?<!\d:) (?<![A-Za-z]/)
        (?P<sign>(?:[+±](?:/-)?|(?<![\w%.)]\s?)-|[~<>≥≤]=?)\s?(?:[~<>≥≤+]\s?)?)?+
        (?P<number>(?:\d{{1,3}}(?:,\d{{3}})++(?:\.\d++)?|\d++(?:\.\d++)?|\.\d++)(?:\s?[×x]\s?10\^?\s?-?\d{{1,2}}+|[eE][-+]?\d{{1,2}}+(?!\w))?)
        (?!:\d) (?!\.\d)
        (?:
          (?P<error>\s?(?:%\s?)?(?:±|\+/-|\+-|\(±)\s?(?P<spread>\d++(?:\.\d++)?)\)?) )?+
        (?:
          \s?-?\s?(?P<unit>(?i:{units}))(?![\w]) (?:(?<=%)|(?!-\w))
          | (?P<glued>{short})(?![\w.]\w|\w) (?!-\w)
          | \s(?P<spaced>[xX×](?!\s?\d)|[smhNVWJAKMGB]|GPUs?)(?=[\s.,;:)\]/]|$)(?!\s(?:is|was|be)\b)
        )?+
        (?P<modifier>-(?=[A-Za-z]))?+
        """,
        regex.VERBOSE,
    )


_GLUED_NAME = regex.compile(r"[A-Za-zα-ω_]|°?[A-Za-z]")
_DIGIT = regex.compile(r"\d")


def find_values(text: str) -> list[Value]:
    """All free-standing numbers of a clean text, in order. Never raises."""
    values: list[Value] = []
    for match in _pattern().finditer(text):
        number_start, number_end = match.span("number")
        end = match.end()
        unit_text = match["unit"] or match["glued"] or match["spaced"] or ""
        # Glued to letters that are no unit: "3D", "2nd", "20Newsgroups" are names or ordinals.
        if not unit_text and match["modifier"] is None and end < len(text) and _GLUED_NAME.match(text, end):
            continue
        written = match["number"]
        number = _number(written)
        if number is None:
            continue
        unit, unit_class = unit_of(
            unit_text if not unit_text or match["unit"] is None or text[number_end] != "-" else unit_text
        )
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


def _number(written: str) -> float | None:
    text = written.replace(",", "")
    scientific = regex.match(r"(.*?)\s?[×x]\s?10\^?\s?(-?\d+)$", text)
    try:
        return float(f"{scientific[1]}e{scientific[2]}") if scientific else float(text)
    except (ValueError, OverflowError):
        return None


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
