"""Tokens of a clean text: words, punctuation, and each value with its unit as one token; and the cues among them."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from functools import cache

from leaderboard.extraction import data
from leaderboard.extraction.values import Value

# A word keeps its inner hyphens and signs: "top-1", "nDCG@10", "RGB+D", "k-means++", "F1-score". "/" parts words.
_WORD = re.compile(r"(\w+(?:(?:[-.+&@_]|'(?!s\b))\w+)*+(?:\+\+?(?![\w]))?|'s\b|[^\w\s])")


class Tokens:
    """Parallel lists over the tokens of one clean text, in order.

    `value[i]` is the value that token i stands for, or None; `value_tokens` are the tokens that stand for one.
    `sentence[i]` is the index of its sentence, `ranges[k]` the half-open range of the tokens of sentence k.
    """

    __slots__ = ("end", "lower", "ranges", "sentence", "start", "text", "value", "value_tokens")

    def __init__(self, text: str, values: list[Value], spans: list[tuple[int, int]]) -> None:
        self.start: list[int] = []
        self.end: list[int] = []
        self.text: list[str] = []
        self.lower: list[str] = []
        self.value: list[Value | None] = []
        self.value_tokens: list[int] = []
        self.sentence: list[int] = []
        position = 0
        for value in values:
            self._words(text, position, value.outer_start)
            self.start.append(value.outer_start)
            self.end.append(value.outer_end)
            self.text.append(text[value.outer_start : value.outer_end])
            self.lower.append("#")
            self.value.append(value)
            self.value_tokens.append(len(self.value) - 1)
            position = value.outer_end
        self._words(text, position, len(text))
        borders = [0, *(bisect_left(self.start, first) for first, _ in spans[1:]), len(self.start)]
        self.ranges = list(itertools.pairwise(borders))
        for k, (first, last) in enumerate(self.ranges):
            self.sentence += [k] * (last - first)

    def _words(self, text: str, start: int, end: int) -> None:
        parts = _WORD.split(text[start:end])  # gap, word, gap, ..., word, gap
        borders = list(itertools.accumulate(map(len, parts), initial=start))
        words = parts[1::2]
        self.start += borders[1:-1:2]
        self.end += borders[2::2]
        self.text += words
        self.lower += map(str.lower, words)
        self.value += [None] * len(words)

    def __len__(self) -> int:
        return len(self.start)


@cache
def _cue_table() -> tuple[dict[str, tuple[str, ...]], dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]]:
    """Single words -> classes; first words -> (further words, classes), longest first."""
    single: dict[str, list[str]] = {}
    phrases: dict[tuple[str, ...], list[str]] = {}
    for cue, entry in data.toml("cues.toml").items():
        for phrase in entry["words"]:
            parts = tuple(phrase.split())
            if len(parts) == 1:
                single.setdefault(phrase, []).append(cue)
            else:
                phrases.setdefault(parts, []).append(cue)
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for parts, cues in sorted(phrases.items(), key=lambda item: -len(item[0])):
        by_first.setdefault(parts[0], []).append((parts[1:], tuple(cues)))
    return {word: tuple(cues) for word, cues in single.items()}, by_first


def cue_classes(word: str) -> tuple[str, ...]:
    """The classes of cue that a single lower-case word carries."""
    return _cue_table()[0].get(word, ())


@cache
def cue_words(*cues: str) -> frozenset[str]:
    """The single lower-case words that carry any of some classes of cue."""
    return frozenset(word for word, classes in _cue_table()[0].items() if not set(cues).isdisjoint(classes))


def find_cues(tokens: Tokens, first: int, last: int) -> list[tuple[str, int, int]]:
    """The cues among tokens first:last as (class, first token, end token), in order; phrases hide their words."""
    single, by_first = _cue_table()
    lower = tokens.lower
    found: list[tuple[str, int, int]] = []
    done = first
    for i in range(first, last):
        word = lower[i]
        if i < done:
            continue
        if word in by_first:
            for rest, cues in by_first[word]:
                end = i + 1 + len(rest)
                if end <= last and tuple(lower[i + 1 : end]) == rest:
                    found += [(cue, i, end) for cue in cues]
                    done = end
                    break
        if done <= i and word in single:
            found += [(cue, i, i + 1) for cue in single[word]]
    return found
