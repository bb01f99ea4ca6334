"""What the paper calls its own system: the candidates with their features, one decision a paper."""

from __future__ import annotations

from leaderboard.extraction import data
from leaderboard.extraction.links.pairs import Candidate, Pairs
from leaderboard.extraction.names import Name, common_words, fold
from leaderboard.extraction.own import OwnName
from leaderboard.extraction.tokens import cue_classes

# What the word beside a title phrase makes of it: a means, a purpose, or a part of something larger.
_SIDES = {
    "^": "edge", "$": "edge", "a": "edge", "an": "edge", "the": "edge",
    "for": "purpose", "to": "purpose", "in": "purpose", "on": "purpose",
    "with": "means", "using": "means", "via": "means", "by": "means", "through": "means", "from": "means",
    "of": "of", "and": "and",
}  # fmt: skip


class OwnNameLinks:
    """Candidates for the name of the paper's own system."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.a = pairs.a
        self.kinds = pairs.kinds
        a = self.a
        self.title = a.text[: a.title_end].lower()
        self.abstract = a.text[a.document.abstract_start :].lower()
        self.tasks = [(a.tokens.start[first], a.tokens.end[last - 1]) for first, last, _ in a.tasks]

    def candidates(self) -> list[Candidate]:
        """Candidates for the name of the paper's own system, the empty one first; one decision a paper."""
        a = self.a
        entries = a.own[:14]
        named = [entry for entry in entries if not entry.is_phrase]
        title = self.title
        resource = any(word in title for word in data.grammar().resource_titles)
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
        by_key = {entry.key: entry for entry in entries}
        long_forms = {fold(entry.long_form): entry.key for entry in entries if entry.long_form}
        result_sentences = self.pairs.by_sentence
        keys_with_results = {name.key for name in a.names if name.sentence in result_sentences}
        initials = "".join(word[0] for word in title.split() if word[0].isalnum())
        everyday = common_words()
        seen = set()
        for rank, entry in enumerate(entries):
            seen.add(entry.key)
            phrase = entry.is_phrase
            features = [
                f"rank{min(rank, 4)}",
                *(f"rule:{rule}" for rule in entry.rules),
                f"count{min(entry.count, 4)}",
                f"dataset{entry.is_dataset:d}",
            ]
            features.append(f"resource{resource:d}|dataset{entry.is_dataset:d}|phrase{phrase:d}")
            if len(entry.rules) > 1:
                features.append("rules>1")
            if not phrase:
                features.append(f"named{min(len(named), 3)}|rank{min(rank, 3)}")
                features += [f"e:{item}" for item in a.evidence.get(entry.key, ())]
            else:
                features += self._phrase_features(entry, len(named))
            parts = [part for part in entry.text.lower().replace("-", " ").split() if part]
            common = sum(part in everyday for part in parts)
            mixture = "none" if not common else "all" if common == len(parts) else "some"
            features.append(f"common={mixture}|phrase{phrase:d}")
            for rule in entry.rules:
                if not phrase:
                    features += [
                        f"{rule}|common={mixture}|words{min(len(parts), 3)}",
                        f"{rule}|count{min(entry.count, 3)}",
                    ]
            if entry.long_form:
                features.append("abbreviates")
                long_key = fold(entry.long_form)
                features.append(f"abbreviates|title{long_key.rstrip('s') in title_key:d}")
                features.append(f"initials{fold(entry.text) in initials:d}")
            elif entry.key in long_forms or any(
                entry.key in long or long in entry.key for long in long_forms if len(long) > 8
            ):
                features.append("is_long_form")
                features.append(f"is_long_form|phrase{phrase:d}")
            words = entry.text.count(" ") + 1
            features.append(f"words{min(words, 6)}|phrase{phrase:d}")
            if any(c.isupper() for c in entry.text[1:]) or any(c.isdigit() for c in entry.text):
                features.append("shaped")
            if entry.key in keys_with_results:
                features.append("in_result_sentence")
            candidate = Candidate(entry.text, entry.start, entry.end, features, own=True)
            short = entry if entry.long_form else by_key.get(long_forms.get(entry.key, ""))
            if short is not None:
                # The short form is the name, the long form how the text spells it.
                place = a.text.find(short.long_form)
                candidate.name, candidate.spelled = short.text, short.long_form
                candidate.start, candidate.end = place, place + len(short.long_form)
            out.append(candidate)
        extra: dict[str, tuple[int, Name]] = {}
        for name in a.names:
            if name.key in seen or self.a.dataset_like(name):
                continue
            extra[name.key] = (extra.get(name.key, (0, name))[0] + 1, name)
        for number, name in sorted(extra.values(), key=lambda pair: (-pair[0], pair[1].first))[:8]:
            features = [
                "extra",
                f"extra|count{min(number, 4)}",
                f"extra|named{min(len(named), 2)}",
                *(f"extra|{item}" for item in a.evidence[name.key]),
            ]
            if name.key in keys_with_results:
                features.append("extra|in_result_sentence")
            if name.in_title:
                features.append("extra|title")
            before = a.tokens.lower[name.first - 1] if name.first else "^"
            features += [f"extra|before={before}", f"extra|resource{resource:d}"]
            candidate = self.pairs.name_candidate(name, features)
            candidate.own = True
            out.append(candidate)
        return out

    def _phrase_features(self, entry: OwnName, named: int) -> list[str]:
        """Features of a title phrase as a name: its end, whether the abstract repeats it, what else is named."""
        words = entry.text.lower().split()
        head = words[-1]
        rule = max(entry.rules)
        out = [
            "phrase",
            f"phrase|head={head}",
            f"phrase|named{min(named, 2)}",
            f"phrase|{rule}|named{min(named, 2)}",
            f"phrase|first={words[0]}",
        ]
        abstract, title = self.abstract, self.title
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
        left, right = title[: entry.start].split(), title[entry.end :].split()
        behind = right[0] if right else "$"
        ahead = left[-1] if left else "^"
        out += [
            f"phrase|next={behind}",
            f"phrase|prev={ahead}",
            f"phrase|{ahead}_{behind}",
            f"phrase|next={behind}|named{min(named, 1)}",
        ]
        tasks = self.tasks
        if any(end == entry.end and start >= entry.start for start, end in tasks):
            out.append("phrase|ends_in_task")
            out.append(f"phrase|ends_in_task|{rule}")
        if any(start > entry.end and end <= self.a.title_end for start, end in tasks):
            out.append("phrase|task_follows")
        shaped = sum(any(c.isupper() for c in w[1:]) or "-" in w for w in entry.text.split())
        out.append(f"phrase|shaped{min(shaped, 2)}")
        is_task = "task_head" in cue_classes(head) or "task_head" in cue_classes(head.rstrip("s"))
        out += [
            f"phrase|task_head{is_task:d}",
            f"phrase|task_head{is_task:d}|{rule}",
            f"phrase|task_head{is_task:d}|named{min(named, 1)}|next={behind}",
        ]
        out.append(f"phrase|article{ahead in ('a', 'an'):d}|named{min(named, 1)}")

        # The whole situation at once: what stands before and behind, and of what sort the phrase is.
        start_side = _SIDES.get(ahead, "colon" if ahead[-1:] in ":?!,-" else "word")
        end_side = "colon" if right and right[0][0] in ":?!,-" else _SIDES.get(behind, "word")
        gerund = words[0].endswith("ing") and "task_head" not in cue_classes(words[0])
        article = ahead in ("a", "an", "the")
        situation = f"{start_side}>{end_side}|article{article:d}|gerund{gerund:d}|task{is_task:d}|named{min(named, 1)}"
        out += [f"phrase|{situation}", f"phrase|{situation}|repeated{repeated:d}"]
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
