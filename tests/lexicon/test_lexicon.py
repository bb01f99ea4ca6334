"""The lexicon: its data are valid, its names are found where they should be."""

from __future__ import annotations

from leaderboard.lexicon import load_lexicon

LEXICON = load_lexicon()


def test_every_name_and_alias_leads_to_its_entry() -> None:
    finders = {"metric": LEXICON.metric, "dataset": LEXICON.dataset, "task": LEXICON.task, "method": LEXICON.method}
    assert len(LEXICON) > 1000
    for entry in LEXICON:
        for alias in (entry.name, *entry.aliases):
            found = finders[entry.type](alias)
            assert found is not None and found.name == entry.name, alias
