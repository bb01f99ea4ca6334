"""How an abstract uses a name: how it is introduced, where it first stands, what is said of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass

from leaderboard.extraction import data
from leaderboard.extraction.names import Name
from leaderboard.extraction.tokens import Tokens, cue_words

# Ways to introduce a name, the surest first. "proposed": a verb of proposing governs it, "ours": "our X", "the proposed
# X"; "used": a verb that takes other people's work as well. "_far": over a preposition, "_comma": over a comma,
# "_short": it stands in parentheses behind what the verb governs.
INTRODUCTIONS = (
    "called", "called_short", "proposed_short", "proposed", "proposed_short_comma", "proposed_comma", "ours",
    "ours_short", "somewhere_short", "somewhere", "ours_comma", "proposed_short_far", "proposed_far", "parentheses",
    "somewhere_short_far", "somewhere_far", "ours_far", "used", "used_short", "used_far", "none", "nowhere",
)  # fmt: skip
_STRENGTH = {name: rank for rank, name in enumerate(INTRODUCTIONS)}
_OTHER = _STRENGTH["parentheses"]
_SURE = _STRENGTH["ours"]


def strength(introduction: str) -> int:
    """The rank of a way to introduce a name, 0 the surest."""
    return _STRENGTH.get(introduction, _OTHER)


def is_sure(introduction: str) -> bool:
    """Whether a name that is introduced so is the paper's own."""
    return strength(introduction) <= _SURE


@dataclass(slots=True)
class Use:
    """The use of one name: `first` is where it first stands against the first sentence that proposes something."""

    introduction: str
    first: str
    count: int
    ways: set[str]


class Uses:
    """The uses of names in one abstract.

    Args:
        text: the clean text, its title first.
        begin: where the abstract begins in it.
        tokens: of the text.
        names: the names found in it.
        result_sentences: the sentences that hold results.
    """

    def __init__(
        self, text: str, begin: int, tokens: Tokens, names: list[Name], result_sentences: Collection[int]
    ) -> None:
        self.begin = begin
        self.tokens = tokens
        self.lower = tokens.lower
        self.result_sentences = result_sentences
        self.abstract = text[begin:].lower().replace("-", " ")
        self.mentions: dict[str, list[tuple[int, int]]] = {}
        for name in names:
            if not name.in_title:
                self.mentions.setdefault(name.key, []).append((name.first, name.last))
        self.verbs = self._proposing()
        self.first_verb = self.verbs[0] if self.verbs else -1
        self.first_sentence = tokens.sentence[self.first_verb] if self.verbs else -1
        self._verbs = frozenset(self.verbs)
        self._known: dict[tuple[str, str, bool], Use] = {}

    def _proposing(self) -> list[int]:
        """The tokens of verbs by which the paper proposes something of its own ("we present", "is introduced")."""
        words = data.grammar()
        proposing = cue_words("propose") - words.introducers - (words.propose_loosely - {"proposed"})
        verbs = []
        for first, last in self.tokens.ranges:
            if last <= first or self.tokens.start[first] < self.begin or proposing.isdisjoint(self.lower[first:last]):
                continue
            own = False
            for k in range(first, last):
                word = self.lower[k]
                if word in proposing:
                    if own or (k > 0 and self.lower[k - 1] in ("is", "are", "been", "was")):
                        verbs.append(k)
                elif word in words.own_subjects:
                    own = True
        return verbs

    def proposes(self) -> str:
        """What sort of thing the first verb of proposing governs: "data", "method", "else"; "" without such a verb."""
        if not self.verbs:
            return ""
        words = data.grammar()
        for word in self.lower[self.first_verb + 1 : self.first_verb + 10]:
            if word in words.dataset_nouns:
                return "data"
            if word in words.method_nouns:
                return "method"
            if word in words.introduction_barriers:
                break
        return "else"

    def proposed_words(self, text: str) -> str:
        """How many words of a phrase stand right behind a verb of proposing: none, few, half (or more), all."""
        parts = [word.rstrip("s") for word in text.lower().replace("-", " ").split() if len(word) > 2]
        best = 0.0
        for k in self.verbs[:3]:
            behind = " ".join(self.lower[k + 1 : k + 14]).replace("-", " ")
            best = max(best, sum(word in behind for word in parts) / max(1, len(parts)))
        return "none" if best == 0 else "few" if best < 0.5 else "half" if best < 1 else "all"

    def use(self, key: str, text: str, long_form: str = "", is_phrase: bool = False) -> Use:
        """How the abstract uses a name.

        Args:
            key: its folded spelling.
            text: the name.
            long_form: what it abbreviates, "" if nothing.
            is_phrase: whether it is a stretch of the title, to be looked for by its words.
        """
        asked = (key, long_form, is_phrase)
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = self._use(key, text, long_form, is_phrase)
        return known

    def _use(self, key: str, text: str, long_form: str, is_phrase: bool) -> Use:
        found = set(self.mentions.get(key, ()))
        if is_phrase or not found:
            found |= set(self._places(text))
        if long_form:
            found |= set(self._places(long_form))
        places = sorted(found)
        if not places:
            return Use("nowhere", "nowhere", 0, set())
        introduction = min((self._introduction(first) for first, _ in places), key=strength)
        place = places[0][0]
        sentence = self.tokens.sentence[place]
        if self.first_sentence < 0:
            first_place = "nothing_proposed"
        elif sentence != self.first_sentence:
            first_place = "before" if sentence < self.first_sentence else "after"
        else:
            first_place = "same_left" if place < self.first_verb else "same"
        ways: set[str] = set()
        for first, last in places:
            self._ways(first, last, ways)
        return Use(introduction, first_place, len(places), ways)

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Where the words of a name stand in the abstract, as tokens first:last."""
        stem = text.lower().replace("-", " ")
        if len(stem) > 3 and stem[-1] == "s":
            stem = stem[:-1]
        places: list[tuple[int, int]] = []
        at = self.abstract.find(stem) if stem else -1
        while at >= 0 and len(places) < 10:
            if at == 0 or not self.abstract[at - 1].isalnum():
                start, end = at + self.begin, at + self.begin + len(stem)
                first = max(0, bisect_right(self.tokens.start, start) - 1)
                places.append((first, bisect_left(self.tokens.start, end)))
            at = self.abstract.find(stem, at + len(stem))
        return places

    def _introduction(self, first: int) -> str:
        """How the name at a token is introduced in its sentence, one of INTRODUCTIONS."""
        words = data.grammar()
        introducers, barriers, proposing = words.introducers, words.introduction_barriers, cue_words("propose")
        lower = self.lower
        begin, _ = self.tokens.ranges[self.tokens.sentence[first]]
        k = first - 1
        while k >= begin and first - k <= 4 and lower[k] in words.naming_fillers:
            k -= 1
        if k >= begin and lower[k] in introducers:
            return "called"
        k = j = first - 1
        while j >= begin and j > k - 4 and lower[j] not in ("(", ")"):
            j -= 1
        short = j >= begin and lower[j] == "(" and j > k - 4
        if short:
            k = j - 1
        barrier, comma, way = False, False, ""
        for back in range(k, max(begin, k - 15) - 1, -1):
            word = lower[back]
            if k - back < 5 and word in introducers:
                return "called_short" if short else "called"
            if word in proposing:
                if back in self._verbs:
                    way = "proposed"
                elif word == "proposed":
                    way = "ours"
                else:
                    way = "used" if word in words.propose_loosely else "somewhere"
                break
            if word == "our":
                way = "ours"
                break
            if word in barriers or word in ";:.":
                barrier = True
            elif word == ",":
                comma = True
        if not way:
            return "parentheses" if short else "none"
        return way + ("_short" if short else "") + ("_far" if barrier else "_comma" if comma else "")

    def _ways(self, first: int, last: int, ways: set[str]) -> None:
        """Add what is said of the name at tokens first:last, with `_result` in a sentence of results."""
        words = data.grammar()
        lower = self.lower
        sentence = self.tokens.sentence[first]
        begin, end = self.tokens.ranges[sentence]
        result = "_result" if sentence in self.result_sentences else ""
        k = last
        while k < end and lower[k] in (")", "'s", "'", '"'):
            k += 1
        if lower[k : k + 1] == [","] and k + 1 < end and lower[k + 1] in ("a", "an", "the", "our", "which"):
            ways.add("defined")
        verb = k
        while verb < end and verb < k + 3 and (lower[verb] in words.method_nouns or lower[verb] in words.before_verb):
            verb += 1
        word = lower[verb] if verb < end else ""
        if word in words.subject_verbs or word in cue_words("gain_verb", "loss_verb") or word == "are":
            ways.add("subject" + result)
        if result:
            ways.add("in_result")
        near = lower[max(begin, first - 3) : first]
        if not (words.comparing_words.isdisjoint(near) and cue_words("than").isdisjoint(near)):
            ways.add("compared")
        if "our" in near:
            ways.add("ours")
        if not _MEANS.isdisjoint(near):
            ways.add("with" + result)
        if not words.training_words.isdisjoint(lower[max(begin, first - 4) : first]):
            ways.add("trained")


_MEANS = frozenset({"with", "using", "by", "apply", "applying", "use"})
