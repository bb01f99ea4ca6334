"""The name of what the paper itself proposes: where titles and abstracts introduce it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import regex

from leaderboard.extraction import data
from leaderboard.extraction.names import Name, common_words, fold, is_name_shaped
from leaderboard.extraction.tokens import Tokens, cue_classes


@dataclass(slots=True)
class OwnName:
    """A candidate for the paper's own name: `start:end` in the clean text, and the rules that proposed it."""

    key: str
    text: str
    start: int
    end: int
    rules: set[str] = field(default_factory=set)
    is_dataset: bool = False
    count: int = 0
    long_form: str = ""  # what an abbreviation stands for, as the abstract spells it

    @property
    def is_phrase(self) -> bool:
        """Whether only a stretch of the title speaks for it, and no rule that finds names."""
        return bool(self.rules) and all(rule.startswith("phrase_") for rule in self.rules)


_RESOURCE = regex.compile(
    r"(?i)\b(?:datasets?|benchmarks?|corpus|corpora|challenge|leaderboard|shared task|test suite|database|survey|"
    r"evaluating|treebank)\b"
)
_REPOSITORY = regex.compile(r"(?:github|gitlab|bitbucket)\.(?:com|io|org)/[\w.~-]+/(?P<name>[\w.+-]*[\w+-])")
_PAGES = regex.compile(r"(?P<name>[\w-]+)\.github\.io\b(?!/[\w-])")
# What is left of a macro whose definition is lost ("\\methodname").
_PLACEHOLDER = regex.compile(
    r"(?:m|our|work|dataset|method|model|system|approach|framework|net|paper|algo|trawl|proj|project|short|full|long)?(?:name|ours|xspace|ourmodel|ourmethod)s?"
)


@cache
def _title_prefix() -> regex.Pattern[str]:
    return regex.compile(r"^\s*[\"'`]{0,2}(?P<name>[^:?!]{2,60}?)[\"'`]{0,2}\s*(?::|\s-\s|—|\s--+\s)")


def find_own(text: str, title_end: int, tokens: Tokens, names: list[Name]) -> list[OwnName]:
    """The candidates for the paper's own name, the best first; empty where nothing is named.

    Args:
        text: the clean text, its title first.
        title_end: where the title ends (0 without one).
        tokens: of the text.
        names: the names found in it.
    """
    found: dict[str, OwnName] = {}

    def add(rule: str, start: int, end: int, is_dataset: bool = False, long_form: str = "") -> None:
        name = text[start:end].strip(" \"'`,.;")
        key = fold(name)
        if (
            len(key) < 2
            or _PLACEHOLDER.fullmatch(key)
            or (
                key in common_words()
                and not any(c.isupper() for c in name[1:])
                and rule not in ("title_prefix", "introduced")
            )
        ):
            return
        start = text.find(name, start)
        entry = found.setdefault(key, OwnName(key, name, start, start + len(name)))
        entry.rules.add(rule)
        entry.is_dataset |= is_dataset
        entry.long_form = entry.long_form or long_form

    title = text[:title_end]
    prefix = _title_prefix().match(title)
    if prefix:
        parts = prefix["name"].split()
        shaped = [word for word in parts if is_name_shaped(word.strip("\"'`,()"), True)]
        if len(parts) == 1 or (len(parts) <= 5 and shaped):
            resource = _RESOURCE.search(title, prefix.end()) is not None
            add("title_prefix", prefix.start("name"), prefix.end("name"), resource)
            inner = regex.search(r"\(([^()]{2,15})\)", prefix["name"])
            if inner:
                add("title_prefix", inner.start(1), inner.end(1), resource)
    for match in regex.finditer(r"\(([A-Z][\w.+-]{1,14})\)", title):
        add("title_abbreviation", match.start(1), match.end(1))
    words = data.grammar()
    fillers, introducers = words.name_fillers, words.introducers
    lower, size = tokens.lower, len(tokens)
    for index, name in enumerate(names):
        start, end = tokens.start[name.first], tokens.end[name.last - 1]
        k = name.first - 1
        resource = "dnoun" in name.evidence or "after_dnoun" in name.evidence
        steps = 0
        while (
            k >= 0
            and steps < 5
            and (lower[k] in fillers or (steps < 4 and lower[k].endswith(("ive", "al", "ed", "able", "-based", "end"))))
        ):
            k -= 1
            steps += 1
        before = lower[k] if k >= 0 and tokens.sentence[k] == name.sentence else ""
        after = lower[name.last] if name.last < size else ""
        if (
            before in introducers
            or (before == "to" and k > 0 and lower[k - 1] == "refer")
            or (before == "as" and k > 0 and lower[k - 1] == "to")
        ):
            add("introduced", start, end, resource)
        elif "propose" in cue_classes(before) and before not in words.propose_loosely:
            add("proposed", start, end, resource)
        elif before in ("our", "proposed", "ours") or (k >= 0 and lower[name.first - 1] in ("our", "proposed")):
            add("ours", start, end, resource)
        long_form = (
            _long_form(tokens, name, text)
            if name.first and lower[name.first - 1] == "(" and after in (")", ",", ";")
            else ""
        )
        if long_form:
            sentence_cues = {
                cue
                for j in range(max(0, name.first - 30), name.first)
                if tokens.sentence[j] == name.sentence
                for cue in cue_classes(lower[j])
            }
            resource = resource or any(
                lower[j] in ("dataset", "benchmark", "corpus") for j in range(max(0, name.first - 4), name.first)
            )
            add(
                "abbreviation_proposed" if "propose" in sentence_cues else "abbreviation",
                start,
                end,
                resource,
                long_form,
            )
        elif after == "(" and name.last + 2 < size and name.first and "propose" in cue_classes(before):
            add("proposed", start, end, resource)
        if name.in_title and not prefix and index < 12:
            add("in_title", start, end)
    for rule, start, end in title_phrases(title):
        add(rule, start, end)
    for pattern in (_REPOSITORY, _PAGES):
        for match in pattern.finditer(text):
            repository = match["name"].removesuffix(".git")
            key = fold(repository)
            if key in found:
                found[key].rules.add("repository")
            elif len(key) > 2 and not _RESOURCE.search(repository):
                add("repository", match.start("name"), match.start("name") + len(repository))
    lowered = text.lower()
    for name in names:
        if name.key in found:
            found[name.key].count += 1
    for entry in found.values():
        if entry.count == 0:
            entry.count = min(4, lowered.count(entry.text.lower()[: -1 if entry.text.endswith("s") else None]))
    return sorted(found.values(), key=lambda own: (-_rank(own), own.start))


_TITLE_WORD = regex.compile(r"[^\s:?!,;]+|[:?!,;]")


def title_phrases(title: str) -> Iterator[tuple[str, int, int]]:
    """Stretches of a title between prepositions and signs, as (rule, start, end): one may serve as the paper's name.

    The rule tells the word before the phrase: `phrase_start`, `phrase_with`, `phrase_colon`, ...
    """
    grammar = data.grammar()
    partings = grammar.title_partings
    words = [(m[0], m.start(), m.end()) for m in _TITLE_WORD.finditer(title)]
    begin = 0
    before = "start"
    for k in range(len(words) + 1):
        word = words[k][0] if k < len(words) else ":"
        if word.lower() in partings or word in ":?!,;":
            phrase = words[begin:k]
            while phrase and phrase[0][0].lower() in grammar.title_openers:
                if phrase[0][0].lower() in ("learning",) and len(phrase) > 1 and 2 <= len(phrase) <= 8:
                    yield f"phrase_{before}", phrase[0][1], phrase[-1][2]
                phrase = phrase[1:]
            if 2 <= len(phrase) <= 8 or (len(phrase) == 1 and before in ("with", "via", "using", "by")):
                yield f"phrase_{before}", phrase[0][1], phrase[-1][2]
            # "Attention and Memory for X": a phrase over an "of", an "and" or an "as" as well.
            if word.lower() in ("of", "and", "based", "from", "to"):
                rest = k + 1
                while rest < len(words) and words[rest][0].lower() not in partings and words[rest][0] not in ":?!,;":
                    rest += 1
                if phrase and rest - k <= 6 and rest - begin <= 9:
                    yield "phrase_long", phrase[0][1], words[rest - 1][2]
            begin = k + 1
            before = "colon" if word in ":?!,;" else word.lower()


_RANK = {
    "title_prefix": 6.0,
    "introduced": 5.0,
    "proposed": 3.5,
    "abbreviation_proposed": 3.0,
    "title_abbreviation": 3.0,
    "ours": 2.0,
    "repository": 1.5,
    "abbreviation": 1.0,
    "in_title": 0.8,
}


def _rank(own: OwnName) -> float:
    # An exact sum: the rules are a set, and their order must not tell.
    return math.fsum(_RANK.get(rule, 0.5) for rule in own.rules) + 0.3 * min(own.count, 4)


def _long_form(tokens: Tokens, name: Name, text: str) -> str:
    """What the abbreviation in parentheses stands for, "" if the words before it do not spell it.

    Schwartz and Hearst (2003), in short: from the right, each letter of the short form stands in the words before it,
    in order, and its first letter begins a word.
    """
    short = [c.lower() for c in name.text if c.isalnum()]
    if name.last - name.first > 2 or not 2 <= len(short) <= 10:
        return ""
    if short[-1] == "s" and name.text[-1] == "s":
        short = short[:-1]
    k = name.first - 2
    begin = k
    while (
        begin >= 0
        and tokens.sentence[begin] == name.sentence
        and k - begin < len(short) + 5
        and tokens.lower[begin] not in ("(", ")", ".", ";", ",")
    ):
        begin -= 1
    begin += 1
    if begin > k:
        return ""
    start, end = tokens.start[begin], tokens.end[k]
    long = text[start:end].lower()
    position = len(long)
    for at, letter in reversed(list(enumerate(short))):
        while True:
            position = long.rfind(letter, 0, position)
            if position < 0:
                return ""
            if at > 0 or position == 0 or not long[position - 1].isalnum():
                break
    return text[start + position : end]
