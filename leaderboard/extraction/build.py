"""From a linked number to a Result: names normalised, spans led back to the text as given, the rule named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

import regex

from leaderboard.extraction import data
from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.links import Candidate
from leaderboard.extraction.tokens import cue_classes
from leaderboard.extraction.values import Value
from leaderboard.models import Result
from leaderboard.normalise import Normaliser

Chances = tuple[float, float, float, float]
Change = Literal["difference", "relative", "factor", "share"]


@dataclass(slots=True)
class Linked:
    """One number with the candidates chosen for its slots.

    `chances` are the probabilities of the choices of kind, metric, data set and method; `confidence` is the calibrated
    chance that all of them are right.
    """

    index: int
    kind: str
    metric: Candidate
    dataset: Candidate
    method: Candidate
    baseline: Candidate | None
    own: bool
    chances: Chances
    confidence: float
    rule: str


@cache
def _settings() -> regex.Pattern[str]:
    return regex.compile(
        r"(?i)\b(?:zero-shot|one-shot|few-shot|(?:\d{1,4}|one|two|three|five|ten)-shot|\d{1,2}-way(?:\s\d{1,2}-shot)?|"
        r"linear (?:probing|evaluation|probe)|single[- ]crop|single[- ]model|single[- ]scale|multi-scale|ensemble|"
        r"(?:only |with )?(?:\d+(?:\.\d+)?) ?% (?:of )?(?:the )?"
        r"(?:labels|labeled|labelled|annotated|training data|training set|annotations)|"
        r"\d+ label(?:s|ed examples|led examples)(?: per class)?)\b"
    )


@lru_cache(maxsize=256)
def _setting(sentence: str) -> str | None:
    """The first condition that a sentence names ("5-shot", "with 10% of labels"); its numbers share it."""
    match = _settings().search(sentence)
    return match[0] if match else None


_QUALIFIERS = (("up_to", "up to"), ("about", "about"), ("over", "over"), ("under", "under"), ("average", "average"))


def qualifier_of(a: Analysis, group: tuple[int, ...], value: Value) -> str | None:
    """`up to`, `about`, `over`, `under` or `average`, where the text says so right before the number or its list."""
    if value.sign and value.sign[0] in "~<>≥≤":
        return {"~": "about", "<": "under", ">": "over", "≥": "over", "≤": "under"}[value.sign[0]]
    sentence = a.tokens.sentence[group[0]]
    near = {cue for cue, first, last in a.cues(sentence) if 0 <= group[0] - last <= 1 and first < group[0]}
    for cue, word in _QUALIFIERS:
        if cue in near:
            return word
    return None


def change_of(
    a: Analysis, token: int, value: Value, higher_is_better: bool | None, bounded: bool
) -> tuple[Change, bool]:
    """For a gain: what sort of change it is, and whether it is for the better."""
    words = data.grammar()
    lower = a.tokens.lower
    first, last = a.sentence_tokens[a.tokens.sentence[token]]
    window = lower[max(first, token - 12) : min(last, token + 6)]
    after = lower[token + 1 : min(last, token + 4)]
    change: Change
    if value.unit_class == "factor":
        change = "factor"
    elif value.unit_class == "percent":
        if (after[:1] == ["of"] and after[1:2] not in (["the"],)) or (after[:1] == ["of"] and "only" in window):
            change = "share"
        elif "relative" in window or "relatively" in window:
            change = "relative"
        elif "absolute" in window or bounded:
            change = "difference"
        else:
            change = "relative"
    else:
        change = "difference"
    if value.sign == "-" and higher_is_better is not None:
        return change, not higher_is_better
    nearest: str | None = None
    for k in [*range(token - 1, max(first, token - 14) - 1, -1), *range(token + 1, min(last, token + 4))]:
        word = lower[k]
        if word in words.worsened or word in words.increased or word in words.decreased:
            nearest = word
            break
        if word in words.improved:
            return change, True
    if nearest is None or change == "share":
        return change, True
    if nearest in words.worsened:
        return change, False
    if nearest in words.increased:
        return change, higher_is_better is not False
    return change, higher_is_better is not True


def _behind(a: Analysis, dataset: Candidate) -> Iterator[int]:
    """The tokens behind a data set's name that may tell which part of it is meant: up to three words."""
    if dataset.last < 0:
        return
    for k in range(dataset.last, min(dataset.last + 3, len(a.tokens))):
        word = a.tokens.lower[k]
        if a.tokens.sentence[k] != a.tokens.sentence[dataset.first] or not word[0].isalpha() or word in _PARTINGS:
            return
        yield k


def end_of_split(a: Analysis, dataset: Candidate) -> int:
    """Where a data set's name ends with the part of it that the words behind tell: "the ScanObjectNN hardest split"."""
    if dataset.last < 0 or a.tokens.end[dataset.last - 1] != dataset.end:
        return dataset.end
    parts = data.grammar().part_nouns
    return next((a.tokens.end[k] for k in _behind(a, dataset) if a.tokens.lower[k] in parts), dataset.end)


def split_after(a: Analysis, dataset: Candidate, normaliser: Normaliser) -> str | None:
    """The split that the words behind a data set's name give: "the CIFAR-10 test set", "LibriSpeech test-clean"."""
    for k in _behind(a, dataset):
        split = normaliser.dataset(a.text[a.tokens.start[dataset.first] : a.tokens.end[k]])[1]
        if split:
            return split
    return None


def split_near(a: Analysis, token: int, dataset: Candidate, normaliser: Normaliser) -> str | None:
    """The split named right behind the number, apart from its data set: "1.8% on test-clean and 3.3% on test-other"."""
    _, last = a.sentence_tokens[a.tokens.sentence[token]]
    lower = a.tokens.lower
    for k in range(token + 1, min(token + 8, last)):
        if a.tokens.value[k] is not None or a.labels[k] in ("D", "X"):
            break
        if "split" not in cue_classes(lower[k]):
            continue
        if "-" in lower[k] or (k + 1 < last and lower[k + 1] in ("set", "split", "sets")):
            return normaliser.dataset(f"{dataset.name} {a.tokens.text[k]}")[1]
    return None


def task_of(a: Analysis, token: int, taken: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Tokens of the task that the text ties to a number: the nearest in its sentence, in the title, or at all."""
    best: tuple[float, int, int] | None = None
    sentence = a.tokens.sentence[token]
    for first, last, _ in a.tasks:
        if any(first < end and start < last for start, end in taken):
            continue
        distance = float(abs(first - token))
        if a.tokens.sentence[first] != sentence:
            distance += 200 if a.title_end and a.tokens.end[first] <= a.title_end else 400
        if best is None or distance < best[0]:
            best = (distance, first, last)
    return (best[1], best[2]) if best else None


def build(a: Analysis, linked: Linked, normaliser: Normaliser) -> Result:
    """The Result of one linked number. Every span is checked to hold its text."""
    token = a.value_tokens[linked.index]
    value = a.tokens.value[token]
    assert value is not None
    document = a.document
    place = document.locate(value.start, value.end)
    slots: dict[str, Any] = {}
    chosen = {"metric": linked.metric, "dataset": linked.dataset, "method": linked.method, "baseline": linked.baseline}
    for slot, candidate in chosen.items():
        if candidate is None or candidate.name is None:
            continue
        end = end_of_split(a, candidate) if slot == "dataset" else candidate.end
        where = document.locate(candidate.start, end)
        slots[f"{slot}_text"] = document.given(where)
        slots[f"{slot}_field"], slots[f"{slot}_start"], slots[f"{slot}_end"] = where
    named = normaliser.metric(linked.metric.name or "")
    if linked.metric.name is not None:
        slots["metric"] = named.canonical
    if linked.dataset.name is not None:
        slots["dataset"], slots["split"] = normaliser.dataset(linked.dataset.name)
        slots["split"] = (
            slots["split"]
            or split_after(a, linked.dataset, normaliser)
            or split_near(a, token, linked.dataset, normaliser)
        )
    if linked.method.name is not None:
        slots["method"] = normaliser.method(_singular(linked.method.name))
    if linked.baseline is not None and linked.baseline.name is not None:
        slots["baseline"] = normaliser.method(_singular(linked.baseline.name))
    taken = [(c.first, c.last) for c in chosen.values() if c is not None and c.first >= 0]
    task = task_of(a, token, taken)
    if task:
        where = document.locate(a.tokens.start[task[0]], a.tokens.end[task[1] - 1])
        slots["task_text"] = document.given(where)
        slots["task_field"], slots["task_start"], slots["task_end"] = where
        slots["task"] = normaliser.task(slots["task_text"])
    start, end = a.spans[a.tokens.sentence[token]]
    sentence_place = document.locate(start, end)
    setting = _setting(a.text[start:end])
    score, flags = normaliser.score(value.number, value.unit or None, named, linked.kind, linked.metric.name)
    change = improves = None
    if linked.kind == "gain":
        change, improves = change_of(a, token, value, named.higher_is_better, named.range == "unit")
    number = (
        -value.number
        if value.sign == "-" and linked.kind == "score" and named.range in ("any", "signed_unit")
        else value.number
    )
    return Result(
        paper_id=document.paper.paper_id,
        title=document.paper.title or None,
        year=document.paper.year,
        date=document.paper.date,
        venue=document.paper.venue,
        url=document.paper.url,
        kind=linked.kind,  # type: ignore[arg-type]
        value=number,
        value_text=document.given(place),
        unit=value.unit or None,
        error=value.error,
        qualifier=qualifier_of(a, a.groups[linked.index], value),
        change=change,
        improves=improves,
        score=score,
        higher_is_better=named.higher_is_better,
        setting=setting,
        own=linked.own,
        field=place.field,
        start=place.start,
        end=place.end,
        sentence=document.given(sentence_place),
        rule=linked.rule,
        confidence=round(linked.confidence, 4),
        flags=tuple(flags),
        **slots,
    )


_PARTINGS = frozenset(
    {"and", "or", "with", "by", "in", "for", "of", "on", "to", "is", "are", "was", "were", "as", "using"}
)


def _singular(name: str) -> str:
    """An abbreviation without its plural s: "SDNs" names the SDN."""
    return name[:-1] if len(name) > 2 and name[-1] == "s" and name[-2].isupper() else name
