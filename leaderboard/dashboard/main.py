"""The script that Streamlit runs."""

from leaderboard.dashboard.frame import serve

serve()
