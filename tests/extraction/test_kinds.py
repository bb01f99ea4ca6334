"""What each number of a sentence is: a score, a gain, a cost, or no result."""

from __future__ import annotations

import pytest

from leaderboard.extraction import extract_paper
from leaderboard.models import Paper


def kinds(text: str) -> list[str]:
    """The kind of each number of a text, in order; `none` for those that are turned down."""
    extraction = extract_paper(Paper("p", "", text))
    places = {(r.start or 0): str(r.kind) for r in extraction.results} | {
        (r.start or 0): "none" for r in extraction.rejects
    }
    return [places[start] for start in sorted(places)]


TABLE = [
    # Scores
    ("Our parser reaches 92.4% accuracy on TwigBank.", ["score"]),
    ("It achieves an F1 score of 88.4 on TwigBank.", ["score"]),
    ("On TwigBank the model obtains 31.2 BLEU.", ["score"]),
    ("We obtain a word error rate of 3.2% on test-clean.", ["score"]),
    ("The method has an RMSE of 0.29.", ["score"]),
    ("It attains a Spearman correlation of 0.77 with human judgments.", ["score"]),
    ("We achieve 81.2, 79.4 and 77.0 F1 on CoNLL 2003, OntoNotes and WNUT 2017.", ["score"] * 3 + ["none"] * 2),
    ("The accuracy ranges from 75.1% to 83.2%.", ["score", "score"]),
    ("Our filter yields a PSNR of 31.5 dB.", ["score"]),
    ("The system achieves a precision of 90.1% and a recall of 85.2%.", ["score", "score"]),
    # Gains
    ("ZapNet outperforms OldNet by 3.1 points in accuracy.", ["gain"]),
    ("It improves the F1 score by 2.3%.", ["gain"]),
    ("We reduce the word error rate by 12% relative to the baseline.", ["gain"]),
    ("Our method is 3.2x faster than OldNet.", ["gain"]),
    ("It needs 5x fewer parameters than OldNet.", ["gain"]),
    ("The accuracy drops by 4.5 points on rare words.", ["gain"]),
    ("We see an absolute improvement of 1.8 BLEU over the baseline.", ["gain"]),
    ("This gives a 20% reduction in error rate.", ["gain"]),
    ("It surpasses the previous state of the art by 6.2%.", ["gain"]),
    # A score and the gain that led to it
    ("It achieves 92.4% accuracy, an improvement of 3.1% over OldNet.", ["score", "gain"]),
    ("We reach 54.1 mAP on COCO, outperforming OldNet by 2.2 points.", ["score", "gain"]),
    ("The accuracy rises from 80.1% to 83.7%.", ["score", "score"]),
    # Costs
    ("The network runs at 45 fps on a laptop.", ["cost"]),
    ("The model takes 12 ms per image.", ["cost"]),
    ("It reaches 76.4% top-1 accuracy on ImageNet with 5.3M parameters.", ["score", "cost"]),
    ("Our network has only 1.2 GFLOPs and 3.1M parameters.", ["cost", "cost"]),
    # No results: data, settings, years, versions, positions, facts
    ("The corpus holds 14,715 images of 120 species.", ["none", "none"]),
    ("The dataset contains 3.2 hours of speech by 40 speakers.", ["none", "none"]),
    ("We train for 90 epochs with a batch size of 256.", ["none", "none"]),
    ("The model is trained for 20 epochs with 12 layers.", ["none", "none"]),
    ("Since 2017, transformers have spread.", ["none"]),
    ("We compare GPT 3.5 with 12 other models.", ["none", "none"]),
    ("The differences are significant (p < 0.05).", ["none"]),
    ("About 40% of all accidents happen at night.", ["none"]),
    ("We make two contributions: (1) a parser and (2) a corpus.", ["none", "none"]),
    ("We use a 300-dimensional embedding.", ["none"]),
    ("Our system took part in Task 3 of the challenge.", ["none"]),
    ("Each picture is divided into 16 by 16 patches.", ["none", "none"]),
    # Both in one sentence
    ("Trained on 1,000 images, ZapNet reaches 91.0% accuracy.", ["none", "score"]),
    ("With only 10% of the labels, it obtains 73.9% top-1 accuracy on ImageNet.", ["none", "score"]),
    ("In 2019, the best system reached an F1 score of 88.4 on 5 languages.", ["none", "score", "none"]),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_kind_of_each_number(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected
