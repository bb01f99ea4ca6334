"""How many of the names in a gold file, where they stand in the text, the lexicon alone finds at least in part.

usage: python tests/lexicon/lexicon_coverage.py GOLD.jsonl PAPERS.jsonl [SLOT]

Prints found, all and share for each slot, and for SLOT the names that are missing.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from leaderboard.lexicon import TYPES, Lexicon, load_lexicon


def coverage(lexicon: Lexicon, gold: Path, papers: Path) -> dict[str, tuple[int, int, list[str]]]:
    """For each slot: names found, names that stand in their text, names missing. A name counts once per paper."""
    texts = {}
    for line in papers.read_text(encoding="utf-8").splitlines():
        paper = json.loads(line)
        texts[paper["id"]] = f"{paper.get('title') or ''}\n{paper['abstract']}"
    found: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    missing: dict[str, list[str]] = defaultdict(list)
    for line in gold.read_text(encoding="utf-8").splitlines():
        paper = json.loads(line)
        text = texts[paper["id"]]
        matches = lexicon.scan(text)
        for slot in TYPES:
            for name in sorted({result[slot] for result in paper["results"]} - {""}):
                starts = [at for at in range(len(text)) if text.startswith(name, at)]
                if not starts:
                    continue
                total[slot] += 1
                if any(k == slot and s < at + len(name) and at < e for at in starts for s, e, k, _ in matches):
                    found[slot] += 1
                else:
                    missing[slot].append(name)
    return {slot: (found[slot], total[slot], missing[slot]) for slot in TYPES}


if __name__ == "__main__":
    report = coverage(load_lexicon(), Path(sys.argv[1]), Path(sys.argv[2]))
    for slot, (found, total, _) in report.items():
        print(f"{slot:8} {found:5} of {total:5}  {found / max(total, 1):.3f}")
    for slot in sys.argv[3:]:
        print(*report[slot][2], sep="\n")
