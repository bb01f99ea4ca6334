"""A web page saved as text: titles and abstracts are told from the page's furniture."""

from pathlib import Path

import pytest

from leaderboard.models import Reject
from leaderboard.papers import read_papers

SHARED_PAGE = Path(__file__).parents[3] / "shared" / "corpus" / "hf_similar_papers.txt"


@pytest.mark.skipif(not SHARED_PAGE.exists(), reason="the shared corpus is not beside the checkout")
def test_the_shared_page_holds_108_papers() -> None:
    rejects: list[Reject] = []
    papers = list(read_papers([SHARED_PAGE], on_reject=rejects.append))
    lines = [line for line in SHARED_PAGE.read_text(encoding="utf-8").split("\n") if line]
    assert len(papers) == 108
    assert rejects == []
    assert [text for paper in papers for text in (paper.title, paper.abstract)] == lines[-216:]
    assert papers[0].paper_id == "hf_similar_papers.txt#1"
    assert papers[-1].paper_id == "hf_similar_papers.txt#108"
