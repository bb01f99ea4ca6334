"""The charts, as Altair specifications that Streamlit shows and that are saved as PNG and SVG."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

Picture: TypeAlias = "alt.Chart | alt.LayerChart | alt.FacetChart"

PICKED = "picked"
"""The name of the selection that a click on a mark makes."""
_NAMED_RECORDS = 3
_ROOM_FOR_A_NAME = 0.3  # of the time shown


@dataclass(frozen=True, slots=True)
class Look:
    """Colours that stay apart for colour-blind readers (after Okabe and Ito, 2008), for one background."""

    accent: str
    quiet: str
    text: str
    grid: str
    background: str
    ramp: tuple[str, str]
    series: tuple[str, ...]


LIGHT = Look(
    accent="#0f766e",
    quiet="#9aa7ae",
    text="#1c2529",
    grid="#e6eaec",
    background="#ffffff",
    ramp=("#d9f0ec", "#0b5f58"),
    series=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9"),
)
DARK = Look(
    accent="#2dd4bf",
    quiet="#66747d",
    text="#e6ebee",
    grid="#2a333a",
    background="#11161a",
    ramp=("#17403d", "#7ff0df"),
    series=("#56b4e9", "#f0894a", "#35c79b", "#e2a1c6", "#f0c34a", "#9bd3f5"),
)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")


def progress(points: pd.DataFrame, records: pd.DataFrame, axis: str, higher_is_better: bool, look: Look) -> Picture:
    """Best so far: all results in grey behind, the records as a step line with the last few of them named.

    `points` has one row a result: when (datetime), score, method, shown, dated, paper, row (its place in the table).
    `records` are those that were records when they appeared, oldest first, with `gain` in words. `axis` is the title of
    the score's axis, which says the direction.
    """
    import altair as alt
    import pandas as pd

    tooltip = [
        alt.Tooltip("method:N", title="Method"),
        alt.Tooltip("shown:N", title="Score"),
        alt.Tooltip("dated:N", title="Date"),
        alt.Tooltip("paper:N", title="Paper"),
    ]
    x = alt.X(
        "when:T",
        title=None,
        scale=alt.Scale(padding=12),
        axis=alt.Axis(
            format="%Y", values=_middles_of_years(points["when"]), labelOverlap="greedy", labelSeparation=8, grid=False,
            ticks=False, labelPadding=6,
        ),
    )  # fmt: skip
    y = alt.Y("score:Q", title=axis, scale=alt.Scale(zero=False, padding=14), axis=alt.Axis(tickCount=6))
    picked = alt.selection_point(name=PICKED, fields=["row"], on="click", empty=False)
    line = records[["when", "score"]]
    if len(line):
        end = max(points["when"].max(), line["when"].max())
        if pd.Timestamp.now().year - end.year <= 1:
            end = max(end, pd.Timestamp.now().normalize())
        line = pd.concat([line, line.tail(1).assign(when=end)], ignore_index=True)
    behind = (
        alt.Chart(points)
        .mark_point(filled=True, size=46, opacity=0.55, color=look.quiet, cursor="pointer")
        .encode(x=x, y=y, tooltip=tooltip)
        .add_params(picked)
    )
    steps = alt.Chart(line).mark_line(interpolate="step-after", color=look.accent, strokeWidth=2.5).encode(x=x, y=y)
    heads = (
        alt.Chart(records)
        .mark_point(filled=True, size=90, opacity=1, color=look.accent, stroke=look.background, strokeWidth=1.5)
        .encode(x=x, y=y, tooltip=[*tooltip, alt.Tooltip("gain:N", title="Over the record before")])
    )
    layers = [behind, steps, heads]
    early, late = _named_records(records, line["when"].min(), line["when"].max())
    for align, dx, named in (("left", 9, early), ("right", -9, late)):
        text = alt.Chart(named).mark_text(
            align=align,  # type: ignore[arg-type]
            dx=dx,
            dy=-9 if higher_is_better else 11,
            limit=130,
            color=look.text,
            fontSize=12,
        )
        if len(named):
            layers.append(text.encode(x=x, y=y, text="method:N"))
    return alt.layer(*layers).properties(height=340)


def _middles_of_years(when: pd.Series[pd.Timestamp]) -> list[str]:
    """Where the names of the years stand: in the middle of each, so that a point is nearest to its own."""
    first, last = int(when.min().year), int(when.max().year)
    step = max(1, (last - first) // 12)
    return [f"{year}-07-01" for year in range(first, last + 1, step)]


def _named_records(records: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The latest records whose names have room also on a phone: those named on the right of their mark, on the left.

    A name stands on the left of its mark, so that it lies over the line's own past; on the right only where the mark is
    so early that there is no room.
    """
    span = end - start
    chosen: list[Any] = []
    left = None  # where the names chosen so far begin
    for index in reversed(records.index):
        when = records["when"][index]
        early = when < start + span * _ROOM_FOR_A_NAME
        reaches = when + span * _ROOM_FOR_A_NAME if early else when
        if left is None or reaches <= left:
            chosen.append(index)
            left = when if early else when - span * _ROOM_FOR_A_NAME
        if len(chosen) == _NAMED_RECORDS:
            break
    named = records[records.index.isin(chosen)]
    early = named["when"] < start + span * _ROOM_FOR_A_NAME
    return named[early], named[~early]


def distribution(bins: pd.DataFrame, axis: str, look: Look) -> Picture:
    """How many results lie where: start, end, count, within."""
    import altair as alt

    picture: Picture = (
        alt.Chart(bins)
        .mark_bar(color=look.accent, opacity=0.85, cornerRadiusEnd=2, binSpacing=1)
        .encode(
            x=alt.X("start:Q", bin="binned", title=axis, scale=alt.Scale(zero=False)),
            x2="end:Q",
            y=alt.Y("count:Q", title="Results", axis=alt.Axis(tickMinStep=1, format="d")),
            tooltip=[alt.Tooltip("within:N", title=axis), alt.Tooltip("count:Q", title="Results", format=",")],
        )
        .properties(height=260)
    )
    return picture


def frontier(points: pd.DataFrame, cost_axis: str, score_axis: str, look: Look) -> Picture:
    """Score against cost: cost, score, method, on_frontier; systems that nothing beats in both are joined."""
    import altair as alt

    picked = alt.selection_point(name=PICKED, fields=["row"], on="click", empty=False)
    spread = points["cost"].min() > 0 and points["cost"].max() / points["cost"].min() > 30
    x = alt.X(
        "cost:Q",
        title=cost_axis,
        scale=alt.Scale(type="log" if spread else "linear", zero=False, padding=14),
        axis=alt.Axis(format="~s", tickCount=8, labelOverlap=True),
    )
    y = alt.Y("score:Q", title=score_axis, scale=alt.Scale(zero=False, padding=14))
    tooltip = [
        alt.Tooltip("method:N", title="Method"),
        alt.Tooltip("score:Q", title=score_axis),
        alt.Tooltip("cost:Q", title=cost_axis),
    ]
    best = points[points["on_frontier"]].sort_values("cost")
    every = (
        alt.Chart(points)
        .mark_point(filled=True, size=60, opacity=0.7, color=look.quiet, cursor="pointer")
        .encode(x=x, y=y, tooltip=tooltip)
        .add_params(picked)
    )
    edge = (
        alt.Chart(best).mark_line(color=look.accent, strokeWidth=2, strokeDash=[5, 3]).encode(x=x, y=y, order="cost:Q")
    )
    heads = (
        alt.Chart(best).mark_point(filled=True, size=90, opacity=1, color=look.accent).encode(x=x, y=y, tooltip=tooltip)
    )
    names = alt.Chart(best).mark_text(align="left", dx=8, dy=-8, limit=160, color=look.text, fontSize=12)
    return alt.layer(every, edge, heads, names.encode(x=x, y=y, text="method:N")).properties(height=340)


def coverage(cells: pd.DataFrame, look: Look) -> Picture:
    """Data sets by metrics: how many results each pair has; a blank pair has none, which is not zero."""
    import altair as alt

    datasets = list(dict.fromkeys(cells.sort_values("dataset_total", ascending=False, kind="stable")["dataset"]))
    metrics = list(dict.fromkeys(cells.sort_values("metric_total", ascending=False, kind="stable")["metric"]))
    picked = alt.selection_point(name=PICKED, fields=["dataset", "metric"], on="click", empty=False)
    base = alt.Chart(cells).encode(
        x=alt.X(
            "metric:N",
            sort=metrics,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-40, labelLimit=150, labelOverlap=False),
        ),
        y=alt.Y("dataset:N", sort=datasets, title=None, axis=alt.Axis(labelLimit=170, labelOverlap=False)),
    )
    middle = float(cells["entries"].max()) ** 0.5 if len(cells) else 1.0
    squares = (
        base.mark_rect(cornerRadius=3, stroke=look.background, strokeWidth=2, cursor="pointer")
        .encode(
            color=alt.Color(
                "entries:Q", scale=alt.Scale(type="log", range=list(look.ramp)), legend=None, title="Results"
            ),
            tooltip=[
                alt.Tooltip("dataset:N", title="Data set"),
                alt.Tooltip("metric:N", title="Metric"),
                alt.Tooltip("entries:Q", title="Results", format=","),
                alt.Tooltip("best:N", title="Best"),
            ],
        )
        .add_params(picked)
    )
    light_text, dark_text = (look.background, look.text)
    numbers = base.mark_text(fontSize=11).encode(
        text=alt.Text("entries:Q", format=","),
        color=alt.condition(f"datum.entries > {middle}", alt.value(light_text), alt.value(dark_text)),
    )
    return alt.layer(squares, numbers).properties(height=alt.Step(26))


def compare(points: pd.DataFrame, methods: Sequence[str], look: Look) -> Picture:
    """Methods over boards: board, method, share (of the best among them, in percent), shown."""
    import altair as alt

    picture: Picture = (
        alt.Chart(points)
        .mark_point(filled=True, size=110, opacity=0.9)
        .encode(
            x=alt.X(
                "share:Q",
                title="Percent of the best among them",
                scale=alt.Scale(zero=False, padding=14, nice=False),
                axis=alt.Axis(tickCount=8),
            ),
            y=alt.Y("board:N", title=None, sort=None, axis=alt.Axis(labelLimit=260, grid=True)),
            color=alt.Color(
                "method:N",
                scale=alt.Scale(domain=list(methods), range=list(look.series[: len(methods)])),
                legend=alt.Legend(title=None, orient="top", labelLimit=220, columns=3),
            ),
            shape=alt.Shape("method:N", scale=alt.Scale(domain=list(methods), range=list(SHAPES[: len(methods)]))),
            tooltip=[
                alt.Tooltip("method:N", title="Method"),
                alt.Tooltip("board:N", title="Board"),
                alt.Tooltip("shown:N", title="Score"),
                alt.Tooltip("share:Q", title="Percent of the best", format=".1f"),
            ],
        )
        .properties(height=alt.Step(30))
    )
    return picture


def gains(points: pd.DataFrame, axis: str, look: Look) -> Picture:
    """Gains by metric, on a logarithmic axis where they span much.

    Columns: metric, amount, better, method, over, shown, dataset, paper, paper_id, at.
    """
    import altair as alt

    picked = alt.selection_point(name=PICKED, fields=["paper_id", "at"], on="click", empty=False)
    wide = points["amount"].max() > 30 * points["amount"].min()
    order = list(points.groupby("metric").size().sort_values(ascending=False, kind="stable").index)
    picture: Picture = (
        alt.Chart(points)
        .mark_point(filled=True, size=70, opacity=0.65, cursor="pointer")
        .encode(
            x=alt.X(
                "amount:Q",
                title=axis,
                scale=alt.Scale(type="log" if wide else "linear", padding=14, nice=False),
                axis=alt.Axis(tickCount=6, labelOverlap=True),
            ),
            y=alt.Y("metric:N", sort=order, title=None, axis=alt.Axis(labelLimit=200, grid=True)),
            color=alt.Color(
                "better:N",
                scale=alt.Scale(
                    domain=["better", "worse", "not said"], range=[look.accent, look.series[1], look.quiet]
                ),
                legend=alt.Legend(title=None, orient="top"),
            ),
            shape=alt.Shape(
                "better:N",
                scale=alt.Scale(domain=["better", "worse", "not said"], range=["circle", "triangle-down", "square"]),
            ),
            tooltip=[
                alt.Tooltip("method:N", title="Method"),
                alt.Tooltip("over:N", title="Over"),
                alt.Tooltip("shown:N", title="Gain"),
                alt.Tooltip("dataset:N", title="Data set"),
                alt.Tooltip("paper:N", title="Paper"),
            ],
        )
        .add_params(picked)
        .properties(height=alt.Step(30))
    )
    return picture


def save(chart: Picture, suffix: str, title: str, look: Look = LIGHT) -> bytes:
    """A chart as a picture for a paper or a talk: `png` (two pixels a point) or `svg`, with its title above."""
    import vl_convert

    spec: dict[str, Any] = chart.to_dict()
    spec["title"] = {"text": title, "anchor": "start", "fontSize": 15, "offset": 12, "color": look.text}
    spec.setdefault("width", 760)
    spec["config"] = {
        **spec.get("config", {}),
        "background": look.background,
        "font": "Helvetica, Arial, sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelColor": look.text,
            "titleColor": look.text,
            "gridColor": look.grid,
            "domainColor": look.quiet,
            "tickColor": look.quiet,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        },
        "legend": {"labelColor": look.text, "titleColor": look.text, "labelFontSize": 12},
    }
    spec["padding"] = 16
    if suffix == "svg":
        return vl_convert.vegalite_to_svg(spec).encode()
    return bytes(vl_convert.vegalite_to_png(spec, scale=2))


def sparkline(scores: Sequence[float], higher_is_better: object, bars: int = 12) -> str:
    """The records of a board as small bars, the latest last, as HTML without SVG (which Streamlit's cleaner removes).

    A better record has a longer bar, whichever way the metric points.
    """
    if len(scores) < 2:
        return ""
    step = max(1, -(-len(scores) // bars))
    shown = list(scores[::-1][::step][::-1])
    low, high = min(shown), max(shown)
    spread = (high - low) or 1.0
    share = [(s - low) / spread if higher_is_better is not False else (high - s) / spread for s in shown]
    drawn = "".join(f'<i style="height:{20 + 80 * part:.0f}%"></i>' for part in share)
    label = html.escape(f"Records from {scores[0]:g} to {scores[-1]:g}")
    return f'<div class="lb-spark" role="img" aria-label="{label}" title="{label}">{drawn}</div>'
