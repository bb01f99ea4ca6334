"""Names in a text: chunks of capitalised, camel-case or digit-bearing tokens, with what the text says of their type.

Names never seen before are found by shape; the lexicon only adds evidence. Which of them is a data set, which a system,
is decided where a number is linked, from the evidence collected here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

import regex

from leaderboard.extraction import data
from leaderboard.extraction.tokens import Tokens, cue_classes


@dataclass(slots=True)
class Name:
    """A name at tokens first:last (half-open). `key` folds its spelling, so that repeated mentions are one entity."""

    first: int
    last: int
    text: str
    key: str
    sentence: int
    in_title: bool
    evidence: set[str] = field(default_factory=set)


@cache
def common_words() -> frozenset[str]:
    """Words that abstracts write in lower case: capitalised at a sentence's start or in a title they are no names."""
    return data.words("common_words.txt")


_SHOTS = regex.compile(
    r"(?i:top-?\d+|\d+-(?:shot|way|fold|step|layer|bit|class|stage|hop|th|dimensional|year|month|day|hour|second|minute)s?|rank-?\d+|r@\d+|r-\d|\d+(?:st|nd|rd|th|d|x)|\d+-d|f\d|[kn]-\w+|ap\d*|ar\d*|hits?@\d+)"
)
_VERSION = regex.compile(r"(?:19|20)\d\d|\d{1,2}(?:\.\d{1,2})?(?:\.\d)?")
_FOLD = regex.compile(r"[\W_]+")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The key under which spellings of a name meet: lower case, letters, digits and + only."""
    return str(_FOLD.sub("", text.replace("+", "plus"))).lower()


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two texts name the same system: equal, or the words of one among the other's and at least half of them.

    Nouns like "model" and "framework" do not count.
    """
    if not one or not other:
        return not one and not other
    if fold(one) == fold(other):
        return True
    small, large = sorted((_name_words(one), _name_words(other)), key=len)
    return small <= large and 2 * len(small) >= len(large)


@lru_cache(maxsize=4096)
def _name_words(name: str) -> frozenset[str]:
    words = [word for word in _FOLD.split(name.lower()) if word]
    words = [word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] not in "sui" else word for word in words]
    return frozenset(words) - data.grammar().method_nouns or frozenset(words)


@lru_cache(maxsize=65536)
def is_name_shaped(word: str, starts_sentence: bool) -> bool:
    """Whether a token looks like (part of) a name: `BERT`, `SciERC`, `CIFAR-10`, `enwik8`, `Places`, not `The`."""
    if len(word) < 2:
        return word.isupper() and word not in ("A", "I") and not starts_sentence
    upper = sum(map(str.isupper, word))
    if upper == 0:
        return word[-1].isdigit() and word[0].isalpha() and not _SHOTS.fullmatch(word)
    if upper <= 1 and not word.isupper() and _SHOTS.fullmatch(word):
        return False
    if upper == 1 and word[0].isupper():
        lower = word.lower()
        if starts_sentence:
            return not all(part in common_words() or not part for part in lower.replace("'", "-").split("-"))
        return not (lower in common_words() and len(lower) < 4)
    return True


def find_names(
    tokens: Tokens, text: str, title_end: int, metric_tokens: frozenset[int], known: dict[int, tuple[int, str]]
) -> list[Name]:
    """The names among the tokens, in order, not overlapping.

    Args:
        tokens: of the whole text.
        text: the clean text.
        title_end: where the title ends in it (0 without one).
        metric_tokens: tokens that name a metric and so end a name.
        known: names of the lexicon, first token -> (end token, type).
    """
    names: list[Name] = []
    size = len(tokens)
    words, lower, sentence = tokens.text, tokens.lower, tokens.sentence
    done = 0
    # Most words are letters in lower case and known to nobody: no name begins with them.
    for i, word in enumerate(words):
        if (word == lower[i] and word.isalpha() and i not in known) or i < done or i in metric_tokens:
            continue
        if i not in known and (tokens.value[i] is not None or not (word[-1].isdigit() or word != lower[i])):
            continue
        starts = (
            i == 0
            or sentence[i] != sentence[i - 1]
            or (i > 1 and words[i - 1] in ":" and tokens.end[i - 1] <= title_end)
        )
        in_title = tokens.end[i] <= title_end
        if i in known and not (known[i][0] == i + 1 and words[i] == lower[i] and lower[i] in common_words()):
            last = known[i][0]
        elif words[i][0].isalnum() and is_name_shaped(words[i], starts or in_title):
            last = i + 1
        else:
            continue
        first = i
        while last < size and sentence[last] == sentence[first] and last not in metric_tokens:
            gap = tokens.start[last] - tokens.end[last - 1]
            if gap > 1:
                break
            value = tokens.value[last]
            if last in known and known[last][1] == "dataset" and first in known and known[first][1] == "dataset":
                break
            if value is not None:
                if _belongs_to_name(tokens, last, metric_tokens):
                    last += 1
                    continue
                break
            if last in known:
                last = known[last][0]
            elif words[last][0].isalnum() and is_name_shaped(words[last], in_title):
                last += 1
            else:
                break
        name_text = text[tokens.start[first] : tokens.end[last - 1]]
        names.append(Name(first, last, name_text, fold(name_text), sentence[first], in_title))
        done = last
    _ellipses(tokens, names)
    return names


def _belongs_to_name(tokens: Tokens, k: int, metric_tokens: frozenset[int]) -> bool:
    """Whether the number at token k belongs to the name before it: "VOC 2007", "SQuAD 2.0", "Paris 6k", "NTU 120"."""
    value = tokens.value[k]
    assert value is not None
    after = tokens.lower[k + 1] if k + 1 < len(tokens) else ""
    if tokens.text[k - 1] in ("(", ")") or after in _COUNTED or value.sign or value.shared_unit:
        return False
    if value.unit:
        return (
            value.unit_text in ("k", "K", "h")
            and value.decimals == 0
            and value.number < 1000
            and tokens.end[k] - value.end == 1
        )
    if not _VERSION.fullmatch(tokens.text[k]) and not (value.decimals == 0 and value.number <= 1000):
        return False
    if value.number > 1900 or (value.number < 10 and value.decimals < 2):
        return True
    before = tokens.text[k - 1]
    return value.decimals == 0 and any(c.isupper() for c in before[1:]) and k + 1 not in metric_tokens


_COUNTED = frozenset({"%", "points", "times", "percent"})
_TRAILING_YEAR = regex.compile(r"^(.*?)\s?((?:19|20)\d\d|\d\.\d)$")


def _ellipses(tokens: Tokens, names: list[Name]) -> None:
    """Add "PASCAL VOC 2012" for the year alone in "PASCAL VOC 2007 (73.2%) and 2012 (70.4%)"."""
    followers = data.grammar().after_ellipsis
    added = []
    for name in names:
        match = _TRAILING_YEAR.match(name.text) if name.text[-1].isdigit() else None
        if not match or not match[1]:
            continue
        k = name.last
        for k in range(name.last, min(name.last + 12, len(tokens))):
            if tokens.sentence[k] != name.sentence:
                break
            value = tokens.value[k]
            if (
                value is not None
                and not value.unit
                and tokens.lower[k - 1] in ("and", ",", "&", "/", "or")
                and len(value.text) == len(match[2])
                and (1980 < value.number < 2030 if "." not in match[2] else value.number < 10 and value.decimals == 1)
                and (k + 1 >= len(tokens) or tokens.lower[k + 1] in followers)
            ):
                text = f"{match[1]} {value.text}"
                added.append(Name(k, k + 1, text, fold(text), name.sentence, name.in_title, {"ellipsis"}))
    if added:
        names.extend(added)
        names.sort(key=lambda n: n.first)


def collect_evidence(tokens: Tokens, names: list[Name], known: dict[int, tuple[int, str]]) -> dict[str, set[str]]:
    """What the text says of each name's type, by key: the union over its mentions and its partners in lists.

    Evidence is one of `lex_dataset`, `lex_method`, `lex_task`, `lex_metric` (the lexicon), `dnoun`, `setnoun`, `mnoun`
    (a noun behind it), `on`, `in` (a preposition before it), `subject`, `object` (beside a verb), `propose`, `coord`.
    """
    words = data.grammar()
    dataset_nouns, method_nouns, subject_verbs = words.dataset_nouns, words.method_nouns, words.subject_verbs
    openers, introducers = words.name_openers, words.dataset_introducers
    lower, size = tokens.lower, len(tokens)
    for name in names:
        evidence = name.evidence
        for k in range(name.first, name.last):
            if k in known:
                end, kind = known[k]
                evidence.add("lex_" + kind if k == name.first and end == name.last else "part_" + kind)
        after = lower[name.last] if name.last < size else ""
        after2 = lower[name.last + 1] if name.last + 1 < size else ""
        after3 = lower[name.last + 2] if name.last + 2 < size else ""
        if after in dataset_nouns or (
            after not in subject_verbs
            and after.isalpha()
            and (after2 in dataset_nouns or (after3 in dataset_nouns and after2.isalpha()))
        ):
            evidence.add("dnoun")
        elif after in words.set_nouns or (after.isalpha() and after2 in ("set", "sets", "split")):
            evidence.add("setnoun")
        if after in method_nouns or after2 in method_nouns:
            evidence.add("mnoun")
        if after in subject_verbs:
            evidence.add("subject")
        k = name.first - 1
        while k >= 0 and lower[k] in openers:
            k -= 1
        before = lower[k] if k >= 0 and tokens.sentence[k] == name.sentence else ""
        if before == "on":
            evidence.add("on")
        elif before in ("in", "across", "for", "of"):
            evidence.add("in")
        elif (
            before in introducers
            or (before == ":" and k > 0 and lower[k - 1] in dataset_nouns)
            or (before == "," and k > 0 and lower[k - 1] in ("datasets", "benchmarks"))
        ):
            evidence.add("after_dnoun")
        elif before in words.object_words:
            evidence.add("object")
        elif before in method_nouns:
            evidence.add("after_mnoun")
        if "propose" in cue_classes(before):
            evidence.add("propose")
    _coordinate(tokens, names)
    by_key: dict[str, set[str]] = {}
    for name in names:
        by_key.setdefault(name.key, set()).update(name.evidence)
    return by_key


_SPREADING = frozenset({"dnoun", "on", "lex_dataset", "lex_method", "object", "setnoun", "after_dnoun", "mnoun", "in"})


def _coordinate(tokens: Tokens, names: list[Name]) -> None:
    """Partners in a list share evidence: in "on A, B, and C datasets" all three are data sets."""
    k = 0
    while k < len(names):
        group = [names[k]]
        while k + 1 < len(names) and _joined(tokens, names[k], names[k + 1]):
            k += 1
            group.append(names[k])
        if len(group) > 1:
            union = set().union(*(name.evidence for name in group)) & _SPREADING
            for name in group:
                name.evidence |= {"co_" + item for item in union if item not in name.evidence}
        k += 1


def _joined(tokens: Tokens, left: Name, right: Name) -> bool:
    gap = tokens.lower[left.last : right.first]
    return (
        left.sentence == right.sentence
        and 0 < len(gap) <= 3
        and all(word in (",", "and", "or", "&", "/", "the", "as", "well", "+") for word in gap)
    )
