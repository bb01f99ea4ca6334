"""One name for one thing, and one scale for one metric: what makes results from different abstracts comparable.

Names that the lexicon knows get its canonical name, with the qualifiers of the text in one order and spelling; others
keep the text's own spelling. Scores of metrics bounded by 0 and 1 (or -1 and 1) are given in percent, costs in base
units (seconds, bytes, FLOPs, joules, per second, parameters). Lengths, angles and times that are scores are given in
the metric's usual unit (MPJPE in mm) or else in metres, degrees, seconds, so that 3 mm and 0.3 cm stand on one scale.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .lexicon import Lexicon, MetricEntry, MetricRange
from .lexicon.words import Words, load_words, plain

_CACHE = 65536
_MARKUP = re.compile(
    r"\\(?:text(?:bf|it|tt|sc|rm|sf|normal)?|emph|math(?:rm|bf|cal|it|sf|tt|bb)|operatorname|ensuremath|bm|boldsymbol|mbox|underline"
    r"|xspace|rm|bf|it|tt|sc|em|left|right|,|;|!|\s)(?![A-Za-z])"
)
_ESCAPE = re.compile(r"\\([%&_#$])")
_QUOTES = " \t.,;:!?\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb"
_INSIDE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_AT = re.compile(r"(?P<base>.*[^\s@])\s*@\s*(?P<k>[\w.:,%\[\]/-]+)")
_AT_RANK = re.compile(r"(?P<base>.+?)[\s-]+at[\s-]+(?:rank |top |position |k ?= ?)?(?P<k>\d+)", re.IGNORECASE)
_TOP = re.compile(r"top ?(\d+|k|n|one|five|ten)")
_TOP_WORDS = {"one": "1", "five": "5", "ten": "10"}
_NUMBER_AT_END = re.compile(r"\d[\d.]*%?$")
_TITLE_WORD = re.compile(r"[A-Z][a-z]{2,}(?:-[a-z]+)*")
_PAIR = r"(?P<a>{0})\s?(?:-{{1,3}}>?|–|—|→|⇒|↔|<->|>|/|\sto\s|-to-|2)\s?(?P<b>{0})"
_YEAR = re.compile(r"[\s'’-]*(?P<year>(?:19|20)\d\d|\d\d)(?![\d.])")
_LENGTHS = frozenset({"m", "°", "s"})


@dataclass(frozen=True, slots=True)
class NamedMetric:
    """A metric's canonical name with its qualifiers, and what is known of it; `split` is a split in the name."""

    canonical: str
    higher_is_better: bool | None = None
    range: MetricRange = "any"
    unit: str | None = None
    cost: bool = False
    split: str | None = None
    known: bool = False


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


class Normaliser:
    """Canonical names and scores. Pure and memoised: the same text gives the same answer."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words: Words = load_words()
        language = "|".join(sorted((re.escape(x) for x in self._words.languages), key=len, reverse=True))
        pair = _PAIR.format(language)
        self._pair_last = re.compile(rf"(?P<rest>.*?)[\s,_-]*\b{pair}", re.IGNORECASE)
        self._pair_first = re.compile(rf"\b{pair}[\s,_-]+(?P<rest>.+)", re.IGNORECASE)
        series = "|".join(sorted(map(re.escape, self._words.series), key=len, reverse=True))
        self._series = re.compile(rf"(?P<name>{series}){_YEAR.pattern}", re.IGNORECASE)
        self._series_name = {name.lower(): name for name in self._words.series}
        self._metric: Callable[[str], NamedMetric] = lru_cache(_CACHE)(self._name_metric)
        self._dataset: Callable[[str], tuple[str, str | None]] = lru_cache(_CACHE)(self._name_dataset)
        self._method: Callable[[str], str] = lru_cache(_CACHE)(self._name_method)
        self._task: Callable[[str], str] = lru_cache(_CACHE)(self._name_task)

    # Names

    def metric(self, text: str, unit: str | None = None) -> NamedMetric:
        """The metric that the text names, with its qualifiers ("macro-averaged F1-score" -> "macro F1").

        A unit of length, angle or time turns an accuracy into an error ("an accuracy of 3 mm": lower is better).
        """
        named = self._metric(text)
        if unit and not named.cost:
            base = self._unit(unit)
            if base and base[0] in _LENGTHS and named.range != "nonnegative":
                return replace(named, higher_is_better=False, range="nonnegative", unit=None)
            if unit == "%" and named.canonical == "error":
                return self._metric("error rate")
        return named

    def dataset(self, text: str) -> tuple[str, str | None]:
        """The data set that the text names, and its split ("the ImageNet validation set" -> ImageNet, val)."""
        return self._dataset(text)

    def method(self, text: str) -> str:
        """The method that the text names ("ResNet50 model" -> ResNet-50)."""
        return self._method(text)

    def task(self, text: str) -> str:
        """The task that the text names ("Named Entity Recognition (NER) task" -> named entity recognition)."""
        return self._task(text)

    # Scores

    def score(
        self,
        value: float,
        unit: str | None,
        metric: NamedMetric | None,
        kind: str,
        metric_text: str | None = None,
    ) -> tuple[float | None, tuple[str, ...]]:
        """The value on the metric's own scale, with flags: `scale_unclear`, `out_of_range`. None for gains.

        `value` is the number as written, `unit` as the text means it; `metric_text` names the metric where it has not
        been named yet. Ranges follow the metrics' definitions, as the lexicon gives them.
        """
        if kind == "gain" or not math.isfinite(value):
            return None, ()
        metric = metric or self.metric(metric_text or "", unit)
        if kind == "cost" or metric.cost:
            return self._cost(value, unit, metric)
        return self._quality(value, unit, metric)

    def _quality(self, value: float, unit: str | None, metric: NamedMetric) -> tuple[float, tuple[str, ...]]:
        bounded = metric.range in ("unit", "signed_unit")
        lowest = -100.0 if metric.range == "signed_unit" else -math.inf if metric.range == "any" else 0.0
        flags: list[str] = []
        if not unit:
            if bounded and abs(value) <= 1:
                if abs(value) == 1:
                    flags.append("scale_unclear")  # 1 of 1, or 1 of 100
                value = _times(value, 100)
            elif bounded and 1 < abs(value) < 2:
                flags.append("scale_unclear")
            elif metric.unit == "%" and 0 < abs(value) < 1:
                flags.append("scale_unclear")
                value = _times(value, 100)
        elif unit not in ("%", "points"):
            base = self._unit(unit)
            own = self._unit(metric.unit) if metric.unit else None
            if base and base[0] == "":
                value = _times(value, base[1])
            elif base and own and own[0] == base[0]:
                value, bounded = _times(value, base[1] / own[1]), False
            elif base:
                value, bounded = _times(value, base[1]), False
        if (bounded and value > 100) or value < lowest:
            flags.append("out_of_range")
        return value, tuple(flags)

    def _cost(self, value: float, unit: str | None, metric: NamedMetric) -> tuple[float, tuple[str, ...]]:
        flags: tuple[str, ...] = ("out_of_range",) if value < 0 else ()
        if not unit or unit in ("%", "points", "x"):
            return value, flags
        if unit == "B" and metric.unit == "B":
            return value, flags
        base = self._unit(unit)
        if base is None:
            return value, (*flags, "scale_unclear")
        return _times(value, base[1]), flags

    def _unit(self, unit: str) -> tuple[str, float] | None:
        """The unit's base and its factor; "GPU hours" count as hours."""
        units = self._words.units
        for form in (unit, unit.lower(), unit.split()[-1] if unit.split() else unit, unit.lower().split(" ")[-1]):
            if form in units:
                return units[form]
        return None

    # Metrics

    def _name_metric(self, text: str) -> NamedMetric:
        cleaned = clean_name(text)
        if entry := self._lexicon.metric(cleaned):
            return _named(entry, _with_k(entry.name, cleaned))
        outer, kept = self._resolve_brackets(cleaned)
        if not outer:
            return NamedMetric(cleaned)
        named = self._parse_metric(outer)
        if named is None:
            return NamedMetric(cleaned)
        return replace(named, canonical=named.canonical + kept)

    def _resolve_brackets(self, text: str) -> tuple[str, str]:
        """The text with brackets resolved: a repeated name is dropped, a qualifier goes in front, the rest stays."""
        inside = [clean_name(a or b) for a, b in _INSIDE.findall(text)]
        outer = " ".join(_INSIDE.sub(" ", text).split())
        if not outer:
            return " ".join(inside), ""
        kept = ""
        for inner in filter(None, inside):
            named = self._lexicon.metric(inner)
            if named and (found := self._longest_metric(outer.split())):
                if found[1].name != named.name:
                    kept += f" ({_with_k(named.name, inner)})"
            elif named:
                outer = inner
            elif self._is_qualifier(inner):
                outer = f"{inner} {outer}"
            elif inner != "%" and self._unit(inner) is None:
                kept += f" ({inner})"
        return outer, kept

    def _is_qualifier(self, text: str) -> bool:
        words, form = self._words, plain(text)
        return (
            form in words.splits or form in words.averaging or form in words.aggregation or bool(_TOP.fullmatch(form))
        )

    def _longest_metric(self, tokens: Sequence[str]) -> tuple[int, MetricEntry] | None:
        """The longest run of words at the end that the lexicon knows: where it starts, and its entry."""
        for start in range(len(tokens)):
            name = " ".join(tokens[start:])
            entry = self._lexicon.metric(name)
            if entry is None and name.endswith("s"):
                entry = self._lexicon.metric(name[:-1])
            if entry is not None:
                return start, entry
        return None

    def _parse_metric(self, text: str) -> NamedMetric | None:
        words = self._words
        tokens = text.split()
        suffix = ""
        trailing: list[str] = []
        found = self._longest_metric(tokens)
        if found is None and (match := _AT.fullmatch(text) or _AT_RANK.fullmatch(text)):
            tokens = match["base"].split()
            suffix = "@" + match["k"].strip("[]")
            found = self._longest_metric([*tokens[:-1], f"{tokens[-1]}@k"]) or self._longest_metric(tokens)
        while found is None and len(tokens) > 1:
            last = plain(tokens[-1])
            if last in words.splits:
                trailing.append(tokens[-1])
            elif last not in words.metric_nouns and last not in words.set_nouns:
                return None
            tokens = tokens[:-1]
            found = self._longest_metric(tokens)
        if found is None:
            return None
        start, entry = found
        return self._compose([*trailing, *tokens[:start]], entry, " ".join(tokens[start:]), suffix)

    def _compose(self, prefix: Sequence[str], entry: MetricEntry, base_text: str, suffix: str) -> NamedMetric:
        """Qualifiers in one order: aggregation, split, top-k, averaging over classes, the rest; then base and @k."""
        words = self._words
        aggregation = split = top = averaging = said = ""
        rest: list[str] = []
        at = 0
        while at < len(prefix):
            for size in (3, 2, 1):
                form = plain(" ".join(prefix[at : at + size]))
                if at + size > len(prefix):
                    continue
                if form in words.averaging and not averaging:
                    averaging = words.averaging[form]
                elif form in words.aggregation and not aggregation:
                    aggregation, said = words.aggregation[form], form
                elif form.removesuffix(" set").removesuffix(" split") in words.splits and not split:
                    split = words.splits[form.removesuffix(" set").removesuffix(" split")]
                elif (match := _TOP.fullmatch(form)) and not top:
                    top = f"top-{_TOP_WORDS.get(match[1], match[1])}"
                elif form not in words.metric_lead:
                    continue
                at += size
                break
            else:
                rest.append(prefix[at].lower() if _TITLE_WORD.fullmatch(prefix[at]) else prefix[at])
                at += 1
        if averaging and aggregation == "average":
            aggregation = ""
        name = _with_k(entry.name, suffix or base_text)
        if entry.name == "error" and (top or split) and (rate := self._lexicon.metric("error rate")):
            entry = rate
            name = rate.name
        if suffix and "@" not in name:
            name += suffix
        parts = [aggregation, {"val": "validation", "train": "training"}.get(split, split), top, averaging, *rest, name]
        canonical = " ".join(filter(None, parts))
        other = self._lexicon.metric(canonical)
        if other is not None and other.name != canonical:  # "mean precision" must not turn into "average precision"
            canonical = " ".join(filter(None, [said, *parts[1:]]))
        return replace(_named(entry, canonical), split=split or None)

    # Data sets

    def _name_dataset(self, text: str) -> tuple[str, str | None]:
        cleaned = clean_name(text)
        name, split = self._one_dataset(cleaned)
        if self._lexicon.dataset(name) is None and (" and " in name or ", " in name):
            parts = [self._one_dataset(clean_name(p)) for p in re.split(r",? and |, ", name)]
            if all(p and self._lexicon.dataset(p) for p, _ in parts):
                splits = {s for _, s in parts if s}
                names = [p for p, _ in parts]
                joined = ", ".join(names[:-1]) + (" and " if len(names) == 2 else ", and ") + names[-1]
                return joined, split or (splits.pop() if len(splits) == 1 else None)
        return name, split

    def _one_dataset(self, text: str) -> tuple[str, str | None]:
        name, split = text, None
        for _ in range(8):  # each round takes one thing off; no real name has more
            if entry := self._lexicon.dataset(name):
                return entry.name, split
            taken = self._take_bracket(name) or self._take_split(name) or self._take_noun(name)
            if taken is None or not taken[0]:
                break
            name, found = taken
            split = split or found
        known = self._with_languages(name) or self._with_year(name)
        return known or name, split

    def _take_bracket(self, name: str) -> tuple[str, str | None] | None:
        match = re.fullmatch(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]", name)
        if not match:
            return None
        outer, inner = match[1], clean_name(match[2])
        form = plain(inner)
        for noun in sorted(self._words.set_nouns):
            form = form.removesuffix(f" {noun}")
        if form in self._words.splits:
            return outer, self._words.splits[form]
        known_outer, known_inner = self._lexicon.dataset(outer), self._lexicon.dataset(inner)
        if known_inner and (known_outer is None or known_outer.name == known_inner.name):
            return inner, None
        if self._pair_last.fullmatch(inner):
            return f"{outer} {inner}", None
        if re.fullmatch(r"[A-Z][\w.+-]{1,14}", inner) and known_outer is None and outer.count(" ") >= 1:
            return inner, None  # the long form of a name and its acronym
        return None

    def _take_split(self, name: str) -> tuple[str, str | None] | None:
        """The name without the split at its end: "X validation set", "X-val", "X test split", "test set of X"."""
        match = re.fullmatch(r"(?:the )?(\w+(?:-\w+)?)(?: set| split)? of (?:the )?(.+)", name)
        if match and plain(match[1]) in self._words.splits:
            return match[2], self._words.splits[plain(match[1])]
        tokens = name.replace("_", " ").split(" ")
        core = tokens
        if len(core) > 1 and core[-1].lower() in self._words.set_nouns:
            core = core[:-1]
        if len(core) > 1:
            for size in (2, 1):
                form = plain(" ".join(core[-size:]))
                if len(core) > size and form in self._words.splits:
                    return clean_name(" ".join(core[:-size])), self._words.splits[form]
            own = self._own_split(core)
            if own:
                return own
        head, dash, tail = name.rpartition("-")
        if dash and head and tail.lower() in self._words.splits:
            further, dash, tail_2 = head.rpartition("-")
            if dash and plain(f"{tail_2} {tail}") in self._words.splits:
                return further, self._words.splits[plain(f"{tail_2} {tail}")]
            return head, self._words.splits[tail.lower()]
        return None

    def _own_split(self, tokens: Sequence[str]) -> tuple[str, str | None] | None:
        """A split that only this data set has (LibriSpeech test-clean, RefCOCO testA)."""
        for size in range(len(tokens) - 1, 0, -1):
            entry = self._lexicon.dataset(" ".join(tokens[:size]))
            if entry and entry.splits:
                rest = plain(" ".join(tokens[size:]))
                for split in entry.splits:
                    if rest in (plain(split), " ".join(reversed(plain(split).split()))):
                        return entry.name, split
        return None

    def _take_noun(self, name: str) -> tuple[str, str | None] | None:
        """The name without a generic noun at its end or an article and its like at its start."""
        tokens = name.split(" ")
        if len(tokens) > 2 and plain(" ".join(tokens[-2:])) in self._words.dataset_nouns:
            return clean_name(" ".join(tokens[:-2])), None
        if len(tokens) > 1 and plain(tokens[-1]) in self._words.dataset_nouns | self._words.set_nouns:
            return clean_name(" ".join(tokens[:-1])), None
        if len(tokens) > 2 and plain(" ".join(tokens[:2])) in self._words.dataset_lead:
            return " ".join(tokens[2:]), None
        if len(tokens) > 1 and plain(tokens[0]) in self._words.dataset_lead:
            return " ".join(tokens[1:]), None
        return None

    def _with_languages(self, name: str) -> str | None:
        """A name with its language pair spelled out, direction kept: "WMT'14 En-De" -> "WMT 2014 English-German"."""
        match = self._pair_last.fullmatch(name) or self._pair_first.fullmatch(name)
        if match is None or not match["rest"].strip():
            return None
        languages = self._words.languages
        rest = clean_name(match["rest"])
        base, _ = self._one_dataset(rest) if rest != name else (rest, None)
        return f"{base} {languages[match['a'].lower()]}-{languages[match['b'].lower()]}"

    def _with_year(self, name: str) -> str | None:
        """A name of a yearly series with its year in four digits: "CoNLL03" -> "CoNLL 2003"."""
        match = self._series.match(name)
        if match is None:
            return None
        year = match["year"]
        if len(year) == 2:
            year = ("19" if int(year) > 80 else "20") + year
        rest = name[match.end() :].strip(" -:")
        whole = f"{self._series_name[match['name'].lower()]} {year}" + (f" {rest}" if rest else "")
        entry = self._lexicon.dataset(whole)
        return entry.name if entry else whole

    # Methods and tasks

    def _name_method(self, text: str) -> str:
        name = clean_name(text)
        while True:
            if entry := self._lexicon.method(name):
                return entry.name
            match = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", name)
            if match and (entry := self._lexicon.method(match[2]) or self._lexicon.method(match[1])):
                return entry.name
            head, _, last = name.rpartition(" ")
            if head.lower().startswith("the "):
                head = head[4:]
            if not head or last.lower() not in self._words.method_nouns or self._lexicon.method(head) is None:
                return name
            name = head

    def _name_task(self, text: str) -> str:
        name = clean_name(text)
        while True:
            if entry := self._lexicon.task(name) or (self._lexicon.task(name[:-1]) if name.endswith("s") else None):
                return entry.name
            match = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", name)
            if match and (entry := self._lexicon.task(match[1]) or self._lexicon.task(match[2])):
                return entry.name
            head, _, last = name.rpartition(" ")
            if head and last.lower() in self._words.task_nouns:
                name = head
            elif name[:4].lower() == "the " and len(name) > 4:
                name = name[4:]
            else:
                return name


def _named(entry: MetricEntry, canonical: str) -> NamedMetric:
    return NamedMetric(canonical, entry.higher_is_better, entry.range, entry.unit, entry.cost, known=True)


def _with_k(name: str, text: str) -> str:
    """An entry's name `recall@k` with the number that the text has in the place of k."""
    if not name.endswith("@k"):
        return name
    match = _NUMBER_AT_END.search(text)
    return f"{name[:-1]}{match[0]}" if match else name


def _times(value: float, factor: float) -> float:
    """The product without the noise of binary fractions: 0.733 times 100 is 73.3."""
    return float(f"{value * factor:.12g}")
