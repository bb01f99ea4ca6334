"""Fixtures: texts with the results that a person confirmed, many per YAML file, written to be read and diffed.

A file is one list; each entry is a paper and its results::

    - id: vpd-2023
      title: "VPD: text-to-image diffusion for visual perception"
      abstract: >-
        VPD reaches an RMSE of 0.254 on NYUv2.
      covers: [metric-value]          # names of rules, or of kinds of non-results; free
      results:
      - {kind: score, value: "0.254", metric: RMSE, dataset: NYUv2, method: VPD}

Every scalar is read as a string first, so that `no`, `1.10` and `2015-01-01` mean what they look like, and each error
names file, line, entry and field. An absent field is empty, `own` is true. A paper that reports nothing has `results:
[]`. The fields of a result are those of the gold files (JSON lines of `{"id", "results"}`, whose texts stand in files
of papers beside them), which `gold` reads.
"""

from __future__ import annotations

import difflib
import glob
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from leaderboard.audit.slots import parse_value
from leaderboard.errors import FixtureError, InputError
from leaderboard.models import Kind, Paper, Result

FIXTURE_FIELDS = ("id", "title", "abstract", "year", "date", "venue", "field", "url", "covers", "results")
RESULT_FIELDS = ("kind", "value", "unit", "metric", "dataset", "method", "own", "task", "baseline")
Model = TypeVar("Model", bound=BaseModel)
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml's where it was built in, ten times as fast


class ConfirmedResult(BaseModel):
    """One result as a person confirmed it: strings in the text's own words, `""` for what the text does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    value: str
    unit: str = ""
    metric: str = ""
    dataset: str = ""
    method: str = ""
    own: bool = True
    task: str = ""
    baseline: str = ""

    @field_validator("value")
    @classmethod
    def _is_number(cls, value: str) -> str:
        if parse_value(value) is None:
            raise ValueError("is not a number; write it as in the text, quoted, without its unit")
        return value

    @property
    def number(self) -> float:
        """The value as a float."""
        number = parse_value(self.value)
        assert number is not None  # the validator has seen to it
        return number


class Fixture(BaseModel):
    """A paper's text with all the results that it reports. `file` and `line` say where it was read from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    title: str = ""
    abstract: str = ""
    year: int | None = None
    date: str | None = None
    venue: str | None = None
    field: str | None = None  # of science, for the report alone
    url: str | None = None
    covers: tuple[str, ...] = ()
    results: tuple[ConfirmedResult, ...]
    file: str = Field(default="", exclude=True)
    line: int = Field(default=0, exclude=True)

    @property
    def paper(self) -> Paper:
        """The paper to extract from."""
        return Paper(
            paper_id=self.id,
            title=self.title,
            abstract=self.abstract,
            year=self.year,
            date=self.date,
            venue=self.venue,
            url=self.url,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a fixture file, and where."""

    file: str
    line: int
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.entry, self.field) if part)
        return f"{self.file}:{self.line}: {where + ': ' if where else ''}{self.message}"


def fixture_of(paper: Paper, results: Iterable[Result]) -> Fixture:
    """A fixture of what was extracted from a paper, in the text's own words where it has them."""
    confirmed = (
        ConfirmedResult(
            kind=result.kind,
            value=result.value_text,
            unit=result.unit or "",
            metric=result.metric or "",  # the whole name; metric_text is a part where a name is spread
            dataset=result.dataset_text or result.dataset or "",
            method=result.method_text or result.method or "",
            own=result.own,
            task=result.task_text or result.task or "",
            baseline=result.baseline_text or result.baseline or "",
        )
        for result in results
    )
    return Fixture(
        id=paper.paper_id,
        title=paper.title,
        abstract=paper.abstract,
        year=paper.year,
        date=paper.date,
        venue=paper.venue,
        url=paper.url,
        results=tuple(confirmed),
    )


def text_digest(title: str, abstract: str) -> str:
    """Sixteen hexadecimal digits that change whenever the text of a paper does."""
    return hashlib.sha256(f"{title}\0{abstract}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


# ---------------------------------------------------------------------------------------------- reading


def load_fixtures(paths: Sequence[str | Path], *, papers: Sequence[str | Path] = ()) -> list[Fixture]:
    """All fixtures of files, folders (every `*.yaml` and `*.yml` below) and globs, in order.

    A `.jsonl` file is read as gold, its texts taken from `papers`. Raises FixtureError for the first thing that is
    wrong (and says how many more there are), InputError for a file that cannot be opened.
    """
    fixtures, problems = check_fixtures(paths, papers=papers)
    if problems:
        more = f" (and {len(problems) - 1} more; `leaderboard fixture check` lists them)" if len(problems) > 1 else ""
        raise FixtureError(f"{problems[0]}{more}")
    return fixtures


def check_fixtures(
    paths: Sequence[str | Path], *, papers: Sequence[str | Path] = ()
) -> tuple[list[Fixture], list[Problem]]:
    """The fixtures that are well formed, and everything that is wrong with the others."""
    fixtures: list[Fixture] = []
    problems: list[Problem] = []
    files = list(fixture_files(paths))
    for file in files:
        if file.suffix in {".jsonl", ".json"}:
            from leaderboard.audit.gold import read_gold

            found, wrong = read_gold(file, papers)
        else:
            found, wrong = parse_fixtures(read_text(file), str(file))
        fixtures += found
        problems += wrong
    seen: dict[str, Fixture] = {}
    unique: list[Fixture] = []
    for fixture in fixtures:
        first = seen.setdefault(fixture.id, fixture)
        if first is fixture:
            unique.append(fixture)
        else:
            message = f"this id stands already at {first.file}:{first.line}; ids must be unique"
            problems.append(Problem(fixture.file, fixture.line, fixture.id, "id", message))
    return unique, problems


def fixture_files(paths: Sequence[str | Path]) -> Iterator[Path]:
    """The files that paths, folders and globs name, each once. Raises InputError for a path that does not exist."""
    seen: set[Path] = set()
    for given in paths:
        path = Path(given)
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix in {".yaml", ".yml"} and p.is_file())
            if not found:
                raise InputError(f"{path}: no fixtures here; a folder of fixtures holds *.yaml files")
        elif path.exists():
            found = [path]
        else:
            found = [Path(p) for p in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207 - may be absolute
            if not found:
                raise InputError(f"{path}: no such file or folder")
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def parse_fixtures(text: str, file: str = "<text>") -> tuple[list[Fixture], list[Problem]]:
    """The fixtures of one file's text, and what is wrong with it. Never raises."""
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        return [], [Problem(file, mark.line + 1 if mark else 1, "", "", f"is not YAML: {said}")]
    if root is None:
        return [], []
    if not isinstance(root, yaml.SequenceNode):
        return [], [Problem(file, root.start_mark.line + 1, "", "", "must be one list of entries, each `- id: ...`")]
    fixtures: list[Fixture] = []
    problems: list[Problem] = []
    for number, node in enumerate(root.value, start=1):
        reader = _EntryReader(file, number)
        fixture = reader.read(node)
        problems += reader.problems
        if fixture is not None and not reader.problems:
            fixtures.append(fixture)
    return fixtures, problems


class _EntryReader:
    """Reads one entry of a file: every scalar a string, every problem with its line."""

    def __init__(self, file: str, number: int) -> None:
        self.file = file
        self.entry = f"entry {number}"
        self.problems: list[Problem] = []

    def wrong(self, node: yaml.Node, field: str, message: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, self.entry, field, message))

    def read(self, node: yaml.Node) -> Fixture | None:
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "", "must be a mapping with id, title, abstract and results")
            return None
        nodes = self.mapping(node, FIXTURE_FIELDS, "")
        id_node = nodes.get("id")
        if isinstance(id_node, yaml.ScalarNode) and id_node.value:
            self.entry = f"{self.entry} ({id_node.value})"
        values: dict[str, Any] = {}
        for key, value in nodes.items():
            if key == "results":
                values[key] = self.results(value)
            elif key == "covers":
                values[key] = self.strings(value, key)
            else:
                values[key] = self.scalar(value, key)
                if values[key] == "" and key not in {"id", "title", "abstract"}:
                    values[key] = None
        if "results" not in nodes:
            self.wrong(node, "results", "is missing; write `results: []` for a paper that reports nothing")
        if not values.get("title") and not values.get("abstract"):
            self.wrong(node, "abstract", "is missing, and there is no title: there is no text to extract from")
        if self.problems:
            return None
        values |= {"file": self.file, "line": node.start_mark.line + 1}
        return self.build(Fixture, values, node, nodes, "")

    def mapping(self, node: yaml.MappingNode, allowed: Sequence[str], prefix: str) -> dict[str, yaml.Node]:
        """The nodes by key; unknown and repeated keys are problems."""
        nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in nodes:
                self.wrong(key, prefix + name, "stands twice")
            elif name not in allowed:
                close = difflib.get_close_matches(name, allowed, n=1)
                hint = f"did you mean {close[0]}?" if close else "allowed: " + ", ".join(allowed)
                self.wrong(key, prefix + name, f"is no field; {hint}")
            else:
                nodes[name] = value
        return nodes

    def scalar(self, node: yaml.Node, field: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, field, "must be a text, not a list or mapping")
            return ""
        plain = not node.style
        return "" if plain and node.value in {"~", "null", "Null", "NULL"} else str(node.value)

    def strings(self, node: yaml.Node, field: str) -> tuple[str, ...]:
        if isinstance(node, yaml.ScalarNode) and not node.value:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, field, "must be a list of names")
            return ()
        return tuple(self.scalar(item, f"{field}[{i}]") for i, item in enumerate(node.value, start=1))

    def results(self, node: yaml.Node) -> tuple[ConfirmedResult, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, "results", "must be a list; write `[]` for a paper that reports nothing")
            return ()
        results = []
        for i, item in enumerate(node.value, start=1):
            prefix = f"results[{i}]."
            if not isinstance(item, yaml.MappingNode):
                self.wrong(item, prefix[:-1], "must be a mapping with kind, value, metric, ...")
                continue
            nodes = self.mapping(item, RESULT_FIELDS, prefix)
            values: dict[str, Any] = {key: self.scalar(value, prefix + key) for key, value in nodes.items()}
            if "own" in values:
                values["own"] = self.truth(values["own"], nodes["own"], prefix + "own")
            result = self.build(ConfirmedResult, values, item, nodes, prefix)
            if result is not None:
                results.append(result)
        return tuple(results)

    def truth(self, value: str, node: yaml.Node, field: str) -> bool:
        if value.lower() not in {"", "true", "false"}:
            self.wrong(node, field, f'must be true or false, not "{value}"')
        return value.lower() != "false"

    def build(
        self, model: type[Model], values: dict[str, Any], node: yaml.Node, nodes: dict[str, yaml.Node], prefix: str
    ) -> Model | None:
        try:
            return model(**values)
        except ValidationError as error:
            for found in error.errors():
                name = str(found["loc"][0]) if found["loc"] else ""
                self.wrong(nodes.get(name, node), prefix + name, say_error(found))
            return None


def say_error(found: Any) -> str:
    """One of pydantic's errors in this module's words."""
    given = found.get("input")
    shown = f'"{given}" ' if isinstance(given, str) else ""
    match found["type"]:
        case "missing":
            return "is missing"
        case "literal_error":
            return f"{shown}must be one of {found['ctx']['expected']}"
        case "int_parsing":
            return f"{shown}is not a whole number"
        case "value_error":
            return f"{shown}{found['ctx']['error']}"
        case "string_too_short":
            return "must not be empty"
        case _:
            return f"{shown}: {found['msg']}"


def read_text(file: Path) -> str:
    """The text of a file in UTF-8. Raises InputError where it is not that, or cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
