"""The lexicon in memory: look-ups by name, and one scan of a text for every name at once (Aho-Corasick)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from .entries import DatasetEntry, Entry, EntryType, MethodEntry, MetricEntry, TaskEntry
from .fold import fold, fold_cased, fold_text

_SPACED_HYPHEN = " - "  # tokenised text has "F - measure" and "Lang - 8"
_PLURAL: frozenset[EntryType] = frozenset({"metric", "task"})
_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_DIGITS = frozenset("0123456789")
_DIGIT_BORDER = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_TRAILING_NUMBER = re.compile(r"([a-z]{3,})(\d+(?:\.\d+)?[a-z]?)")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write an entry's name; `case` is what the text has to equal, case included (None: any case)."""

    alias: str
    case: str | None
    entry: Entry


def _variants(alias: str) -> set[str]:
    """The folded forms in which an alias may stand in a text: blanks beside digits come and go (CIFAR-10, CIFAR10)."""
    tokens = fold_text(alias).replace(". ", " ").strip(" .").split()
    parts: list[list[str]] = []
    for token in tokens:
        match = _TRAILING_NUMBER.fullmatch(token)
        parts.append([token, f"{match[1]} {match[2]}"] if match else [token])
    forms = {parts[0][0], parts[0][-1]}
    for before, options in itertools.pairwise(parts):
        gap = {" "}
        if _DIGIT_BORDER.search(before[0][-1] + options[0][0]):
            gap.add("")
        forms = {form + space + option for form in forms for space in gap for option in options}
        if len(forms) > 32:  # no real name has so many digits
            break
    if len(tokens) == 2 and " " not in alias and all(len(token) > 2 and token.isalpha() for token in tokens):
        forms.add("".join(tokens))  # Mini-ImageNet, MiniImageNet
    forms.add(" ".join(tokens))
    forms.add(fold_text(alias).strip())  # as it is written: "avg. precision", "FPR at 95% TPR"
    return forms


class Lexicon:
    """Entries of all types, found by name or in a text. Immutable; `without` gives a smaller copy."""

    def __init__(self, entries: Iterable[Entry], spellings: Iterable[Spelling]) -> None:
        self._entries = tuple(entries)
        self._spellings = tuple(spellings)
        self._by_name: dict[EntryType, dict[str, Entry]] = {"metric": {}, "dataset": {}, "task": {}, "method": {}}
        found: dict[str, dict[tuple[EntryType, str, bool], list[Spelling]]] = {}
        for spelling in self._spellings:
            entry = spelling.entry
            names = self._by_name[entry.type]
            names.setdefault(fold(spelling.alias), entry)
            if spelling.case is not None:
                names.setdefault("=" + spelling.case, entry)
            for form in _variants(spelling.alias):
                found.setdefault(form, {}).setdefault((entry.type, entry.name, entry.ambiguous), []).append(spelling)
        patterns: list[str] = []
        self._payload: list[tuple[tuple[EntryType, Entry, frozenset[str] | None], ...]] = []
        for form, groups in found.items():
            patterns.append(" " + form)
            self._payload.append(
                tuple(
                    (kind, group[0].entry, None if any(s.case is None for s in group) else _cases(group))
                    for (kind, _, _), group in groups.items()
                )
            )
        self._automaton = ahocorasick_rs.AhoCorasick(patterns, store_patterns=False)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def without(self, *types: EntryType) -> Lexicon:
        """A lexicon that does not know entries of these types."""
        return Lexicon(
            (e for e in self._entries if e.type not in types),
            (s for s in self._spellings if s.entry.type not in types),
        )

    def _find(self, kind: EntryType, name: str) -> Entry | None:
        names = self._by_name[kind]
        return names.get("=" + fold_cased(name)) or names.get(fold(name))

    def metric(self, name: str) -> MetricEntry | None:
        """The metric of that name or alias, whatever its case, hyphens and blanks."""
        found = self._find("metric", name)
        return found if isinstance(found, MetricEntry) else None

    def dataset(self, name: str) -> DatasetEntry | None:
        """The data set of that name or alias, whatever its case, hyphens and blanks."""
        found = self._find("dataset", name)
        return found if isinstance(found, DatasetEntry) else None

    def task(self, name: str) -> TaskEntry | None:
        """The task of that name or alias, whatever its case, hyphens and blanks."""
        found = self._find("task", name)
        return found if isinstance(found, TaskEntry) else None

    def method(self, name: str) -> MethodEntry | None:
        """The method of that name or alias, whatever its case, hyphens and blanks."""
        found = self._find("method", name)
        return found if isinstance(found, MethodEntry) else None

    def scan(self, text: str, lowered: str | None = None) -> list[tuple[int, int, str, Entry]]:
        """Every known name in the text as (start, end, type, entry), half-open offsets, ordered by start.

        Of names of one type that overlap, the leftmost longest counts; names of different types may overlap. A name
        starts and ends at a word's border; a plural "s" of a metric or task belongs to it. `lowered` is the text in
        lower case of the same length, if the caller has it.
        """
        if _SPACED_HYPHEN in text:
            joined = text.replace(_SPACED_HYPHEN, "-")
            at = _original_offsets(text, len(joined))
            return [(at[start], at[end - 1] + 1, kind, entry) for start, end, kind, entry in self._scan(joined, joined)]
        return self._scan(text, lowered if lowered is not None and len(lowered) == len(text) else text)

    def _scan(self, text: str, lowered: str) -> list[tuple[int, int, str, Entry]]:
        haystack = f" {fold_text(lowered)}  "
        raw: list[tuple[int, int, str, Entry]] = []
        payload, word = self._payload, _WORD
        for index, start, end in self._automaton.find_matches_as_indexes(haystack, overlapping=True):
            # In the text, the name starts at `start` (the pattern's leading blank is one before) and ends at end - 1.
            after = haystack[end]
            plural = False
            if after in word:
                if after != "s" or haystack[end + 1] in word:
                    continue
                plural = True
            elif after == "." and haystack[end + 1] in _DIGITS and haystack[end - 1] in _DIGITS:
                continue
            for kind, entry, cases in payload[index]:
                if plural and kind not in _PLURAL:
                    continue
                if cases is None or fold_cased(text[start : end - 1]) in cases:
                    raw.append((start, end if plural else end - 1, kind, entry))
        return _longest(raw)


def _original_offsets(text: str, length: int) -> list[int]:
    """For each character of the text with its spaced hyphens closed up, where it stands in the text itself."""
    at: list[int] = []
    parts = text.split(_SPACED_HYPHEN)
    start = 0
    for part in parts:
        at.extend(range(start, start + len(part) + 1))
        start += len(part) + len(_SPACED_HYPHEN)
        at[-1] = start - 2  # the hyphen itself
    return at[:length]


def _cases(group: Sequence[Spelling]) -> frozenset[str]:
    return frozenset(s.case for s in group if s.case is not None)


def _longest(raw: list[tuple[int, int, str, Entry]]) -> list[tuple[int, int, str, Entry]]:
    if len(raw) < 2:
        return raw
    raw.sort(key=lambda m: (m[0], -m[1]))
    reached: dict[str, int] = {}
    out = []
    for match in raw:
        if match[0] >= reached.get(match[2], 0):
            reached[match[2]] = match[1]
            out.append(match)
    return out
