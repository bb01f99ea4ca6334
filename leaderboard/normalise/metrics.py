"""A metric's name: its base from the lexicon, its qualifiers in one order and spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from leaderboard.lexicon import Lexicon, MetricEntry, MetricRange
from leaderboard.lexicon.words import load_words, plain
from leaderboard.normalise.text import LONGEST, clean_name

_INSIDE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_AT = re.compile(r"(?P<base>.*[^\s@])\s*@\s*(?P<k>[\w.:,%\[\]/-]+)")
_AT_RANK = re.compile(r"(?P<base>.+?)[\s-]+at[\s-]+(?:rank |top |position |k ?= ?)?(?P<k>\d+)", re.IGNORECASE)
_AT_IOU = re.compile(
    r"(?P<base>.+?)[\s@,]+(?:at|with|for|using)?\s*(?:an )?t?IoU(?: threshold)?(?: of)?\s*[@=:>≥]?\s*"
    r"(?P<k>\d{0,2}\.?\d+)",
    re.IGNORECASE,
)
_TOP = re.compile(r"top ?(\d+|k|n|one|five|ten)")
_TOP_WORDS = {"one": "1", "five": "5", "ten": "10"}
_NUMBER_AT_END = re.compile(r"\d[\d.]*%?(?=$| [a-z]+$)")
_TITLE_WORD = re.compile(r"[A-Z][a-z]{2,}(?:-[a-z]+)*")


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


class MetricNamer:
    """Names metrics with the lexicon and the grammar of their qualifiers."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words = load_words()

    def name(self, text: str) -> NamedMetric:
        """The metric that the text names; what the lexicon does not know keeps the text's own spelling."""
        named = self._read_metric(text)
        for _ in range(3):  # a canonical name has to stay what it is when it is read again
            again = self._read_metric(named.canonical)
            if again.canonical == named.canonical:
                break
            named = replace(again, split=named.split or again.split)
        return named

    def _read_metric(self, text: str) -> NamedMetric:
        cleaned = clean_name(text)
        if len(cleaned) > LONGEST:
            return NamedMetric(cleaned)
        if entry := self._lexicon.metric(cleaned):
            return _named(entry, _with_k(entry.name, cleaned))
        if " and " in cleaned and (pooled := self._pooled_metric(cleaned.split(" and "))):
            return pooled
        outer, kept = self._resolve_brackets(cleaned)
        if not outer:
            return NamedMetric(cleaned)
        named = self._parse_metric(outer)
        if named is None:
            return NamedMetric(cleaned)
        return replace(named, canonical=named.canonical + kept)

    def _pooled_metric(self, names: Sequence[str]) -> NamedMetric | None:
        """Several metrics under one number ("precision and recall"): joined, knowing what they have in common."""
        parts = [self.name(clean_name(name)) for name in names]
        if not all(part.known for part in parts):
            return None
        first = parts[0]
        return NamedMetric(
            " and ".join(part.canonical for part in parts),
            first.higher_is_better if len({part.higher_is_better for part in parts}) == 1 else None,
            first.range if len({part.range for part in parts}) == 1 else "any",
            first.unit if len({part.unit for part in parts}) == 1 else None,
            all(part.cost for part in parts),
            known=True,
        )

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
            elif inner != "%" and inner not in self._words.units:
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
        named = self._parse_words(text)
        return self._parse_words(text.replace("-", " ")) if named is None and "-" in text else named

    def _parse_words(self, text: str) -> NamedMetric | None:
        words = self._words
        tokens = text.split()
        suffix = ""
        trailing: list[str] = []
        found = self._longest_metric(tokens)
        if found and found[0] == len(tokens) - 1 > 0 and plain(tokens[-1]) in words.metric_nouns:
            named = self._parse_metric(" ".join(tokens[:-1]))
            if named:  # "NDCG@5 score": the score of something known is that something
                return named
        if found is None and (match := _AT_IOU.fullmatch(text)):
            tokens = match["base"].split()
            found = self._longest_metric(tokens)
            at = float(match["k"])
            suffix = f"@{at:g}"
            percent = f"{found[1].name}{round(at * 100 if at < 1 else at)}" if found else ""
            if found and (entry := self._lexicon.metric(percent)):
                found, suffix = (found[0], entry), ""
        elif found is None and (match := _AT.fullmatch(text) or _AT_RANK.fullmatch(text)):
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


def _named(entry: MetricEntry, canonical: str) -> NamedMetric:
    return NamedMetric(canonical, entry.higher_is_better, entry.range, entry.unit, entry.cost, known=True)


def _with_k(name: str, text: str) -> str:
    """An entry's name `recall@k` with the number that the text has in the place of k."""
    if not name.endswith("@k"):
        return name
    match = _NUMBER_AT_END.search(text)
    return f"{name[:-1]}{match[0]}" if match else name
