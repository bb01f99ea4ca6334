"""The pieces that every page is made of. Text from papers only ever passes through `marks.escape` or a grid."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from leaderboard.dashboard import board_data, charts, gains_data, overview_data, session
from leaderboard.dashboard.marks import escape
from leaderboard.dashboard.words import count, is_missing, years

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.navigation.page import Page

    from leaderboard.dashboard.store import Store, Totals

_CITED = 200
_VIEWS = Path(__file__).with_name("views")
PAGES: dict[str, tuple[str, str]] = {
    "overview": ("Overview", ":material/home:"),
    "board": ("Board", ":material/leaderboard:"),
    "paper": ("Paper", ":material/article:"),
    "compare": ("Compare", ":material/compare_arrows:"),
    "gains": ("Gains", ":material/trending_up:"),
    "extract": ("Extract", ":material/document_scanner:"),
    "review": ("Review", ":material/rate_review:"),
}
"""The pages in the order of the navigation: file in `views/` and address, title, icon."""


def page(name: str) -> Page:
    """One of the pages."""
    label, icon = PAGES[name]
    first = next(iter(PAGES)) == name
    return st.Page(_VIEWS / f"{name}.py", title=label, icon=icon, default=first, url_path="" if first else name)


def go(name: str, **parameters: Any) -> None:
    """Turn to a page, with the inputs it is to start from; those that are missing are left out."""
    kept = {key: value for key, value in parameters.items() if not is_missing(value)}
    st.switch_page(page(name), query_params=kept)


def title(text: str, lead: str = "") -> None:
    """The heading of a page, and a line below it."""
    below = f'<p class="lb-lead">{escape(lead)}</p>' if lead else ""
    st.html(f'<h1 class="lb-title" dir="auto">{escape(text)}</h1>{below}')


def heading(text: str, note: str = "") -> None:
    """The heading of a section, and a note below it."""
    below = f'<div class="lb-quiet">{escape(note)}</div>' if note else ""
    st.html(f'<h2 class="lb-heading" dir="auto">{escape(text)}</h2>{below}')


def quiet(text: str) -> None:
    """A remark in small grey letters; nothing where there is nothing to say."""
    if text:
        st.html(f'<div class="lb-quiet">{escape(text)}</div>')


def notice(what: str, next_step: str = "", *, bad: bool = False) -> None:
    """What is empty or went wrong, and what to do next."""
    role = "alert" if bad else "status"
    after = f"<span>{escape(next_step)}</span>" if next_step else ""
    st.html(f'<div class="lb-notice {"lb-bad" if bad else ""}" role="{role}"><b>{escape(what)}</b>{after}</div>')


def facts(items: Sequence[tuple[str, str]]) -> None:
    """Figures with what they count."""
    cells = "".join(f'<div class="lb-fact"><b>{escape(a)}</b><span>{escape(b)}</span></div>' for a, b in items)
    st.html(f'<div class="lb-facts">{cells}</div>')


def web_address(value: object) -> str | None:
    """An address that may be offered as a link: http or https, else None."""
    if not isinstance(value, str):
        return None
    try:
        pieces = urlsplit(value)
    except ValueError:
        return None
    return value if pieces.scheme in {"http", "https"} and pieces.netloc else None


def toolbar() -> Any:
    """A row for small buttons."""
    return st.container(horizontal=True, gap="small", vertical_alignment="center")


def link_to_view(name: str, **parameters: Any) -> None:
    """A button that shows the address of exactly this view."""
    kept = {key: value for key, value in parameters.items() if not is_missing(value)}
    with st.popover("Link", icon=":material/link:", type="tertiary", help="The address of this view"):
        st.caption("Opens exactly this view, on the same files.")
        st.code(address(name, kept), language=None, wrap_lines=True)


def address(name: str, parameters: Mapping[str, Any]) -> str:
    """The address of a page with its inputs."""
    here = urlsplit(st.context.url or "http://localhost:8501/")
    folder = here.path.rstrip("/")
    last = folder.rsplit("/", 1)[-1]
    if last in PAGES:
        folder = folder[: -len(last)].rstrip("/")
    first = next(iter(PAGES)) == name
    query = urlencode(parameters, doseq=True)
    return f"{here.scheme}://{here.netloc}{folder}/{'' if first else name}{'?' + query if query else ''}"


def cite(entries: Callable[[], str], what: str) -> None:
    """A button that shows BibTeX, which is made when it is asked for."""
    place = st.popover(
        "Cite",
        icon=":material/format_quote:",
        type="tertiary",
        help=f"BibTeX of {what}",
        key="cite",
        on_change="rerun",
    )
    if place.open:
        with place:
            st.code(entries() or "% nothing to cite", language="latex", wrap_lines=True)


def download_table(frame: pd.DataFrame, name: str, key: str, label: str = "CSV") -> None:
    """A button that saves a table as CSV, in the form of the command line's exports."""
    st.download_button(
        label,
        data=lambda: csv_of(frame),
        file_name=f"{file_name(name)}.csv",
        mime="text/csv",
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help="The rows shown, with all columns, as CSV",
    )


def csv_of(frame: pd.DataFrame) -> bytes:
    """A table as CSV, in the form of the command line's exports."""
    from leaderboard.table import write_table

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write_table(frame, path)
        return path.read_bytes()


def file_name(text: str) -> str:
    """A name for a downloaded file: letters, digits and hyphens."""
    words = "".join(c if c.isalnum() and c.isascii() else " " for c in text).split()
    return "-".join(words)[:80].lower() or "leaderboard"


def look() -> charts.Look:
    """The colours that fit the visitor's theme."""
    return charts.DARK if st.context.theme.type == "dark" else charts.LIGHT


def chart(
    draw: Callable[[charts.Look], charts.Picture],
    name: str,
    alt_text: str,
    key: str,
    *,
    pick: bool = False,
) -> dict[str, Any] | None:
    """A chart with buttons that save it as PNG and SVG; the fields of the mark that was clicked, if any."""
    picture = draw(look())
    picked: dict[str, Any] | None = None
    if pick:
        state = st.altair_chart(
            picture, width="stretch", key=key, alt=alt_text, on_select="rerun", selection_mode=[charts.PICKED]
        )
        marks = state["selection"].get(charts.PICKED) or []
        picked = dict(marks[0]) if marks else None
    else:
        st.altair_chart(picture, width="stretch", key=key, alt=alt_text)

    def saved(suffix: str) -> Callable[[], bytes]:
        return lambda: charts.save(draw(charts.LIGHT), suffix, name)

    with toolbar():
        for suffix, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
            st.download_button(
                suffix.upper(),
                data=saved(suffix),
                file_name=f"{file_name(name)}.{suffix}",
                mime=mime,
                key=f"{key}-{suffix}",
                icon=":material/image:",
                type="tertiary",
                on_click="ignore",
                help=f"This chart as {suffix.upper()}",
            )
    return picked


def footer() -> None:
    """What is loaded."""
    store = session.store()
    totals = totals_of(store.digest)
    parts = [
        count(totals.papers, "paper"),
        count(totals.results, "result"),
        years(totals.first_year, totals.last_year),
    ]
    if session.added():
        parts.append("with what you added on this visit")
    st.html(f'<div class="lb-footer">{escape(" · ".join(part for part in parts if part))}</div>')


@st.cache_data(show_spinner=False, max_entries=64)
def totals_of(digest: str) -> Totals:
    """How much is loaded, worked out once for a content."""
    return session.store().totals()


@st.cache_resource(show_spinner=False, max_entries=32)
def ranked(digest: str, key: str) -> pd.DataFrame:
    """A whole board, ranked, worked out once for a content and shared by all: nobody may change it."""
    return board_data.ranked(session.store(), key)


def bibtex_of(store: Store, paper_ids: Sequence[str]) -> str:
    """BibTeX of papers, each once, in the order given; of very many the first."""
    import pandas as pd

    from leaderboard.exports.bibtex import write_bibtex

    if not paper_ids:
        return ""
    papers = [asdict(paper) for paper in store.cited(list(dict.fromkeys(paper_ids))[:_CITED])]
    stream = io.BytesIO()
    write_bibtex(pd.DataFrame([{**paper, "authors": list(paper["authors"])} for paper in papers]), stream)
    return stream.getvalue().decode()


@st.cache_data(show_spinner=False, max_entries=16)
def records_of(digest: str, keys: tuple[str, ...]) -> dict[str, list[float]]:
    """The scores of the records of boards, worked out once for a content."""
    return overview_data.records(session.store(), keys)


@st.cache_data(show_spinner=False, max_entries=16)
def newest_records(digest: str) -> pd.DataFrame:
    """The latest results that lead a board, worked out once for a content."""
    return overview_data.newest_records(session.store())


@st.cache_data(show_spinner=False, max_entries=64)
def methods_of(digest: str, text: str, limit: int) -> pd.DataFrame:
    """Methods whose name holds a text, worked out once for a content."""
    return session.store().find_methods(text, limit)


@st.cache_data(show_spinner=False, max_entries=64)
def pairs_of(digest: str, method: str) -> pd.DataFrame:
    """Pairs of methods that share boards, worked out once for a content."""
    return session.store().pairs(method, 8)


@st.cache_data(show_spinner=False, max_entries=16)
def gain_groups(digest: str) -> dict[str, int]:
    """How many gains there are of each group, worked out once for a content."""
    return gains_data.groups(session.store())


@st.cache_data(show_spinner=False, max_entries=64)
def gain_names(digest: str, group: str, column: str, limit: int) -> list[str]:
    """The metrics or data sets with most gains, worked out once for a content."""
    return gains_data.names(session.store(), group, column, limit)


@st.cache_resource(show_spinner=False, max_entries=64)
def costs_of(digest: str, key: str) -> pd.DataFrame:
    """The costs beside a board, worked out once for a content and shared by all: nobody may change them."""
    store = session.store()
    board = board_data.board_of(store.boards(), key)
    assert board is not None
    return board_data.costs_of(store, board)
