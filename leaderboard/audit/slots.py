"""When two values, and two names of a metric, data set or method, mean the same.

Values are the same as numbers: 73.3 is 73.30, 0.5 is not 50. Names are compared without case, punctuation, articles,
plurals and generic nouns (score, dataset, model), with common long forms folded (`slots.toml`). Two names are the
same when they are equal, when one is what the other has in or outside its parentheses, or when the words of one are
among the words of the other and make up at least half of them. Numbers never differ in metrics and data sets (top-1
is not top-5), nor does the order of a data set's words (en-de is not de-en). An empty name is the same as an empty
one alone.

These are the rules by which the gold files of the field's careful readers are scored, so that an audit of a user's own
fixtures gives figures that can be compared with published ones.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

Form = tuple[str, ...]
NAME_SLOTS = ("metric", "dataset", "method")

_LATEX_STYLE = re.compile(r"\\(?:text(?:bf|it|sc|tt|rm)?|emph|mathrm|mathbf|mathcal|bf|it|rm|tt|sc)\b")
_HYPHEN_LETTER = re.compile(r"-([A-Za-z])(?![A-Za-z])")  # "ResNet-B" is "ResNetB", not two words
_SEPARATORS = re.compile(r"[-_/;:()\[\]{}$\\'\"`*|~\u2013\u2014\u2192]")
_WORD = re.compile(r"[\w.,@+%]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PARENTHESES = re.compile(r"\(([^)]*)\)")
_WORD_WITH_YEAR = re.compile(r"([a-z]{2,})[']?(?:(19|20)?(\d\d))")
_LONGEST_SHORT_FORM = 40  # characters; what is longer inside parentheses is a remark


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    articles: frozenset[str]
    dated: frozenset[str]
    dated_apart: frozenset[str]
    throughput: frozenset[str]
    time: frozenset[str]
    generic: dict[str, frozenset[str]]
    folds: dict[str, tuple[tuple[str, str], ...]]  # longest first


@cache
def _vocabulary() -> _Vocabulary:
    data = tomllib.loads(resources.files("leaderboard.audit").joinpath("slots.toml").read_text(encoding="utf-8"))
    throughput = frozenset(data["throughput"])
    return _Vocabulary(
        articles=frozenset(data["articles"]),
        dated=frozenset(data["dated"]),
        dated_apart=frozenset(data["dated_apart"]),
        throughput=throughput,
        time=throughput | frozenset(data["time"]),
        generic={slot: frozenset(words) for slot, words in data["generic"].items()},
        folds={
            slot: tuple(sorted(data["folds"].get(slot, {}).items(), key=lambda pair: -len(pair[0])))
            for slot in NAME_SLOTS
        },
    )


def parse_value(value: str | float) -> float | None:
    """The number that a value's text stands for (`1,024`, `73.3%`, `−0.4`), or None where it is no finite number."""
    text = str(value).replace(",", "").replace("\\", "").replace("%", "").replace("\u2212", "-").strip(" $+~")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def same_name(slot: str, found: Iterable[str | None], confirmed: str, kind: str = "score") -> bool:
    """Whether any of the spellings `found` names what `confirmed` names, in a result of this kind.

    A slot without a vocabulary of its own (task, baseline) is compared as a method's name is. For gains and costs, the
    ways to say "speed" are one, and a cost whose metric is not confirmed may have any.
    """
    slot = slot if slot in NAME_SLOTS else "method"
    texts = [text for text in found if text]
    confirmed_forms = _forms(confirmed, slot)
    if slot == "metric" and kind != "score":
        said = {_plain(text) for text in texts}
        for group in (_vocabulary().throughput, _vocabulary().time):
            if _plain(confirmed) in group and said & group:
                return True
        if kind == "cost" and not confirmed_forms:
            return True
    if not confirmed_forms:
        return not texts
    return any(
        _same_form(slot, form, confirmed_form)
        for text in texts
        for form in _forms(text, slot)
        for confirmed_form in confirmed_forms
    )


def same_unit(found: str | None, confirmed: str) -> bool:
    """Whether two units are the same, apart from case in words, plurals and the signs for "times"."""
    return _unit(found or "") == _unit(confirmed)


def _unit(unit: str) -> str:
    unit = unit.strip().replace("×", "x").replace("\\", "")
    if len(unit) > 2:  # M is mega and ms milli: short units keep their case
        unit = unit.lower().removesuffix("s")
    return {"percent": "%", "point": "points", "pt": "points", "time": "x", "pp": "points"}.get(unit, unit)


@lru_cache(maxsize=100_000)
def words(text: str) -> Form:
    """Lower-case words: letters and digits together, decimal points, @, + and % kept."""
    text = _LATEX_STYLE.sub(" ", unicodedata.normalize("NFKC", text))
    text = _SEPARATORS.sub(" ", _HYPHEN_LETTER.sub(r"\1", text).lower())
    text = re.sub(r"\s*@\s*", "@", text)
    return tuple(word for word in (w.strip(".,") for w in _WORD.findall(text)) if word)


def _plain(text: str) -> str:
    return " ".join(words(text))


@lru_cache(maxsize=100_000)
def _forms(text: str, slot: str) -> frozenset[Form]:
    """Each way to read a name: whole, without its parentheses, and what stands inside them."""
    inside = [part for part in _PARENTHESES.findall(text) if len(part) <= _LONGEST_SHORT_FORM][:1]
    readings = {text, _PARENTHESES.sub(" ", text), *inside}
    return frozenset(form for form in (_form(reading, slot) for reading in readings) if form)


def _form(text: str, slot: str) -> Form:
    """The words that tell a name from others, articles, generic nouns and spelling taken away."""
    vocabulary = _vocabulary()
    kept = [word for word in words(text) if word not in vocabulary.articles]
    kept = _with_years(kept) if slot == "dataset" else [_singular(word) for word in kept]
    joined = f" {' '.join(kept)} "
    for long, short in vocabulary.folds[slot]:
        joined = (
            joined.replace(f" {long}", f" {short}") if long.endswith("@") else joined.replace(f" {long} ", f" {short} ")
        )
    kept = joined.split()
    return tuple(word for word in kept if word not in vocabulary.generic[slot]) or tuple(kept)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "is", "us")) and word.isalpha():
        return word[:-1]
    return word


def _with_years(words: list[str]) -> list[str]:
    """`conll03`, `conll2003` and `voc 07` with the whole year as a word of its own."""
    vocabulary = _vocabulary()
    apart: list[str] = []
    for word in words:
        found = _WORD_WITH_YEAR.fullmatch(word)
        if found and (found[2] or found[1] in vocabulary.dated):
            century = found[2] or ("19" if int(found[3]) > 80 else "20")
            apart += [found[1], century + found[3]]
        else:
            apart.append(word)
    return [
        "20" + word if i and re.fullmatch(r"[01]\d", word) and apart[i - 1] in vocabulary.dated_apart else word
        for i, word in enumerate(apart)
    ]


def _numbers(form: Form) -> set[str]:
    return {number for word in form for number in _NUMBER.findall(word)}


def _same_form(slot: str, found: Form, confirmed: Form) -> bool:
    if "".join(found) == "".join(confirmed):
        return True
    if slot != "method" and _numbers(found) != _numbers(confirmed):
        return False
    if slot == "dataset" and set(found) == set(confirmed):
        return found == confirmed
    fewer, more = sorted((set(found), set(confirmed)), key=len)
    return fewer <= more and 2 * len(fewer) >= len(more)
