"""A log-linear choice among candidates: each feature is a named condition, each weight is data.

The weights are fitted on annotated abstracts and stored in data/weights.json; a sum of weights is the whole arithmetic,
so every choice can be explained by the conditions that spoke for it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

from leaderboard.extraction import data

_ZEROS = itertools.repeat(0)
# Weights have three decimals: sums of their thousandths are exact, whatever the order of the features, and fast.
_SCALE = 1000


class Model:
    """The weights of one decision, by feature name; they are rounded to three decimals."""

    __slots__ = ("_thousandths", "weights")

    def __init__(self, weights: dict[str, float]) -> None:
        self.weights = weights
        self._thousandths = {feature: round(weight * _SCALE) for feature, weight in weights.items()}

    def score(self, features: Iterable[str]) -> float:
        """The sum of the weights of the features that hold; unknown features weigh nothing."""
        return sum(map(self._thousandths.get, features, _ZEROS)) / _SCALE

    def choose(self, candidates: Sequence[Iterable[str]]) -> tuple[int, float]:
        """The best candidate's index and its probability; of equals the first."""
        scores = [self.score(features) for features in candidates]
        best = max(range(len(scores)), key=scores.__getitem__)
        top = scores[best]
        return best, 1.0 / sum(math.exp(score - top) for score in scores)

    def choose_agreed(
        self, candidates: Sequence[Iterable[str]], agree: Callable[[int, int], bool]
    ) -> tuple[int, float]:
        """The candidate that is likeliest to be right when others that agree with it make it right as well.

        Args:
            candidates: the features of each.
            agree: whether two candidates say the same.

        Returns:
            its index and the probability of all that agree with it; of equals to a hundredth the likeliest one.
        """
        scores = [self.score(features) for features in candidates]
        top = max(scores)
        raised = [math.exp(score - top) for score in scores]
        total = math.fsum(raised)
        # What is a thousand times less likely than the likeliest changes nothing.
        likely = [k for k, one in enumerate(raised) if one > 1e-3]
        agreed = {
            k: math.fsum(raised[other] for other in likely if other == k or agree(k, other)) / total for k in likely
        }
        best = max(likely, key=lambda k: (round(agreed[k], 2), raised[k]))
        return best, min(1.0, agreed[best])

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
        self.nothing = (0,) * len(self.classes)
        self.rows: dict[str, list[int]] = {}
        for name, weight in model.weights.items():
            kind, _, feature = name.partition(":")
            self.rows.setdefault(feature, [0] * len(self.classes))[self.classes.index(kind)] = round(weight * _SCALE)

    def choose(self, features: Iterable[str]) -> tuple[int, float]:
        """The best class's index and its probability; of equals the first."""
        rows = filter(None, map(self.rows.get, features))
        totals = list(map(sum, zip(self.nothing, *rows, strict=True)))
        best = max(range(len(totals)), key=totals.__getitem__)
        return best, 1.0 / sum(math.exp((total - totals[best]) / _SCALE) for total in totals)


def model(name: str) -> Model:
    """The model of one decision; without weights it prefers the first candidate."""
    return Model(data.weights().get(name, {}))
