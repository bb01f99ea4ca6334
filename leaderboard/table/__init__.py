"""The table of results: `Result` records as a pandas table, and its files (JSON lines, CSV, Parquet) in and out."""

from .output import open_output
from .pwc import read_pwc_tables
from .reading import as_table, read_results, to_table
from .writing import FORMATS, ResultsWriter, format_of, open_results_writer, write_results, write_table

__all__ = [
    "FORMATS",
    "ResultsWriter",
    "as_table",
    "format_of",
    "open_output",
    "open_results_writer",
    "read_pwc_tables",
    "read_results",
    "to_table",
    "write_results",
    "write_table",
]
