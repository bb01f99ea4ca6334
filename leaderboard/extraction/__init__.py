"""From a paper's text to its results: text -> mentions -> kinds -> links -> results."""

from leaderboard.extraction.pipeline import Extraction, extract, extract_paper, find_mentions

__all__ = ["Extraction", "extract", "extract_paper", "find_mentions"]
