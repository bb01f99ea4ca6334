"""docs/papers.md names every format and every reason of a reject."""

import re
from pathlib import Path

from leaderboard.papers import FORMATS

ROOT = Path(__file__).parents[2]
REASON = re.compile(
    r'(?:BadRecordError|UnreadableInputError)\(\s*"(\w+)"|reject\(\s*(?:None|number|1|file),\s*"(\w+)"'
    r'|_reject_of\(file, "(\w+)"|reason, message = "(\w+)"|reason="(\w+)"'
)


def test_every_format_and_reason_is_documented() -> None:
    text = (ROOT / "docs" / "papers.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.replace(r"\|", "").split("\n") if line.startswith("| `")]
    documented = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    sources = [*(ROOT / "leaderboard" / "papers").glob("*.py"), *(ROOT / "leaderboard" / "run").glob("*.py")]
    reasons = {
        next(filter(None, found)) for source in sources for found in REASON.findall(source.read_text(encoding="utf-8"))
    }
    assert len(reasons) > 20
    assert sorted(documented) == sorted({*FORMATS, *reasons})
