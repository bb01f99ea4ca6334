"""The command line: names, options and help of the commands; what they do is in `leaderboard.commands`.

Exit status: 0 fine; 1 failed, with one line that says what, where and what to do; 2 wrong usage; 3 findings (audit);
130 interrupted. Data go to standard output or to OUT, messages and progress to standard error.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import PurePath
from types import FrameType
from typing import Annotated, Literal, NoReturn, ParamSpec

import typer

from leaderboard.audit.commands import register as register_audit
from leaderboard.errors import LeaderboardError, OutputError

# Spelled out, so that no reader or writer need be loaded to print the help; a test holds them equal to the real lists.
PaperFormat = Literal["jsonl", "json", "csv", "parquet", "page", "text", "atom", "pubmed", "ris", "bibtex"]
TableFormat = Literal["csv", "jsonl", "parquet"]
ExportFormat = Literal[
    "csv", "jsonl", "parquet", "xlsx", "markdown", "latex", "bibtex", "pwc-json", "hf-eval-results", "hf-model-index",
    "orkg-csv",
]  # fmt: skip
TRACEBACK = "LEADERBOARD_TRACEBACK"
"""Set in the environment to see where an unexpected fault comes from."""

P = ParamSpec("P")

app = typer.Typer(
    name="leaderboard",
    help="Read paper abstracts, pull out every reported result, and rank them into leaderboards.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Inputs = Annotated[
    list[str], typer.Argument(metavar="INPUT", help="Files, folders, globs of papers, or - for standard input.")
]
Results = Annotated[list[str], typer.Argument(metavar="RESULTS", help="Files of results: JSON lines, CSV or Parquet.")]
Out = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="OUT",
        help="Where to write: .csv, .jsonl (both also .gz) or .parquet. Default: CSV to standard output.",
    ),
]
To = Annotated[TableFormat | None, typer.Option("--to", help="The format of OUT, whatever its suffix.")]
From = Annotated[
    PaperFormat | None, typer.Option("--from", help="The format of the input; told by its content otherwise.")
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, metavar="N", help="Processes; the outcome is the same for any number. Default: all cores."
    ),
]
Rejects = Annotated[
    str | None,
    typer.Option("--rejects", metavar="FILE", help="Write what was turned down, with place and reason, as JSON lines."),
]
Progress = Annotated[
    bool | None,
    typer.Option("--progress/--no-progress", help="Show progress on standard error. Default: on a terminal."),
]


Reviews = Annotated[
    str | None,
    typer.Option("--reviews", metavar="FILE", help="Results as reviewers left them: their file of verdicts."),
]
ReviewedOnly = Annotated[
    bool, typer.Option("--reviewed-only", help="With --reviews: only the results that have a verdict.")
]


def reporting(function: Callable[P, None]) -> Callable[P, None]:
    """The command, with every failure turned into one line and an exit status."""

    @functools.wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader has what it wanted, as in `| head`
            _forget_standard_output()
        except KeyboardInterrupt:
            _fail("interrupted; no output was written", 130)
        except LeaderboardError as error:
            if isinstance(error.__cause__, BrokenPipeError):
                _forget_standard_output()
                return
            _fail(f"error: {error}", 1)
        except (typer.Exit, typer.BadParameter):
            raise
        except Exception as error:
            if os.environ.get(TRACEBACK):
                raise
            _fail(f"internal error: {type(error).__name__}: {error}; set {TRACEBACK}=1 for details, and report it", 1)

    # A line of \b keeps the lines below it apart in the help; raw docstrings spell it out.
    command.__doc__ = (function.__doc__ or "").replace("\\b\n", "\b\n")
    return command


@app.command()
@reporting
def extract(
    inputs: Inputs,
    out: Out = None,
    to: To = None,
    from_: From = None,
    workers: Workers = None,
    rejects: Rejects = None,
    papers: Annotated[
        str | None, typer.Option("--papers", metavar="FILE", help="Write the papers as they were read, as JSON lines.")
    ] = None,
    progress: Progress = None,
) -> None:
    r"""Pull the results out of papers.

    Every reported number comes with its method, data set, metric and the characters where it stands.

    \b
    leaderboard extract page.txt -o results.jsonl
    leaderboard extract papers/ 'more/*.bib' -o results.parquet --rejects rejects.jsonl
    zcat arxiv.jsonl.gz | leaderboard extract - | head
    """
    from leaderboard.commands.extraction import extract as run

    out = _output(out, to)
    _json_lines(rejects, "--rejects")
    _json_lines(papers, "--papers")
    run(inputs, out, to=to, format_name=from_, workers=workers, rejects_to=rejects, papers_to=papers, progress=progress)


@app.command()
@reporting
def mentions(
    inputs: Inputs,
    out: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="OUT", help="Where to write JSON lines (also .gz). Default: standard output."
        ),
    ] = None,
    from_: From = None,
    workers: Workers = None,
    rejects: Rejects = None,
    progress: Progress = None,
) -> None:
    r"""List every name and number in papers.

    Values, metrics, data sets, tasks and methods, as they are found before any linking.

    \b
    leaderboard mentions page.txt -o mentions.jsonl
    """
    from leaderboard.commands.extraction import mentions as run

    out = None if out == "-" else out
    _json_lines(out, "-o")
    _json_lines(rejects, "--rejects")
    run(inputs, out, format_name=from_, workers=workers, rejects_to=rejects, progress=progress)


@app.command()
@reporting
def explain(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="A file of papers, or - for standard input.")],
    paper_id: Annotated[str | None, typer.Option("--id", metavar="ID", help="Only the paper with this id.")] = None,
    from_: From = None,
    color: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Mark mentions by colour. Default: on a terminal.")
    ] = None,
) -> None:
    r"""Show why each result was found.

    The text with its mentions marked, each result with the rules that made it, and each number that was turned down
    with the reason.

    \b
    leaderboard explain page.txt --id 'page.txt#1'
    echo 'We reach 92.3% accuracy on MNIST.' | leaderboard explain -
    """
    from leaderboard.commands.explaining import explain as run

    run(inputs, paper_id, format_name=from_, color=color)


@app.command()
@reporting
def boards(
    results: Results,
    unplaced: Annotated[
        bool, typer.Option("--unplaced", help="List the results that stand on no board instead, with the reason.")
    ] = False,
    reviews: Reviews = None,
    reviewed_only: ReviewedOnly = False,
    out: Out = None,
    to: To = None,
) -> None:
    r"""List the leaderboards that results make.

    Each with the number of its entries and papers, its best value and method, and its years.

    \b
    leaderboard boards results.jsonl
    leaderboard boards results.jsonl --unplaced -o unplaced.csv
    """
    from leaderboard.commands.tables import boards as run

    _check_reviews(reviews, reviewed_only)
    run(results, _output(out, to), unplaced=unplaced, to=to, reviews=reviews, reviewed_only=reviewed_only)


@app.command()
@reporting
def rank(
    results: Results,
    dataset: Annotated[str, typer.Option("--dataset", metavar="D", help="The data set, without its split.")],
    metric: Annotated[str, typer.Option("--metric", metavar="M", help="The metric.")],
    task: Annotated[str | None, typer.Option("--task", metavar="T", help="The task, where a board has one.")] = None,
    split: Annotated[str | None, typer.Option("--split", metavar="S", help="The split, such as test or val.")] = None,
    setting: Annotated[
        str | None, typer.Option("--setting", metavar="S", help="The setting, such as zero-shot.")
    ] = None,
    reviews: Reviews = None,
    reviewed_only: ReviewedOnly = False,
    out: Out = None,
    to: To = None,
) -> None:
    r"""Rank one leaderboard.

    Best first in the metric's direction; equals share a rank; a copy of a paper counts once.

    \b
    leaderboard rank results.jsonl --dataset ImageNet --metric 'top-1 accuracy'
    """
    from leaderboard.commands.tables import rank as run

    _check_reviews(reviews, reviewed_only)
    run(
        results,
        _output(out, to),
        dataset=dataset,
        metric=metric,
        task=task,
        split=split,
        setting=setting,
        to=to,
        reviews=reviews,
        reviewed_only=reviewed_only,
    )


@app.command()
@reporting
def export(
    results: Results,
    to: Annotated[ExportFormat, typer.Option("--to", help="The format to write.")],
    out: Annotated[
        str | None, typer.Option("-o", "--output", metavar="OUT", help="Where to write. Default: standard output.")
    ] = None,
    reviews: Reviews = None,
    reviewed_only: ReviewedOnly = False,
) -> None:
    r"""Write results for other tools.

    As tables, a spreadsheet, a document, references, or the files of other leaderboards.

    \b
    leaderboard export results.jsonl --to xlsx -o results.xlsx
    leaderboard export results.jsonl --to pwc-json | jq '.[].task'
    """
    from leaderboard.commands.tables import export as run

    _check_reviews(reviews, reviewed_only)
    run(results, None if out == "-" else out, to=to, reviews=reviews, reviewed_only=reviewed_only)


@app.command(name="app")
@reporting
def serve(
    context: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Files of results or papers. Default: the example."),
    ] = None,
) -> None:
    r"""Serve the dashboard.

    At a local address, on these results or papers, or on the bundled example. What follows -- goes to Streamlit.

    \b
    leaderboard app
    leaderboard app results.parquet -- --server.port 8600
    """
    from leaderboard.commands.serving import serve as run

    raise typer.Exit(run(files or [], context.obj or []))


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        from leaderboard import __version__

        print(f"leaderboard {__version__}")
        raise typer.Exit


register_audit(app, reporting)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    signal.signal(signal.SIGTERM, _terminate)
    args = list(sys.argv[1:] if arguments is None else arguments)
    flags: list[str] = []
    if args[:1] == ["app"] and "--" in args:
        place = args.index("--")
        args, flags = args[:place], args[place + 1 :]
    sys.exit(typer.main.get_command(app).main(args=args, prog_name="leaderboard", obj=flags))


def _check_reviews(reviews: str | None, reviewed_only: bool) -> None:
    if reviewed_only and reviews is None:
        raise typer.BadParameter("needs --reviews FILE", param_hint="--reviewed-only")


def _output(out: str | None, to: TableFormat | None) -> str | None:
    """OUT, None for standard output; a name that tells no format is wrong usage."""
    from leaderboard.table import format_of

    if out == "-":
        out = None
    try:
        kind = format_of(out, to)
    except OutputError as error:
        raise typer.BadParameter(str(error), param_hint="-o") from None
    if out is None and kind == "parquet" and sys.stdout.isatty():
        raise typer.BadParameter("Parquet is no text; name a file with -o or pipe it on", param_hint="--to")
    return out


def _json_lines(path: str | None, option: str) -> None:
    """A name that says another format than the one that is written is wrong usage."""
    suffix = PurePath((path or "").lower().removesuffix(".gz")).suffix
    if suffix in {".csv", ".tsv", ".parquet", ".xlsx"}:
        raise typer.BadParameter(f"{path}: JSON lines are written here; name it .jsonl", param_hint=option)


def _fail(message: str, status: int) -> NoReturn:
    from leaderboard.commands.terminal import say

    say(message)
    raise typer.Exit(status)


def _forget_standard_output() -> None:
    """Let nothing be written any more: what is left in the buffer would fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    """End as an exception does, so that half-written files are removed."""
    sys.exit(128 + number)
