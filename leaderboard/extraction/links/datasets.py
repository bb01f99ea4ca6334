"""Which data set a number was measured on: the candidates with their features."""

from __future__ import annotations

from collections import Counter

from leaderboard.extraction import data
from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.links.pairs import Candidate, Pairs, Previous, known
from leaderboard.extraction.names import Name


class DatasetLinks:
    """Candidates for the data-set slot of the values of one text."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.a = pairs.a
        self.kinds = pairs.kinds
        self.like = {name.key for name in self.a.names if self.a.dataset_like(name)}
        self.counts = Counter(name.key for name in self.a.names)
        self._features: dict[tuple[int, str], list[str]] = {}

    def candidates(self, i: int, previous: Previous | None) -> list[Candidate]:
        """Candidates for the data set of value i, the empty one first; `previous` is what the value before took."""
        a = self.a
        token = a.value_tokens[i]
        kind = self.kinds[i]
        sentence = a.tokens.sentence[token]
        here = self.pairs.names_by_sentence.get(sentence, [])
        like_here = [n for n in here if self.a.dataset_like(n)]
        like_doc = self.like
        generic = _generic_datasets(a, sentence)
        out = [
            Candidate(
                None,
                -1,
                -1,
                [
                    "null",
                    f"null|{kind}",
                    f"null|here{min(2, len(like_here))}",
                    f"null|doc{min(3, len(like_doc))}",
                    f"null|here{min(2, len(like_here))}|doc{min(3, len(like_doc))}",
                    *(f"null|{g}" for g in generic),
                ],
            )
        ]
        others = [n.first for n in like_here]
        keys_here = set()
        for name in here:
            keys_here.add(name.key)
            features = self.pairs.pair(i, name.first, name.last, [k for k in others if k != name.first], "dataset")
            features += self._dataset_features(name)
            features += [f"here|{item}" for item in name.evidence]
            before = a.tokens.lower[name.first - 1] if name.first else "^"
            features.append(f"here|before={before}")
            like = self.a.dataset_like(name)
            # What the pair says counts differently for a data set than for a system.
            features += [f"{f}|like{like:d}" for f in features[:12] if f[0] in "LR" and f[1:2] in "0123456789nvf"]
            features += [f"{f}|before={before}" for f in features[:12] if f[1:] == "nearest" or f[1:2] == "v"]
            out.append(self.pairs.name_candidate(name, features))
        # Elsewhere: one candidate an entity, at its nearest mention before the number, else the title, else after it.
        best: dict[str, tuple[int, Name]] = {}
        for name in a.names:
            if name.key in keys_here or name.sentence == sentence:
                continue
            back = sentence - name.sentence
            cost = 50 if name.in_title else back if back > 0 else 20 - back
            if name.key not in best or cost < best[name.key][0]:
                best[name.key] = (cost, name)
        ranked = sorted(best.values(), key=lambda pair: (pair[0], -pair[1].first))
        counts = self.counts
        rank_like = 0
        aligned = self.pairs.far_alignment(i)
        for cost, name in ranked[:24]:
            where = "title" if name.in_title else f"back{cost}" if cost <= 3 else "back4+" if cost < 20 else "ahead"
            like = self.a.dataset_like(name)
            features = [
                "away",
                f"away|{where}",
                f"away|{where}|{kind}",
                f"away|like{like:d}",
                f"away|{where}|like{like:d}",
                f"away|here{min(2, len(like_here))}",
            ]
            features.append(f"count{min(counts[name.key], 3)}")
            if like:
                features.append(f"away|rank{min(rank_like, 3)}|doc{min(3, len(like_doc))}")
                rank_like += 1
            features += self._dataset_features(name)
            features += [f"away|{item}" for item in a.evidence[name.key]]
            features += [f"away|{g}" for g in generic]
            if name.sentence in self.pairs.by_sentence:
                features.append("away|with_value")
            if name.first in aligned:
                features.append("away|aligned=" if aligned[name.first] else "away|aligned!=")
            out.append(self.pairs.name_candidate(name, features))
        self.pairs.compare_with_previous(i, out, previous)
        return out

    def _dataset_features(self, name: Name) -> list[str]:
        known = self._features.get((name.first, name.key))
        if known is None:
            known = self._features[(name.first, name.key)] = self._type_features(name)
        return known

    def _type_features(self, name: Name) -> list[str]:
        evidence = self.a.evidence[name.key]
        out = [f"e:{item}" for item in evidence]
        out.append(f"like{self.a.dataset_like(name):d}")
        if not evidence:
            out.append("e:none")
        own = self.a.own_keys.get(name.key)
        if own is not None:
            entry = self.a.own[own]
            out.append(f"own{min(own, 2)}")
            out.append(f"own{min(own, 2)}|dataset{entry.is_dataset:d}")
        if name.last - name.first > 1:
            out.append("words>1")
        if any(c.isdigit() for c in name.text):
            out.append("digits")
        if name.text.isupper():
            out.append("capitals")
        elif any(c.isupper() for c in name.text[1:]):
            out.append("camel")
        lower = self.a.tokens.lower
        after = lower[name.last] if name.last < len(self.a.tokens) else ""
        out.append(f"after={after}")
        out += [f"after2={word}" for word in lower[name.last + 1 : name.last + 2]]
        begin, _ = self.a.sentence_tokens[name.sentence]
        near = lower[max(begin, name.first - 5) : name.first]
        out += [f"near={word}" for word in near[-4:] if word.isalpha()]
        if any(word in data.grammar().training_words for word in near):
            out.append("trained_on")
        out.append(f"known={known(name.key)}")
        return out


def _generic_datasets(a: Analysis, sentence: int) -> list[str]:
    """Whether the sentence speaks of data sets without naming them ("on two public datasets", "on the test set")."""
    first, last = a.sentence_tokens[sentence]
    lower, labels = a.tokens.lower, a.labels
    for k in range(first, last):
        if (
            lower[k] in ("dataset", "datasets", "benchmark", "benchmarks", "corpus", "corpora", "set", "data")
            and labels[k] == lower[k]
        ):
            before = labels[k - 1] if k > first else ""
            if before not in ("D", "X"):
                return [
                    "generic",
                    "generic:"
                    + (
                        "plural"
                        if lower[k].endswith("s")
                        else "our"
                        if "our" in lower[max(first, k - 4) : k]
                        else "the"
                        if "the" in lower[max(first, k - 4) : k]
                        else "singular"
                    ),
                ]
    return []
