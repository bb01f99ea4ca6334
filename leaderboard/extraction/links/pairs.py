"""A number and a mention in the same text: how they stand to each other, as features."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from leaderboard.extraction import data
from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.metrics import MetricMention
from leaderboard.extraction.names import Name, fold
from leaderboard.extraction.uses import Uses


@dataclass(slots=True)
class Candidate:
    """One way to fill a slot: the text at `start:end` of the clean text, or nothing (`text` None).

    `name` is what the slot says, which may join more than the text at the place ("top-1 accuracy").
    """

    name: str | None
    start: int
    end: int
    features: list[str]
    first: int = -1  # tokens, where the candidate is a mention beside the number
    last: int = -1
    own: bool = False
    spelled: str = ""  # the text at the place, where the name is the short form of it


class Previous(NamedTuple):
    """What the value before, at this index, took for a slot."""

    at: int
    choice: Candidate


def known(key: str) -> str:
    """How many papers of a large corpus mention a name, by its folded key: rare, some, many."""
    count = data.counts("frequent_names.tsv").get(key, 0)
    return "rare" if count < 5 else "some" if count < 15 else "many"


def bucket(distance: int) -> str:
    """The class of a distance in tokens."""
    return (
        str(distance)
        if distance <= 3
        else "4-5"
        if distance <= 5
        else "6-9"
        if distance <= 9
        else "10-15"
        if distance <= 15
        else "far"
    )


class Pairs:
    """The geometry of one text: its results, metrics and names by sentence, and how values and mentions stand.

    Args:
        a: the text.
        kinds: the kind of each of its values, in order.
    """

    def __init__(self, a: Analysis, kinds: list[str]) -> None:
        self.a = a
        self.kinds = kinds
        self.results = [i for i, kind in enumerate(kinds) if kind != "none"]
        tokens = a.tokens
        self.by_sentence: dict[int, list[int]] = {}
        for i in self.results:
            self.by_sentence.setdefault(tokens.sentence[a.value_tokens[i]], []).append(i)
        self.metrics_by_sentence: dict[int, list[MetricMention]] = {}
        for metric in a.metrics:
            self.metrics_by_sentence.setdefault(tokens.sentence[metric.first], []).append(metric)
        self.names_by_sentence: dict[int, list[Name]] = {}
        for name in a.names:
            self.names_by_sentence.setdefault(name.sentence, []).append(name)
        self._sequences: dict[tuple[int, str], list[tuple[int, int]]] = {}
        self._alignments: dict[tuple[int, str], dict[tuple[int, int], list[str]]] = {}

    @cached_property
    def uses(self) -> Uses:
        """How the abstract uses its names."""
        a = self.a
        return Uses(a.text, a.document.abstract_start, a.tokens, a.names, self.by_sentence)

    @cached_property
    def is_observer(self) -> bool:
        """Whether the title is that of a paper that reports mostly other people's numbers."""
        title = self.a.text[: self.a.title_end].lower().replace("-", " ")
        return any(word in title for word in data.grammar().observer_titles)

    def pair(self, i: int, first: int, last: int, others: list[int], slot: str) -> list[str]:
        """Features of a value and a mention at tokens first:last of its sentence; `others` are where rivals begin."""
        a = self.a
        token = a.value_tokens[i]
        group = a.groups[i]
        labels, lower = a.labels, a.tokens.lower
        kind = self.kinds[i]
        if last <= token:
            side, near, far = "L", last, group[0] if group[0] >= last else token
            between = range(last, far)
        else:
            side, near, far = "R", group[-1] + 1 if group[-1] < first else token + 1, first
            between = range(near, far)
        distance = max(0, len(between))
        near_by = bucket(distance)
        out = [f"{side}{near_by}", f"{side}{near_by}|{kind}", f"{side}|{kind}"]
        if distance <= 5:
            out.append(
                f"{side}~"
                + " ".join(labels[k] if labels[k] in ("M", "m", "D", "X", "#") else lower[k] for k in between)
            )
        if distance and side == "R":
            out.append(f"R>{labels[near]}")
            out.append(f"R<{lower[first - 1]}")
        elif distance:
            out.append(f"L>{lower[last]}")
            out.append(f"L<{labels[far - 1]}")
        values = sum(labels[k] == "#" and a.tokens.value[k] is not None and k not in group for k in between)
        rivals = sum(between.start <= k < between.stop for k in others)
        out.append(f"{side}v{min(values, 3)}")
        out.append(f"{side}r{min(rivals, 3)}")
        out.append(f"{side}v{min(values, 3)}r{min(rivals, 3)}")
        crossed = data.grammar().crossed_words.intersection(lower[between.start : between.stop])
        out += [f"{side}x{word}" for word in crossed]
        if not values and not rivals:
            out.append(f"{side}nearest")
            out.append(f"{side}nearest|{kind}|group{min(len(group), 3)}")
        alignment = self._alignment(a.tokens.sentence[token], slot).get((token, first))
        if alignment:
            out += alignment
            out.append(alignment[0] + f"|{kind}")
        out += self._order(a.tokens.sentence[token], slot, token, first)
        depth_between = 0
        opened = closed = 0
        for word in lower[between.start : between.stop]:
            if word == "(":
                depth_between += 1
                opened += 1
            elif word == ")":
                if depth_between:
                    depth_between -= 1
                    opened -= 1
                else:
                    closed += 1
        if opened:
            out.append(f"{side}opens")
        if closed:
            out.append(f"{side}closes")
        return out

    def sequence(self, sentence: int, slot: str) -> list[tuple[int, int]]:
        """Tokens of the mentions of a slot in a sentence, as (first, last), those that could fill it."""
        known = self._sequences.get((sentence, slot))
        if known is None:
            known = self._sequences[(sentence, slot)] = self._sequence(sentence, slot)
        return known

    def _sequence(self, sentence: int, slot: str) -> list[tuple[int, int]]:
        if slot == "metric":
            return [(m.first, m.last) for m in self.metrics_by_sentence.get(sentence, []) if m.strength != "weak"]
        names = self.names_by_sentence.get(sentence, [])
        if slot == "dataset":
            return [(n.first, n.last) for n in names if self.a.dataset_like(n)]
        return [(n.first, n.last) for n in names if not self.a.dataset_like(n)]

    def _alignment(self, sentence: int, slot: str) -> dict[tuple[int, int], list[str]]:
        """Pairs (value token, first token of mention) that stand at the same place of two lists of one length."""
        key = (sentence, slot)
        if key in self._alignments:
            return self._alignments[key]
        a = self.a
        pairs: dict[tuple[int, int], list[str]] = {}
        values = [a.value_tokens[i] for i in self.by_sentence.get(sentence, [])]
        groups: list[list[int]] = []
        for token in values:
            if groups and token in a.groups[a.value_tokens.index(groups[-1][0])]:
                groups[-1].append(token)
            else:
                groups.append([token])
        mentions = self.sequence(sentence, slot)
        lists: list[list[tuple[int, int]]] = []
        for mention in mentions:
            if lists and self._listed(lists[-1][-1][1], mention[0]):
                lists[-1].append(mention)
            else:
                lists.append([mention])
        first, last = a.sentence_tokens[sentence]
        respectively = "respectively" in a.tokens.lower[first:last]
        tag = "respectively" if respectively else "parallel"
        for group in groups:
            for listing in lists:
                if len(listing) < 2:
                    continue
                # As many values as names, or twice as many: then each name has two in a row.
                share = len(group) // len(listing)
                if share not in (1, 2) or len(group) != share * len(listing):
                    continue
                for x, token in enumerate(group):
                    for y, mention in enumerate(listing):
                        sign = "=" if x // share == y else "!="
                        if share == 1:
                            pairs[(token, mention[0])] = [f"{tag}{sign}", f"{tag}{sign}{min(len(group), 4)}"]
                        else:
                            pairs.setdefault((token, mention[0]), [f"blocks{sign}"])
        # No bare list of values, but as many as a list has mentions ("A (1), B (2)" is left to the pair itself).
        if len(groups) > 1 and all(len(group) == len(groups[0]) for group in groups):
            for listing in lists:
                if len(listing) == len(groups) > 1:
                    for x, group in enumerate(groups):
                        for token in group:
                            for y, mention in enumerate(listing):
                                pairs.setdefault((token, mention[0]), [f"{tag}_groups{'=' if x == y else '!='}"])
        self._alignments[key] = pairs
        return pairs

    def list_of(self, first: int, slot: str) -> list[tuple[int, int]]:
        """The mentions, as (first, last) tokens, of the list in which the mention at a token stands; alone, only it."""
        listing: list[tuple[int, int]] = []
        for mention in self.sequence(self.a.tokens.sentence[first], slot):
            if listing and not self._listed(listing[-1][1], mention[0]):
                if any(member[0] == first for member in listing):
                    break
                listing = []
            listing.append(mention)
        return listing if any(member[0] == first for member in listing) else []

    def far_alignment(self, i: int) -> dict[int, bool]:
        """For names of the nearest earlier list as long as the value's own: whether they stand at the same place in it.

        "... on A, B and C. The baseline has an error of 1, 2 and 3 respectively."
        """
        a = self.a
        group = a.groups[i]
        if len(group) < 2:
            return {}
        sentence = a.tokens.sentence[group[0]]
        for earlier in range(sentence - 1, -1, -1):
            lists: list[list[tuple[int, int]]] = []
            for mention in self.sequence(earlier, "dataset"):
                if lists and self._listed(lists[-1][-1][1], mention[0]):
                    lists[-1].append(mention)
                else:
                    lists.append([mention])
            for listing in lists:
                if len(listing) == len(group):
                    place = group.index(a.value_tokens[i])
                    return {mention[0]: k == place for k, mention in enumerate(listing)}
        return {}

    def _listed(self, left: int, right: int) -> bool:
        words = data.grammar().list_words
        between = self.a.tokens.lower[left:right]
        return (
            0 < len(between) <= 5
            and all(word in words for word in between)
            and any(word in (",", "and", "or", "&", "/", "as", ";") for word in between)
        )

    def _order(self, sentence: int, slot: str, token: int, first: int) -> list[str]:
        """Whether values and mentions alternate in this sentence, and whether the pair keeps to that order."""
        a = self.a
        values = [a.value_tokens[i] for i in self.by_sentence.get(sentence, [])]
        mentions = [m for m, _ in self.sequence(sentence, slot)]
        if not values or not mentions or first not in mentions:
            return []
        values_first = values[0] < mentions[0]
        mention_last = mentions[-1] > values[-1]
        if values_first and mention_last:
            following = [m for m in mentions if m > token]
            ok = bool(following) and following[0] == first
            return [f"order:v-m{'=' if ok else '!='}"]
        if not values_first and not mention_last:
            preceding = [m for m in mentions if m < token]
            ok = bool(preceding) and preceding[-1] == first
            return [f"order:m-v{'=' if ok else '!='}"]
        return ["order:mixed" if not values_first else "order:inside"]

    def compare_with_previous(self, i: int, candidates: list[Candidate], previous: Previous | None) -> None:
        """Tell each candidate whether the value before took the same, and how the two values stand to each other."""
        if previous is None:
            return
        a = self.a
        token, other = a.value_tokens[i], a.value_tokens[previous.at]
        kinds = f"{self.kinds[previous.at]}>{self.kinds[i]}"
        if a.tokens.sentence[token] != a.tokens.sentence[other]:
            place = "before"
        elif other in a.groups[i]:
            place = "list"
        else:
            place = "sentence"
        between = a.labels[other + 1 : token] if place == "sentence" and token - other <= 9 else []
        pattern = " ".join(between) if 0 < len(between) <= 8 else ""
        key = fold(previous.choice.name) if previous.choice.name else ""
        for candidate in candidates:
            mine = fold(candidate.name) if candidate.name else ""
            relation = (
                "null" if not mine and not key else "same" if mine == key else "was_null" if not key else "differs"
            )
            if (
                relation == "same"
                and candidate.first >= 0
                and previous.choice.first >= 0
                and candidate.first != previous.choice.first
            ):
                relation = "same_again"
            if relation == "differs" and candidate.first >= 0 and other < candidate.first < token:
                relation = "differs_between"
            candidate.features += [f"prev:{place}:{relation}", f"prev:{place}:{relation}|{kinds}"]
            if pattern:
                candidate.features.append(f"prev:{relation}~{pattern}")

    def name_candidate(self, name: Name, features: list[str], own: bool = False) -> Candidate:
        """A name beside or away from the number, as a candidate; a "BERT-based" model is called BERT."""
        tokens = self.a.tokens
        text = name.text.removesuffix("-based")
        end = tokens.end[name.last - 1] - (len(name.text) - len(text))
        return Candidate(text, tokens.start[name.first], end, features, name.first, name.last, own)
