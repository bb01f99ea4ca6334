"""Which metric a number is a value of: the candidates with their features."""

from __future__ import annotations

from leaderboard.extraction import data
from leaderboard.extraction.kinds import shape
from leaderboard.extraction.links.pairs import Candidate, Pairs, Previous
from leaderboard.extraction.metrics import MetricMention
from leaderboard.extraction.tokens import cue_classes
from leaderboard.extraction.values import Value

# What a number with a unit of this class measures when the text does not say.
_UNIT_METRICS = {"time": "time", "memory": "memory", "hardware": "GPUs"}


class MetricLinks:
    """Candidates for the metric slot of the values of one text."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.a = pairs.a
        self.kinds = pairs.kinds

    def candidates(self, i: int, previous: Previous | None) -> list[Candidate]:
        """Candidates for the metric of value i, the empty one first; `previous` is the choice for the value before."""
        a = self.a
        token = a.value_tokens[i]
        value = a.tokens.value[token]
        assert value is not None
        kind = self.kinds[i]
        sentence = a.tokens.sentence[token]
        unit = value.unit_class
        here = self.pairs.metrics_by_sentence.get(sentence, [])
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
            features = self.pairs.pair(i, metric.first, metric.last, [k for k in others if k != metric.first], "metric")
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
            if a.tokens.sentence[metric.first] in self.pairs.by_sentence:
                features.append("carried|with_value")
            features += self._metric_features(metric, kind, unit, value)
            out.append(self._metric_candidate(metric, features))
            carried += 1
            if carried >= 5:
                break
        name = _UNIT_METRICS.get(unit) or (
            value.unit
            if unit in ("rate", "quality")
            else ("MACs" if value.unit.endswith("MACs") else value.unit.lstrip("GMTPK"))
            if unit == "compute"
            else ""
        )
        start = a.text.find(value.unit_text, value.end) if name and value.unit_text else -1
        if start >= 0:
            features = [
                "unit_metric",
                f"unit_metric|{unit}|{kind}",
                f"unit_metric|unit={value.unit}",
                f"unit_metric|here{min(2, len(others))}",
                f"unit_metric|L1={a.tokens.lower[a.groups[i][0] - 1] if a.groups[i][0] else ''}",
            ]
            out.append(Candidate(name, start, start + len(value.unit_text), features))
        out += self._phrase_metrics(i, {(c.first, c.last) for c in out}, len(others))
        self.pairs.compare_with_previous(i, out, previous)
        return out

    def _phrase_metrics(self, i: int, taken: set[tuple[int, int]], metrics_here: int) -> list[Candidate]:
        """Nouns that no list knows as metrics, where a frame says that they are measured.

        "5x fewer measurements", "a 19% increase in conversational abilities", "reducing the design cycle by 1000x", "a
        maximum contraction of 35 mm".
        """
        a = self.a
        token = a.value_tokens[i]
        value = a.tokens.value[token]
        assert value is not None
        group = a.groups[i]
        lower = a.tokens.lower
        first, last = a.sentence_tokens[a.tokens.sentence[token]]
        amounts = data.grammar().amount_words
        found: list[tuple[str, int, int]] = []
        k = group[-1] + 1
        while k < last and k - group[-1] <= 3 and lower[k] in ("relative", "absolute", "average", "performance", "on"):
            k += 1
        if k < last:
            cues = cue_classes(lower[k])
            if "comparative" in cues:
                found.append((f"comparative:{lower[k]}", *self._noun_phrase(k + 1, last)))
            elif "gain_noun" in cues or lower[k] in ("savings", "saving"):
                while k < last and ("gain_noun" in cue_classes(lower[k]) or lower[k] in ("in", "of", "on", "for")):
                    k += 1
                found.append(("noun_in", *self._noun_phrase(k, last)))
            elif lower[k] == "of":
                found.append(("share_of", *self._noun_phrase(k + 1, last)))
            elif lower[k] == "in":
                found.append(("in", *self._noun_phrase(k + 1, last)))
        k = group[0] - 1
        while k > first and lower[k] in amounts:
            k -= 1
        if k > first and lower[k] == "by":
            begin, end = self._noun_phrase_before(k, first)
            while begin > first and lower[begin - 1] in ("the", "of", "our", "its", "both", "a"):
                begin -= 1
            verb = lower[begin - 1] if begin > first else ""
            cues = cue_classes(verb)
            mark = (
                "gain"
                if "gain_verb" in cues
                else "loss"
                if "loss_verb" in cues
                else "be"
                if lower[k - 1].endswith("ed")
                else "else"
            )
            found.append((f"by:{mark}", *self._trim(begin, end)))
        elif k < group[0] - 1 and lower[k + 1] == "of":
            found.append(("of", *self._noun_phrase_before(k + 1, first)))
        out = []
        for frame, begin, end in found:
            if end <= begin or (begin, end) in taken:
                continue
            start, stop = a.tokens.start[begin], a.tokens.end[end - 1]
            label = {a.labels[x] for x in range(begin, end)}
            features = [
                "phrase",
                f"phrase|{frame}",
                f"phrase|{frame}|{self.kinds[i]}",
                f"phrase|{self.kinds[i]}|here{min(2, metrics_here)}",
                f"phrase|u={value.unit_class}",
            ]
            features += [f"phrase|has{x}" for x in ("M", "m", "D", "X") if x in label]
            features.append(f"phrase|words{end - begin}")
            out.append(Candidate(a.text[start:stop], start, stop, features, begin, end))
        return out

    def _noun_phrase(self, k: int, last: int) -> tuple[int, int]:
        """Tokens of the plain noun phrase that begins at k, its article left out."""
        lower = self.a.tokens.lower
        while k < last and lower[k] in ("the", "a", "an", "our", "its", "their", "total", "overall"):
            k += 1
        end = k
        while end < last and end - k < 4 and self._in_phrase(end):
            end += 1
        return k, end

    def _noun_phrase_before(self, k: int, first: int) -> tuple[int, int]:
        """Tokens of the plain noun phrase that ends before token k."""
        begin = k
        while begin > first and k - begin < 4 and self._in_phrase(begin - 1):
            begin -= 1
        return begin, k

    def _trim(self, begin: int, end: int) -> tuple[int, int]:
        lower = self.a.tokens.lower
        while begin < end and lower[begin] in ("the", "of", "our", "its", "both", "a"):
            begin += 1
        return begin, end

    def _in_phrase(self, k: int) -> bool:
        word = self.a.tokens.lower[k]
        return (
            self.a.tokens.value[k] is None
            and (word[0].isalpha() or word[0].isdigit())
            and word not in data.grammar().phrase_stops
            and "gain_verb" not in cue_classes(word)
            and "loss_verb" not in cue_classes(word)
            and "than" not in cue_classes(word)
        )

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
        generic = data.grammar().generic_heads
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
        if head in generic and metric.last - metric.first == 1:
            here = self.pairs.metrics_by_sentence.get(self.a.tokens.sentence[metric.first], [])
            specific = sum(
                m.strength != "weak" and (lower[m.name_last - 1] not in generic or m.last - m.first > 1) for m in here
            )
            out.append(f"generic|specific{min(specific, 2)}|{kind}")
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
        for name in self.pairs.names_by_sentence.get(sentence, []):
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
            if name.key in self.a.own_keys:
                features.append("shape|own")
            start = a.tokens.start[name.first]
            out.append(Candidate(name.text, start, start + len(name.text), features, name.first, name.last))
        return out
