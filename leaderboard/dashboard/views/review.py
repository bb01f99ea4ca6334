"""Review: one result after the other in its abstract, what teaches most first; each verdict is kept at once."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from leaderboard.audit.review_desk import NumberSpan, numbers_of, suggestions
from leaderboard.audit.reviews import EDITABLE, Review, ReviewStore, review_missing, review_result
from leaderboard.dashboard import marks, parts, session, words
from leaderboard.errors import LeaderboardError
from leaderboard.models import SLOTS, Paper, Result

if TYPE_CHECKING:
    from leaderboard.audit.review_queue import Candidate
    from leaderboard.dashboard.store import Store

MOST = 20_000  # results that are queued at once: the least sure ones of a larger table
_REVIEWER, _QUEUE, _AT, _MODE, _DONE = (f"_lb_review_{name}" for name in ("who", "queue", "at", "mode", "done"))
_OFFERED = 5  # names below an input
_KINDS = ("score", "gain", "cost")
_LABELS = {"value_text": "Value", "dataset": "Data set", "own": "The paper's own system"}


def show() -> None:
    """Draw the page."""
    store = session.store()
    try:
        path = session.reviews_file()
        reviews = _open(str(path.absolute()))
    except LeaderboardError as error:
        parts.title("Review")
        parts.notice(str(error), "Set LEADERBOARD_REVIEWS to a file in a folder that you may write.", bad=True)
        return
    parts.title("Review", "Say of each result whether it is right. Every verdict is kept at once.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.text_input(
            "Your name", value=st.session_state.get(_REVIEWER) or _user(), key="reviewer", width=220
        ).strip()
        parts.quiet(f"Verdicts are kept in {path}")
    if not who:
        parts.notice("Who is reviewing?", "Type your name: each verdict is kept with it.")
        return
    if st.session_state.get(_REVIEWER) != who:
        st.session_state[_REVIEWER] = who
        st.session_state.pop(_QUEUE, None)
    queue = _queue(store, reviews, who)
    at = min(st.session_state.get(_AT, 0), len(queue))
    if at < len(queue):
        _item(store, reviews, who, queue[at], len(queue) - at)
    else:
        if store.query("SELECT count(*) AS n FROM papers WHERE abstract <> '' OR title <> ''")["n"].iloc[0]:
            parts.notice("Nothing is left to review.", "Start again to see what newer verdicts brought back.")
        else:
            parts.notice(
                "The texts of these papers are not loaded.", "Start the dashboard with them too: --papers FILE."
            )
        _undo(reviews)
        if st.button("Start again", icon=":material/refresh:", shortcut="A"):
            _forget_queue()
            st.rerun()
    _audit(reviews)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


@st.cache_resource(show_spinner=False, max_entries=8)
def _open(path: str) -> ReviewStore:
    return ReviewStore(Path(path))


def _forget_queue() -> None:
    for key in (_QUEUE, _AT, _MODE, _DONE):
        st.session_state.pop(key, None)


def _queue(store: Store, reviews: ReviewStore, who: str) -> list[Candidate]:
    """The queue of this visit: made once, so that its order does not jump with every verdict."""
    key = (store.digest, who, str(st.query_params.get("paper", "")))
    if st.session_state.get(_QUEUE, (None,))[0] != key:
        _forget_queue()
        with st.spinner("Looking for what teaches most"):
            st.session_state[_QUEUE] = (key, _candidates(store, reviews, who, key[2]))
    queue: list[Candidate] = st.session_state[_QUEUE][1]
    return queue


def _candidates(store: Store, reviews: ReviewStore, who: str, paper_id: str) -> list[Candidate]:
    from leaderboard.audit.review_fixtures import digests_of
    from leaderboard.audit.review_queue import candidates

    with_text = "paper_id IN (SELECT paper_id FROM papers)"
    if paper_id:
        table = store.query(f"SELECT * FROM results WHERE {with_text} AND paper_id = ?", [paper_id])
    else:
        table = store.query(f"SELECT * FROM results WHERE {with_text} ORDER BY confidence NULLS FIRST LIMIT {MOST}")
    given, texts = reviews.reviews(), reviews.papers()
    now = (store.paper(reviewed) for reviewed in {review.paper_id for review in given})
    digests = digests_of(paper for paper in now if paper is not None)
    return candidates(table, given, texts, reviewer=who, digests=digests)


def _item(store: Store, reviews: ReviewStore, who: str, candidate: Candidate, left: int) -> None:
    result = candidate.result
    paper = store.paper(result.paper_id)
    assert paper is not None  # only papers with their text are queued
    parts.quiet(f"{left:,} to go · {candidate.why}" if candidate.why else f"{left:,} to go")
    mode = st.session_state.get(_MODE)
    if mode == "missing":
        _missing(store, reviews, who, paper)
        return
    row = {name: getattr(result, name) for name in Result.__slots__}
    _text(paper, {field: marks.result_marks(row, field) for field in ("title", "abstract")})
    parts.facts([(_shown(result, name), _label(name)) for name in ("value_text", *SLOTS[:4]) if _shown(result, name)])
    remarks = [
        f"{result.kind}, {'own system' if result.own else 'another system'}",
        f"rule {result.rule}",
        f"confidence {result.confidence:.0%}" if result.confidence is not None else "",
        *(flag.replace("_", " ") for flag in result.flags),
    ]
    parts.quiet(" · ".join(remark for remark in remarks if remark))
    if mode == "fix":
        _fix(reviews, who, paper, result)
    else:
        _verdicts(reviews, who, paper, result)


def _text(paper: Paper, found: dict[str, list[marks.Mark]]) -> None:
    with st.container(border=True):
        st.html(
            marks.legend(dict.fromkeys(mark.kind for field in found.values() for mark in field))
            + marks.passage(paper.title, found["title"], css_class="lb-paper-title")
            + '<div style="height:0.6rem"></div>'
            + marks.passage(paper.abstract, found["abstract"])
        )


def _shown(result: Result, name: str) -> str:
    if name == "value_text":
        return words.as_written({n: getattr(result, n) for n in Result.__slots__})
    text = words.text_of(getattr(result, name))
    return f"{text} ({result.split})" if name == "dataset" and result.split else text


def _label(name: str) -> str:
    return _LABELS.get(name, name.capitalize())


def _verdicts(reviews: ReviewStore, who: str, paper: Paper, result: Result) -> None:
    with st.container(horizontal=True):
        for verdict, label, key in (("right", "Right", "Y"), ("wrong", "Wrong", "N"), ("skip", "Skip", "S")):
            if st.button(
                label, key=f"verdict-{verdict}", shortcut=key, type="primary" if verdict == "right" else "secondary"
            ):
                _keep(reviews, paper, lambda v=verdict: review_result(paper, result, v, who))  # type: ignore[misc]
        if st.button("Fix", key="verdict-fix", shortcut="F"):
            _turn("fix")
        if st.button(
            "Missing", key="verdict-missing", shortcut="M", help="A number that should be a result and is none"
        ):
            _turn("missing")
        _undo(reviews)


def _undo(reviews: ReviewStore) -> None:
    done: list[tuple[str, int]] = st.session_state.get(_DONE, [])
    if st.button("Undo", key="undo", shortcut="U", disabled=not done, type="tertiary", icon=":material/undo:"):
        review_id, at = done.pop()
        try:
            reviews.retract(review_id)
        except LeaderboardError as error:
            parts.notice(str(error), bad=True)
            return
        st.session_state[_AT] = at
        st.rerun()


def _turn(mode: str | None) -> None:
    for key in [key for key in st.session_state if str(key).startswith("slot-")]:
        del st.session_state[key]
    if mode is None:
        st.session_state.pop(_MODE, None)
    else:
        st.session_state[_MODE] = mode
    st.rerun()


def _keep(reviews: ReviewStore, paper: Paper, make: Callable[[], Review], *, move: bool = True) -> None:
    """Save a verdict, then go on; what cannot be saved says why and stays where it is."""
    try:
        review = make()
        reviews.add(review, paper)
    except (LeaderboardError, ValueError) as error:
        parts.notice(str(error), "Nothing was saved.", bad=True)
        return
    at = st.session_state.get(_AT, 0)
    st.session_state.setdefault(_DONE, []).append((review.id, at))
    st.session_state[_AT] = at + 1 if move else at
    _turn(None)


def _fix(reviews: ReviewStore, who: str, paper: Paper, result: Result) -> None:
    parts.heading("What is right?", "Choose a name of the text, or type one. Ctrl+Enter keeps it.")
    slots = _slot_inputs(paper, result)
    note = st.text_input("Note", key="slot-note")
    before = {name: words.text_of(getattr(result, name)) for name in EDITABLE if name != "own"} | {"own": result.own}
    changed = {name: value for name, value in slots.items() if value != before.get(name)}
    with st.container(horizontal=True):
        if st.button("Keep", key="keep", type="primary", shortcut="Ctrl+Enter"):
            if changed:
                _keep(reviews, paper, lambda: review_result(paper, result, "fix", who, corrected=changed, note=note))
            else:
                _keep(reviews, paper, lambda: review_result(paper, result, "right", who, note=note))
        if st.button("Back", key="back", shortcut="Esc"):
            _turn(None)


def _missing(store: Store, reviews: ReviewStore, who: str, paper: Paper) -> None:
    from leaderboard.audit.rows import results_of_table

    known = list(results_of_table(store.results_of(paper.paper_id)))
    numbers = numbers_of(paper, known)
    chosen = st.session_state.get("slot-number") or (numbers[0] if numbers else None)
    found: dict[str, list[marks.Mark]] = {"title": [], "abstract": []}
    if chosen is not None:
        found[chosen.field].append(marks.Mark(chosen.start, chosen.end, "value", "the missing result"))
    _text(paper, found)
    parts.heading("Which number is missing?", "Mark the number, then fill the slots. Ctrl+Enter keeps it.")
    if not numbers:
        parts.notice("There is no number in this text.")
    else:
        number = st.selectbox("Number", numbers, key="slot-number", format_func=_described)
        slots = _slot_inputs(paper, None, place=number)
        note = st.text_input("Note", key="slot-note")
    with st.container(horizontal=True):
        if numbers and st.button("Keep", key="keep", type="primary", shortcut="Ctrl+Enter"):
            given = {name: value for name, value in slots.items() if name != "value_text"}
            _keep(
                reviews,
                paper,
                lambda: review_missing(paper, number.field, number.start, number.end, given, who, note=note),
                move=False,
            )
        if st.button("Back", key="back", shortcut="Esc"):
            _turn(None)


def _described(number: NumberSpan) -> str:
    return f"{number.text}  …{number.context}…" + ("  (a result already)" if number.taken else "")


def _slot_inputs(paper: Paper, result: Result | None, place: NumberSpan | None = None) -> dict[str, Any]:
    from leaderboard.extraction import find_mentions

    mentions = find_mentions(paper)
    slots: dict[str, Any] = {}
    columns = st.columns(2)
    for number, slot in enumerate(SLOTS):
        names = suggestions(slot, result, mentions, near=place.start if place else None)  # type: ignore[arg-type]
        standing = words.text_of(getattr(result, slot)) if result is not None else ""
        with columns[number % 2]:
            slots[slot] = _name_input(slot, names[:_OFFERED], standing)
    with columns[1]:
        slots["split"] = st.text_input(
            "Split", value=words.text_of(result.split) if result else "", key="slot-split"
        ).strip()
    *of_value, of_unit, of_kind, of_own = st.columns(4 if result is not None else 3, vertical_alignment="bottom")
    if result is not None:
        with of_value[0]:
            slots["value_text"] = st.text_input("Value", value=result.value_text, key="slot-value").strip()
    with of_unit:
        slots["unit"] = st.text_input(
            "Unit", value=words.text_of(result.unit) if result else "", key="slot-unit"
        ).strip()
    with of_kind:
        kind = result.kind if result is not None else "score"
        slots["kind"] = st.selectbox("Kind", _KINDS, index=_KINDS.index(kind), key="slot-kind", required=True)
    with of_own:
        own = result.own if result is not None else True
        slots["own"] = st.toggle(_label("own"), value=own, key="slot-own")
    return slots


def _name_input(slot: str, names: list[str], standing: str) -> str:
    """A name to type; those of the text stand below it, and one press takes one."""
    typed, offered = f"slot-{slot}", f"slot-offer-{slot}"
    st.session_state.setdefault(typed, standing)

    def take() -> None:
        st.session_state[typed] = st.session_state[offered]
        st.session_state[offered] = None

    text = st.text_input(_label(slot), key=typed, placeholder="none")
    if others := [name for name in names if name != text]:
        label = f"Names for {_label(slot)}"
        st.pills(label, others, key=offered, on_change=take, label_visibility="collapsed", format_func=_as_text)
    return text.strip()


def _as_text(name: str) -> str:
    """A name of a paper's text in a label, which would read Markdown in it."""
    return "".join(character if character.isalnum() or character in " ,-" else f"\\{character}" for character in name)


def _audit(reviews: ReviewStore) -> None:
    """What all verdicts say: accuracy by rule and over time, agreement of two reviewers, and fixtures made of them."""
    import pandas as pd

    from leaderboard.audit.review_fixtures import accuracy_of_reviews, by_month, by_reviewer, by_rule

    given = reviews.reviews()
    parts.heading(f"All verdicts ({len(given):,})", "How right extraction is, by what reviewers say.")
    if not given:
        parts.quiet("None yet.")
        return
    total = accuracy_of_reviews(given).get("all")
    if total is not None:
        figures = [(str(total.right), "right"), (str(total.wrong), "wrong"), (str(total.fixed), "fixed")]
        figures += [
            (str(total.missing), "missing"),
            (_share(total.precision), "precision"),
            (_share(total.recall), "recall"),
        ]
        parts.facts(figures)
    for title, by in (("By rule", by_rule), ("By month", by_month), ("By reviewer", by_reviewer)):
        groups = accuracy_of_reviews(given, by)
        if len(groups) > 1 or by is by_rule:
            rows = [(g, a.right, a.wrong, a.fixed, a.missing, a.precision, a.recall) for g, a in groups.items()]
            names = [title, "Right", "Wrong", "Fixed", "Missing", "Precision", "Recall"]
            share = st.column_config.NumberColumn(format="percent")
            st.dataframe(
                pd.DataFrame(rows, columns=names),
                hide_index=True,
                alt=f"Verdicts, {title.lower()}",
                column_config={"Precision": share, "Recall": share},
            )
    _agreement(given)
    with st.container(horizontal=True):
        if st.button("Make fixtures", key="make-fixtures", shortcut="X", icon=":material/task_alt:"):
            st.session_state["_lb_review_fixtures"] = _fixtures(reviews, given)
        made = st.session_state.get("_lb_review_fixtures")
        if made is not None:
            st.download_button("Download the fixtures", made[0], "reviewed.yaml", "application/yaml", on_click="ignore")
    if made is not None:
        parts.quiet(made[1])
        st.code(made[0], language="yaml")


def _agreement(given: list[Review]) -> None:
    from itertools import combinations

    from leaderboard.audit.agreement import agreement

    for first, second in combinations(sorted({review.reviewer for review in given}), 2):
        found = agreement(given, first, second)
        if found.items:
            kappa = "-" if found.kappa is None else f"{found.kappa:.2f}"
            f1 = "-" if found.f1 is None else f"{found.f1:.2f}"
            settle = words.count(len(found.disagreements), "disagreement")
            parts.quiet(
                f"{first} and {second} both judged {found.items}: kappa {kappa}, F1 on tuples {f1}, {settle} to settle"
            )


def _fixtures(reviews: ReviewStore, given: list[Review]) -> tuple[str, str]:
    from leaderboard.audit.fixture_format import dump_fixtures
    from leaderboard.audit.review_fixtures import fixtures_from_reviews
    from leaderboard.extraction import extract_paper

    made = fixtures_from_reviews(given, reviews.papers(), lambda paper: extract_paper(paper).results)
    said = words.count(len(made.fixtures), "fixture")
    if made.open:
        said += f"; of {words.count(len(made.open), 'paper')} some results still want a verdict"
    return dump_fixtures(made.fixtures), said


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


show()
