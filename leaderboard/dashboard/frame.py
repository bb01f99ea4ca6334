"""The frame around every page: navigation, theme, the table that is loaded."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from leaderboard.dashboard import cache, parts, session
from leaderboard.errors import LeaderboardError

STYLE = Path(__file__).with_name("style.css")
ICON = STYLE.with_name("icon.svg")


def serve() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="Leaderboard", page_icon=str(ICON), layout="wide")
    st.html(STYLE)
    page = st.navigation([parts.page(name) for name in parts.PAGES], position="top")
    session.enter(page.url_path)
    try:
        with st.spinner("Bringing the boards up to date"):
            session.store()
    except LeaderboardError as error:
        parts.title("These files could not be opened")
        parts.notice(str(error), "Start again with other files, or without any to see the bundled example.", bad=True)
        return
    except OSError as error:
        parts.title("The results could not be prepared")
        parts.notice(
            f"{error.filename or cache.cache_folder()}: {error.strerror or error}",
            "Make room there, or name another folder in LEADERBOARD_CACHE and start again.",
            bad=True,
        )
        return
    page.run()
    parts.footer()
