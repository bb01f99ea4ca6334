"""Which metric, data set, method and baseline a number belongs to: the candidates for each slot with their features."""

from __future__ import annotations

from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.links.datasets import DatasetLinks
from leaderboard.extraction.links.methods import MethodLinks
from leaderboard.extraction.links.metrics import MetricLinks
from leaderboard.extraction.links.own_names import OwnNameLinks
from leaderboard.extraction.links.pairs import Candidate, Pairs, Previous

__all__ = ["Candidate", "Links", "Previous"]


class Links:
    """The candidates for the slots of the results of one text.

    Args:
        a: the text.
        kinds: the kind of each of its values, in order.
    """

    def __init__(self, a: Analysis, kinds: list[str]) -> None:
        pairs = Pairs(a, kinds)
        self.a = a
        self.kinds = kinds
        self.results = pairs.results
        self.list_of = pairs.list_of
        self.metrics = MetricLinks(pairs).candidates
        self.datasets = DatasetLinks(pairs).candidates
        self.own_names = OwnNameLinks(pairs).candidates
        methods = MethodLinks(pairs)
        self.methods = methods.candidates
        self.baselines = methods.baselines
        self.own_features = methods.own_features
