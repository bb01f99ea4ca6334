"""The order of the steps, in one place: text, mentions, kinds, links, results."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.build import Linked, build
from leaderboard.extraction.kinds import KINDS
from leaderboard.extraction.kinds import features as kind_features
from leaderboard.extraction.links import Candidate, Links
from leaderboard.extraction.model import Model, model
from leaderboard.extraction.names import fold
from leaderboard.extraction.text import Document
from leaderboard.extraction.values import find_values
from leaderboard.lexicon import load_lexicon
from leaderboard.models import Mention, Paper, Reject, Result
from leaderboard.normalise import Normaliser


@dataclass(slots=True)
class Extraction:
    """What one paper gave: its results, in the order of the text, and the numbers turned down."""

    paper: Paper
    results: list[Result] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


class Engine:
    """The extraction with its lexicon and weights loaded."""

    def __init__(self, weights: dict[str, Model] | None = None) -> None:
        self.lexicon = load_lexicon()
        self.normaliser = Normaliser(self.lexicon)
        self.models = weights or {name: model(name) for name in ("kind", "metric", "dataset", "method", "baseline", "own")}

    def extract(self, paper: Paper) -> Extraction:
        """All results of one paper. Never raises on any text."""
        out = Extraction(paper)
        document = Document(paper)
        values = find_values(document.text)
        if not values:
            return out
        a = Analysis(paper, self.lexicon, values, document)
        kinds, kind_probabilities = self.kinds(a)
        for i, kind in enumerate(kinds):
            if kind == "none":
                out.rejects.append(self._reject(a, i))
        if len(out.rejects) == len(values):
            return out
        links = Links(a, kinds)
        for i in links.results:
            for linked in self.link(links, i, kind_probabilities[i]):
                out.results.append(build(a, linked, self.normaliser))
        return out

    def kinds(self, a: Analysis) -> tuple[list[str], list[float]]:
        """The kind of each value, left to right, with its probability."""
        chooser = self.models["kind"]
        kinds: list[str] = []
        probabilities: list[float] = []
        previous, token, sentence = "start", -1, -1
        for i in range(len(a.values)):
            here = a.value_tokens[i]
            if a.tokens.sentence[here] != sentence:
                sentence = a.tokens.sentence[here]
                previous, token = "start", -1
            features = kind_features(a, i, previous, token)
            best, probability = chooser.choose([[f"{k}:{f}" for f in features] for k in KINDS])
            kinds.append(KINDS[best])
            probabilities.append(probability)
            previous, token = KINDS[best], here
        return kinds, probabilities

    def link(self, links: Links, i: int, probability: float) -> list[Linked]:
        """The tuples of value i: one, or several where one number holds for each name of a list."""

        def choose(name: str, candidates: list[Candidate]) -> tuple[Candidate, float]:
            best, chance = self.models[name].choose([c.features for c in candidates])
            return candidates[best], chance

        kind = links.kinds[i]
        metric, p_metric = choose("metric", links.metrics(i))
        dataset, p_dataset = choose("dataset", links.datasets(i))
        key = fold(dataset.name) if dataset.name else None
        method, p_method = choose("method", links.methods(i, key, metric.first))
        baseline = None
        if kind == "gain":
            baseline, _ = choose("baseline", links.baselines(i, fold(method.name) if method.name else None))
        features = links.own_features(i, method)
        own, _ = self.models["own"].choose([[f"own:{f}" for f in features], [f"other:{f}" for f in features]])
        linked = Linked(i, kind, metric, dataset, method, baseline, own == 0, probability * p_metric * p_dataset * p_method, kind)
        return [linked]

    def _reject(self, a: Analysis, i: int) -> Reject:
        value = a.values[i]
        place = a.document.locate(value.start, value.end)
        return Reject(
            type="number", paper_id=a.document.paper.paper_id, field=place.field, start=place.start, end=place.end,
            text=a.document.given(place), reason="no_evaluation", message="nothing around the number says that it was measured",
        )  # fmt: skip


@cache
def engine() -> Engine:
    """The engine of this process, loaded at its first use."""
    return Engine()


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
    raise NotImplementedError
