"""The pictures of an audit, as SVG drawn offline: what is wrong most, by slot and by rule, and how sure was how
right.
"""

from __future__ import annotations

from typing import Any

from leaderboard.audit.report import Audit

WIDTH = 520
RIGHT, WRONG = "#0072b2", "#d55e00"  # blue and vermilion of Okabe and Ito (2008), told apart by the colour-blind
MOST_RULES = 20


def audit_charts(audit: Audit) -> dict[str, tuple[str, str]]:
    """File name without suffix -> (what the picture shows, SVG). A picture that would be empty is left out."""
    charts: dict[str, tuple[str, Any]] = {}
    if audit.errors_by_slot:
        charts["errors-by-slot"] = ("Differences by what is wrong", _errors_by_slot(audit))
    if audit.comparison.rules:
        charts["errors-by-rule"] = ("Results by the rule that made them", _errors_by_rule(audit))
    if audit.comparison.calibration():
        charts["calibration"] = ("Confidence and share of results that are right", _calibration(audit))
    return {name: (title, _svg(chart)) for name, (title, chart) in charts.items()}


def _svg(chart: Any) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def _frame(rows: list[dict[str, Any]]) -> Any:
    from altair import InlineData

    return InlineData(values=rows)


def _errors_by_slot(audit: Audit) -> Any:
    import altair as alt

    rows = [{"what": what, "differences": count} for what, count in audit.errors_by_slot.items()]
    bars = alt.Chart(_frame(rows), width=WIDTH).mark_bar(color=WRONG)
    return bars.encode(
        x=alt.X("differences:Q", title="differences", axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y("what:N", title=None, sort="-x"),
    )


def _errors_by_rule(audit: Audit) -> Any:
    import altair as alt

    rows = []
    for rule, count in list(audit.comparison.rules.items())[:MOST_RULES]:
        rows.append({"rule": rule, "outcome": "right", "results": count.slot})
        rows.append({"rule": rule, "outcome": "not right", "results": count.fired - count.slot})
    colours = alt.Scale(domain=["right", "not right"], range=[RIGHT, WRONG])
    return (
        alt.Chart(_frame(rows), width=WIDTH)
        .mark_bar()
        .encode(
            x=alt.X("sum(results):Q", title="results", axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("rule:N", title=None, sort="-x", axis=alt.Axis(labelLimit=260)),
            color=alt.Color("outcome:N", title=None, scale=colours, sort=["right", "not right"]),
            order=alt.Order("outcome:N", sort="descending"),
        )
    )


def _calibration(audit: Audit) -> Any:
    import altair as alt

    rows = [
        {"confidence": b.confidence, "right": b.right, "results": b.results} for b in audit.comparison.calibration()
    ]
    unit = alt.Scale(domain=[0, 1])
    x = alt.X("confidence:Q", title="mean confidence", scale=unit)
    y = alt.Y("right:Q", title="share right", scale=unit)
    ideal = alt.Chart(_frame([{"confidence": 0, "right": 0}, {"confidence": 1, "right": 1}]), width=320, height=320)
    measured = alt.Chart(_frame(rows))
    return alt.layer(
        ideal.mark_line(color="grey", strokeDash=[4, 4]).encode(x=x, y=y),
        measured.mark_line(color=RIGHT).encode(x=x, y=y),
        measured.mark_point(color=RIGHT, filled=True).encode(x=x, y=y, size=alt.Size("results:Q", title="results")),
    )
