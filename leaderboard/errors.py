"""The one root of the errors that this package raises on purpose.

Each message says in one line what is wrong, where (file, record, field), and what to do about it, so that the command
line can print it as it is.
"""


class LeaderboardError(Exception):
    """Something that the user can put right; its text is one line for a person."""


class InputError(LeaderboardError):
    """A file, folder or stream that cannot be read as papers or results."""


class OutputError(LeaderboardError):
    """A place that cannot be written."""


class LexiconError(LeaderboardError):
    """A lexicon entry that breaks the rules for lexicons; names file, entry and field."""


class FixtureError(LeaderboardError):
    """A fixture that cannot be used; names file, entry and field."""
