"""A data set's name and its split: generic nouns, splits, years and language pairs told from the name itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from leaderboard.lexicon import Lexicon
from leaderboard.lexicon.words import load_words, plain
from leaderboard.normalise.text import LONGEST, clean_name

_PAIR = r"(?P<a>{0})\s?(?:-{{1,3}}>?|–|—|→|⇒|↔|<->|>|/|\sto\s|-to-|2)\s?(?P<b>{0})"
_YEAR = re.compile(r"[\s'’-]*(?P<year>(?:19|20)\d\d|\d\d)(?![\d.])")


class DatasetNamer:
    """Names data sets with the lexicon, their splits apart."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words = load_words()
        language = "|".join(sorted((re.escape(x) for x in self._words.languages), key=len, reverse=True))
        pair = _PAIR.format(language)
        self._pair_last = re.compile(rf"(?P<rest>.*?)[\s,_-]*\b{pair}", re.IGNORECASE)
        self._pair_first = re.compile(rf"\b{pair}[\s,_-]+(?P<rest>.+)", re.IGNORECASE)
        series = "|".join(sorted(map(re.escape, self._words.series), key=len, reverse=True))
        self._series = re.compile(rf"(?P<name>{series}){_YEAR.pattern}", re.IGNORECASE)
        self._series_name = {name.lower(): name for name in self._words.series}

    def name(self, text: str) -> tuple[str, str | None]:
        """The canonical name and the split ("the ImageNet validation set" -> ImageNet, val)."""
        name, split = self._read_dataset(text)
        for _ in range(3):  # a canonical name has to stay what it is when it is read again
            again, further = self._read_dataset(name)
            if again == name:
                break
            name, split = again, split or further
        return name, split

    def _read_dataset(self, text: str) -> tuple[str, str | None]:
        cleaned = clean_name(text)
        if len(cleaned) > LONGEST:
            return cleaned, None
        name, split = self._one_dataset(cleaned)
        if self._lexicon.dataset(name) is None and (" and " in name or ", " in name):
            parts = [self._one_dataset(clean_name(p)) for p in re.split(r",? and |, ", name)]
            if all(p and self._lexicon.dataset(p) for p, _ in parts):
                splits = {s for _, s in parts if s}
                names = [p for p, _ in parts]
                joined = ", ".join(names[:-1]) + (" and " if len(names) == 2 else ", and ") + names[-1]
                return joined, split or (splits.pop() if len(splits) == 1 else None)
        return name, split

    def _one_dataset(self, text: str) -> tuple[str, str | None]:
        name, split = text, None
        for _ in range(8):  # each round takes one thing off; no real name has more
            if entry := self._lexicon.dataset(name):
                return entry.name, split
            taken = self._take_bracket(name) or self._take_split(name) or self._take_noun(name)
            if taken is None or not taken[0]:
                break
            name, found = taken
            split = split or found
        known = self._with_languages(name) or self._with_year(name)
        return known or name, split

    def _take_bracket(self, name: str) -> tuple[str, str | None] | None:
        match = re.fullmatch(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]", name)
        if not match:
            return None
        outer, inner = match[1], clean_name(match[2])
        form = plain(inner)
        for noun in sorted(self._words.set_nouns):
            form = form.removesuffix(f" {noun}")
        if form in self._words.splits:
            return outer, self._words.splits[form]
        known_outer, known_inner = self._lexicon.dataset(outer), self._lexicon.dataset(inner)
        if known_inner and (known_outer is None or known_outer.name == known_inner.name):
            return inner, None
        if self._pair_last.fullmatch(inner):
            return f"{outer} {inner}", None
        if re.fullmatch(r"[A-Z][\w.+-]{1,14}", inner) and known_outer is None and outer.count(" ") >= 1:
            return inner, None  # the long form of a name and its acronym
        return None

    def _take_split(self, name: str) -> tuple[str, str | None] | None:
        """The name without the split at its end: "X validation set", "X-val", "X test split", "test set of X"."""
        match = re.fullmatch(r"(?:the )?(\w+(?:-\w+)?)(?: set| split)? of (?:the )?(.+)", name)
        if match and plain(match[1]) in self._words.splits:
            return match[2], self._words.splits[plain(match[1])]
        core = name.replace("_", " ").split(" ")
        noun = len(core) > 1 and core[-1].lower() in self._words.set_nouns
        if own := self._own_split(core[:-1] if noun else core) or (self._own_split(core) if noun else None):
            return own
        core = core[:-1] if noun else core
        for size in (2, 1):
            form = plain(" ".join(core[-size:]))
            if len(core) > size and form in self._words.splits:
                rest = clean_name(" ".join(core[:-size]))
                # "Shuffle Test" is a name; "the Foo test" and "ImageNet Test" have a split.
                if noun or not core[-size][:1].isupper() or self._lexicon.dataset(rest):
                    return rest, self._words.splits[form]
        head, dash, tail = name.rpartition("-")
        if dash and head and tail.lower() in self._words.splits:
            further, dash, tail_2 = head.rpartition("-")
            if dash and plain(f"{tail_2} {tail}") in self._words.splits:
                return further, self._words.splits[plain(f"{tail_2} {tail}")]
            return head, self._words.splits[tail.lower()]
        return None

    def _own_split(self, tokens: Sequence[str]) -> tuple[str, str | None] | None:
        """A split that only this data set has (LibriSpeech test-clean, RefCOCO testA)."""
        for size in range(len(tokens) - 1, 0, -1):
            entry = self._lexicon.dataset(" ".join(tokens[:size]))
            if entry and entry.splits:
                rest = plain("".join(tokens[size:])).replace(" ", "")
                for split in entry.splits:
                    words = plain(split).split()
                    if rest in ("".join(words), "".join(reversed(words))):
                        return entry.name, split
        return None

    def _take_noun(self, name: str) -> tuple[str, str | None] | None:
        """The name without a generic noun at its end or an article and its like at its start."""
        tokens = name.split(" ")
        if len(tokens) > 2 and plain(" ".join(tokens[-2:])) in self._words.dataset_nouns:
            return clean_name(" ".join(tokens[:-2])), None
        if len(tokens) > 1 and plain(tokens[-1]) in self._words.dataset_nouns | self._words.set_nouns:
            return clean_name(" ".join(tokens[:-1])), None
        if len(tokens) > 2 and plain(" ".join(tokens[:2])) in self._words.dataset_lead:
            return " ".join(tokens[2:]), None
        if len(tokens) > 1 and plain(tokens[0]) in self._words.dataset_lead:
            return " ".join(tokens[1:]), None
        return None

    def _with_languages(self, name: str) -> str | None:
        """A name with its language pair spelled out, direction kept: "WMT'14 En-De" -> "WMT 2014 English-German"."""
        match = self._pair_last.fullmatch(name) or self._pair_first.fullmatch(name)
        if match is None or not match["rest"].strip():
            return None
        languages = self._words.languages
        rest = clean_name(match["rest"])
        base, _ = self._one_dataset(rest) if rest != name else (rest, None)
        return f"{base} {languages[match['a'].lower()]}-{languages[match['b'].lower()]}"

    def _with_year(self, name: str) -> str | None:
        """A name of a yearly series with its year in four digits: "CoNLL03" -> "CoNLL 2003"."""
        match = self._series.match(name)
        if match is None:
            return None
        year = match["year"]
        if len(year) == 2:
            year = ("19" if int(year) > 80 else "20") + year
        rest = name[match.end() :].strip(" -:")
        whole = f"{self._series_name[match['name'].lower()]} {year}" + (f" {rest}" if rest else "")
        entry = self._lexicon.dataset(whole)
        return entry.name if entry else whole
