"""The order of the steps, in one place: text, mentions, kinds, links, results."""

from __future__ import annotations

import gc
import math
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

import regex

from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.build import Chances, Linked, build, qualifier_of
from leaderboard.extraction.kinds import KINDS
from leaderboard.extraction.kinds import features as kind_features
from leaderboard.extraction.links import Candidate, Links, Previous
from leaderboard.extraction.model import Classifier, Model, model
from leaderboard.extraction.names import fold, same_name
from leaderboard.extraction.rules import REASONS, quick_reason, reason_of, rule_of
from leaderboard.extraction.text import Document
from leaderboard.extraction.values import Value, find_values
from leaderboard.lexicon import Lexicon, load_lexicon
from leaderboard.models import Mention, MentionType, Paper, Reject, Result
from leaderboard.normalise import Normaliser

_DIGIT = regex.compile(r"\d")


@dataclass(slots=True)
class Extraction:
    """What one paper gave: its results, in the order of the text, and the numbers turned down."""

    paper: Paper
    results: list[Result] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


class Step(NamedTuple):
    """How one result came about: its text's analysis, the choices made, and what the paper's own system is called."""

    analysis: Analysis
    linked: Linked
    own_name: Candidate


DECISIONS = ("kind", "metric", "dataset", "own_name", "method", "baseline", "own", "confidence")


def confidence_features(kind: str, chances: Chances) -> list[tuple[str, float]]:
    """What the confidence is a logistic function of: the log odds of each choice, and the kind."""
    names = ("kind", "metric", "dataset", "method")
    odds = [math.log(max(p, 1e-3) / max(1.0 - p, 1e-3)) for p in chances]
    product = math.prod(chances)
    return [
        ("bias", 1.0),
        (f"is_{kind}", 1.0),
        ("product", math.log(max(product, 1e-3) / max(1.0 - product, 1e-3))),
        *((f"odds_{name}", value) for name, value in zip(names, odds, strict=True)),
    ]


class Engine:
    """The extraction with its lexicon and weights loaded."""

    def __init__(self, weights: dict[str, Model] | None = None, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon or load_lexicon()
        self.normaliser = Normaliser(self.lexicon)
        self.models = weights or {name: model(name) for name in DECISIONS}
        self.kind_classifier = Classifier(self.models["kind"], KINDS)

    def extract(self, paper: Paper, trace: list[Step] | None = None) -> Extraction:
        """All results of one paper. Never raises on any text.

        Args:
            paper: the paper.
            trace: if given, one step is appended for each result: how it came about.
        """
        out = Extraction(paper)
        if not _DIGIT.search(paper.abstract) and not _DIGIT.search(paper.title):
            return out
        document = Document(paper)
        values = find_values(document.text)
        if not values:
            return out
        quick = [quick_reason(value, document.text) for value in values]
        if all(quick):
            out.rejects += [self._reject(document, value, reason) for value, reason in zip(values, quick, strict=True)]
            return out
        a = Analysis(paper, self.lexicon, values, document)
        kinds, kind_probabilities = self.kinds(a)
        for i, kind in enumerate(kinds):
            if kind == "none":
                out.rejects.append(self._reject(document, values[i], reason_of(a, i)))
        if len(out.rejects) == len(values):
            return out
        links = Links(a, kinds)
        names = links.own_names()
        best, certainty = self.own_name(names)
        previous: Linked | None = None
        for i in links.results:
            for linked in self.link(links, i, previous, names[best], certainty, kind_probabilities[i]):
                previous = linked
                out.results.append(build(a, linked, self.normaliser))
                if trace is not None:
                    trace.append(Step(a, linked, names[best]))
        return out

    def own_name(self, names: list[Candidate]) -> tuple[int, float]:
        """Which candidate is the name of the paper's own system, and how sure that is.

        Several stretches of a title may say the same: their chances add up.
        """
        return self.models["own_name"].choose_agreed(
            [c.features for c in names], lambda k, other: same_name(names[k].name, names[other].name)
        )

    def kinds(self, a: Analysis) -> tuple[list[str], list[float]]:
        """The kind of each value, left to right, with its probability."""
        kinds: list[str] = []
        probabilities: list[float] = []
        previous, token, sentence = "start", -1, -1
        for i in range(len(a.values)):
            here = a.value_tokens[i]
            if a.tokens.sentence[here] != sentence:
                sentence = a.tokens.sentence[here]
                previous, token = "start", -1
            features = kind_features(a, i, previous, token)
            best, probability = self.kind_classifier.choose(features)
            kinds.append(KINDS[best])
            probabilities.append(probability)
            previous, token = KINDS[best], here
        return kinds, probabilities

    def link(
        self, links: Links, i: int, before: Linked | None, own_name: Candidate, certainty: float, probability: float
    ) -> list[Linked]:
        """The tuples of value i: one, or several where one number holds for each name of a list."""

        def choose(name: str, candidates: list[Candidate]) -> tuple[Candidate, float]:
            best, chance = self.models[name].choose([c.features for c in candidates])
            return candidates[best], chance

        kind = links.kinds[i]
        metric, p_metric = choose("metric", links.metrics(i, Previous(before.index, before.metric) if before else None))
        dataset, p_dataset = choose(
            "dataset", links.datasets(i, Previous(before.index, before.dataset) if before else None)
        )
        key = fold(dataset.name) if dataset.name else None
        method, p_method = choose("method", links.methods(i, own_name, key, metric.first))
        if method is not None and method.own and method.name == own_name.name:
            p_method *= certainty
        baseline = None
        if kind == "gain":
            baseline, _ = choose("baseline", links.baselines(i, fold(method.name) if method.name else None))
        features = links.own_features(i, method)
        own, _ = self.models["own"].choose([[f"own:{f}" for f in features], [f"other:{f}" for f in features]])
        rule = rule_of(links.a, i, metric, dataset, method)
        chances = (probability, p_metric, p_dataset, p_method)
        confidence = self.confidence(kind, chances)
        return [
            Linked(i, kind, metric, one, method, baseline, own == 0, chances, confidence, rule)
            for one in _over_list(links, i, dataset)
        ]

    def confidence(self, kind: str, chances: Chances) -> float:
        """The chance that the whole tuple is right, from those of its four choices, calibrated on held-out texts."""
        weights = self.models["confidence"].weights
        if not weights:
            return math.prod(chances)
        total = sum(weights.get(name, 0.0) * amount for name, amount in confidence_features(kind, chances))
        return 1.0 / (1.0 + math.exp(-total))

    def _reasons(self, a: Analysis, linked: Linked, own_name: Candidate) -> list[str]:
        lines = [f"rule: {linked.rule}"]
        token = a.value_tokens[linked.index]
        features = kind_features(a, linked.index, "start", -1)
        lines.append(_line("kind", linked.kind, self.models["kind"].reasons([f"{linked.kind}:{f}" for f in features])))
        for slot, candidate in (
            ("metric", linked.metric),
            ("dataset", linked.dataset),
            ("method", linked.method),
            ("baseline", linked.baseline),
        ):
            if candidate is not None:
                lines.append(_line(slot, candidate.name or "none", self.models[slot].reasons(candidate.features)))
        if linked.method.own and linked.method.name == own_name.name:
            lines.append(_line("own name", own_name.name or "none", self.models["own_name"].reasons(own_name.features)))
        lines.append(f"value: {a.tokens.text[token]!r} in sentence {a.tokens.sentence[token]}")
        return lines

    def _reject(self, document: Document, value: Value, reason: str) -> Reject:
        place = document.locate(value.start, value.end)
        return Reject(
            type="number",
            paper_id=document.paper.paper_id,
            field=place.field,
            start=place.start,
            end=place.end,
            text=document.given(place),
            reason=reason,
            message=REASONS[reason],
        )

    def mentions(self, paper: Paper) -> list[Mention]:
        """Every mention in a paper, in the order of the text."""
        a = Analysis(paper, self.lexicon)
        tokens = a.tokens
        spans: set[tuple[int, int, MentionType, str | None]] = set()
        for value in a.values:
            spans.add((value.start, value.end, "value", None))
        measured = {tokens.sentence[k] for k in a.value_tokens}
        for metric in a.metrics:
            # Everyday words ("speed", "error") name a metric only where there is a number to measure.
            if metric.strength != "weak" or tokens.sentence[metric.first] in measured:
                start, end = tokens.start[metric.name_first], tokens.end[metric.name_last - 1]
                spans.add((start, end, "metric", self.normaliser.metric(a.text[start:end]).canonical))
        for name in a.names:
            start, end = tokens.start[name.first], tokens.end[name.last - 1]
            if a.dataset_like(name):
                spans.add((start, end, "dataset", self.normaliser.dataset(name.text)[0]))
            elif not a.evidence[name.key].isdisjoint(_METHOD_EVIDENCE) or name.key in a.own_keys:
                spans.add((start, end, "method", self.normaliser.method(name.text)))
        for first, last, name_text in a.tasks:
            spans.add((tokens.start[first], tokens.end[last - 1], "task", name_text))
        mentions = []
        for start, end, kind, canonical in sorted(spans, key=lambda span: (span[0], span[1], span[2], span[3] or "")):
            place = a.document.locate(start, end)
            mentions.append(
                Mention(paper.paper_id, place.field, place.start, place.end, a.document.given(place), kind, canonical)
            )
        return mentions

    def explain(self, paper: Paper) -> Explanation:
        """The extraction with its reasons: for each result, which conditions spoke for each of its choices."""
        trace: list[Step] = []
        extraction = self.extract(paper, trace)
        reasons = [self._reasons(step.analysis, step.linked, step.own_name) for step in trace]
        return Explanation(paper, self.mentions(paper), extraction.results, extraction.rejects, reasons)


def _over_list(links: Links, i: int, dataset: Candidate) -> list[Candidate]:
    """One number for several data sets: each of them where it holds for each, all joined where it is pooled.

    "98.2% on A and B" holds for both; "up to 5% on A and B", an average and a range are pooled.
    """
    a = links.a
    token = a.value_tokens[i]
    sentence = a.tokens.sentence[token]
    if dataset.first < 0 or a.tokens.sentence[dataset.first] != sentence:
        return [dataset]
    listing = links.list_of(dataset.first, "dataset")
    neighbours = [k for k in links.results if a.tokens.sentence[a.value_tokens[k]] == sentence]
    # As many numbers as names: each has its own; a number among the names belongs to the nearest.
    if len(listing) < 2 or len(neighbours) >= len(listing):
        return [dataset]
    first, last = listing[0][0], listing[-1][1]
    if any(first <= a.value_tokens[k] < last for k in neighbours):
        return [dataset]
    value = a.values[i]
    pooled = (
        links.kinds[i] != "score"
        or value.low_of_range
        or value.high_of_range
        or qualifier_of(a, a.groups[i], value) in ("up to", "average")
    )
    spans = [(first, last)] if pooled else listing
    starts, ends, text = a.tokens.start, a.tokens.end, a.text
    return [replace(dataset, name=text[starts[f] : ends[t - 1]], start=starts[f], end=ends[t - 1]) for f, t in spans]


_METHOD_EVIDENCE = frozenset({"lex_method", "subject", "mnoun", "object", "co_lex_method", "propose", "co_object"})


@dataclass(slots=True)
class Explanation:
    """One paper, its mentions, results and rejects; `reasons[i]` says line by line why results[i] is what it is."""

    paper: Paper
    mentions: list[Mention]
    results: list[Result]
    rejects: list[Reject]
    reasons: list[list[str]]


def _line(slot: str, chosen: str, reasons: list[tuple[str, float]]) -> str:
    return f"{slot}: {chosen}, because " + ", ".join(f"{feature} ({weight:+.2f})" for feature, weight in reasons)


@cache
def engine() -> Engine:
    """The engine of this process, loaded at its first use."""
    loaded = Engine()
    # Lexicon and weights stay for good: the collector of garbage need not walk them again (a twelfth of the time).
    gc.freeze()
    return loaded


def extract_paper(paper: Paper) -> Extraction:
    """The results of a paper and the numbers that were turned down."""
    return engine().extract(paper)


def extract(text_or_paper: str | Paper) -> list[Result]:
    """The results of an abstract, or of a paper with title and abstract.

    Example:
        >>> [r.value for r in extract("Our model reaches 92.3% accuracy on MNIST.")]
        [92.3]
    """
    paper = text_or_paper if isinstance(text_or_paper, Paper) else Paper("text", "", text_or_paper)
    return engine().extract(paper).results


def find_mentions(paper: Paper) -> list[Mention]:
    """Every mention of a value, metric, data set, task or method in a paper, before any linking, in order."""
    return engine().mentions(paper)


def explain(paper: Paper) -> Explanation:
    """What is found in a paper, and why."""
    return engine().explain(paper)
