"""How fast the extraction is, as ratios to a floor measured in the same run: python -m benchmarks.throughput [PAPERS]

The floor is what no extractor over JSON lines can be without: reading a line, scanning it once for numbers and names.
"""

from __future__ import annotations

import gzip
import itertools
import sys
import time
from pathlib import Path

import orjson

from leaderboard.extraction import extract_paper
from leaderboard.extraction.values import find_values
from leaderboard.lexicon import load_lexicon
from leaderboard.models import Paper

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "abstracts.jsonl.gz"
EXAMPLE = Path(__file__).resolve().parents[1] / "leaderboard" / "example" / "papers.jsonl"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS if CORPUS.is_file() else EXAMPLE
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        lines = list(itertools.islice(file, 6000))
    rows = [orjson.loads(line) for line in lines]
    papers = [Paper(str(k), row.get("title") or "", row.get("abstract") or "") for k, row in enumerate(rows)]
    lexicon = load_lexicon()
    extract_paper(papers[0])
    floors, wholes, results = [], [], 0
    for _ in range(3):
        start = time.process_time()
        for line in lines:
            text = orjson.loads(line).get("abstract") or ""
            find_values(text)
            lexicon.scan(text)
        floors.append(time.process_time() - start)
        start = time.process_time()
        results = sum(len(extract_paper(paper).results) for paper in papers)
        wholes.append(time.process_time() - start)
    floor, whole = min(floors), min(wholes)
    print(f"{path.name}: {len(papers)} papers, {results} results")
    print(
        f"extraction: {len(papers) / whole:,.0f} abstracts a second in one process, "
        f"{whole / floor:.2f} times the floor ({len(papers) / floor:,.0f} a second)"
    )


if __name__ == "__main__":
    main()
