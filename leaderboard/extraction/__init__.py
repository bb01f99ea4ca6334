"""From a paper's text to its results: text -> mentions -> kinds -> links -> results."""

from leaderboard.extraction.pipeline import Explanation, Extraction, explain, extract, extract_paper, find_mentions

__all__ = ["Explanation", "Extraction", "explain", "extract", "extract_paper", "find_mentions"]
