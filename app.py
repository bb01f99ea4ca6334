"""The dashboard, for `streamlit run app.py [-- FILE ...]`; `leaderboard app [FILE ...]` does the same."""

from leaderboard.dashboard.frame import serve

serve()
