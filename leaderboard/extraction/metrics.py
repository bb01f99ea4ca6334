"""Metric mentions: names from the lexicon, and phrases with a metric's head word ("point reconstruction accuracy")."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from leaderboard.extraction import data
from leaderboard.extraction.tokens import Tokens, cue_classes


@dataclass(slots=True)
class MetricMention:
    """A metric's name at tokens first:last (half-open) of the text.

    `name_first:name_last` is the part that names it best: the abbreviation of "word error rate (WER)". `name` is the
    whole name with a head borrowed from a later mention ("top-1" of "85% top-1 and 95% top-5 accuracy").
    `strength` is lexicon, head, weak, qualifier or shape: how sure it is that this is a metric at all.
    """

    first: int
    last: int
    name_first: int
    name_last: int
    strength: str
    name: str = ""
    core_first: int = 0


@dataclass(frozen=True, slots=True)
class MetricWords:
    """The word lists of the metric grammar, as sets of lower-case words."""

    heads: frozenset[str]
    tails: frozenset[str]
    weak: frozenset[str]
    not_before: frozenset[str]
    qualifiers: frozenset[str]
    cased: frozenset[str]
    plain: frozenset[str]
    cut_heads: frozenset[str]


@cache
def metric_words() -> MetricWords:
    """The lists of metric_words.toml."""
    lists = data.toml("metric_words.toml")
    return MetricWords(**{name: frozenset(words) for name, words in lists.items()})


_STOP_CUES = frozenset({"achieve_verb", "gain_verb", "loss_verb", "propose", "cost_verb", "than"})
_MODIFIER_LIMIT = 4
# "test set error": "set" is no verb behind these.
_SPLITS = frozenset({"test", "validation", "dev", "development", "training", "train", "val"})


def find_metrics(
    tokens: Tokens, known: list[tuple[int, int, bool]], names: frozenset[int], text: str
) -> list[MetricMention]:
    """The metric mentions among the tokens, in order, not overlapping.

    Args:
        tokens: of the whole text.
        known: lexicon metrics as (first token, end token, ambiguous).
        names: tokens that belong to the name of a known data set or method, which never modify a metric.
        text: the clean text.
    """
    grammar = metric_words()
    lower, size = tokens.lower, len(tokens)
    core: dict[int, tuple[int, str]] = {}
    for first, last, ambiguous in known:
        # "state-of-the-art performance": praise is no part of a name, even of one that the lexicon holds.
        while (
            first < last - 1
            and lower[first] in grammar.not_before
            and not (lower[first] == "top" and tokens.value[first + 1] is not None)
        ):
            first += 1
        if not any(k in names for k in range(first, last)) or not ambiguous:
            core[first] = (last, "weak" if ambiguous and lower[first] in grammar.weak else "lexicon")
    heads = grammar.heads
    inside: set[int] = set()
    done = 0
    for first in sorted(core):
        if first >= done:
            done = core[first][0]
            inside.update(range(first, done))
    for i in [i for i, word in enumerate(lower) if word in heads or "@" in word]:
        if i in inside:
            continue
        word, _, cut = lower[i].partition("@")
        if (
            (word in heads or (cut and word in grammar.cut_heads))
            and i not in names
            and (word not in grammar.cased or any(map(str.isupper, tokens.text[i])))
        ):
            core[i] = (i + 1, "weak" if word in grammar.weak and not cut else "head")
    mentions: list[MetricMention] = []
    i = 0
    for first in sorted(core):
        if first < i:
            continue
        last, strength = core[first]
        # "F1" + "score", "error" + "rate": neighbouring cores make one name.
        while (
            last < size
            and tokens.start[last] - tokens.end[last - 1] <= 1
            and tokens.sentence[last] == tokens.sentence[first]
        ):
            if last in core and lower[last] not in ("is", "per", "data", "times", "reduction", "faster", "slower"):
                new_last, other = core[last]
                strength = (
                    "lexicon" if "lexicon" in (strength, other) else "head" if "head" in (strength, other) else strength
                )
                if strength == "weak" and lower[last] in grammar.tails:
                    strength = "head"
                last = new_last
            elif lower[last] in grammar.tails and last not in names:
                last += 1
                strength = "head" if strength == "weak" else strength
            else:
                break
        begin = _modifiers(tokens, first, mentions[-1].last if mentions else 0, names, grammar)
        if begin < first and strength == "weak" and lower[last - 1] not in grammar.plain:
            strength = "head"
        if lower[first] in grammar.qualifiers and last == first + 1 and begin == first:
            strength = "qualifier"
        mention = MetricMention(begin, last, begin, last, strength, core_first=first)
        if last + 2 < size and lower[last] == "(" and lower[last + 2] == ")" and _abbreviates(tokens, last + 1):
            mention.name_first, mention.name_last = last + 1, last + 2
            mention.last = last + 3
            mention.strength = "lexicon"
        i = mention.last
        mentions.append(mention)
    mentions += _abbreviated(tokens, mentions, names)
    mentions.sort(key=lambda m: m.first)
    for mention in mentions:
        mention.name = text[tokens.start[mention.name_first] : tokens.end[mention.name_last - 1]]
        if len(mention.name) > 2 and mention.name[-1] == "s" and mention.name[-2].isupper():
            mention.name = mention.name[:-1]
    _borrow_heads(tokens, mentions, text, grammar)
    mentions += _spread_names(tokens, mentions, text, grammar, names)
    mentions.sort(key=lambda m: m.first)
    return mentions


def _modifiers(tokens: Tokens, first: int, floor: int, names: frozenset[int], grammar: MetricWords) -> int:
    """Where the phrase begins: the words before its head that belong to it, at most four."""
    begin = first
    while begin > floor and first - begin < _MODIFIER_LIMIT:
        k = begin - 1
        word = tokens.lower[k]
        value = tokens.value[k]
        if value is not None and k > floor and tokens.lower[k - 1] in ("top", "rank") and value.decimals == 0:
            return k - 1  # "top 5 error"
        if (
            tokens.value[k] is not None
            or k in names
            or word in grammar.not_before
            or not (word[0].isalpha() or (word[0].isdigit() and word[-1].isalpha()))
            or tokens.sentence[k] != tokens.sentence[first]
            or tokens.start[begin] - tokens.end[k] != 1
            or (
                not _STOP_CUES.isdisjoint(cue_classes(word))
                and not (word == "set" and k > floor and tokens.lower[k - 1] in _SPLITS)
            )
            or word.endswith("ly")
        ):
            break
        begin = k
    return begin


def _abbreviates(tokens: Tokens, k: int) -> bool:
    word = tokens.text[k]
    if len(word) == 2 and word[0].isupper() and word[1].isdigit():
        return True  # "rank-1 (R1)"
    return (tokens.value[k] is None and 2 <= len(word) <= 12 and sum(c.isupper() for c in word) >= 2) or word in (
        "mIoU",
        "mAP",
    )


def _abbreviated(tokens: Tokens, mentions: list[MetricMention], names: frozenset[int]) -> list[MetricMention]:
    """The further places of the short forms that the text introduces ("point accuracy (PA)" ... "a PA of 81.5")."""
    short = {tokens.text[m.name_first] for m in mentions if m.last > m.name_last}
    if not short:
        return []
    taken = {k for m in mentions for k in range(m.first, m.last)}
    return [
        MetricMention(k, k + 1, k, k + 1, "head", core_first=k)
        for k, word in enumerate(tokens.text)
        if word in short and k not in taken and k not in names
    ]


def _borrow_heads(tokens: Tokens, mentions: list[MetricMention], text: str, grammar: MetricWords) -> None:
    """Give "top-1" of "85% top-1 and 95.8% top-3 accuracy" the head of the mention that completes the list."""
    for k, mention in enumerate(mentions):
        if mention.strength != "qualifier":
            continue
        for later in mentions[k + 1 : k + 4]:
            if tokens.sentence[later.first] != tokens.sentence[mention.first]:
                break
            if later.strength in ("head", "lexicon", "weak") and later.last - later.core_first >= 1:
                head = later.core_first
                # The head without its own qualifier: "accuracy" of "top-3 accuracy".
                while head < later.last - 1 and tokens.lower[head] in grammar.qualifiers:
                    head += 1
                if head > later.first:
                    mention.name += " " + text[tokens.start[head] : tokens.end[later.last - 1]]
                break


def _spread_names(
    tokens: Tokens, mentions: list[MetricMention], text: str, grammar: MetricWords, names: frozenset[int]
) -> list[MetricMention]:
    """Names whose head stands at the end of a list only.

    "55.8% question-match and 30.8% interaction-match accuracy" names the question-match accuracy as well, and "pixel,
    character, and word detection f-measures of 93, 90 and 87" three f-measures.
    """
    lower, values = tokens.lower, tokens.value
    taken = {k for m in mentions if m.strength != "weak" for k in range(m.first, m.last)}
    found: list[MetricMention] = []
    for mention in mentions:
        if mention.strength not in ("head", "lexicon") or mention.last - mention.first < 2:
            continue
        head = text[tokens.start[max(mention.core_first, mention.first + 1)] : tokens.end[mention.last - 1]]
        # Each value with its own qualifier.
        k = mention.first - 1
        while k > 2 and values[k] is not None and lower[k - 1] in ("and", ",", "/", "&"):
            k -= 2
            while lower[k] in (",", "and"):
                k -= 1
            end = k + 1
            while k >= 0 and end - k <= 3 and _qualifies(tokens, k, taken, names, grammar):
                k -= 1
            if k < 0 or values[k] is None or end == k + 1 or tokens.sentence[k] != tokens.sentence[mention.first]:
                break
            name = f"{text[tokens.start[k + 1] : tokens.end[end - 1]]} {head}"
            found.append(MetricMention(k + 1, end, k + 1, end, "spread", name, k + 1))
        # A list of qualifiers before the values.
        behind = mention.last
        while behind < len(lower) and behind - mention.last < 3 and values[behind] is None:
            behind += 1
        following = lower[behind + 1 : behind + 4]
        if (
            behind < len(lower)
            and values[behind] is not None
            and any(word in (",", "and", "/", "&") for word in following[:1])
        ):
            rest = text[tokens.start[mention.first + 1] : tokens.end[mention.last - 1]]
            k = mention.first - 1
            while k > 0 and lower[k] in (",", "and", "/", "&"):
                while lower[k] in (",", "and", "/", "&"):
                    k -= 1
                if (
                    not _qualifies(tokens, k, taken, names, grammar)
                    or tokens.sentence[k] != tokens.sentence[mention.first]
                ):
                    break
                found.append(MetricMention(k, k + 1, k, k + 1, "spread", f"{tokens.text[k]} {rest}", k))
                k -= 1
    return found


def _qualifies(tokens: Tokens, k: int, taken: set[int], names: frozenset[int], grammar: MetricWords) -> bool:
    word = tokens.lower[k]
    return (
        tokens.value[k] is None
        and k not in taken
        and k not in names
        and word[0].isalpha()
        and word not in grammar.not_before
        and _STOP_CUES.isdisjoint(cue_classes(word))
    )
