"""Papers-with-Code tables read as results: nested boards, numbers however written, what is no number."""

import gzip
from pathlib import Path

import orjson
import pytest

from leaderboard.errors import InputError
from leaderboard.table import read_pwc_tables, read_results

SAMPLES = Path(__file__).parents[1] / ".." / "shared" / "samples"


def row(model, metrics, **fields):
    base = {
        "model_name": model,
        "paper_title": "On Moss",
        "paper_url": "https://arxiv.org/abs/2101.00001v2",
        "paper_date": "2021-01-03",
        "code_links": [],
        "model_links": [],
        "metrics": metrics,
        "uses_additional_data": False,
    }
    return base | fields


def dataset(name, rows, **fields):
    return {"dataset": name, "sota": {"metrics": [], "rows": rows}, "subdatasets": []} | fields


def task(name, datasets, **fields):
    return {"task": name, "datasets": datasets, "subtasks": [], "categories": []} | fields


def read(tmp_path, tasks, on_reject=None):
    path = tmp_path / "tables.json"
    path.write_bytes(orjson.dumps(tasks))
    return list(read_pwc_tables(path, on_reject))


def test_a_row_becomes_a_result_without_offsets(tmp_path):
    (result,) = read(
        tmp_path, [task("Image Classification", [dataset("ImageNet", [row("MossNet", {"Top 1 Accuracy": "90.5%"})])])]
    )
    assert result.source == "pwc"
    assert result.field is result.start is result.end is None
    assert (result.paper_id, result.url) == ("https://arxiv.org/abs/2101.00001v2",) * 2
    assert (result.title, result.date, result.year) == ("On Moss", "2021-01-03", 2021)
    assert (result.method, result.method_text, result.dataset) == ("MossNet", "MossNet", "ImageNet")
    assert (result.task, result.task_text) == ("image classification", "Image Classification")
    assert (result.metric, result.metric_text) == ("top-1 accuracy", "Top 1 Accuracy")
    assert (result.value, result.value_text, result.unit, result.score) == (90.5, "90.5", "%", 90.5)
    assert (result.kind, result.higher_is_better) == ("score", True)


def test_subtasks_and_subdatasets_are_read_in_the_order_of_the_file(tmp_path):
    inner = dataset("Moss-B", [row("B", {"x": 2})])
    tasks = [
        task(
            "T",
            [dataset("Moss-A", [row("A", {"x": 1})], subdatasets=[inner])],
            subtasks=[task("S", [dataset("Moss-C", [row("C", {"x": 3})])])],
        ),
        task("U", [dataset("Moss-D", [row("D", {"x": 4})])]),
    ]
    assert [(r.task, r.dataset, r.method) for r in read(tmp_path, tasks)] == [
        ("T", "Moss-A", "A"),
        ("T", "Moss-B", "B"),
        ("S", "Moss-C", "C"),
        ("U", "Moss-D", "D"),
    ]


@pytest.mark.parametrize(
    ("cell", "value", "text", "unit", "error"),
    [
        (41.3, 41.3, "41.3", None, None),
        (2418, 2418.0, "2418", None, None),
        ("72.857", 72.857, "72.857", None, None),
        ("93.1%", 93.1, "93.1", "%", None),
        ("1,024.5", 1024.5, "1,024.5", None, None),
        ("-0.5", -0.5, "-0.5", None, None),
        ("\u22120.5", -0.5, "\u22120.5", None, None),
        ("25.1 ± 0.3", 25.1, "25.1", None, 0.3),
        ("25.1% +/- .3%", 25.1, "25.1", "%", 0.3),
        ("12M", 12.0, "12", "M", None),
    ],
)
def test_numbers_however_written(cell, value, text, unit, error, tmp_path):
    (result,) = read(tmp_path, [task("T", [dataset("D", [row("M", {"glow": cell})])])])
    assert (result.value, result.value_text, result.unit, result.error) == (value, text, unit, error)


@pytest.mark.parametrize("cell", ["", "-", "N/A", None, True, [1], "1.2.3", "3 of 4", "\u0663"])
def test_what_is_no_number_is_rejected_and_the_rest_goes_on(cell, tmp_path):
    rejects = []
    results = read(tmp_path, [task("T", [dataset("D", [row("M", {"glow": cell, "shine": 1.0})])])], rejects.append)
    assert [r.metric for r in results] == ["shine"]
    (reject,) = rejects
    assert (reject.type, reject.record, reject.reason) == ("record", 1, "no_number")
    assert "row 1: metric 'glow'" in reject.message


def test_a_column_of_fractions_is_told_from_a_column_of_percents(tmp_path):
    fractions = dataset("D", [row("A", {"Accuracy": 0.93}), row("B", {"Accuracy": 0.5})])
    percents = dataset("E", [row("A", {"Accuracy": 93}), row("B", {"Accuracy": 0.5})])
    results = read(tmp_path, [task("T", [fractions, percents])])
    assert [r.score for r in results] == [93.0, 50.0, 93.0, 0.5]


def test_split_setting_and_cost_are_told(tmp_path):
    rows = [row("A", {"Params": "12M", "box AP": 50.1}, uses_additional_data=True)]
    params, ap = read(tmp_path, [task("Object Detection", [dataset("COCO test-dev (5-shot)", rows)])])
    assert (params.kind, params.score, params.higher_is_better) == ("cost", 12e6, False)
    assert (ap.kind, ap.dataset, ap.split, ap.setting) == ("score", "COCO", "test-dev", "5-shot; extra training data")


def test_rows_without_an_address_get_the_file_and_their_number_and_an_address_is_no_title(tmp_path):
    address = "https://moss.example/paper"
    rows = [
        row("A", {"x": 1}, paper_url="", paper_title="", paper_date=None),
        row("B", {"x": 2}, paper_url=address, paper_title=address, paper_date="May 2021"),
        row("C", {"x": 2}, paper_date=None),
        row("D", {"x": 2}, paper_url="javascript:alert(1)"),
    ]
    first, second, third, fourth = read(tmp_path, [task("T", [dataset("D", rows)])])
    assert (first.paper_id, first.title, first.year, first.url) == ("tables.json#1", None, None, None)
    assert (second.paper_id, second.title, second.date) == (address, None, None)
    assert third.year == 2021  # the arXiv id tells it
    assert (fourth.paper_id, fourth.url) == ("javascript:alert(1)", None)


def test_read_results_knows_such_a_file_by_its_content(tmp_path):
    path = tmp_path / "whatever"
    path.write_bytes(gzip.compress(orjson.dumps([task("T", [dataset("D", [row("M", {"x": 1})])])])))
    assert read_results(path)["source"].tolist() == ["pwc"]
    assert [r.method for r in read_pwc_tables(path)] == ["M"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[]", "no Papers-with-Code tables"),
        (b'{"task": 1}', "no Papers-with-Code tables"),
        (b"[", "not valid JSON"),
        (gzip.compress(b"[]")[:-4], "the packed file is damaged"),
    ],
)
def test_other_files_are_refused(content, message, tmp_path):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(InputError, match=message):
        list(read_pwc_tables(tmp_path / "x.json"))
    with pytest.raises(InputError, match="cannot read"):
        list(read_pwc_tables(tmp_path / "nowhere.json"))


def test_damaged_structure_is_passed_over(tmp_path):
    broken = [
        task("T", [None, {"dataset": 5}, dataset("D", ["x", row("M", {"x": 1}), row("N", None)]), dataset("E", None)]),
        7,
    ]
    assert [r.method for r in read(tmp_path, broken)] == ["M"]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside this checkout")
def test_real_tables_are_read_whole():
    rejects = []
    squad = list(read_pwc_tables(SAMPLES / "pwc_tasks_squad.json", rejects.append))
    assert len(squad) == 902
    assert {r.metric for r in squad} == {"exact match", "F1"}
    assert max(r.score for r in squad if r.dataset_text == "SQuAD2.0" and r.metric == "F1") == 93.183
    assert len(list(read_pwc_tables(SAMPLES / "pwc_tasks_eff.json", rejects.append))) == 1714
    assert rejects == []
