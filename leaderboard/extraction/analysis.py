"""Everything that is found in one text before any number is judged: tokens, values, metrics, names, cues, lists."""

from __future__ import annotations

import itertools
from functools import cached_property

from leaderboard.extraction.metrics import MetricMention, find_metrics
from leaderboard.extraction.names import Name, collect_evidence, find_names
from leaderboard.extraction.own import OwnName, find_own
from leaderboard.extraction.text import Document, sentences
from leaderboard.extraction.tokens import Tokens, find_cues
from leaderboard.extraction.values import Value, find_values
from leaderboard.lexicon import Lexicon
from leaderboard.models import Paper

_SEPARATORS = frozenset({",", "and", "or", "/", "&", ";", "to", "-", "respectively", "—", "versus", "vs"})


_NOTHING: frozenset[str] = frozenset()
_SURE_DATASET = frozenset({"lex_dataset", "dnoun", "after_dnoun"})
_SURE_METHOD = frozenset({"lex_method", "subject", "mnoun"})
_LIKELY_DATASET = frozenset({"on", "co_dnoun", "co_on", "co_lex_dataset", "setnoun", "part_dataset"})


class Analysis:
    """One paper's text with its mentions. Token indices throughout; `text` and offsets are of the clean text."""

    def __init__(
        self, paper: Paper, lexicon: Lexicon, values: list[Value] | None = None, document: Document | None = None
    ) -> None:
        self.document = document or Document(paper)
        text = self.text = self.document.text
        self.title_end = self.document.title_end if paper.title else 0
        self.values = values if values is not None else find_values(text)
        self.spans = sentences(text)
        self.tokens = Tokens(text, self.values, self.spans)
        self._dataset_like: dict[str, bool] = {}
        self._cues: dict[int, list[tuple[str, int, int]]] = {}
        self.lexicon_hits = self._token_hits(lexicon)
        known: dict[int, tuple[int, str]] = {}
        metric_hits: list[tuple[int, int, bool]] = []
        self.tasks: list[tuple[int, int, str]] = []
        for first, last, kind, name, ambiguous in self.lexicon_hits:
            if kind == "metric":
                metric_hits.append((first, last, ambiguous))
            elif kind == "task":
                self.tasks.append((first, last, name))
            elif not ambiguous and (first not in known or known[first][0] < last):
                known[first] = (last, kind)
        known_tokens = frozenset(k for first, (last, _) in known.items() for k in range(first, last))
        self.metrics: list[MetricMention] = find_metrics(self.tokens, metric_hits, known_tokens, text)
        self.metric_tokens = frozenset(
            k
            for m in self.metrics
            if m.strength != "weak"
            for k in range(m.core_first, m.last)
            if k not in known_tokens or m.core_first <= k < m.last
        )
        self.names: list[Name] = find_names(self.tokens, text, self.title_end, self.metric_tokens, known)
        self.evidence = collect_evidence(
            self.tokens, self.names, {f: (last, k) for f, last, k, _, _ in self.lexicon_hits if k != "metric"} | known
        )

    def _token_hits(self, lexicon: Lexicon) -> list[tuple[int, int, str, str, bool]]:
        """Lexicon names as (first token, end token, type, canonical, ambiguous), without those that split a token."""
        starts = dict(zip(self.tokens.start, itertools.count()))
        ends = dict(zip(self.tokens.end, itertools.count(1)))
        hits = []
        for start, end, kind, entry in lexicon.scan(self.text, self.text.lower()):
            first, last = starts.get(start), ends.get(end)
            if first is not None and last is not None:
                hits.append((first, last, kind, entry.name, entry.ambiguous))
        return hits

    @cached_property
    def own(self) -> list[OwnName]:
        """The candidates for the paper's own name, the best first."""
        return find_own(self.text, self.title_end, self.tokens, self.names)

    @cached_property
    def own_keys(self) -> dict[str, int]:
        """Rank of each name that the paper may have given itself, by key; title phrases do not count."""
        return {own.key: rank for rank, own in enumerate(self.own) if not own.is_phrase}

    def is_surely_dataset(self, key: str) -> bool:
        """Whether the evidence leaves no doubt that the name of a key is that of a data set."""
        return not self.evidence.get(key, _NOTHING).isdisjoint(_SURE_DATASET)

    def dataset_like(self, name: Name) -> bool:
        """Whether the evidence says that a name is a data set rather than a system."""
        known = self._dataset_like.get(name.key)
        if known is None:
            known = self._dataset_like[name.key] = self._is_dataset_like(name)
        return known

    def _is_dataset_like(self, name: Name) -> bool:
        if self.is_surely_dataset(name.key):
            return True
        evidence = self.evidence[name.key]
        if not evidence.isdisjoint(_SURE_METHOD):
            return False
        rank = self.own_keys.get(name.key)
        if rank is not None and rank < 2 and not self.own[rank].is_dataset:
            return False
        return not evidence.isdisjoint(_LIKELY_DATASET)

    @property
    def value_tokens(self) -> list[int]:
        """The token of each value, in order."""
        return self.tokens.value_tokens

    @property
    def sentence_tokens(self) -> list[tuple[int, int]]:
        """Half-open token range of each sentence."""
        return self.tokens.ranges

    def cues(self, sentence: int) -> list[tuple[str, int, int]]:
        """The cues of a sentence as (class, first token, end token)."""
        if sentence not in self._cues:
            self._cues[sentence] = find_cues(self.tokens, *self.sentence_tokens[sentence])
        return self._cues[sentence]

    @cached_property
    def labels(self) -> list[str]:
        """Each token as the rules see it: `#` a value, `M` a metric, `D` a data set, `X` another name, or the word."""
        labels = list(self.tokens.lower)
        for name in self.names:
            evidence = self.evidence[name.key]
            label = "D" if "lex_dataset" in evidence or "dnoun" in evidence else "X"
            for k in range(name.first, name.last):
                labels[k] = label
        for metric in self.metrics:
            label = "m" if metric.strength == "weak" else "M"
            for k in range(metric.first, metric.last):
                labels[k] = label
        for k in self.tokens.value_tokens:
            if labels[k] not in ("D", "X"):
                labels[k] = "#"
        return labels

    @cached_property
    def groups(self) -> list[tuple[int, ...]]:
        """For each value (by its order) the tokens of the bare list that it stands in ("86.4, 85.5, and 94.2")."""
        tokens = self.value_tokens
        groups: list[list[int]] = []
        for k in tokens:
            if groups and self._listed(groups[-1][-1], k):
                groups[-1].append(k)
            else:
                groups.append([k])
        return [tuple(group) for group in groups for _ in group]

    def _listed(self, left: int, right: int) -> bool:
        lower = self.tokens.lower
        between = lower[left + 1 : right]
        if (
            self.tokens.sentence[left] != self.tokens.sentence[right]
            or len(between) > 3
            or (self.labels[left] in "DX" or self.labels[right] in "DX")
        ):
            return False
        value = self.tokens.value[right]
        return all(word in _SEPARATORS for word in between) and (
            bool(between) or (value is not None and value.high_of_range)
        )
