"""Results in the formats of others: tables, a spreadsheet, documents, references, the files of other leaderboards."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, get_args

from leaderboard.errors import OutputError
from leaderboard.table import FORMATS, as_table, open_output, write_table

if TYPE_CHECKING:
    import pandas as pd

ExportFormat = Literal[
    "csv", "jsonl", "parquet", "xlsx", "markdown", "latex", "bibtex", "pwc-json", "hf-eval-results", "hf-model-index",
    "orkg-csv",
]  # fmt: skip
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
_WRITERS = {
    "xlsx": ("spreadsheet", "write_xlsx"),
    "markdown": ("markdown", "write_markdown"),
    "latex": ("latex", "write_latex"),
    "bibtex": ("bibtex", "write_bibtex"),
    "pwc-json": ("pwc", "write_pwc_json"),
    "hf-eval-results": ("huggingface", "write_eval_results"),
    "hf-model-index": ("huggingface", "write_model_index"),
    "orkg-csv": ("orkg", "write_orkg_csv"),
}


def export(table: pd.DataFrame, to: str, out: str | Path | None = None) -> int:
    """Write a table of results in another format to `out`, or to standard output for None.

    `csv`, `jsonl`, `parquet` and `xlsx` hold every result, `bibtex` every paper. The others hold boards: results that
    stand on none, and copies of a counted one, are left out. A name that ends in `.gz` is packed. The same table gives
    the same bytes.

    Returns:
        How many results of the table the format left out.

    Raises:
        InputError: the table is not one of results.
        OutputError: an unknown format, a place that cannot be written, more rows than the format can hold.
    """
    if to in FORMATS:
        write_table(as_table(table), out, to)
        return 0
    if to not in _WRITERS:
        raise OutputError(f"no export is called {to!r}; there are: {', '.join(EXPORT_FORMATS)}")
    module, name = _WRITERS[to]
    write: Callable[[pd.DataFrame, IO[bytes]], int] = getattr(import_module(f"{__name__}.{module}"), name)
    table = as_table(table)
    with open_output(out) as stream:
        return write(table, stream)


__all__ = ["EXPORT_FORMATS", "ExportFormat", "export"]
