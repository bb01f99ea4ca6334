"""Boards: what shares one, in which order it stands, what counts once, what is doubted, how it is found."""

import random
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.boards import (
    BOARD_COLUMNS,
    best_so_far,
    board_key,
    board_setting,
    boards,
    placements,
    rank,
    rank_all,
    rank_board,
    unplaced,
)
from leaderboard.errors import InputError
from leaderboard.models import RESULT_COLUMNS, Result
from leaderboard.table import read_results, to_table, write_table


def r(method, number, paper="p", **changes):
    """A result of an invented paper: by default accuracy on the invented data set Moss-7."""
    base = Result(
        paper_id=paper,
        kind="score",
        method=method,
        dataset="Moss-7",
        metric="accuracy",
        value=number,
        value_text=str(number),
        score=number,
        higher_is_better=True,
    )
    return replace(base, **changes)


def ranked(*results, dataset="Moss-7", metric="accuracy", **names):
    return rank(to_table(results), dataset, metric, **names)


def column(table, name):
    return [None if value is pd.NA or value != value else value for value in table[name].tolist()]


def keys(*results):
    return sorted(boards(to_table(results))["key"].tolist())


# What shares a board


def test_gains_never_stand_on_a_board():
    table = to_table([r("A", 2.0, kind="gain", score=None), r("B", 3.0)])
    assert boards(table)["entries"].tolist() == [1]
    assert column(rank(table, "Moss-7", "accuracy"), "method") == ["B"]
    assert len(unplaced(table)) == 0
    assert placements(table)["reason"].tolist()[0] == "gain"


def test_scores_and_costs_of_one_metric_name_are_two_boards():
    table = to_table(
        [
            r("A", 90.0),
            r("B", 0.5, kind="cost", higher_is_better=False),
            r("C", 0.7, kind="cost", higher_is_better=False),
        ]
    )
    assert boards(table)["key"].tolist() == ["cost:moss7/accuracy", "moss7/accuracy"]
    assert column(rank(table, "Moss-7", "accuracy", kind="cost"), "method") == ["B", "C"]


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ({"dataset": "Moss 7"}, {"dataset": "MOSS7"}, 1),
        ({"dataset": "Moss-7"}, {"dataset": "Moss-70"}, 2),
        ({"dataset": "Moss 1 1"}, {"dataset": "Moss 11"}, 2),
        ({"metric": "chrF"}, {"metric": "chrF++"}, 2),
        ({"metric": "top-1 accuracy"}, {"metric": "Top 1 Accuracy"}, 1),
        ({"metric": "top-1 accuracy"}, {"metric": "top-5 accuracy"}, 2),
        ({"split": "val"}, {"split": "test"}, 2),
        ({"split": "val"}, {"split": "validation"}, 1),
        ({"split": None}, {"split": "test"}, 2),
        ({"setting": "zero-shot"}, {"setting": "5-shot"}, 2),
        ({"setting": "one-shot"}, {"setting": "1-shot"}, 1),
        ({"setting": "1% labels"}, {"setting": "only 10% of the labels"}, 2),
        ({"setting": "trained on Fern"}, {"setting": None}, 2),
        ({"setting": "ensemble"}, {"setting": "single model, 7B"}, 1),
        ({"setting": "zero-shot, 7B"}, {"setting": "Zero-Shot; 70B"}, 1),
    ],
)
def test_what_tells_boards_apart(one, other, count):
    assert len(keys(r("A", 1.0, **one), r("B", 2.0, "q", **other))) == count


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (None, None),
        ("", None),
        ("7B parameters", None),
        ("linear probing", None),
        ("Zero-Shot", "zero-shot"),
        ("0-shot", "zero-shot"),
        ("5-way 1-shot", "5-way 1-shot"),
        ("five-way five-shot", "5-way 5-shot"),
        ("few-shot", "few-shot"),
        ("only 1% of the labels", "1% labels"),
        ("with 10% labeled", "10% labels"),
        ("10.0 % of the training data", "10% labels"),
        ("4000 labels", "4000 labels"),
        ("4 labels per class", "4 labels per class"),
        ("40 labeled examples", "40 labels"),
        ("trained on GTA5; ensemble", "trained on gta5"),
        ("cross-dataset", "cross dataset"),
    ],
)
def test_the_settings_that_make_numbers_incomparable(setting, expected):
    assert board_setting(setting) == expected
    assert board_setting(expected) == expected


def tasks_of(*results):
    table = boards(to_table(results))
    return sorted(zip(column(table, "task"), table["entries"].tolist(), strict=True), key=str)


DETECTION, SEGMENTATION = "object detection", "instance segmentation"


def from_text(method, value, paper, task, near=True):
    """A result read from a text: its task stands in the sentence of its number, or far before it."""
    sentence = f"{method} has {value} on Moss-7 in {task}." if near else f"{method} has {value} on Moss-7."
    start = 200 + sentence.index(str(value))
    task_start = 200 + sentence.index(task) if near else 10
    return r(
        method,
        value,
        paper,
        task=task,
        task_text=task,
        field="abstract",
        task_field="abstract",
        start=start,
        end=start + len(str(value)),
        task_start=task_start,
        task_end=task_start + len(task),
        sentence=sentence,
    )


def test_a_result_without_a_task_joins_the_board_of_the_named_one():
    assert tasks_of(r("A", 1.0, task=DETECTION), r("B", 2.0, "q")) == [(DETECTION, 2)]
    assert column(ranked(r("A", 1.0, task=DETECTION), r("B", 2.0, "q")), "flags") == [[], []]


def test_tasks_that_a_person_filled_in_tell_boards_apart():
    rows = [r("A", 50.0, "p", task=DETECTION), r("B", 52.0, "q", task=DETECTION), r("C", 44.0, "s", task=SEGMENTATION)]
    assert tasks_of(*rows) == [(SEGMENTATION, 1), (DETECTION, 2)]
    assert column(ranked(*rows, task=SEGMENTATION), "method") == ["C"]
    assert column(ranked(*rows), "method") == ["B", "A"]  # not asked for: the largest


def test_without_a_task_where_boards_are_told_apart_the_largest_takes_it_and_it_is_flagged():
    rows = [r("A", 50.0, "p", task=DETECTION), r("B", 52.0, "q", task=DETECTION), r("C", 44.0, "s", task=SEGMENTATION)]
    assert tasks_of(*rows, r("D", 60.0, "t")) == [(SEGMENTATION, 1), (DETECTION, 3)]
    assert column(ranked(*rows, r("D", 60.0, "t")), "flags") == [["task_assumed"], [], []]


def test_one_paper_with_both_tasks_beside_their_numbers_tells_them_apart():
    rows = [from_text("A", 51.5, "p", DETECTION), from_text("A", 44.5, "p", SEGMENTATION)]
    assert tasks_of(*rows) == [(SEGMENTATION, 1), (DETECTION, 1)]


def test_a_task_far_from_the_number_or_in_one_paper_alone_does_not_split_a_board():
    rows = [from_text(f"A{i}", 50.5 + i, f"p{i}", DETECTION) for i in range(3)]
    far = [from_text(f"B{i}", 60.5 + i, f"q{i}", "contrastive learning", near=False) for i in range(3)]
    assert tasks_of(*rows, *far, from_text("C", 70.5, "s", SEGMENTATION)) == [(DETECTION, 7)]
    assert len(tasks_of(*rows, *[from_text(f"C{i}", 70.5, f"s{i}", SEGMENTATION) for i in range(2)])) == 2


def test_a_task_in_few_papers_of_a_large_board_does_not_split_it():
    rows = [from_text(f"A{i}", 10.5 + i, f"p{i}", DETECTION) for i in range(60)]
    rows += [from_text(f"C{i}", 70.5, f"s{i}", SEGMENTATION) for i in range(2)]
    assert tasks_of(*rows) == [(DETECTION, 62)]
    assert len(tasks_of(*rows[25:])) == 2


def test_a_name_that_only_says_more_is_the_same_task():
    rows = [from_text(f"A{i}", 50.5 + i, f"p{i}", "classification") for i in range(2)]
    rows += [from_text(f"B{i}", 60.5 + i, f"q{i}", "image classification") for i in range(3)]
    assert tasks_of(*rows) == [("image classification", 5)]


# Order


def test_competition_ranking_in_the_direction_of_the_metric():
    rows = [r("A", 80.0, "a"), r("B", 90.0, "b"), r("C", 90.0, "c"), r("D", 95.0, "d"), r("E", 70.0, "e")]
    table = ranked(*rows)
    assert column(table, "rank") == [1, 2, 2, 4, 5]
    assert column(table, "method") == ["D", "B", "C", "A", "E"]
    down = ranked(*[replace(row, metric="RMSE", higher_is_better=False) for row in rows], metric="rmse")
    assert column(down, "rank") == [1, 2, 3, 3, 5]
    assert column(down, "method") == ["E", "A", "B", "C", "D"]


def test_the_columns_are_those_of_a_result_then_rank_and_duplicate_of_then_further_ones():
    table = to_table([r("A", 80.0)]).assign(reviewer="Ann")
    assert list(rank(table, "Moss-7", "accuracy").columns) == [*RESULT_COLUMNS, "rank", "duplicate_of", "reviewer"]


def test_ties_stand_by_date_then_paper_and_a_year_alone_stands_at_its_end():
    rows = [
        r("year", 90.0, "d", year=2020),
        r("none", 90.0, "a"),
        r("day", 90.0, "c", date="2020-06-01", year=2020),
        r("next", 90.0, "b", date="2021-01-01", year=2021),
    ]
    assert column(ranked(*rows), "method") == ["day", "year", "next", "none"]
    assert set(column(ranked(*rows), "rank")) == {1}


def test_a_fraction_and_a_percentage_tie_on_one_scale():
    rows = [r("A", 0.733, "a", score=0.733 * 100), r("B", 73.3, "b")]
    assert column(ranked(*rows), "rank") == [1, 1]


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(
        st.tuples(st.sampled_from([10.0, 20.5, 20.5, 31.0, 45.25]), st.sampled_from("abcd"), st.none() | st.just(2020)),
        min_size=1,
        max_size=12,
    ),
    higher=st.booleans(),
    seed=st.integers(0, 99),
)
def test_ranks_are_right_whatever_the_order_of_the_rows(values, higher, seed):
    rows = [
        r(f"M{i}", value, f"{paper}{i}", year=year, higher_is_better=higher, metric="thing")
        for i, (value, paper, year) in enumerate(values)
    ]
    table = ranked(*rows, metric="thing")
    assert len(table) == len(rows)
    for score, place in zip(table["score"], table["rank"], strict=True):
        better = sum(value > score if higher else value < score for value, _, _ in values)
        assert place == better + 1
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)
    pd.testing.assert_frame_equal(ranked(*shuffled, metric="thing"), table)


def test_an_unknown_direction_is_said():
    rows = [
        r("A", 1.0, "a", higher_is_better=None, metric="glow"),
        r("B", 2.0, "b", higher_is_better=None, metric="glow"),
    ]
    table = ranked(*rows, metric="glow")
    assert column(table, "method") == ["B", "A"]
    assert all("direction_unknown" in flags for flags in table["flags"])
    costs = ranked(*[replace(row, kind="cost") for row in rows], metric="glow")
    assert column(costs, "method") == ["A", "B"]


def test_direction_and_score_come_from_the_lexicon_where_the_table_has_none():
    rows = [
        r("A", 0.5, "a", metric="RMSE", higher_is_better=None, score=None),
        r("B", 0.2, "b", metric="RMSE", higher_is_better=None, score=None),
    ]
    table = ranked(*rows, metric="RMSE")
    assert column(table, "method") == ["B", "A"]
    assert column(table, "higher_is_better") == [False, False]
    assert column(table, "flags") == [[], []]
    accuracy = ranked(r("A", 0.5, "a", score=None), r("B", 60.0, "b", score=None))
    assert column(accuracy, "score") == [60.0, 50.0]
    bare = pd.DataFrame({"paper_id": ["a"], "kind": "score", "value": 0.5, "value_text": "0.5", "dataset": "Moss"})
    assert rank(bare.assign(metric="accuracy"), "moss", "Accuracy")["score"].tolist() == [50.0]


# Copies


def copies(first, second):
    table = ranked(first, second, r("other", 80.0, "z"))
    return dict(zip(table["paper_id"], column(table, "duplicate_of"), strict=True)), column(table, "rank")


TITLE = "Moss Nets: a Study of Small Green Things"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"paper": "2101.00001v1"}, {"paper": "2101.00001v3"}),
        ({"paper": "x", "url": "https://arxiv.org/abs/2101.00001v1"}, {"paper": "arXiv:2101.00001"}),
        ({"paper": "x", "url": "https://doi.org/10.1000/ABC"}, {"paper": "10.1000/abc"}),
        ({"paper": "x", "title": TITLE}, {"paper": "y", "title": TITLE.upper().replace(":", " -")}),
        ({"paper": "2101.00001", "title": TITLE}, {"paper": "y", "title": TITLE}),
    ],
)
def test_the_same_fact_from_two_copies_of_a_paper_counts_once(first, second):
    duplicate_of, ranks = copies(r("A", 90.0, year=2020, **first), r("A", 90.0, year=2021, **second))
    assert duplicate_of == {first["paper"]: None, second["paper"]: first["paper"], "z": None}
    assert ranks == [1, None, 2]
    table = boards(to_table([r("A", 90.0, **first), r("A", 90.0, **second), r("other", 80.0, "z")]))
    assert table.loc[0, ["entries", "papers"]].tolist() == [2, 2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"paper": "x", "title": "Introduction"}, {"paper": "y", "title": "Introduction"}),
        ({"paper": "2101.00001", "title": TITLE}, {"paper": "2202.00002", "title": TITLE}),
        ({"paper": "x", "title": None}, {"paper": "y", "title": None}),
        ({"paper": "x", "title": TITLE, "method": "B"}, {"paper": "y", "title": TITLE}),
        ({"paper": "x", "title": TITLE, "number": 91.0}, {"paper": "y", "title": TITLE}),
        ({"paper": "x", "title": TITLE, "setting": "7B"}, {"paper": "y", "title": TITLE, "setting": "13B"}),
    ],
)
def test_what_is_not_the_same_fact_counts_twice(first, second):
    rows = [r(**{"method": "A", "number": 90.0} | first), r(**{"method": "A", "number": 90.0} | second)]
    assert column(ranked(*rows), "duplicate_of") == [None, None]


def test_an_unnamed_method_in_a_copy_is_the_named_one():
    duplicate_of, _ = copies(r("A", 90.0, "x", title=TITLE), r(None, 90.0, "y", title=TITLE))
    assert duplicate_of["y"] == "x"


def test_a_record_read_twice_counts_once_but_its_baseline_with_the_same_score_is_another_fact():
    rows = [r("A", 90.0, "x"), r("A", 90.0, "x"), r("B", 90.0, "x"), r(None, 90.0, "x", own=False)]
    assert column(ranked(*rows), "duplicate_of") == [None, "x", None, None]


def test_of_two_copies_the_one_with_a_text_counts_unless_it_is_later():
    same_day = copies(r("A", 90.0, "x", title=TITLE, source="pwc"), r("A", 90.0, "y", title=TITLE))
    assert same_day[0] == {"x": "y", "y": None, "z": None}


# Doubts


def test_two_values_for_one_method_are_a_conflict_but_rounding_is_none():
    table = ranked(r("A", 90.0, "a"), r("a", 88.0, "b"), r("B", 73.34, "c"), r("B", 73.3, "d"), r("C", 5.0, "e"))
    assert [("conflict" in flags) for flags in table["flags"]] == [True, True, False, False, False]
    variants = ranked(r("A", 90.0, "a", setting="7B"), r("A", 88.0, "a", setting="13B"))
    assert column(variants, "flags") == [[], []]


def test_a_fraction_among_percents_is_a_scale_leak():
    rows = [r("A", 91.0, "a"), r("B", 93.0, "b"), r("C", 0.9, "c"), r("D", 89.0, "d")]
    assert {m: f for m, f in zip(*(ranked(*rows)[c] for c in ("method", "flags")), strict=True) if f} == {
        "C": ["scale_leak"]
    }
    written_in_percent = [*rows[:2], r("C", 0.9, "c", unit="%"), rows[3]]
    assert not any(column(ranked(*written_in_percent), "flags"))
    fractions = [r("A", 0.5, "a"), r("B", 0.6, "b"), r("C", 55.0, "c")]
    assert column(ranked(*fractions), "flags") == [["scale_leak"], [], []]


def test_a_percentage_beyond_a_hundred_is_out_of_range():
    assert column(ranked(r("A", 170.0, "a"), r("B", 90.0, "b")), "flags") == [["out_of_range"], []]
    rows = [r("A", 170.0, "a", metric="perplexity", higher_is_better=False)]
    assert column(ranked(*rows, metric="perplexity"), "flags") == [[]]


def test_a_board_goes_by_the_task_of_its_data_set_if_a_result_names_it():
    rows = [
        from_text("A", 90.5, "a", "reinforcement learning"),
        from_text("B", 80.5, "b", "speech recognition", near=False),
    ]
    assert tasks_of(*rows) == [("reinforcement learning", 2)]
    assert tasks_of(*[replace(row, dataset="LibriSpeech") for row in rows]) == [("speech recognition", 2)]


def test_flags_that_were_there_stay_and_the_table_given_is_not_changed():
    table = to_table([r("A", 90.0, "a", flags=("out_of_range",)), r("A", 80.0, "b")])
    before = table.copy(deep=True)
    assert column(rank(table, "Moss-7", "accuracy"), "flags") == [["out_of_range", "conflict"], ["conflict"]]
    pd.testing.assert_frame_equal(table, before)
    assert table["flags"].tolist() == [["out_of_range"], []]


# The lists


def test_the_list_of_boards():
    rows = [
        r("A", 90.0, "a", year=2019, split="val"),
        r("B", 91.0, "b", date="2021-05-05", split="val"),
        r("C", 0.8, "c", dataset="Fern", metric="RMSE", higher_is_better=False, unit="m"),
        r("D", 12.0, "d", score=0.012, unit="ms", kind="cost", metric="latency"),
    ]
    table = boards(to_table(rows))
    assert tuple(table.columns) == BOARD_COLUMNS
    first = {name: None if value is pd.NA else value for name, value in table.iloc[0].items()}
    assert first == {
        "task": None, "dataset": "Moss-7", "split": "val", "metric": "accuracy", "setting": None, "unit": "%",
        "higher_is_better": True, "entries": 2, "papers": 2, "best_score": 91.0, "best_method": "B",
        "best_paper_id": "b", "first_year": 2019, "last_year": 2021, "kind": "score", "key": "moss7/accuracy/val",
    }  # fmt: skip
    assert dict(zip(table["metric"], table["unit"], strict=True)) == {"accuracy": "%", "RMSE": "m", "latency": "s"}
    assert dict(zip(table["metric"], table["best_score"], strict=True))["RMSE"] == 0.8


def test_the_unplaced_have_their_reason():
    rows = [
        r("A", 1.0, dataset=None),
        r("B", 2.0, metric=None),
        r("C", 3.0, dataset=None, metric=None),
        r("D", 4.0, dataset="Moss and Fern"),
        r("E", 5.0, metric="accuracy and F1"),
        r("F", 6.0),
        r("G", 7.0, kind="gain"),
    ]
    table = unplaced(to_table(rows))
    assert dict(zip(table["method"], table["reason"], strict=True)) == {
        "A": "no_dataset",
        "B": "no_metric",
        "C": "no_dataset_or_metric",
        "D": "several_datasets",
        "E": "several_metrics",
    }
    assert list(table.columns[: len(RESULT_COLUMNS) + 1]) == [*RESULT_COLUMNS, "reason"]


NAMES = st.sampled_from([None, "Moss", "moss", "Fern", "Moss and Fern"])
ROWS = st.lists(
    st.builds(
        lambda value, paper, **names: r("M", value, paper, **names),
        value=st.sampled_from([0.5, 1.0, 90.0]),
        paper=st.sampled_from(["a", "b", "2101.00001v1", "2101.00001v2"]),
        dataset=NAMES,
        metric=st.sampled_from([None, "accuracy", "RMSE"]),
        kind=st.sampled_from(["score", "gain", "cost"]),
        task=st.sampled_from([None, DETECTION, SEGMENTATION]),
        split=st.sampled_from([None, "val", "test"]),
        setting=st.sampled_from([None, "zero-shot", "7B"]),
    ),
    max_size=15,
)


@settings(max_examples=20, deadline=None)
@given(rows=ROWS)
def test_each_result_stands_on_one_board_or_is_unplaced_or_is_a_gain(rows):
    table = to_table(rows)
    every = rank_all(table)
    on_boards = sum(len(board) for _, board in every)
    gains = int((table["kind"] == "gain").sum())
    assert on_boards + len(unplaced(table)) + gains == len(table)
    listed = boards(table)
    assert [board.key for board, _ in every] == listed["key"].tolist()
    assert listed["key"].is_unique
    assert listed["entries"].tolist() == [int(board["rank"].notna().sum()) for _, board in every]
    assert listed["best_score"].tolist() == [board["score"].iloc[0] for _, board in every]
    assert listed["best_paper_id"].tolist() == [board["paper_id"].iloc[0] for _, board in every]
    for board, its_rows in every:
        pd.testing.assert_frame_equal(rank_board(table, board.key), its_rows)
        found = rank(table, board.dataset, board.metric, board.task, board.split, board.setting, kind=board.kind)
        assert found.attrs["board"]["key"] == board.key


def test_empty_tables_have_the_columns():
    table = to_table([])
    assert tuple(boards(table).columns) == BOARD_COLUMNS
    assert len(unplaced(table)) == 0
    with pytest.raises(InputError, match="there are no boards at all"):
        rank(table, "Moss", "accuracy")


def test_boards_and_ranked_boards_are_written_and_read_back(tmp_path):
    table = to_table([r("A", 90.0, "a"), r("A", 90.0, "b")])
    write_table(rank(table, "Moss-7", "accuracy"), tmp_path / "ranked.csv")
    pd.testing.assert_frame_equal(read_results(tmp_path / "ranked.csv"), rank(table, "Moss-7", "accuracy"))
    write_table(boards(table), tmp_path / "boards.csv")
    assert pd.read_csv(tmp_path / "boards.csv").loc[0, "key"] == "moss7/accuracy"


# Finding


def test_names_are_forgiven_their_case_hyphens_and_aliases():
    rows = [r("A", 90.0, dataset="CIFAR-10", metric="top-1 accuracy", split="val")]
    for dataset, metric in [
        ("cifar10", "Top 1 Accuracy"),
        ("CIFAR 10 dataset", "TOP 1 ACCURACY"),
        ("CIFAR-10 val", "top1 accuracy"),
    ]:
        assert column(ranked(*rows, dataset=dataset, metric=metric), "method") == ["A"]
    assert column(ranked(*rows, dataset="CIFAR-10", metric="top-1 accuracy", split="Validation"), "method") == ["A"]


def test_where_nothing_else_is_asked_the_plain_board_is_preferred_and_the_others_are_told():
    rows = [r("A", 1.0), r("B", 2.0, "b", split="val"), r("C", 3.0, "c", split="val"), r("D", 4.0, setting="1-shot")]
    table = ranked(*rows)
    assert column(table, "method") == ["A"]
    assert sorted(table.attrs["others"]) == ["moss7/accuracy//1-shot", "moss7/accuracy/val"]
    assert column(ranked(*rows[1:3]), "method") == ["C", "B"]
    assert column(ranked(*rows, setting="one-shot"), "method") == ["D"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"dataset": "Mos-7"}, "no board has the data set 'Mos-7'; nearest: Moss-7"),
        ({"dataset": "Zebra"}, "none of the 1 data sets has a name like it"),
        ({"metric": "acuracy"}, "no board of 'Moss-7' has the metric 'acuracy'; nearest: accuracy"),
        ({"metric": "BLEU"}, "has the metric 'BLEU'; nearest: accuracy"),
        ({"split": "dev"}, "no board of accuracy on Moss-7 has the split 'dev'; there are: (no split), val"),
        ({"setting": "9-shot"}, "has the setting '9-shot'; there are: (no setting), 1-shot"),
        ({"task": "juggling"}, "has the task 'juggling'; there are: image classification"),
    ],
)
def test_a_name_that_is_not_there_gives_one_line_with_the_nearest(names, message):
    rows = [r("A", 1.0, task="image classification"), r("B", 2.0, split="val"), r("C", 3.0, setting="1-shot")]
    if "task" in names:
        rows = rows[:1]
    with pytest.raises(InputError) as caught:
        ranked(*rows, **names)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_key_finds_its_board_and_is_fit_for_a_link():
    table = to_table([r("A", 1.0, dataset="Mößé/7 ☃", split="val")])
    key = boards(table)["key"].tolist()[0]
    assert key.isascii()
    assert key == board_key("score", "mößé/7 ☃", "Accuracy", "validation")
    assert column(rank_board(table, key), "method") == ["A"]
    with pytest.raises(InputError, match="no board has the key 'moss'"):
        rank_board(table, "moss")


# Records


def test_records_are_what_was_better_than_all_before_and_ties_keep_the_first():
    rows = [
        r("A", 80.0, "a", date="2019-01-01"),
        r("B", 85.0, "b", date="2020-01-01"),
        r("C", 85.0, "c", date="2020-06-01"),
        r("D", 84.0, "d", date="2020-07-01"),
        r("E", 90.0, "e", year=2020),
        r("F", 88.0, "f", date="2021-01-01"),
        r("G", 99.0, "g"),
        r("B", 85.0, "b2", date="2020-01-02", title=None),
    ]
    table = best_so_far(ranked(*rows))
    assert column(table, "method") == ["A", "B", "E"]
    assert column(table, "record_date") == ["2019-01-01", "2020-01-01", "2020-12-31"]
    assert column(table, "gain") == [None, 5.0, 5.0]


def test_records_of_a_metric_where_lower_is_better_go_down():
    rows = [
        r(m, v, m, metric="RMSE", higher_is_better=False, year=y) for m, v, y in [("A", 5.0, 2019), ("B", 3.0, 2020)]
    ]
    table = best_so_far(ranked(*rows, metric="RMSE"))
    assert column(table, "gain") == [None, 2.0]
    assert len(best_so_far(ranked(*rows, metric="RMSE").iloc[:0])) == 0
