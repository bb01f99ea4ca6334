"""Fit the weights of the extraction on annotated abstracts: python -m tuning.fit [--cross-validate FOLDS]

Each decision is a log-linear choice among candidates (conditional logit); where several candidates say the same, the
likelihood of the set of right ones counts. The result is data: leaderboard/extraction/data/weights.json.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse

from leaderboard.extraction.build import Chances
from leaderboard.extraction.kinds import KINDS
from leaderboard.extraction.kinds import features as kind_features
from leaderboard.extraction.links import Links, Previous
from leaderboard.extraction.model import Model
from leaderboard.extraction.names import fold
from leaderboard.extraction.pipeline import DECISIONS, Engine, Step, confidence_features
from leaderboard.lexicon import load_lexicon
from tuning.annotated import Example, read_examples, read_fixtures

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
WEIGHTS = ROOT / "leaderboard" / "extraction" / "data" / "weights.json"
Group = tuple[list[list[str]], list[int]]  # the candidates' features, the indices of the right ones


@cache
def scorer() -> Any:
    """The gold scorer beside the project, for its test of equal slots."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "gold" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_OWN = "\0"  # marks the copy of a feature that only the first annotators' groups have


def fit(groups: list[Group], penalty: float, least: int, others: list[Group] | None = None) -> dict[str, float]:
    """The weights that make the right candidates likeliest, with an L2 penalty, for features seen in `least` groups.

    `others` are groups of other annotators, whose conventions may differ: each feature has a weight that all share and
    a correction for the first (Daume 2007, "Frustratingly easy domain adaptation"); their sum is what is returned.
    """
    groups = [(candidates, right) for candidates, right in groups if right and len(candidates) > 1]
    if others:
        groups = [
            ([[*features, *(f + _OWN for f in features)] for features in candidates], right)
            for candidates, right in groups
        ]
        groups += [(candidates, right) for candidates, right in others if right and len(candidates) > 1]
    counts: Counter[str] = Counter()
    for candidates, _ in groups:
        counts.update({f for features in candidates for f in features})
    index = {f: k for k, f in enumerate(sorted(f for f, n in counts.items() if n >= least))}
    rows, columns, starts, is_right = [], [], [], []
    row = 0
    for candidates, right in groups:
        starts.append(row)
        for k, features in enumerate(candidates):
            for f in set(features):
                if f in index:
                    rows.append(row)
                    columns.append(index[f])
            is_right.append(k in right)
            row += 1
    x = scipy.sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(row, len(index)))
    xt = x.T.tocsr()
    begin = np.array(starts)
    sizes = np.diff(np.append(begin, row))
    mask = np.array(is_right)

    def softmax(scores: np.ndarray) -> tuple[np.ndarray, float]:
        top = np.repeat(np.maximum.reduceat(scores, begin), sizes)
        raised = np.exp(scores - top)
        total = np.add.reduceat(raised, begin)
        return raised / np.repeat(total, sizes), float(np.sum(np.log(total) + top[begin]))

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ w
        p_all, z_all = softmax(scores)
        p_right, z_right = softmax(np.where(mask, scores, -1e9))
        return z_all - z_right + 0.5 * penalty * float(w @ w), xt @ (p_all - p_right) + penalty * w

    best = scipy.optimize.minimize(loss, np.zeros(len(index)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    total: dict[str, float] = {}
    for f, k in index.items():
        total[f.rstrip(_OWN)] = total.get(f.rstrip(_OWN), 0.0) + float(best.x[k])
    return {f: round(w, 3) for f, w in total.items() if abs(w) >= 0.02}


def singular(name: str | None) -> str | None:
    """ "SDNs" without its plural s."""
    return name[:-1] if name and len(name) > 2 and name[-1] == "s" and name[-2].isupper() else name


_VARIANT = re.compile(
    r"(?:[\s_-]*(?:[A-Z]{1,2}\d*|\d+[\w.]*|[vV]\d+|\++|[Ll]arge|[Ss]mall|[Bb]ase|[Tt]iny|[Ss]lim|[Ll]ite|[Hh]uge|[Pp]lus))+"
)


def is_variant(name: str, base: str) -> bool:
    """Whether a name is that of a variant of the system called `base` ("ScaleNet-P4" of "ScaleNet")."""
    return len(base) > 2 and name.startswith(base) and bool(_VARIANT.fullmatch(name[len(base) :]))


def kind_groups(examples: Iterable[Example]) -> list[Group]:
    """For each value of the texts: its features under each kind, and the right kind."""
    groups: list[Group] = []
    for example in examples:
        a = example.analysis
        kinds = example.kinds()
        previous, token, sentence = "start", -1, -1
        for i, kind in enumerate(kinds):
            if a.tokens.sentence[a.value_tokens[i]] != sentence:
                sentence = a.tokens.sentence[a.value_tokens[i]]
                previous, token = "start", -1
            features = kind_features(a, i, previous, token)
            groups.append(([[f"{k}:{f}" for f in features] for k in KINDS], [KINDS.index(kind)]))
            previous, token = kind, a.value_tokens[i]
    return groups


def link_groups(examples: Iterable[Example]) -> dict[str, list[Group]]:
    """For each slot of each gold result: its candidates and those that the scorer takes for right."""
    same = scorer().same
    out: dict[str, list[Group]] = {"metric": [], "dataset": [], "own_name": [], "method": [], "baseline": [], "own": []}
    for example in examples:
        kinds = example.kinds()
        links = Links(example.analysis, kinds)
        names = links.own_names()
        own_method = example.own_name
        own_right = [
            k
            for k, c in enumerate(names)
            if own_method is not None
            and (
                same("method", [c.name, singular(c.name), c.spelled], own_method)
                or is_variant(own_method, c.name or "")
            )
        ]
        if own_method is not None:
            out["own_name"].append(([c.features for c in names], own_right))
        own_name = names[own_right[0]] if own_right else names[0]
        before: dict[str, Previous] = {}
        for i, results in sorted(example.gold.items()):
            kind = results[0]["kind"]

            def right(
                slot: str, candidates: list[Any], kind: str = kind, results: list[dict[str, Any]] = results
            ) -> list[int]:
                values = {r[slot] for r in results}
                # A slot that joins names ("A, B and C") is reached by any of them; they are joined afterwards.
                if slot != "metric" and any(" and " in v or ", " in v for v in values):
                    values |= {
                        part.strip() for v in values for part in v.replace(" and ", ",").split(",") if part.strip()
                    }
                return [k for k, c in enumerate(candidates) if any(same(slot, [c.name], v, kind) for v in values)]

            metrics = links.metrics(i, before.get("metric"))
            out["metric"].append(([c.features for c in metrics], right("metric", metrics)))
            datasets = links.datasets(i, before.get("dataset"))
            dataset_right = right("dataset", datasets)
            out["dataset"].append(([c.features for c in datasets], dataset_right))
            for slot, candidates, hits in (
                ("metric", metrics, right("metric", metrics)),
                ("dataset", datasets, dataset_right),
            ):
                if hits:
                    before[slot] = Previous(i, candidates[hits[0]])
                else:
                    before.pop(slot, None)
            key = fold(datasets[dataset_right[0]].name or "") if dataset_right else None
            metric_right = right("metric", metrics)
            metric_first = metrics[metric_right[0]].first if metric_right else -1
            methods = links.methods(i, own_name, key, metric_first)
            # The paper's own system is right where the annotators say so, whatever it is called.
            is_own = results[0]["own"] and (
                same("method", [own_name.name, own_name.spelled], results[0]["method"])
                if own_right
                else same("method", [own_method], results[0]["method"])
            )
            named = [k for k in right("method", methods) if methods[k].name is not None]
            method_right = sorted({*([0] if is_own else []), *(k for k in named if k > 1)})
            if not method_right and not results[0]["method"]:
                method_right = [1]
            out["method"].append(([c.features for c in methods], method_right))
            chosen = methods[method_right[0]] if method_right else methods[0]
            own = links.own_features(i, chosen)
            out["own"].append(
                ([[f"own:{f}" for f in own], [f"other:{f}" for f in own]], [0 if results[0]["own"] else 1])
            )
            if kind == "gain":
                baselines = links.baselines(i, fold(chosen.name) if chosen.name else None)
                values = {r["baseline"] for r in results}
                parts = values | {p.strip() for v in values for p in v.replace(" and ", ",").split(",") if p.strip()}
                out["baseline"].append(
                    (
                        [c.features for c in baselines],
                        [k for k, c in enumerate(baselines) if any(same("method", [c.name], v, kind) for v in parts)],
                    )
                )
    return out


PENALTY = {
    "kind": 3.0, "metric": 3.0, "dataset": 6.0, "own_name": 6.0, "method": 3.0, "baseline": 3.0, "own": 3.5,
}  # fmt: skip
LEAST = 3


def all_groups(examples: list[Example]) -> dict[str, list[Group]]:
    """The groups of every decision."""
    return {"kind": kind_groups(examples), **link_groups(examples)}


def fit_all(examples: list[Example], extra: list[Example]) -> dict[str, dict[str, float]]:
    """The weights of every decision, from the gold and from further annotations."""
    groups, others = all_groups(examples), all_groups(extra)
    return {name: fit(g, PENALTY[name], LEAST, others[name]) for name, g in groups.items()}


def accuracy(groups: list[Group], weights: dict[str, float]) -> tuple[float, float]:
    """The share of groups whose best candidate is right, and the share in which any candidate is."""
    hit = reachable = 0
    for candidates, right in groups:
        scores = [sum(weights.get(f, 0.0) for f in set(features)) for features in candidates]
        hit += scores.index(max(scores)) in right
        reachable += bool(right)
    return hit / max(1, len(groups)), reachable / max(1, len(groups))


def folds_of(examples: list[Example], folds: int) -> Iterator[tuple[list[Example], list[Example]]]:
    """Training and held-out texts of each fold, by paper."""
    order = list(range(len(examples)))
    random.Random(5).shuffle(order)
    for k in range(folds):
        yield (
            [examples[x] for n, x in enumerate(order) if n % folds != k],
            [examples[x] for n, x in enumerate(order) if n % folds == k],
        )


def cross_validate(examples: list[Example], folds: int, further: list[Example], out: Path | None) -> dict[str, float]:
    """Fit and extract by folds; the weights that turn the choices' chances into a calibrated confidence.

    Prints the accuracy of each decision on texts that it was not fitted on, and writes what is extracted from them.
    """
    totals: dict[str, list[float]] = {}
    rows: list[dict[str, Any]] = []
    judged: list[tuple[str, Chances, bool]] = []
    others = all_groups(further)
    for train, test in folds_of(examples, folds):
        train_groups, test_groups = all_groups(train), all_groups(test)
        weights = {}
        for name, groups in train_groups.items():
            weights[name] = fit(groups, PENALTY[name], LEAST, others[name])
            hit, reach = accuracy(test_groups[name], weights[name])
            entry = totals.setdefault(name, [0.0, 0.0, 0.0])
            entry[0] += hit * len(test_groups[name])
            entry[1] += reach * len(test_groups[name])
            entry[2] += len(test_groups[name])
        engine = Engine({name: Model(weights.get(name, {})) for name in DECISIONS})
        for example in test:
            trace: list[Step] = []
            results = [asdict(result) for result in engine.extract(example.paper, trace).results]
            rows += results
            judged += judge(example, results, trace)
    for name, (hit, reach, n) in totals.items():
        print(f"{name:9} right {hit / n:.3f}  reachable {reach / n:.3f}  of {n:.0f}")
    if out:
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return fit_confidence(judged)


def judge(example: Example, results: list[dict[str, Any]], trace: list[Step]) -> list[tuple[str, Chances, bool]]:
    """For each result of a held-out text: its kind, the chances of its choices, whether the whole tuple is right."""
    judged = []
    annotated = [*(r for rs in example.gold.values() for r in rs), *example.lost]
    for kind in ("score", "gain", "cost"):
        places = [k for k, result in enumerate(results) if result["kind"] == kind]
        wanted = [r for r in annotated if r["kind"] == kind]
        _, taken = scorer().matching([results[k] for k in places], wanted, ("metric", "dataset", "method"))
        right = set(taken.values())
        judged += [(kind, trace[k].linked.chances, n in right) for n, k in enumerate(places)]
    return judged


def fit_confidence(judged: list[tuple[str, Chances, bool]]) -> dict[str, float]:
    """The weights of a logistic function of `confidence_features` (L2 penalty), and its calibration error by folds."""
    names = sorted({name for kind, chances, _ in judged for name, _ in confidence_features(kind, chances)})
    x = np.array(
        [[dict(confidence_features(kind, chances)).get(name, 0.0) for name in names] for kind, chances, _ in judged]
    )
    y = np.array([right for _, _, right in judged], dtype=float)

    def solve(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
            z = x @ w
            p = 1.0 / (1.0 + np.exp(-z))
            return float(np.sum(np.logaddexp(0.0, z) - y * z) + 0.5 * w @ w), x.T @ (p - y) + w

        return np.asarray(scipy.optimize.minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x)

    parts = np.random.default_rng(3).integers(0, 5, len(y))
    held = np.zeros(len(y))
    for k in range(5):
        held[parts == k] = 1.0 / (1.0 + np.exp(-(x[parts == k] @ solve(x[parts != k], y[parts != k]))))
    order = np.argsort(held)
    error = sum(abs(held[b].mean() - y[b].mean()) * len(b) for b in np.array_split(order, 5)) / len(y)
    print(f"confidence: expected calibration error {error:.3f} over five bins of held-out results ({len(y)})")
    return {name: round(float(w), 3) for name, w in zip(names, solve(x, y), strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--cross-validate",
        type=int,
        metavar="FOLDS",
        help="hold out gold texts and print accuracies instead of writing weights",
    )
    parser.add_argument(
        "--out", type=Path, help="with --cross-validate: what is extracted from the held-out texts, JSON lines"
    )
    arguments = parser.parse_args()
    lexicon = load_lexicon()
    gold = read_examples(SHARED / "gold" / "tune.jsonl", SHARED / "gold" / "tune_papers.jsonl", lexicon)
    further = read_examples(ROOT / "tuning" / "annotations.jsonl", SHARED / "corpus" / "abstracts.jsonl.gz", lexicon)
    further += read_fixtures(ROOT / "fixtures", lexicon)
    for name, examples in (("gold", gold), ("further annotations and fixtures", further)):
        placed = sum(len(results) for example in examples for results in example.gold.values())
        lost = sum(len(example.lost) for example in examples)
        print(f"{name}: {len(examples)} papers, {placed} results placed, {lost} not found in their text")
    confidence = cross_validate(gold, arguments.cross_validate or 4, further, arguments.out)
    if arguments.cross_validate:
        return
    weights = {**fit_all(gold, further), "confidence": confidence}
    WEIGHTS.write_text(json.dumps(weights, ensure_ascii=False, sort_keys=True, indent=0) + "\n", encoding="utf-8")
    print({name: len(w) for name, w in weights.items()})


if __name__ == "__main__":
    main()
