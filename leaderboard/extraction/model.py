"""A log-linear choice among candidates: each feature is a named condition, each weight is data.

The weights are fitted on annotated abstracts and stored in data/weights.json; a sum of weights is the whole arithmetic,
so every choice can be explained by the conditions that spoke for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from leaderboard.extraction import data


class Model:
    """The weights of one decision, by feature name."""

    __slots__ = ("weights",)

    def __init__(self, weights: dict[str, float]) -> None:
        self.weights = weights

    def score(self, features: Iterable[str]) -> float:
        """The sum of the weights of the features that hold; unknown features weigh nothing."""
        get = self.weights.get
        total = 0.0
        for feature in features:
            total += get(feature, 0.0)
        return total

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


def model(name: str) -> Model:
    """The model of one decision; without weights it prefers the first candidate."""
    return Model(data.weights().get(name, {}))
