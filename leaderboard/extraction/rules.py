"""The names of the rules: how a tuple was linked, and why a number was turned down.

A result's rule has three parts, one for each slot that binds it: `value-metric+dataset-here+own-method`. Each part, and
each reason, stands in data/rules.toml with sentences on which it must and must not fire.
"""

from __future__ import annotations

import re

from leaderboard.extraction import data
from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.links import Candidate
from leaderboard.extraction.tokens import cue_classes
from leaderboard.extraction.values import Value

METRIC_RULES = (
    "value-metric", "value-far-metric", "values-metric", "metric-of-value", "metric-value", "metric-parenthesis",
    "metric-values", "metric-far-value", "metrics-respectively", "carried-metric", "acronym-metric", "unit-metric",
    "phrase-metric", "no-metric",
)  # fmt: skip
DATASET_RULES = (
    "value-dataset",
    "dataset-value",
    "datasets-respectively",
    "carried-dataset",
    "title-dataset",
    "no-dataset",
)
METHOD_RULES = (
    "own-method",
    "named-method",
    "human-method",
    "methods-respectively",
    "carried-method",
    "unnamed-method",
)

REASONS = {
    "modifier": "the number is part of a compound word",
    "part_of_name": "the number belongs to a name or a version",
    "year": "the number is a year",
    "citation": "the number is a reference or counts sections, figures or items of a list",
    "size": "the number counts data, parameters, layers, classes or the like",
    "setting": "the number is a setting of the experiment",
    "threshold": "the number is a threshold or a confidence level",
    "goal": "the number is a goal, a need or an assumption",
    "background": "the number is a fact about the world, not an evaluation",
    "no_metric": "no metric stands near the number",
    "no_evaluation": "nothing around the number says that it was measured",
}  # fmt: skip


def rule_of(a: Analysis, i: int, metric: Candidate, dataset: Candidate, method: Candidate) -> str:
    """The name of the rule that linked value i to its slots."""
    return f"{_metric_rule(a, i, metric)}+{_dataset_rule(a, i, dataset)}+{_method_rule(a, i, method)}"


def _respectively(candidate: Candidate) -> bool:
    return any(
        feature.endswith("=") and feature.startswith(("respectively", "parallel")) and not feature.endswith("!=")
        for feature in candidate.features
    )


def _metric_rule(a: Analysis, i: int, metric: Candidate) -> str:
    token = a.value_tokens[i]
    if metric.name is None:
        return "no-metric"
    if "unit_metric" in metric.features:
        return "unit-metric"
    if "shape" in metric.features:
        return "acronym-metric"
    if "carried" in metric.features:
        return "carried-metric"
    if "phrase" in metric.features:
        return "phrase-metric"
    if _respectively(metric):
        return "metrics-respectively"
    group = a.groups[i]
    if metric.first > token:
        between = a.tokens.lower[group[-1] + 1 : metric.first]
        if len(group) > 1 and metric.first - group[-1] <= 3:
            return "values-metric"
        return "value-metric" if len(between) <= 2 and "(" not in between else "value-far-metric"
    between = a.tokens.lower[metric.last : group[0]]
    if "(" in between and len(between) <= 2:
        return "metric-parenthesis"
    if len(group) > 1 and len(between) <= 3:
        return "metric-values"
    if len(between) <= 3:
        return "metric-of-value" if between else "metric-value"
    return "metric-far-value"


def _dataset_rule(a: Analysis, i: int, dataset: Candidate) -> str:
    if dataset.name is None:
        return "no-dataset"
    if "away" in dataset.features:
        return "title-dataset" if "away|title" in dataset.features else "carried-dataset"
    if _respectively(dataset):
        return "datasets-respectively"
    if dataset.first > a.value_tokens[i]:
        return "value-dataset"
    return "dataset-value"


def _method_rule(a: Analysis, i: int, method: Candidate) -> str:
    if method.name is None:
        return "unnamed-method"
    if "own" in method.features or ("who:self" in method.features):
        return "own-method"
    if "human" in method.features:
        return "human-method"
    if "away" in method.features:
        return "carried-method"
    if _respectively(method):
        return "methods-respectively"
    return "named-method"


_NEXT_WORD = re.compile(r" ([a-z][a-z-]+)")


def quick_reason(value: Value, text: str) -> str:
    """The reason code for a number that its own form already turns down, "" where the sentence has to be read."""
    if value.unit_class != "none" or value.sign or value.decimals:
        return ""
    if value.modifier:
        return "modifier"
    if 1900 <= value.number <= 2035 and not value.thousands:
        return "year"
    behind = text[value.outer_end : value.outer_end + 1]
    if behind == "]":
        return "citation"
    match = _NEXT_WORD.match(text, value.outer_end)
    if match and "counted" in cue_classes(match[1]):
        return "size"
    enclosed = behind == ")" and text[value.outer_start - 1 : value.outer_start] == "("
    return "citation" if enclosed and value.number < 20 else ""


def reason_of(a: Analysis, i: int) -> str:
    """The reason code for a number that is no result: a key of REASONS."""
    words = data.grammar()
    token = a.value_tokens[i]
    value = a.values[i]
    lower = a.tokens.lower
    sentence = a.tokens.sentence[token]
    first, last = a.sentence_tokens[sentence]
    before = lower[token - 1] if token > first else ""
    before2 = lower[token - 2] if token > first + 1 else ""
    after = lower[token + 1] if token + 1 < last else ""
    after2 = lower[token + 2] if token + 2 < last else ""
    if a.labels[token] in ("D", "X"):
        return "part_of_name"
    if value.modifier:
        return "modifier"
    if value.unit_class == "none" and value.decimals == 0 and 1900 <= value.number <= 2035 and not value.thousands:
        return "year"
    if before in words.position_words or (
        before in ("(", "[") and after in (")", "]") and value.decimals == 0 and value.unit_class == "none"
    ):
        return "citation"
    if (
        before in ("=", "<", ">", "≥", "≤", "threshold", "confidence", "p")
        or after in ("confidence", "significance")
        or after2 in ("confidence", "significance")
    ):
        return "threshold"
    cues = {cue: (f, t) for cue, f, t in a.cues(sentence) if abs(f - token) <= 4}
    if not words.setting_words.isdisjoint((before, before2, after)):
        return "setting"
    if (
        ("size_noun" in cues and token < cues["size_noun"][0] <= token + 3)
        or value.unit_class in ("magnitude", "memory")
        or (value.unit and after == "of")
    ):
        return "size"
    if "goal" in cues and cues["goal"][0] < token:
        return "goal"
    here = [m for m in a.metrics if a.tokens.sentence[m.first] == sentence and m.strength != "weak"]
    if not here:
        return "background" if "background" in cues else "no_metric"
    return "no_evaluation"
