"""A log-linear choice among candidates: each feature is a named condition, each weight is data.

The weights are fitted on annotated abstracts and stored in data/weights.json; a sum of weights is the whole arithmetic,
so every choice can be explained by the conditions that spoke for it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from leaderboard.extraction import data

_ZEROS = itertools.repeat(0.0)


class Model:
    """The weights of one decision, by feature name."""

    __slots__ = ("weights",)

    def __init__(self, weights: dict[str, float]) -> None:
        self.weights = weights

    def score(self, features: Iterable[str]) -> float:
        """The sum of the weights of the features that hold; unknown features weigh nothing."""
        # An exact sum does not depend on the order of the features, which are partly taken from sets.
        return math.fsum(map(self.weights.get, features, _ZEROS))

    def choose(self, candidates: Sequence[Iterable[str]]) -> tuple[int, float]:
        """The best candidate's index and its probability; of equals the first."""
        scores = [self.score(features) for features in candidates]
        best = max(range(len(scores)), key=scores.__getitem__)
        top = scores[best]
        return best, 1.0 / sum(math.exp(score - top) for score in scores)

    def reasons(self, features: Iterable[str], most: int = 6) -> list[tuple[str, float]]:
        """The features that spoke loudest, for or against, with their weights."""
        weighed = [(feature, self.weights[feature]) for feature in set(features) if feature in self.weights]
        return sorted(weighed, key=lambda pair: (-abs(pair[1]), pair[0]))[:most]


class Classifier:
    """A log-linear choice among fixed classes: each feature has one weight a class, all looked up at once."""

    __slots__ = ("classes", "model", "nothing", "rows")

    def __init__(self, model: Model, classes: Sequence[str]) -> None:
        self.classes = tuple(classes)
        self.model = model
        self.nothing = (0.0,) * len(self.classes)
        self.rows: dict[str, list[float]] = {}
        for name, weight in model.weights.items():
            kind, _, feature = name.partition(":")
            self.rows.setdefault(feature, [0.0] * len(self.classes))[self.classes.index(kind)] = weight

    def choose(self, features: Iterable[str]) -> tuple[int, float]:
        """The best class's index and its probability; of equals the first."""
        rows = filter(None, map(self.rows.get, features))
        totals = list(map(math.fsum, zip(self.nothing, *rows, strict=True)))
        best = max(range(len(totals)), key=totals.__getitem__)
        return best, 1.0 / sum(math.exp(total - totals[best]) for total in totals)


def model(name: str) -> Model:
    """The model of one decision; without weights it prefers the first candidate."""
    return Model(data.weights().get(name, {}))
