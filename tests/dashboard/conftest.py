from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from leaderboard.dashboard import cache


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has a cache folder of its own, and a server that has seen nothing."""
    monkeypatch.setenv("LEADERBOARD_CACHE", str(tmp_path / "cache"))
    cache.cache_folder.cache_clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()
    cache.cache_folder.cache_clear()
