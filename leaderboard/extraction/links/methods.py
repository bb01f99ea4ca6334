"""Which system a number belongs to, whose it is, and what a gain is compared with."""

from __future__ import annotations

from leaderboard.extraction import data
from leaderboard.extraction.links.pairs import Candidate, Pairs, known
from leaderboard.extraction.names import Name, fold
from leaderboard.extraction.tokens import cue_classes

_SUBJECT_CUES = frozenset({"achieve_verb", "gain_verb", "loss_verb", "cost_verb"})


class MethodLinks:
    """Candidates for the method and baseline slots of the values of one text."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.a = pairs.a
        self.kinds = pairs.kinds
        self._owners: dict[int, list[str]] = {}

    def candidates(self, i: int, own: Candidate, dataset_key: str | None, metric_first: int = -1) -> list[Candidate]:
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
            n
            for n in self.pairs.names_by_sentence.get(sentence, [])
            if n.key != dataset_key and n.first != metric_first
        ]
        here = [n for n in names if not self.a.dataset_like(n) or n.key == own_key]
        others_here = [n for n in here if n.key != own_key]
        own_here = any(n.key == own_key for n in here)
        others = f"others{min(1, len(others_here))}"
        subject = self._subject(here, token)
        about = "none" if subject is None else "own" if subject.key == own_key else "other"
        subjects = set() if subject is None else {start for start, _ in self.pairs.list_of(subject.first, "method")}
        role = f"resource{self.pairs.is_observer:d}|data{a.is_surely_dataset(own_key):d}"
        state = f"own_here{own_here:d}|named{own.name is not None:d}|others{min(2, len(others_here))}"
        base = [
            f"own|{kind}",
            f"own|{state}",
            f"own|subject:{about}",
            f"own|subject:{about}|named{own.name is not None:d}",
            f"own|{role}",
            f"own|{role}|subject:{about}",
            f"own|{role}|others{min(2, len(others_here))}",
            *(f"own|{c}" for c in context),
            *(f"own|{c}|{others}" for c in context),
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
                    f"null|{role}",
                    *(f"null|{c}" for c in context),
                    *(f"null|{c}|{others}" for c in context),
                ],
            ),
        ]
        rivals = [n.first for n in here]
        for name in names:
            features = self.pairs.pair(i, name.first, name.last, [k for k in rivals if k != name.first], "method")
            is_own = name.key == own_key
            related = bool(own_key) and not is_own and (own_key in name.key or name.key in own_key)
            who = "self" if is_own else "related" if related else "other"
            features += [f"who:{who}", f"who:{who}|{kind}", f"who:{who}|like{self.a.dataset_like(name):d}"]
            features += [f"here|{item}" for item in a.evidence[name.key]]
            use = self.pairs.uses.use(name.key, name.text)
            often = known(name.key)
            features += [
                f"here|known={often}",
                f"here|known={often}|{who}",
                f"here|introduced={use.introduction}",
                f"here|introduced={use.introduction}|{who}",
                f"here|first={use.first}|{who}",
            ]
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
            if subject is name or name.first in subjects:
                features += ["here|subject_of_value", f"here|subject_of_value|{who}", f"here|subject_of_value|{kind}"]
            elif subject is not None:
                features.append("here|another_is_subject")
            out.append(self.pairs.name_candidate(name, features, is_own or related))
        seen = {n.key for n in names} | {own_key}
        extra = 0
        for name in reversed(a.names):
            back = sentence - name.sentence
            if name.key in seen or back < 0 or name.key == dataset_key:
                continue
            evidence = a.evidence[name.key]
            if self.a.dataset_like(name) or not evidence & {
                "subject",
                "lex_method",
                "mnoun",
                "object",
                "co_lex_method",
            }:
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
            out.append(self.pairs.name_candidate(name, features))
            extra += 1
            if extra >= 4:
                break
        human = next(
            (k for k in range(first, last) if a.tokens.lower[k] in ("human", "humans", "annotators", "experts")), None
        )
        if human is not None:
            verb = human + 1
            while verb < last and a.tokens.lower[verb] in data.grammar().before_verb:
                verb += 1
            does = verb < token and not _SUBJECT_CUES.isdisjoint(cue_classes(a.tokens.lower[verb]))
            features = [
                *self.pairs.pair(i, human, human + 1, rivals, "method"),
                "human",
                f"human|subject{does:d}",
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

    def _subject(self, names: list[Name], token: int) -> Name | None:
        """The last name before the value that a verb of reaching or being follows ("ScaleNet-P4 achieves 71.6% AP").

        Also the name that such a verb equates with a model ("The best model was PubMedBERT, with an F1 of 0.92").
        """
        lower, subject = self.a.tokens.lower, None
        before_verb, nouns = data.grammar().before_verb, data.grammar().method_nouns
        begin = self.a.sentence_tokens[self.a.tokens.sentence[token]][0]
        for name in names:
            if name.last >= token:
                break
            verb = name.first - 1
            while verb > begin and lower[verb] in ("the", "a", "an", "our", "by"):
                verb -= 1
            if lower[verb] in ("is", "was", "are", "were", "achieved", "obtained") and not nouns.isdisjoint(
                lower[max(begin, verb - 3) : verb]
            ):
                subject = name
            verb = name.last
            while verb < token and (lower[verb] in before_verb or lower[verb].endswith("ly")):
                verb += 1
            if verb < token and not _SUBJECT_CUES.isdisjoint(cue_classes(lower[verb])) and lower[verb] != "with":
                subject = name
        return subject

    def _method_features(self, key: str, text: str, kind: str) -> list[str]:
        evidence = self.a.evidence.get(key, set())
        out = [f"e:{item}" for item in evidence] or ["e:none"]
        own = self.a.own_keys.get(key)
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
        known = self._owners.get(i)
        if known is None:
            known = self._owners[i] = self._find_owner_features(i)
        return known

    def _find_owner_features(self, i: int) -> list[str]:
        a = self.a
        token = a.value_tokens[i]
        group = a.groups[i]
        lower = a.tokens.lower
        sentence = a.tokens.sentence[token]
        first, last = a.sentence_tokens[sentence]
        out = []
        left: dict[str, int] = {}
        nearest = ""
        for cue, cue_first, cue_last in a.cues(sentence):
            if cue in ("own", "prior", "than"):
                if cue_last <= group[0]:
                    left[cue] = group[0] - cue_last
                    nearest = " ".join(lower[cue_first:cue_last])
                elif cue == "prior" and cue_first > group[-1] and cue_first - group[-1] <= 4:
                    out += ["prior>", f"prior>{lower[cue_first]}"]
        for cue, distance in left.items():
            out.append(f"<{cue}{'1-4' if distance <= 4 else '5-10' if distance <= 10 else '+'}")
        if left:
            closest = min(left, key=left.__getitem__)
            out += [f"<nearest:{closest}", f"<word:{nearest}"]
            if left[closest] <= 6:
                out.append(f"<word:{nearest}|near")
        if lower[first] in ("we", "our"):
            out.append("we_start")
        elif lower[first] in ("it", "this", "the"):
            out.append(f"start:{lower[first]}")
        if any(
            a.tokens.value[k] is not None and lower[k - 1] in ("to", "vs", "versus", "than")
            for k in range(max(first + 1, token), token + 1)
        ):
            out.append(f"after:{lower[token - 1]}")
        # "from 83% to 90.3%": the first number is what there was before, the second what is reached.
        way = self._way(token, first, last)
        if way:
            out.append(way)
        out.append("order0" if self.pairs.by_sentence[sentence][0] == i else "later")
        return out

    def _way(self, token: int, first: int, last: int) -> str:
        """Which end of a "from A to B" a number is: from, to, or "" for neither."""
        lower, value = self.a.tokens.lower, self.a.tokens.value
        if token > first and lower[token - 1] == "from":
            ahead = range(token + 1, min(token + 6, last - 1))
            return "from" if any(lower[k] == "to" and value[k + 1] is not None for k in ahead) else ""
        for k in range(max(first, token - 5), token - 1):
            if value[k] is not None and "to" in lower[k + 1 : token] and k > first and lower[k - 1] == "from":
                return "to"
        return ""

    def baselines(self, i: int, method_key: str | None) -> list[Candidate]:
        """Candidates for what a gain is compared with, the empty one first."""
        a = self.a
        token = a.value_tokens[i]
        kind = self.kinds[i]
        sentence = a.tokens.sentence[token]
        first, _last = a.sentence_tokens[sentence]
        names = [
            n
            for n in self.pairs.names_by_sentence.get(sentence, [])
            if n.key != method_key and not self.a.dataset_like(n)
        ]
        out = [Candidate(None, -1, -1, ["null", f"null|here{min(3, len(names))}"])]
        others = [n.first for n in names]
        for name in names:
            features = self.pairs.pair(i, name.first, name.last, [k for k in others if k != name.first], "method")
            features += self._method_features(name.key, name.text, kind)
            features += [f"here|{item}" for item in name.evidence]
            for back in (1, 2, 3):
                k = name.first - back
                features.append(f"b{back}={a.tokens.lower[k] if k >= first else '^'}")
            out.append(self.pairs.name_candidate(name, features))
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
        title = a.text[: a.title_end].lower()
        resource = self.pairs.is_observer
        in_title = method.name is not None and method.name.lower() in title
        out += [f"resource{resource:d}|state:{state}", f"resource{resource:d}|in_title{in_title:d}|state:{state}"]
        known = method.name is not None and "lex_method" in a.evidence.get(fold(method.name), ())
        out.append(f"resource{resource:d}|in_title{in_title:d}|known{known:d}")
        token = a.value_tokens[i]
        group = a.groups[i]
        sentence = a.tokens.sentence[token]
        first, last = a.sentence_tokens[sentence]
        for k in (1, 2):
            out.append(f"L{k}={a.labels[group[0] - k] if group[0] - k >= first else '^'}")
            out.append(f"R{k}={a.labels[group[-1] + k] if group[-1] + k < last else '$'}")
        return out
