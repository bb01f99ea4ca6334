"""Which metric, data set, method and baseline a number belongs to: the candidates for each slot, with their features."""

from __future__ import annotations

from dataclasses import dataclass

from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.kinds import shape
from leaderboard.extraction.metrics import MetricMention
from leaderboard.extraction.names import Name, common_words, fold
from leaderboard.extraction.own import OwnName
from leaderboard.extraction.values import Value


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


def _bucket(distance: int) -> str:
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


class Links:
    """The candidates for the slots of the results of one text.

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
        self._alignments: dict[tuple[int, str], dict[tuple[int, int], list[str]]] = {}

    @property
    def own_keys(self) -> dict[str, int]:
        """Rank of each name that the paper may have given itself, by key; title phrases do not count."""
        return self.a.own_keys

    def dataset_like(self, name: Name) -> bool:
        """Whether the evidence says that a name is a data set rather than a system."""
        return self.a.dataset_like(name)

    # -- the pair of a number and a mention in its sentence ---------------------------------------------------------

    def _pair(self, i: int, first: int, last: int, others: list[int], slot: str) -> list[str]:
        """Features of a value and a mention at tokens first:last of its sentence; `others` are tokens of rival mentions."""
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
        bucket = _bucket(distance)
        out = [f"{side}{bucket}", f"{side}{bucket}|{kind}", f"{side}|{kind}"]
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
        values = sum(1 for k in between if a.tokens.value[k] is not None and k not in group and labels[k] == "#")
        rivals = sum(1 for k in others if between.start <= k < between.stop)
        out.append(f"{side}v{min(values, 3)}")
        out.append(f"{side}r{min(rivals, 3)}")
        out.append(f"{side}v{min(values, 3)}r{min(rivals, 3)}")
        crossed = {lower[k] for k in between} & {
            "(",
            ")",
            ",",
            ";",
            ":",
            "while",
            "whereas",
            "but",
            "and",
            "than",
            "over",
            "compared",
            "from",
            "which",
        }
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
        for k in between:
            if lower[k] == "(":
                depth_between += 1
                opened += 1
            elif lower[k] == ")":
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

    def _sequence(self, sentence: int, slot: str) -> list[tuple[int, int]]:
        """Tokens of the mentions of a slot in a sentence, as (first, last), those that could fill it."""
        if slot == "metric":
            return [(m.first, m.last) for m in self.metrics_by_sentence.get(sentence, []) if m.strength != "weak"]
        names = self.names_by_sentence.get(sentence, [])
        if slot == "dataset":
            return [(n.first, n.last) for n in names if self.dataset_like(n)]
        return [(n.first, n.last) for n in names if not self.dataset_like(n)]

    def _alignment(self, sentence: int, slot: str) -> dict[tuple[int, int], list[str]]:
        """Pairs (value token, first token of mention) that stand at the same place of two lists of one length."""
        key = (sentence, slot)
        if key in self._alignments:
            return self._alignments[key]
        a = self.a
        pairs: dict[tuple[int, int], list[str]] = {}
        values = [a.value_tokens[i] for i in self.by_sentence.get(sentence, [])]
        groups = []
        for token in values:
            if groups and token in a.groups[a.value_tokens.index(groups[-1][0])]:
                groups[-1].append(token)
            else:
                groups.append([token])
        mentions = self._sequence(sentence, slot)
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
                if len(group) == len(listing) > 1:
                    for x, token in enumerate(group):
                        for y, mention in enumerate(listing):
                            pairs[(token, mention[0])] = [
                                f"{tag}{'=' if x == y else '!='}",
                                f"{tag}{'=' if x == y else '!='}{min(len(group), 4)}",
                            ]
                elif len(group) == len(groups) * 0 + len(listing) * 2 and len(listing) > 1:
                    for x, token in enumerate(group):
                        for y, mention in enumerate(listing):
                            pairs.setdefault((token, mention[0]), [f"blocks{'=' if x // 2 == y else '!='}"])
        # Values that are no bare list, but as many as the mentions of one list ("A (1), B (2)" is left to the pair itself).
        if len(groups) > 1 and all(len(group) == len(groups[0]) for group in groups):
            for listing in lists:
                if len(listing) == len(groups) > 1:
                    for x, group in enumerate(groups):
                        for token in group:
                            for y, mention in enumerate(listing):
                                pairs.setdefault((token, mention[0]), [f"{tag}_groups{'=' if x == y else '!='}"])
        self._alignments[key] = pairs
        return pairs

    def _listed(self, left: int, right: int) -> bool:
        between = self.a.tokens.lower[left:right]
        return (
            0 < len(between) <= 5
            and all(
                word
                in (
                    ",",
                    "and",
                    "or",
                    "&",
                    "/",
                    "the",
                    "as",
                    "well",
                    ";",
                    "dataset",
                    "datasets",
                    "(",
                    ")",
                    "on",
                    "benchmark",
                    "benchmarks",
                    "validation",
                    "test",
                    "val",
                    "set",
                    "-",
                )
                for word in between
            )
            and any(word in (",", "and", "or", "&", "/", "as", ";") for word in between)
        )

    def _order(self, sentence: int, slot: str, token: int, first: int) -> list[str]:
        """Whether values and mentions alternate in this sentence, and whether the pair keeps to that order."""
        a = self.a
        values = [a.value_tokens[i] for i in self.by_sentence.get(sentence, [])]
        mentions = [m for m, _ in self._sequence(sentence, slot)]
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

    # -- metric -----------------------------------------------------------------------------------------------------

    def metrics(self, i: int) -> list[Candidate]:
        """Candidates for the metric of value i, the empty one first."""
        a = self.a
        token = a.value_tokens[i]
        value = a.tokens.value[token]
        assert value is not None
        kind = self.kinds[i]
        sentence = a.tokens.sentence[token]
        unit = value.unit_class
        here = self.metrics_by_sentence.get(sentence, [])
        out = [
            Candidate(
                None,
                -1,
                -1,
                [
                    "null",
                    f"null|{kind}",
                    f"null|u={unit}|{kind}",
                    f"null|here{min(2, sum(m.strength != 'weak' for m in here))}",
                ],
            )
        ]
        others = [m.first for m in here if m.strength != "weak"]
        for metric in here:
            features = self._pair(i, metric.first, metric.last, [k for k in others if k != metric.first], "metric")
            features += self._metric_features(metric, kind, unit, value)
            features.append(f"here|{metric.strength}|{kind}")
            out.append(self._metric_candidate(metric, features))
        out += self._shape_metrics(i, here, kind)
        # Carried over from the sentences before it.
        seen: set[str] = set()
        carried = 0
        for metric in reversed(a.metrics):
            back = sentence - a.tokens.sentence[metric.first]
            if back <= 0 or metric.strength == "weak" or metric.name.lower() in seen:
                continue
            seen.add(metric.name.lower())
            in_title = a.title_end and a.tokens.end[metric.first] <= a.title_end
            where = "title" if in_title else f"back{min(back, 4)}"
            features = [
                "carried",
                f"carried|{where}",
                f"carried|{where}|{kind}",
                f"carried#{min(carried, 3)}",
                f"carried|{metric.strength}",
                f"carried|here{min(2, len(others))}",
            ]
            if any(a.tokens.sentence[a.value_tokens[j]] == a.tokens.sentence[metric.first] for j in self.results):
                features.append("carried|with_value")
            features += self._metric_features(metric, kind, unit, value)
            out.append(self._metric_candidate(metric, features))
            carried += 1
            if carried >= 5:
                break
        if value.unit and unit in ("rate", "time", "memory", "compute", "quality", "factor", "magnitude", "hardware"):
            start = a.document.text.find(value.unit_text, value.end) if value.unit_text else -1
            if start >= 0:
                features = ["unit_metric", f"unit_metric|{unit}|{kind}", f"unit_metric|unit={value.unit}"]
                out.append(Candidate(value.unit, start, start + len(value.unit_text), features))
        return out

    def _metric_candidate(self, metric: MetricMention, features: list[str]) -> Candidate:
        tokens = self.a.tokens
        return Candidate(
            metric.name,
            tokens.start[metric.name_first],
            tokens.end[metric.name_last - 1],
            features,
            metric.first,
            metric.last,
        )

    def _metric_features(self, metric: MetricMention, kind: str, unit: str, value: Value) -> list[str]:
        lower = self.a.tokens.lower
        head = lower[metric.name_last - 1]
        out = [
            f"s={metric.strength}|{kind}",
            f"head={head}|{kind}",
            f"head={head}|u={unit}",
            f"s={metric.strength}|u={unit}",
            f"f={shape(value)}|head={head}",
        ]
        if metric.last - metric.first > 1:
            out.append("long")
        following = lower[metric.last] if metric.last < len(lower) else ""
        out.append(f"next={following}|{kind}")
        before = lower[metric.first - 1] if metric.first else ""
        out.append(f"before={before}|{kind}")
        return out

    def _shape_metrics(self, i: int, here: list[MetricMention], kind: str) -> list[Candidate]:
        """Names in capitals right beside the number that no lexicon knows ("an NDS of 61.0", "53.3 NDS")."""
        a = self.a
        token = a.value_tokens[i]
        group = a.groups[i]
        sentence = a.tokens.sentence[token]
        out = []
        for name in self.names_by_sentence.get(sentence, []):
            evidence = a.evidence[name.key]
            if name.first > group[-1]:
                distance, side = name.first - group[-1] - 1, "R"
            else:
                distance, side = group[0] - name.last, "L"
            if not 0 <= distance <= 3 or "lex_dataset" in evidence or "lex_method" in evidence:
                continue
            features = ["shape", f"shape|{side}{distance}", f"shape|{side}{distance}|{kind}"]
            between = (
                a.tokens.lower[group[-1] + 1 : name.first] if side == "R" else a.tokens.lower[name.last : group[0]]
            )
            features.append(f"shape|{side}~" + " ".join(between))
            features.append(f"shape|here{min(2, sum(m.strength != 'weak' for m in here))}")
            if name.text.isupper() or any(c.isupper() for c in name.text[1:]):
                features.append("shape|capitals")
            features += [f"shape|{item}" for item in evidence]
            if name.key in self.own_keys:
                features.append("shape|own")
            start = a.tokens.start[name.first]
            out.append(Candidate(name.text, start, start + len(name.text), features, name.first, name.last))
        return out

    # -- data set ---------------------------------------------------------------------------------------------------

    def datasets(self, i: int) -> list[Candidate]:
        """Candidates for the data set of value i, the empty one first."""
        a = self.a
        token = a.value_tokens[i]
        kind = self.kinds[i]
        sentence = a.tokens.sentence[token]
        here = self.names_by_sentence.get(sentence, [])
        like_here = [n for n in here if self.dataset_like(n)]
        like_doc = {n.key for n in a.names if self.dataset_like(n)}
        generic = _generic_datasets(a, sentence)
        out = [
            Candidate(
                None, -1, -1,
                ["null", f"null|{kind}", f"null|here{min(2, len(like_here))}", f"null|doc{min(3, len(like_doc))}", f"null|here{min(2, len(like_here))}|doc{min(3, len(like_doc))}", *(f"null|{g}" for g in generic)],
            )
        ]  # fmt: skip
        others = [n.first for n in like_here]
        keys_here = set()
        for name in here:
            keys_here.add(name.key)
            features = self._pair(i, name.first, name.last, [k for k in others if k != name.first], "dataset")
            features += self._dataset_features(name, kind)
            features += [f"here|{item}" for item in name.evidence]
            before = a.tokens.lower[name.first - 1] if name.first else "^"
            features.append(f"here|before={before}")
            out.append(self._name_candidate(name, features))
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
        position = 0
        counts: dict[str, int] = {}
        for name in a.names:
            counts[name.key] = counts.get(name.key, 0) + 1
        rank_like = 0
        for cost, name in ranked[:24]:
            where = "title" if name.in_title else f"back{cost}" if cost <= 3 else "back4+" if cost < 20 else "ahead"
            like = self.dataset_like(name)
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
            features += self._dataset_features(name, kind)
            features += [f"away|{item}" for item in a.evidence[name.key]]
            features += [f"away|{g}" for g in generic]
            if any(a.tokens.sentence[a.value_tokens[j]] == name.sentence for j in self.results):
                features.append("away|with_value")
            out.append(self._name_candidate(name, features))
            position += 1
        return out

    def _dataset_features(self, name: Name, kind: str) -> list[str]:
        evidence = self.a.evidence[name.key]
        out = [f"e:{item}" for item in evidence]
        out.append(f"like{self.dataset_like(name):d}")
        if not evidence:
            out.append("e:none")
        own = self.own_keys.get(name.key)
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
        after = self.a.tokens.lower[name.last] if name.last < len(self.a.tokens) else ""
        out.append(f"after={after}")
        return out

    def _name_candidate(self, name: Name, features: list[str], own: bool = False) -> Candidate:
        tokens = self.a.tokens
        return Candidate(
            name.text, tokens.start[name.first], tokens.end[name.last - 1], features, name.first, name.last, own
        )

    # -- the paper's own name ---------------------------------------------------------------------------------------

    def own_names(self) -> list[Candidate]:
        """Candidates for the name of the paper's own system, the empty one first; one decision a paper."""
        a = self.a
        entries = a.own[:14]
        named = [entry for entry in entries if not entry.is_phrase]
        title = a.text[: a.title_end].lower()
        resource = any(
            word in title
            for word in (
                "dataset",
                "benchmark",
                "corpus",
                "challenge",
                "evaluat",
                "survey",
                "analysis",
                "how ",
                "what ",
                "?",
                "comparison",
                "study",
                "investigat",
            )
        )
        nothing = ["null", f"null|named{min(len(named), 3)}", f"null|resource{resource:d}"]
        if named:
            nothing += [f"null|top:{rule}" for rule in named[0].rules]
            nothing.append(f"null|top_dataset{named[0].is_dataset:d}|resource{resource:d}")
        else:
            nothing.append("null|title_starts=" + (title.split() or ["$"])[0])
            phrases = [entry for entry in entries if entry.is_phrase]
            nothing.append(f"null|phrases{min(len(phrases), 3)}")
        for word in ("for", "via", "using", "with", ":"):
            if f" {word} " in title or (word == ":" and ":" in title):
                nothing.append(f"null|title_has={word}|named{min(len(named), 1)}")
        out = [Candidate(None, -1, -1, nothing, own=True)]
        title_key = fold(title)
        long_forms = {fold(entry.long_form): entry.key for entry in entries if entry.long_form}
        result_sentences = set(self.by_sentence)
        seen = set()
        for rank, entry in enumerate(entries):
            seen.add(entry.key)
            features = [
                f"rank{min(rank, 4)}",
                *(f"rule:{rule}" for rule in entry.rules),
                f"count{min(entry.count, 4)}",
                f"dataset{entry.is_dataset:d}",
            ]
            features.append(f"resource{resource:d}|dataset{entry.is_dataset:d}|phrase{entry.is_phrase:d}")
            if len(entry.rules) > 1:
                features.append("rules>1")
            if not entry.is_phrase:
                features.append(f"named{min(len(named), 3)}|rank{min(rank, 3)}")
                features += [f"e:{item}" for item in a.evidence.get(entry.key, ())]
            else:
                features += self._phrase_features(entry, len(named))
            parts = [part for part in entry.text.lower().replace("-", " ").split() if part]
            common = sum(part in common_words() for part in parts)
            mixture = "none" if not common else "all" if common == len(parts) else "some"
            features.append(f"common={mixture}|phrase{entry.is_phrase:d}")
            for rule in entry.rules:
                if not entry.is_phrase:
                    features += [
                        f"{rule}|common={mixture}|words{min(len(parts), 3)}",
                        f"{rule}|count{min(entry.count, 3)}",
                    ]
            if entry.long_form:
                features.append("abbreviates")
                long_key = fold(entry.long_form)
                features.append(f"abbreviates|title{long_key.rstrip('s') in title_key:d}")
                initials = "".join(word[0] for word in title.split() if word[0].isalnum())
                features.append(f"initials{fold(entry.text) in initials:d}")
            elif entry.key in long_forms or any(
                entry.key in long or long in entry.key for long in long_forms if len(long) > 8
            ):
                features.append("is_long_form")
                features.append(f"is_long_form|phrase{entry.is_phrase:d}")
            words = entry.text.count(" ") + 1
            features.append(f"words{min(words, 6)}|phrase{entry.is_phrase:d}")
            if any(c.isupper() for c in entry.text[1:]) or any(c.isdigit() for c in entry.text):
                features.append("shaped")
            if any(name.key == entry.key and name.sentence in result_sentences for name in a.names):
                features.append("in_result_sentence")
            out.append(Candidate(entry.text, entry.start, entry.end, features, own=True))
        extra: dict[str, tuple[int, Name]] = {}
        for name in a.names:
            if name.key in seen or self.dataset_like(name):
                continue
            extra[name.key] = (extra.get(name.key, (0, name))[0] + 1, name)
        for number, name in sorted(extra.values(), key=lambda pair: (-pair[0], pair[1].first))[:8]:
            features = [
                "extra",
                f"extra|count{min(number, 4)}",
                f"extra|named{min(len(named), 2)}",
                *(f"extra|{item}" for item in a.evidence[name.key]),
            ]
            if any(n.key == name.key and n.sentence in result_sentences for n in a.names):
                features.append("extra|in_result_sentence")
            if name.in_title:
                features.append("extra|title")
            before = a.tokens.lower[name.first - 1] if name.first else "^"
            features += [f"extra|before={before}", f"extra|resource{resource:d}"]
            candidate = self._name_candidate(name, features)
            candidate.own = True
            out.append(candidate)
        return out

    # -- method and baseline ----------------------------------------------------------------------------------------

    def methods(self, i: int, own: Candidate, dataset_key: str | None, metric_first: int = -1) -> list[Candidate]:
        """Candidates for the system that value i belongs to: the paper's own first, then nobody's, then names.

        Args:
            i: the value.
            own: what `own_names` gave for the paper; its name may be None.
            dataset_key: the name that the value's data set has taken.
            metric_first: the first token of the name that its metric has taken.
        """
        a = self.a
        token = a.value_tokens[i]
        kind = self.kinds[i]
        sentence = a.tokens.sentence[token]
        first, last = a.sentence_tokens[sentence]
        context = self._owner_features(i)
        own_key = fold(own.name) if own.name else ""
        names = [
            n for n in self.names_by_sentence.get(sentence, []) if n.key != dataset_key and n.first != metric_first
        ]
        here = [n for n in names if not self.dataset_like(n) or n.key == own_key]
        others_here = [n for n in here if n.key != own_key]
        own_here = any(n.key == own_key for n in here)
        state = f"own_here{own_here:d}|named{own.name is not None:d}|others{min(2, len(others_here))}"
        base = [
            f"own|{kind}",
            f"own|{state}",
            *(f"own|{c}" for c in context),
            *(f"own|{c}|others{min(1, len(others_here))}" for c in context),
        ]
        out = [
            Candidate(own.name, own.start, own.end, ["own", *base], own.first, own.last, own=True),
            Candidate(
                None,
                -1,
                -1,
                [
                    "null",
                    f"null|{kind}",
                    f"null|{state}",
                    *(f"null|{c}" for c in context),
                    *(f"null|{c}|others{min(1, len(others_here))}" for c in context),
                ],
            ),
        ]
        rivals = [n.first for n in here]
        for name in names:
            features = self._pair(i, name.first, name.last, [k for k in rivals if k != name.first], "method")
            is_own = name.key == own_key
            related = bool(own_key) and not is_own and (own_key in name.key or name.key in own_key)
            who = "self" if is_own else "related" if related else "other"
            features += [f"who:{who}", f"who:{who}|{kind}", f"who:{who}|like{self.dataset_like(name):d}"]
            features += [f"here|{item}" for item in a.evidence[name.key]]
            before = a.tokens.lower[name.first - 1] if name.first > first else "^"
            before2 = a.tokens.lower[name.first - 2] if name.first > first + 1 else "^"
            after = a.tokens.lower[name.last] if name.last < last else "$"
            side = "L" if name.first < token else "R"
            features += [
                f"here|{side}|before={before}",
                f"here|{side}|after={after}",
                f"here|{side}|before={before}|{kind}",
                f"here|{side}|before2={before2} {before}",
            ]
            if name.first == first or (name.first == first + 1 and before == "the"):
                features += ["here|starts", f"here|starts|{who}"]
            features += [f"here|{who}|{c}" for c in context]
            out.append(self._name_candidate(name, features, is_own or related))
        seen = {n.key for n in names} | {own_key}
        extra = 0
        for name in reversed(a.names):
            back = sentence - name.sentence
            if name.key in seen or back < 0 or name.key == dataset_key:
                continue
            evidence = a.evidence[name.key]
            if self.dataset_like(name) or not evidence & {"subject", "lex_method", "mnoun", "object", "co_lex_method"}:
                continue
            seen.add(name.key)
            where = "title" if name.in_title else f"back{min(back, 3)}"
            features = [
                "away",
                f"away|{where}",
                *(f"away|{item}" for item in evidence),
                f"away|others{min(2, len(others_here))}",
                f"away|named{own.name is not None:d}",
            ]
            features += [f"away|{c}" for c in context]
            out.append(self._name_candidate(name, features))
            extra += 1
            if extra >= 4:
                break
        human = next(
            (k for k in range(first, last) if a.tokens.lower[k] in ("human", "humans", "annotators", "experts")), None
        )
        if human is not None:
            features = self._pair(i, human, human + 1, rivals, "method") + [
                "human",
                f"human|{kind}",
                *(f"human|{c}" for c in context),
            ]
            out.append(
                Candidate(
                    "humans" if a.tokens.lower[human] == "human" else a.tokens.text[human],
                    a.tokens.start[human],
                    a.tokens.end[human],
                    features,
                    human,
                    human + 1,
                )
            )
        return out

    def _phrase_features(self, entry: OwnName, named: int) -> list[str]:
        """Features of a title phrase as a name: what it ends in, whether the abstract repeats it, what else is named."""
        words = entry.text.lower().split()
        head = words[-1]
        rule = min(entry.rules)
        out = [
            "phrase",
            f"phrase|head={head}",
            f"phrase|named{min(named, 2)}",
            f"phrase|{rule}|named{min(named, 2)}",
            f"phrase|first={words[0]}",
        ]
        abstract = self.a.text[self.a.document.abstract_start :].lower()
        stem = entry.text.lower().rstrip("s")
        repeated = stem in abstract
        out.append(f"phrase|repeated{repeated:d}|named{min(named, 2)}")
        out.append(f"phrase|ingstart{words[0].endswith('ing'):d}")
        if repeated:
            at = abstract.find(stem)
            before = abstract[max(0, at - 40) : at].split()
            out.append(f"phrase|after={before[-1] if before else '^'}")
            if len(before) > 1:
                out.append(f"phrase|after2={before[-2]}")
        out.append(f"phrase|words{min(len(words), 6)}")
        title = self.a.text[: self.a.title_end].lower()
        left, right = title[: entry.start].split(), title[entry.end :].split()
        behind = right[0] if right else "$"
        ahead = left[-1] if left else "^"
        out += [
            f"phrase|next={behind}",
            f"phrase|prev={ahead}",
            f"phrase|{ahead}_{behind}",
            f"phrase|next={behind}|named{min(named, 1)}",
        ]
        tasks = [(self.a.tokens.start[f], self.a.tokens.end[t - 1]) for f, t, _ in self.a.tasks]
        if any(end == entry.end and start >= entry.start for start, end in tasks):
            out.append("phrase|ends_in_task")
            out.append(f"phrase|ends_in_task|{rule}")
        if any(start > entry.end and end <= self.a.title_end for start, end in tasks):
            out.append("phrase|task_follows")
        shaped = sum(any(c.isupper() for c in w[1:]) or "-" in w for w in entry.text.split())
        out.append(f"phrase|shaped{min(shaped, 2)}")
        suffix = next(
            (
                x
                for x in (
                    "networks",
                    "network",
                    "learning",
                    "model",
                    "models",
                    "attention",
                    "tion",
                    "ment",
                    "ing",
                    "er",
                    "or",
                    "ity",
                    "ance",
                )
                if head.endswith(x)
            ),
            "else",
        )
        out.append(f"phrase|suffix={suffix}")
        out.append(f"phrase|suffix={suffix}|named{min(named, 1)}")
        return out

    def _method_features(self, key: str, text: str, kind: str) -> list[str]:
        evidence = self.a.evidence.get(key, set())
        out = [f"e:{item}" for item in evidence] or ["e:none"]
        own = self.own_keys.get(key)
        if own is not None:
            entry = self.a.own[own]
            out += [f"rule:{rule}" for rule in entry.rules]
            out.append(f"ownrank{min(own, 3)}")
            out.append(f"ownrank{min(own, 3)}|{kind}")
            out.append(f"is_dataset{entry.is_dataset:d}")
            out.append(f"count{min(entry.count, 4)}")
        else:
            out.append("not_own")
        words = text.count(" ") + 1
        out.append(f"words{min(words, 4)}")
        if any(c.isupper() for c in text[1:]) or any(c.isdigit() for c in text):
            out.append("shaped")
        return out

    def _owner_features(self, i: int) -> list[str]:
        """Cues that tell whose number it is, from its own clause."""
        a = self.a
        token = a.value_tokens[i]
        group = a.groups[i]
        lower = a.tokens.lower
        sentence = a.tokens.sentence[token]
        first, last = a.sentence_tokens[sentence]
        out = []
        left: dict[str, int] = {}
        for cue, cue_first, cue_last in a.cues(sentence):
            if cue in ("own", "prior", "than"):
                if cue_last <= group[0]:
                    left[cue] = group[0] - cue_last
                elif cue in ("prior",) and cue_first > group[-1] and cue_first - group[-1] <= 4:
                    out.append("prior>")
        for cue, distance in left.items():
            out.append(f"<{cue}{'1-4' if distance <= 4 else '5-10' if distance <= 10 else '+'}")
        if left:
            out.append("<nearest:" + min(left, key=left.__getitem__))
        if lower[first] in ("we", "our"):
            out.append("we_start")
        elif lower[first] in ("it", "this", "the"):
            out.append(f"start:{lower[first]}")
        if any(
            a.tokens.value[k] is not None and lower[k - 1] in ("to", "vs", "versus", "than")
            for k in range(max(first + 1, token), token + 1)
        ):
            out.append(f"after:{lower[token - 1]}")
        out.append("order0" if self.by_sentence[sentence][0] == i else "later")
        return out

    def baselines(self, i: int, method_key: str | None) -> list[Candidate]:
        """Candidates for what a gain is compared with, the empty one first."""
        a = self.a
        token = a.value_tokens[i]
        kind = self.kinds[i]
        sentence = a.tokens.sentence[token]
        first, last = a.sentence_tokens[sentence]
        names = [
            n for n in self.names_by_sentence.get(sentence, []) if n.key != method_key and not self.dataset_like(n)
        ]
        out = [Candidate(None, -1, -1, ["null", f"null|here{min(3, len(names))}"])]
        others = [n.first for n in names]
        for name in names:
            features = self._pair(i, name.first, name.last, [k for k in others if k != name.first], "method")
            features += self._method_features(name.key, name.text, kind)
            features += [f"here|{item}" for item in name.evidence]
            for back in (1, 2, 3):
                k = name.first - back
                features.append(f"b{back}={a.tokens.lower[k] if k >= first else '^'}")
            out.append(self._name_candidate(name, features))
        return out

    def own_features(self, i: int, method: Candidate) -> list[str]:
        """Features of whether the number belongs to the paper's own system, once its method is chosen."""
        kind = self.kinds[i]
        context = self._owner_features(i)
        state = "null" if method.name is None else "own" if method.own else "other"
        out = ["bias", f"state:{state}", f"state:{state}|{kind}", *context, *(f"{c}|state:{state}" for c in context)]
        if method.name is not None:
            out += [
                f"m:{f}"
                for f in method.features
                if f.startswith(("e:", "human", "ownrank", "not_own", "here|L|before", "here|R|before", "rule:"))
            ]
        a = self.a
        token = a.value_tokens[i]
        group = a.groups[i]
        sentence = a.tokens.sentence[token]
        first, last = a.sentence_tokens[sentence]
        for k in (1, 2):
            out.append(f"L{k}={a.labels[group[0] - k] if group[0] - k >= first else '^'}")
            out.append(f"R{k}={a.labels[group[-1] + k] if group[-1] + k < last else '$'}")
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
