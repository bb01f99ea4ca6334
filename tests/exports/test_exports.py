"""What each export holds, read back by the library that reads its format; hostile text stays text."""

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import bibtexparser
import markdown_it
import openpyxl
import orjson
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboard.boards import boards, rank
from leaderboard.errors import InputError, OutputError
from leaderboard.exports import EXPORT_FORMATS, export, spreadsheet
from leaderboard.models import Result
from leaderboard.table import read_pwc_tables, read_results, to_table

SAMPLES = Path(__file__).parents[2] / ".." / "shared" / "samples"


def r(method, number, paper="p", **changes):
    base = Result(
        paper_id=paper,
        kind="score",
        method=method,
        dataset="Moss-7",
        metric="accuracy",
        task="image classification",
        value=number,
        value_text=str(number),
        score=number,
        unit="%",
        higher_is_better=True,
    )
    return replace(base, **changes)


NICE = [
    r("MossNet", 90.5, "2101.00001v1", title="Moss Nets: 100% Green", year=2021, date="2021-01-03", error=0.25),
    r("FernNet", 88.0, "fern", title="Ferns {and} more", year=2019, url="https://fern.example/paper?a=1&b=2"),
    r("MossNet", 90.5, "2101.00001v2", title="Moss Nets: 100% Green", year=2021, date="2021-02-03"),
    r("MossNet", 0.012, "2101.00001v1", title="Moss Nets: 100% Green", value=12.0, kind="cost", unit="ms",
      metric="latency", higher_is_better=False, year=2021, date="2021-01-03"),
    r(None, 70.0, "10.1000/xyz", split="val", setting="5-shot", title="On <b>Moss</b>", year=2020),
    r("MossNet", 2.0, "2101.00001v1", kind="gain", score=None),
    r("Lost", 2.0, "2101.00001v1", dataset=None),
]  # fmt: skip
HOSTILE = [
    "=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "a|b", "<script>alert(1)</script>",
    "![x](http://evil.example/i.png)", "[x](javascript:alert(1))", "`code`", "**bold** _it_ ~~no~~ $x$",
    "\\input{/etc/passwd}", "50% of $x_1^2$ & {more} #1 ~", "}{", "a\nb\r\nc", "\u202eright to left", "a" * 40_000,
    "\x00\x07bell", '"quoted", comma', "x\n| y |\n---", "<!--", "&lt;",
]  # fmt: skip


def exported(results, to, tmp_path, name=None):
    path = tmp_path / (name or f"out.{to}")
    left_out = export(to_table(results), to, path)
    return path, left_out


@pytest.mark.parametrize("to", EXPORT_FORMATS)
def test_the_same_table_gives_the_same_bytes_and_an_empty_one_a_file(to, tmp_path):
    first = exported(NICE, to, tmp_path, "a")[0].read_bytes()
    assert exported(NICE, to, tmp_path, "b")[0].read_bytes() == first
    assert len(first) > 100
    assert exported([], to, tmp_path, "c")[0].exists()


@pytest.mark.parametrize("to", EXPORT_FORMATS)
def test_hostile_text_is_exported_and_what_is_left_out_is_counted(to, tmp_path):
    rows = [r(text, float(i + 1), f"p{i}", title=text) for i, text in enumerate(HOSTILE)]
    assert exported([*rows, r("gain", 1.0, kind="gain")], to, tmp_path)[1] == (
        0 if to in ("csv", "jsonl", "parquet", "xlsx", "bibtex") else 1
    )


def test_an_unknown_format_or_table_is_refused(tmp_path):
    with pytest.raises(OutputError, match="no export is called 'docx'; there are: csv, jsonl"):
        exported(NICE, "docx", tmp_path)
    with pytest.raises(InputError, match="column kind is missing"):
        export(pd.DataFrame({"paper_id": ["a"]}), "markdown", tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_standard_output_and_gzip(tmp_path, capfdbinary):
    assert export(to_table(NICE), "bibtex") == 0
    plain = capfdbinary.readouterr().out
    assert plain.startswith(b"@misc{")
    assert gzip.decompress(exported(NICE, "bibtex", tmp_path, "x.bib.gz")[0].read_bytes()) == plain


@pytest.mark.parametrize("to", ["csv", "jsonl", "parquet"])
def test_tables_come_back_as_they_were(to, tmp_path):
    rows = [*NICE, *[r(text, 1.0, f"p{i}", title=text) for i, text in enumerate(HOSTILE)]]
    pd.testing.assert_frame_equal(read_results(exported(rows, to, tmp_path)[0]), to_table(rows))


# Spreadsheet


def test_a_workbook_holds_every_result_and_every_board(tmp_path):
    book = openpyxl.load_workbook(exported(NICE, "xlsx", tmp_path, "x.xlsx")[0])
    results = [[cell.value for cell in row] for row in book["results"].iter_rows()]
    assert results[0] == list(to_table([]).columns)
    assert len(results) == len(NICE) + 1
    first = dict(zip(*results[:2], strict=True))
    assert (first["method"], first["score"], first["year"], first["own"], first["venue"]) == (
        "MossNet", 90.5, 2021, True, None,
    )  # fmt: skip
    assert book["boards"].max_row == len(boards(to_table(NICE))) + 1


def test_a_workbook_never_holds_a_formula_or_a_link(tmp_path):
    rows = [r(text, 1.0, f"p{i}", title=text, url="https://moss.example") for i, text in enumerate(HOSTILE)]
    sheet = openpyxl.load_workbook(exported(rows, "xlsx", tmp_path, "x.xlsx")[0])["results"]
    titles = next(c for c in sheet.iter_cols() if c[0].value == "title")[1:]
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in titles)
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    for text, cell in zip(HOSTILE, titles, strict=True):
        if len(text) < 32_767 and not any(ord(c) < 32 for c in text):
            assert cell.value == text
        assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t")) or not cell.quotePrefix
        if text[0] in "=+-@":
            assert cell.quotePrefix
    assert titles[HOSTILE.index("a" * 40_000)].value.endswith("a…")


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    assert spreadsheet.MOST_ROWS == 1_048_576
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    exported(NICE[:2], "xlsx", tmp_path)
    with pytest.raises(OutputError, match="3 results are more than the 2 that a sheet holds; use csv or parquet"):
        exported(NICE[:3], "xlsx", tmp_path, "more.xlsx")
    assert not (tmp_path / "more.xlsx").exists()


# Documents


def test_markdown_has_a_section_for_each_board_best_first(tmp_path):
    text = exported(NICE, "markdown", tmp_path)[0].read_text()
    assert text.splitlines()[:10] == [
        "## Image classification",
        "",
        "### Moss-7",
        "",
        "Metric: accuracy, in %, higher is better.",
        "",
        "| Model | Score | Paper / Source | Code |",
        "| --- | ---: | --- | --- |",
        "| MossNet | 90.5 ± 0.25 | [Moss Nets: 100% Green](https://arxiv.org/abs/2101.00001) (2021) | |",
        "| FernNet | 88 | [Ferns \\{and\\} more](https://fern.example/paper?a=1&b=2) (2019) | |",
    ]
    assert "Metric: latency, in s, lower is better." in text
    assert "### Moss-7 (val)\n\nMetric: accuracy, in %, 5-shot, higher is better." in text
    assert "| — | 70 | [On \\<b\\>Moss\\</b\\>](https://doi.org/10.1000/xyz) (2020) | |" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_text_as_it_is(text, tmp_path):
    content = exported([r(text, 1.0, title=text, dataset=f"D {text}")], "markdown", tmp_path)[0].read_text()
    tokens = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(content)
    inline = [child for token in tokens for child in (token.children or [])]
    assert {child.type for child in inline} <= {"text", "text_special"}
    assert not any(token.type.startswith("html") for token in tokens)
    cells = [token for token in tokens if token.type == "td_open"]
    assert len(cells) == 4
    shown = "".join(child.content for child in tokens[tokens.index(cells[0]) + 1].children)
    assert shown == " ".join("".join(c if ord(c) > 31 else " " for c in text).split())


def test_latex_cites_the_keys_of_the_bibtex_export(tmp_path):
    latex = exported(NICE, "latex", tmp_path)[0].read_text()
    library = bibtexparser.parse_string(exported(NICE, "bibtex", tmp_path)[0].read_text())
    keys = {entry.key for entry in library.entries}
    assert {piece.split("}")[0] for piece in latex.split(r"\cite{")[1:]} == keys
    assert latex.count(r"\begin{table}") == latex.count(r"\bottomrule") == 3
    assert r"\caption{Image classification on Moss-7: accuracy [\%], higher is better.}" in latex
    assert r"1 & MossNet & 90.5 $\pm$ 0.25 & \cite{" in latex


@pytest.mark.parametrize("text", HOSTILE)
def test_latex_is_escaped_and_its_braces_pair(text, tmp_path):
    rows = [r(text, 1.0, title=text, dataset=f"D {text}", metric=f"m {text}", setting=text)]
    latex = exported(rows, "latex", tmp_path)[0].read_text()
    assert r"\input" not in latex
    latex = re.sub(r"\\cite\{\w+\}", "", latex)
    depth = 0
    for i, char in enumerate(latex):
        depth += (char == "{") - (char == "}")
        assert depth >= 0
        if char in "&#$_^~" and latex[i - 1] != "\\":
            assert (char == "&" and latex[i - 1] == " ") or latex[i : i + 3] == "$-$" or char == "$"
    assert depth == 0
    (line,) = [line for line in latex.splitlines() if line.startswith("    1 & ")]
    assert line.count(" & ") == 4


def test_bibtex_has_one_entry_for_each_paper(tmp_path):
    text = exported(NICE, "bibtex", tmp_path)[0].read_text()
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    assert len(library.entries) == 3  # the two versions of one paper are one
    moss, fern, other = library.entries
    assert moss.key.startswith("moss2021_")
    assert moss["eprint"] == "2101.00001"
    assert moss["title"] == "{Moss Nets: 100\\% Green}"
    assert moss["month"] == "jan"
    assert fern["url"] == "https://fern.example/paper?a=1&b=2"
    assert fern["title"] == "{Ferns \\textbraceleft{}and\\textbraceright{} more}"
    assert other["doi"] == "10.1000/xyz"


def test_bibtex_keys_are_unique_and_depend_on_the_paper_alone(tmp_path):
    rows = [r("A", 1.0, f"p{i}", title=title) for i, title in enumerate([None, "Moss", "Moss", "Moss and Fern Nets"])]
    keys = [e.key for e in bibtexparser.parse_string(exported(rows, "bibtex", tmp_path)[0].read_text()).entries]
    assert len(set(keys)) == 4
    alone = [
        bibtexparser.parse_string(exported([row], "bibtex", tmp_path)[0].read_text()).entries[0].key for row in rows
    ]
    assert alone == keys


@pytest.mark.parametrize("text", HOSTILE)
def test_bibtex_survives_hostile_text(text, tmp_path):
    rows = [r("A", 1.0, "p1", title=text, venue=text), r("B", 2.0, "p2", title="The next")]
    library = bibtexparser.parse_string(exported(rows, "bibtex", tmp_path)[0].read_text())
    assert library.failed_blocks == []
    assert [entry["title"] for entry in library.entries][1] == "{The next}"


# Leaderboards


def shape(value):
    """The structure of decoded JSON: the keys and types, lists by what they hold."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_pwc_json_has_the_form_of_the_archive(tmp_path):
    path, left_out = exported(NICE, "pwc-json", tmp_path)
    assert left_out == 3  # a gain, a result without data set, a copy
    (task,) = orjson.loads(path.read_bytes())
    assert task["task"] == "image classification"
    first, second = task["datasets"]
    assert (first["dataset"], second["dataset"]) == ("Moss-7", "Moss-7 val (5-shot)")
    assert first["sota"]["metrics"] == ["accuracy", "latency"]
    assert first["sota"]["rows"][0] == {
        "model_name": "MossNet",
        "paper_title": "Moss Nets: 100% Green",
        "paper_url": "https://arxiv.org/abs/2101.00001",
        "paper_date": "2021-01-03",
        "code_links": [],
        "model_links": [],
        "metrics": {"accuracy": 90.5, "latency": 0.012},
        "uses_additional_data": False,
    }


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside this checkout")
def test_pwc_json_has_the_structure_of_real_tables(tmp_path):
    real = orjson.loads((SAMPLES / "pwc_tasks_squad.json").read_bytes())[0]
    ours = orjson.loads(exported(NICE, "pwc-json", tmp_path)[0].read_bytes())[0]

    def keys(task):
        dataset = task["datasets"][0]
        return sorted(task), sorted(dataset), sorted(dataset["sota"]), sorted(dataset["sota"]["rows"][0])

    assert keys(ours) == keys(real)
    table = read_results(SAMPLES / "pwc_tasks_squad.json")
    export(table, "pwc-json", tmp_path / "again.json")
    columns = ["dataset", "split", "metric", "entries", "best_score", "best_method"]
    again = boards(read_results(tmp_path / "again.json"))
    pd.testing.assert_frame_equal(again[columns], boards(table)[columns])


BOARD_ROWS = st.lists(
    st.builds(
        r,
        method=st.sampled_from(["MossNet", "FernNet"]),
        number=st.sampled_from([61.5, 70.25, 88.0]),
        paper=st.sampled_from(["https://moss.example/1", "https://moss.example/2"]),
        url=st.none(),
        dataset=st.sampled_from(["Moss-7", "COCO"]),
        metric=st.sampled_from(["accuracy", "RMSE"]),
        split=st.sampled_from([None, "val", "test"]),
        setting=st.sampled_from([None, "zero-shot", "5-shot", "1% labels"]),
        date=st.just("2021-01-03"),
        higher_is_better=st.none(),
        unit=st.none(),
    ),
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=BOARD_ROWS)
def test_boards_come_back_from_pwc_json(rows, tmp_path):
    table = to_table(rows)
    path = tmp_path / "x.json"
    export(table, "pwc-json", path)
    if not rows:
        assert path.read_bytes() == b"[]\n"
        return
    back = to_table(read_pwc_tables(path))
    columns = ["task", "dataset", "split", "metric", "setting", "entries", "papers", "best_score", "key"]
    expected, found = (boards(t)[columns].sort_values("key", ignore_index=True) for t in (table, back))
    pd.testing.assert_frame_equal(found, expected)
    for board in expected.itertuples():
        names = {"split": board.split, "setting": board.setting}
        names = {key: value for key, value in names.items() if isinstance(value, str)}
        one, other = (rank(t, board.dataset, board.metric, **names) for t in (table, back))
        counted = one[one["rank"].notna()]
        assert sorted(zip(counted["score"], counted["method"], strict=True)) == sorted(
            zip(other["score"], other["method"], strict=True)
        )


def test_hugging_face_evaluation_results(tmp_path):
    path, left_out = exported(NICE, "hf-eval-results", tmp_path)
    items = yaml.safe_load(path.read_text())
    assert left_out == 3
    assert items[0] == {
        "dataset": {"id": "moss-7", "task_id": "accuracy"},
        "value": 90.5,
        "date": "2021-01-03",
        "source": {"url": "https://arxiv.org/abs/2101.00001", "name": "Moss Nets: 100% Green"},
        "notes": "MossNet, accuracy, in %",
    }
    assert "accuracy_val_5-shot" in [item["dataset"]["task_id"] for item in items]
    hub = pytest.importorskip("huggingface_hub")
    entries = hub.parse_eval_result_entries(items)
    assert [entry.value for entry in entries] == [item["value"] for item in items]
    assert hub.eval_result_entries_to_yaml(entries) == items


def test_a_hugging_face_model_index(tmp_path):
    path, left_out = exported(NICE, "hf-model-index", tmp_path)
    assert left_out == 4  # the unnamed method belongs to no model
    text = path.read_text()
    moss, fern = yaml.safe_load(text.strip("-\n"))["model-index"]
    assert (moss["name"], fern["name"]) == ("MossNet", "FernNet")
    assert moss["results"] == [
        {
            "task": {"type": "image-classification", "name": "image classification"},
            "dataset": {"type": "moss-7", "name": "Moss-7"},
            "metrics": [
                {"type": "accuracy", "value": 90.5, "name": "accuracy"},
                {"type": "latency", "value": 0.012, "name": "latency"},
            ],
            "source": {"name": "Moss Nets: 100% Green", "url": "https://arxiv.org/abs/2101.00001"},
        }
    ]
    hub = pytest.importorskip("huggingface_hub")
    one_model = exported([row for row in NICE if row.method == "MossNet"], "hf-model-index", tmp_path)[0].read_text()
    card = hub.ModelCard(one_model, ignore_metadata_errors=False)
    assert card.data.model_name == "MossNet"
    assert [(e.dataset_name, e.metric_type, e.metric_value) for e in card.data.eval_results] == [
        ("Moss-7", "accuracy", 90.5),
        ("Moss-7", "latency", 0.012),
    ]


@pytest.mark.parametrize("to", ["hf-eval-results", "hf-model-index"])
@pytest.mark.parametrize("text", HOSTILE)
def test_yaml_gives_hostile_text_back(to, text, tmp_path):
    content = exported([r(text, 1.0, title=text, url="https://moss.example")], to, tmp_path)[0].read_text()
    data = next(iter(yaml.safe_load_all(content)))
    names = json.dumps(data, ensure_ascii=False)
    assert json.dumps(text, ensure_ascii=False)[1:-1] in names


def test_orkg_rows_have_the_columns_that_its_importer_reads(tmp_path):
    path, left_out = exported(NICE, "orkg-csv", tmp_path)
    frame = pd.read_csv(path, keep_default_na=False)
    assert left_out == 3
    assert list(frame.columns[:6]) == [
        "paper:title",
        "paper:authors",
        "paper:publication_year",
        "paper:doi",
        "paper:research_field",
        "contribution:research_problem",
    ]
    assert frame.loc[0, ["paper:title", "Method", "Score", "Unit"]].tolist() == [
        "Moss Nets: 100% Green",
        "MossNet",
        90.5,
        "%",
    ]
    assert frame.loc[frame["Split"] == "val", "paper:doi"].tolist() == ["10.1000/xyz"]
    table = to_table(NICE).assign(authors=[["Ann Moss", "Bo Fern"]] * len(NICE))
    export(table, "orkg-csv", path)
    assert set(pd.read_csv(path)["paper:authors"]) == {"Ann Moss; Bo Fern"}
    export(table, "bibtex", path)
    assert "author = {Ann Moss and Bo Fern}," in path.read_text()
