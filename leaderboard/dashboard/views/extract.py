"""Extract: paste an abstract or drop files, see the results, add them to this visit's table, take them along."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from leaderboard.dashboard import cache, grids, paper_data, paper_parts, parts, session, sources, words
from leaderboard.errors import LeaderboardError
from leaderboard.models import Paper

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from leaderboard.dashboard.sources import Part

_PASTE, _FILES = "Paste", "Files"
_LONGEST = 20_000
_LONGEST_IN_ADDRESS = 4000
_ROWS = 1000
_SAFE = re.compile(r"[^\w.\- ()+]+")


def show() -> None:
    """Draw the page."""
    parts.title("Extract results", "From one abstract, or from files in any format that the command line reads.")
    paste, files = st.tabs([_PASTE, _FILES], key="from", bind="query-params")
    if paste.open:
        with paste:
            _paste()
    if files.open:
        with files:
            _drop()
    _visit()


def _paste() -> None:
    for key in ("title", "abstract"):
        st.session_state.setdefault(f"_lb_paste_{key}", (st.query_params.get(key) or "")[:_LONGEST])
    title = st.text_input("Title", key="_lb_paste_title", max_chars=1000, placeholder="Optional")
    abstract = st.text_area(
        "Abstract", key="_lb_paste_abstract", max_chars=_LONGEST, height=180, placeholder="Paste an abstract here"
    )
    st.button("Extract", type="primary", icon=":material/document_scanner:")
    title, abstract = title or "", abstract or ""
    if not (title + abstract).strip():
        parts.notice("Nothing to read yet.", "Paste an abstract and press Extract; the title helps to name its method.")
        return
    paper = Paper("pasted", sources.whole_characters(title), sources.whole_characters(abstract))
    explanation = paper_parts.explained(paper)
    from leaderboard.table import to_table

    rows = to_table(explanation.results)
    found = paper_data.overlay(paper, explanation, words.records(rows), everything=True)
    if title.strip():
        paper_parts.title(paper, found, level=2)
    paper_parts.abstract(paper, found)
    parts.heading(f"Results ({len(rows):,})")
    if rows.empty:
        parts.notice("No result was found.", "The numbers that were seen are below, each with the reason.")
    else:
        at = paper_parts.results(rows, "pasted", "pasted")
        records = words.records(rows)
        paper_parts.reasons(records if at is None else [records[at]], explanation, opened=at is not None)
        with parts.toolbar():
            _add_button(lambda: sources.part_of([paper]))
    with parts.toolbar():
        if len(title) + len(abstract) <= _LONGEST_IN_ADDRESS:
            parts.link_to_view("extract", title=title, abstract=abstract)
    paper_parts.rejects(explanation, "pasted")


def _drop() -> None:
    uploads = st.file_uploader(
        "Files of papers or of results",
        accept_multiple_files=True,
        key="uploads",
        help="Saved pages, JSON lines, CSV, Parquet, arXiv and PubMed XML, RIS, BibTeX, plain text; packed or not",
    )
    if not uploads:
        parts.notice("No file yet.", "Drop files above. They stay on this machine.")
        return
    found: list[Part] = []
    for upload in uploads:
        bar = st.progress(0.0, "Reading")
        try:
            found.append(_read(upload, session.progress_on(bar)))
        except (LeaderboardError, OSError) as error:
            parts.notice(f"{upload.name} could not be read", _without_folders(str(error)), bad=True)
        finally:
            bar.empty()
    if found:
        _found(found)


def _uploads() -> Path:
    return cache.cache_folder() / "uploads"


def _folder(upload: UploadedFile) -> Path:
    return _uploads() / cache.digest_of_bytes(upload.getvalue())


def _read(upload: UploadedFile, progress: sources.Progress) -> Part:
    """What a dropped file holds. It is kept under its own name, which formats and ids depend on."""
    path = _folder(upload) / (_SAFE.sub("_", Path(upload.name).name)[-100:].lstrip(".") or "file")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        cache.write_bytes(path, upload.getvalue())
    if sources.is_results(path):
        return sources.results_part(path)
    return sources.papers_part([path], progress=progress)


def _without_folders(message: str) -> str:
    """The message with the dropped file's own name in place of where it was put."""
    return re.sub(rf"{re.escape(str(_uploads()))}/[0-9a-f]+/", "", message)


def _found(found: list[Part]) -> None:
    try:
        store = session.store_of(found)
    except LeaderboardError as error:
        parts.notice("These results could not be read", str(error), bad=True)
        return
    totals = store.totals()
    rejects = store.rejects()
    parts.facts(
        [
            (f"{totals.papers:,}", "papers"),
            (f"{totals.results:,}", "results"),
            (f"{len(rejects):,}", "records not readable"),
        ]
    )
    if len(rejects):
        parts.notice(
            f"{words.count(len(rejects), 'record')} could not be read.",
            "; ".join(_without_folders(str(message)) for message in rejects["message"][:3]),
            bad=True,
        )
        parts.download_table(rejects, "rejects", "upload-rejects-csv", "CSV of them")
    if not totals.results:
        parts.notice("No result was found in these files.", "Look at the Paper page after adding them, to see why.")
    else:
        rows = store.query(f"SELECT * EXCLUDE (board) FROM results ORDER BY paper_id, field DESC, start LIMIT {_ROWS}")
        frame, config = grids.results(rows)
        frame.insert(0, "title", rows["title"].fillna(rows["paper_id"]))
        config["title"] = st.column_config.TextColumn("Paper", width="medium")
        grids.show(frame, config, "Results in these files")
        with parts.toolbar():
            parts.download_table(rows, "results", "upload-csv")
            if totals.results > len(rows):
                parts.quiet(f"The first {len(rows):,} of {totals.results:,} are shown.")
    with parts.toolbar():
        _add_button(lambda: found)


def _add_button(made: Any) -> None:
    if st.button("Add to this visit's table", icon=":material/add:", key="add"):
        addition = made()
        for part in addition if isinstance(addition, list) else [addition]:
            session.add(part)
        st.rerun()


def _visit() -> None:
    added = session.added()
    if not added:
        return
    parts.heading("Added on this visit")
    parts.quiet(f"{words.count(len(added), 'addition')}, seen on every page until you leave or take them away.")
    with parts.toolbar():
        if st.button("Take them away", icon=":material/undo:", type="tertiary", key="forget"):
            session.forget_added()
            st.rerun()


show()
