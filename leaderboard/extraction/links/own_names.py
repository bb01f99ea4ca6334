"""What the paper calls its own system: the candidates with their features, one decision a paper."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import regex

from leaderboard.extraction import data
from leaderboard.extraction.links.pairs import Candidate, Pairs, known
from leaderboard.extraction.names import fold
from leaderboard.extraction.own import OwnName
from leaderboard.extraction.tokens import cue_words
from leaderboard.extraction.uses import Use, is_sure, strength

# What the word beside a name in the title makes of it: a means, a purpose, or a part of something larger.
_SIDES = {
    "^": "edge", "$": "edge", "a": "edge", "an": "edge", "the": "edge",
    "for": "purpose", "to": "purpose", "in": "purpose", "on": "purpose", "towards": "purpose",
    "with": "means", "using": "means", "via": "means", "by": "means", "through": "means", "from": "means",
    "of": "of", "and": "and",
}  # fmt: skip
_SUFFIXES = (
    "networks", "network", "learning", "model", "models", "attention", "tion", "ment", "ing", "er", "or", "ity", "ance",
)  # fmt: skip
_TERM_WORD = regex.compile(r"[a-z0-9]+")


def term_words(text: str) -> list[str]:
    """The words of a term, in lower case and without a plural s, as the table of frequent terms spells them."""
    words = _TERM_WORD.findall(text.lower())
    return [w[:-1] if len(w) > 3 and w[-1] == "s" and w[-2] != "s" else w for w in words]


@dataclass(slots=True)
class _Entity(OwnName):
    """What may be the paper's own name, with all that is known of it; without rules, a name like any other."""

    use: Use = field(default_factory=lambda: Use("nowhere", "nowhere", 0, set()))
    left: str = "absent"  # what stands beside it in the title
    right: str = "absent"

    @property
    def sort(self) -> str:
        return "phrase" if self.is_phrase else "name"


class OwnNameLinks:
    """Candidates for the name of the paper's own system."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.a = pairs.a
        self.uses = pairs.uses
        self.is_resource = pairs.is_observer
        self.title = self.a.text[: self.a.title_end].lower().replace("-", " ")
        self.title_words = _TERM_WORD.findall(self.title)

    def candidates(self) -> list[Candidate]:
        """Candidates for the name of the paper's own system, the empty one first; one decision a paper."""
        entities = self._entities()
        for entity in entities:
            entity.use = self.uses.use(entity.key, entity.text, entity.long_form, entity.is_phrase)
            entity.left, entity.right = self._sides(entity.text)
            if entity.left == "absent" and entity.long_form:
                left, entity.right = self._sides(entity.long_form)
                entity.left = left if left == "absent" else "long_" + left
        named = [entity for entity in entities if not entity.is_phrase]
        sure = sum(is_sure(entity.use.introduction) for entity in named)
        headed = any(
            e.left == "edge" and e.right == "colon" and _shape(e.text) not in ("lower", "words") for e in named
        )
        state = "headed" if headed else "introduced" if sure else "unnamed"
        out = [Candidate(None, -1, -1, self._nothing(entities, named, sure, state), own=True)]
        for entity in entities:
            start, end = entity.start, entity.end
            if entity.long_form:
                # The short form is the name, the long form how the text spells it.
                start = self.a.text.find(entity.long_form)
                end = start + len(entity.long_form)
            features = self._features(entity, named, sure, state)
            out.append(Candidate(entity.text, start, end, features, own=True, spelled=entity.long_form))
        return out

    def _entities(self) -> list[_Entity]:
        """What may be the paper's own name, each once: a short form stands for its long form as well."""
        a = self.a
        entities = {
            own.key: _Entity(
                own.key, own.text, own.start, own.end, set(own.rules), own.is_dataset, own.count, own.long_form
            )
            for own in a.own[:12]
        }
        counts: dict[str, int] = {}
        further = {}
        for name in a.names:
            if name.key not in entities and not a.dataset_like(name):
                counts[name.key] = counts.get(name.key, 0) + 1
                further[name.key] = name
        for name in sorted(further.values(), key=lambda name: (-counts[name.key], name.first))[:6]:
            start, end = a.tokens.start[name.first], a.tokens.end[name.last - 1]
            entities[name.key] = _Entity(name.key, name.text, start, end)
        for short in [entity for entity in entities.values() if entity.long_form]:
            key = fold(short.long_form).rstrip("s")
            for other in list(entities.values()):
                if other is not short and other.key.rstrip("s") == key:
                    short.rules |= {"long_" + rule for rule in other.rules}
                    del entities[other.key]
        return list(entities.values())

    def _sides(self, text: str) -> tuple[str, str]:
        """What stands before and behind a name in the title: "absent" twice where it is not there."""
        title = self.title
        stem = text.lower().replace("-", " ")
        at = title.find(stem)
        if at < 0 and len(stem) > 4:
            stem = stem.rstrip("s")
            at = title.find(stem)
        if at < 0 or not stem:
            return "absent", "absent"
        before, rest = title[:at].split(), title[at + len(stem) :]
        ahead = before[-1] if before else "^"
        behind = (rest.split() or ["$"])[0]
        left = "parentheses" if title[at - 1 : at] == "(" else _SIDES.get(ahead, "word")
        if left == "word" and (ahead[-1] in ":?!,-" or ahead in ("—", "–")):
            left = "colon"
        opening = rest.lstrip("s'\"` )")[:1]
        right = "colon" if (opening and opening in ":?!,") or behind[0] in ":?!,—" else _SIDES.get(behind, "word")
        return left, right

    def _nothing(self, entities: list[_Entity], named: list[_Entity], sure: int, state: str) -> list[str]:
        """Features of the paper's system having no name."""
        phrases = [entity for entity in entities if entity.is_phrase]
        out = [
            "null",
            f"null|{state}",
            f"null|resource{self.is_resource:d}",
            f"null|resource{self.is_resource:d}|{state}",
            f"null|sure{min(sure, 3)}",
            f"null|proposing{min(len(self.uses.verbs), 2)}",
            f"null|phrases{min(len(phrases), 3)}|{state}",
            f"null|tasks_only{all(_is_task(entity.text) for entity in phrases):d}|{state}",
            "null|title_starts=" + (self.title.split() or ["$"])[0],
        ]
        out += [
            f"null|title_has={word}|{state}"
            for word in ("for", "via", "using", "with", "a", "an", "of", "and")
            if f" {word} " in f" {self.title} "
        ]
        if ":" in self.title:
            out.append(f"null|colon|{state}")
        if named:
            best = min(named, key=lambda entity: strength(entity.use.introduction))
            way = best.use.introduction
            out += [f"null|best={way}", f"null|best={way}|{known(best.key)}", f"null|best_shape={_shape(best.text)}"]
        if self.uses.verbs:
            out.append(f"null|proposes={self.uses.proposes()}|{state}")
            out.append(f"null|verb={self.uses.lower[self.uses.first_verb]}")
        return out

    def _features(self, entity: _Entity, named: list[_Entity], sure: int, state: str) -> list[str]:
        """Features of one candidate, each with its sort (a name, or a phrase of the title) before it."""
        use = entity.use
        way, left = use.introduction, entity.left
        place = f"{left}>{entity.right}"
        count = min(use.count, 3)
        shape, often = _shape(entity.text), known(entity.key)
        evidence = self.a.evidence.get(entity.key, set())
        listed = next((kind for kind in _LISTED if kind in evidence), "-")
        good = is_sure(way)
        is_dataset = entity.is_dataset or self.a.is_surely_dataset(entity.key)
        p = entity.sort + "|"
        out = [
            p,
            p + way,
            f"{p}first={use.first}",
            f"{p}count{count}",
            f"{p}shape={shape}",
            f"{p}listed={listed}",
            f"{p}title={place}",
            f"{p}left={left}",
            f"{p}right={entity.right}",
            f"{p}known={often}",
            f"{p}spelled={self._initials(entity.text)}",
            f"{p}dataset{is_dataset:d}|resource{self.is_resource:d}",
            f"{p}noun{not evidence.isdisjoint({'mnoun', 'after_mnoun'}):d}",
            f"{p}words{min(entity.text.count(' ') + 1, 5)}",
            f"{p}repository{'repository' in entity.rules:d}|sure{good:d}",
            f"{p}{way}|left={left}",
            f"{p}shape={shape}|left={left}",
            f"{p}shape={shape}|known={often}|listed={listed}",
            p + state,
            f"{p}{state}|title={place}",
            *(f"{p}rule:{rule}" for rule in entity.rules),
        ]
        covered = self._covered(entity.long_form)
        out += [f"{p}long={covered}", f"{p}long={covered}|sure{good:d}"]
        for said in use.ways:
            out += [p + said, f"{p}{said}|known={often}", f"{p}{said}|sure{good:d}"]
        if not entity.is_phrase:
            better = min(3, sum(strength(other.use.introduction) < strength(way) for other in named))
            out += [
                f"{p}better{better}",
                f"{p}better{min(better, 2)}|{state}|sure{good:d}",
                f"{p}only{sure == 1 and good:d}",
            ]
        if entity.is_phrase or " " in entity.text:
            out += self._words(entity, state, p)
        return out

    def _words(self, entity: _Entity, state: str, p: str) -> list[str]:
        """Features of a name of several words: its head, how frequent its terms are, whether the paper proposes it."""
        words = entity.text.lower().split()
        head = words[-1]
        nouns = data.grammar().method_nouns
        task = _is_task(entity.text)
        proposed = self.uses.proposed_words(entity.text)
        terms = term_words(entity.text)
        table = data.counts("frequent_terms.tsv")
        whole = _often(table.get(" ".join(terms), 0))
        pairs = [_often(table.get(f"{one} {two}", 0)) for one, two in itertools.pairwise(terms)] or [whole]
        rare = "rare" if "rare" in pairs else "no"
        out = [
            f"{p}head={head}",
            f"{p}begins={words[0]}",
            f"{p}gerund{words[0].endswith('ing'):d}",
            f"{p}task{task:d}",
            f"{p}task{task:d}|title={entity.left}>{entity.right}",
            f"{p}task{task:d}|{state}|left={entity.left}",
            f"{p}noun_head{head in nouns or head.rstrip('s') in nouns:d}|{state}",
            f"{p}proposes={proposed}|{state}",
            f"{p}count{min(entity.use.count, 3)}|{state}|task{task:d}",
            f"{p}term={whole}",
            f"{p}term={whole}|{state}",
            f"{p}rare{min(pairs.count('rare'), 3)}",
            f"{p}term_parts={rare}|{state}",
        ]
        suffix = next((suffix for suffix in _SUFFIXES if head.endswith(suffix)), "")
        if suffix:
            out += [f"{p}suffix={suffix}", f"{p}suffix={suffix}|{state}"]
        return out

    def _initials(self, name: str) -> str:
        """Whether the capitals of a name begin words of the title, in order: all, part, none; "-" for no short form."""
        letters = [letter.lower() for letter in name if letter.isupper()]
        if len(letters) < 2 or len(name) > 14 or " " in name:
            return "-"
        at = hits = 0
        for letter in letters:
            k = next((k for k in range(at, len(self.title_words)) if self.title_words[k][0] == letter), -1)
            if k >= 0:
                hits, at = hits + 1, k + 1
        return "all" if hits == len(letters) else "part" if hits > 1 and hits * 3 >= len(letters) * 2 else "none"

    def _covered(self, long_form: str) -> str:
        """How many words of a long form stand in the title: all, half (or more), few; "-" without one."""
        if not long_form:
            return "-"
        words = [word for word in long_form.lower().replace("-", " ").split() if len(word) > 2]
        share = sum(word.rstrip("s") in self.title for word in words) / max(1, len(words))
        return "all" if share == 1 else "half" if share >= 0.5 else "few"


# What the lexicon says of a name.
_LISTED = ("lex_method", "lex_dataset", "lex_task", "part_method", "part_dataset")


def _often(count: int) -> str:
    """How many papers of a large corpus hold a term."""
    return "rare" if count < 20 else "some" if count <= 40 else "many" if count <= 200 else "most"


def _is_task(phrase: str) -> bool:
    """Whether a phrase ends as the name of a task does."""
    head = phrase.lower().split()[-1] if phrase else ""
    return head in cue_words("task_head") or head.rstrip("s") in cue_words("task_head")


def _shape(name: str) -> str:
    """The look of a name: "capitals" (BERT), "camel" (SciBERT, GPT-4), "hyphen" (End-to-End), "title", "lower".

    Of several words: "mixed" where one is a name by its look, "titles" where all begin with a capital, else "words".
    """
    words = name.split()
    if len(words) > 1:
        shapes = {_shape(word) for word in words}
        if not shapes.isdisjoint(("capitals", "camel")):
            return "mixed"
        return "titles" if shapes <= {"title", "hyphen"} else "words"
    if name.isupper():
        return "capitals"
    if any(c.isupper() for c in name[1:]) or any(c.isdigit() for c in name):
        plain = "-" in name and not any(c.isdigit() or c.isupper() for part in name.split("-") for c in part[1:])
        return "hyphen" if plain else "camel"
    return "title" if name[:1].isupper() else "lower"
