"""Count, over a corpus of papers, the names and terms that many papers mention: python -m tuning.frequent

What many papers mention is nobody's own name. The result is data: frequent_names.tsv and frequent_terms.tsv beside the
weights, each line a text, a tab, the number of papers that mention it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import regex

from leaderboard.extraction import data
from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.links.own_names import term_words
from leaderboard.lexicon import load_lexicon
from leaderboard.models import Paper
from tuning.annotated import read_papers

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "abstracts.jsonl.gz"
FOLDER = ROOT / "leaderboard" / "extraction" / "data"
LEAST_NAME, LEAST_TERM = 5, 20
_PART = regex.compile(r"[.,;:()!?]\s")


def count(papers: Iterable[Paper]) -> tuple[Counter[str], Counter[str]]:
    """In how many papers each name (by its folded key) and each term of two or three words stands."""
    lexicon = load_lexicon()
    ends = data.grammar().term_stops
    names: Counter[str] = Counter()
    terms: Counter[str] = Counter()
    for paper in papers:
        names.update({name.key for name in Analysis(paper, lexicon).names})
        found = set()
        for part in _PART.split(f"{paper.title} . {paper.abstract}"):
            words = term_words(part)
            for size in (2, 3):
                for k in range(len(words) - size + 1):
                    if words[k] not in ends and words[k + size - 1] not in ends and len(words[k]) > 1:
                        found.add(" ".join(words[k : k + size]))
        terms.update(found)
    return names, terms


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    names, terms = count(read_papers(CORPUS).values())
    for file, counts, least in (
        ("frequent_names.tsv", names, LEAST_NAME),
        ("frequent_terms.tsv", terms, LEAST_TERM),
    ):
        lines = [f"{text}\t{number}" for text, number in sorted(counts.items()) if number >= least and text]
        (FOLDER / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{file}: {len(lines)}")


if __name__ == "__main__":
    main()
