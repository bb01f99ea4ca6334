"""Reads the lexicon's TOML files and checks them; a broken entry is one line that names file, entry and field."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ..errors import LexiconError
from .entries import TYPES, DatasetEntry, Entry, EntryType, MethodEntry, MetricEntry, MetricRange, TaskEntry
from .fold import fold, fold_cased, fold_text
from .lexicon import Lexicon, Spelling

FOLDER = Path(__file__).parent
ANY = "\0"  # stands for every case of a key
_AT_K = re.compile(r"(.*(?:@| at ))k( .*)?")
_RANKS = (1, 2, 3, 4, 5, 8, 10, 15, 16, 20, 25, 30, 32, 50, 64, 100, 200, 500, 1000)  # what k mostly is


def _tidy(value: str) -> str:
    if value != " ".join(value.split()) or not value:
        raise ValueError(f"{value!r} is empty or has blanks at an end or in a row")
    return value


_Name = Annotated[str, AfterValidator(_tidy)]


class Item(BaseModel):
    """What an entry of any type may say.

    `ambiguous` is true, or the list of those names that also stand for other things. `cased` says that the names have
    to stand in the text in their own case; without it, names of up to four letters and ambiguous ones have to.
    `examples` are sentences in which the entry has to be found, `not_examples` such in which it must not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    aliases: tuple[_Name, ...] = ()
    siblings: tuple[_Name, ...] = ()  # entries of their own, alike in everything but the name
    ambiguous: bool | tuple[_Name, ...] = False
    cased: bool | None = None
    examples: tuple[_Name, ...] = ()
    not_examples: tuple[_Name, ...] = ()


class MetricItem(Item):
    """A metric as its file says it; `kind` is `cost` for speed, memory, size and their like."""

    higher_is_better: bool | None = None
    range: MetricRange = "any"
    unit: _Name | None = None
    kind: Literal["quality", "cost"] = "quality"


class DatasetItem(Item):
    """A data set as its file says it; `splits` are those that only it has, `year` the year of its release."""

    task: _Name | None = None
    year: int | None = None
    splits: tuple[_Name, ...] = ()


class TaskItem(Item):
    """A task as its file says it; `metric` is the one that it is usually judged by."""

    metric: _Name | None = None


_ITEMS: dict[EntryType, type[Item]] = {
    "metric": MetricItem,
    "dataset": DatasetItem,
    "task": TaskItem,
    "method": Item,
}


def _entry(kind: EntryType, name: str, item: Item, aliases: tuple[str, ...], *, ambiguous: bool) -> Entry:
    if isinstance(item, MetricItem):
        cost = item.kind == "cost"
        return MetricEntry(name, aliases, item.higher_is_better, item.range, item.unit, cost, ambiguous)
    if isinstance(item, DatasetItem):
        return DatasetEntry(name, aliases, item.task, item.year, item.splits, ambiguous)
    if isinstance(item, TaskItem):
        return TaskEntry(name, aliases, item.metric, ambiguous)
    return MethodEntry(name, aliases, ambiguous)


def _needs_case(alias: str, item: Item, *, ambiguous: bool) -> bool:
    """Whether the alias has to stand in the text in its own case: acronyms of up to four letters and common words."""
    if alias == alias.lower():
        return False
    if item.cased is not None:
        return item.cased
    return ambiguous or len(fold(alias)) <= 4


def _check_order(where: str, what: str, names: list[str]) -> None:
    for before, after in itertools.pairwise(names):
        if before.casefold() > after.casefold():
            raise LexiconError(f"{where}: {what}: {after!r} is out of order, it belongs before {before!r}")
        if before == after:
            raise LexiconError(f"{where}: {what}: {after!r} is listed twice")


def _read_file(
    kind: EntryType, path: Path, owner: dict[tuple[str, str | None], str]
) -> Iterable[tuple[Entry, list[Spelling], Item | None]]:
    where = f"{path.parent.name}/{path.name}"
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{where}: not valid TOML: {error}") from error
    bare = data.pop("names", [])
    if not isinstance(bare, list) or not all(isinstance(name, str) for name in bare):
        raise LexiconError(f"{where}: field 'names': has to be a list of names")
    _check_order(where, "names", bare)
    _check_order(where, "entries", list(data))
    for name, raw in itertools.chain(((name, {}) for name in bare), data.items()):
        label = f"{where}: entry {name!r}"
        try:
            _tidy(name)
            item = _ITEMS[kind].model_validate(raw)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(map(str, first["loc"])) or "value"
            raise LexiconError(f"{label}: field {field!r}: {first['msg']}, found {first['input']!r}") from error
        except ValueError as error:
            raise LexiconError(f"{label}: name: {error}") from error
        doubtful = set(item.ambiguous) if isinstance(item.ambiguous, tuple) else set()
        if unknown := doubtful - {name, *item.aliases, *item.siblings}:
            raise LexiconError(f"{label}: field 'ambiguous': {min(unknown)!r} is not among its names")
        for own in (name, *item.siblings):
            aliases = item.aliases if own == name else ()
            listed = {own, *aliases} if item.ambiguous is True else doubtful
            spellings = _spellings(kind, own, item, aliases, listed, label, owner)
            entry = _entry(kind, own, item, aliases, ambiguous=own in listed)
            yield entry, spellings, item if own == name else None


def _spellings(
    kind: EntryType,
    name: str,
    item: Item,
    aliases: tuple[str, ...],
    doubtful: set[str],
    label: str,
    owner: dict[tuple[str, str | None], str],
) -> list[Spelling]:
    plain = _entry(kind, name, item, aliases, ambiguous=False)
    doubted = _entry(kind, name, item, aliases, ambiguous=True)
    out: list[Spelling] = []
    own: set[tuple[str, str | None]] = set()
    for alias in (name, *aliases):
        key = fold(alias)
        if len(key) < 2:
            raise LexiconError(f"{label}: field 'aliases': {alias!r} has less than two letters or digits")
        ambiguous = alias in doubtful
        case = fold_cased(alias) if _needs_case(alias, item, ambiguous=ambiguous) else None
        # Names that differ by case alone ("mCE", "MCE") may belong to two entries if both need their case.
        taken = owner.get((key, case)) or owner.get((key, None)) if case else owner.get((key, ANY))
        if taken and taken != name:
            raise LexiconError(f"{label}: field 'aliases': {alias!r} is already a name of {taken!r}")
        owner[key, case] = owner[key, ANY] = name
        form = " ".join(fold_text(alias).split())
        if (form, case) in own or (form, None) in own:
            raise LexiconError(f"{label}: field 'aliases': {alias!r} says the same as another name")
        own.add((form, case))
        out.append(Spelling(alias, case, doubted if ambiguous else plain))
        if match := _AT_K.fullmatch(alias):
            out.extend(Spelling(f"{match[1]}{k}{match[2] or ''}", None, out[-1].entry) for k in _RANKS)
    return out


def read_lexicon(folder: Path = FOLDER) -> tuple[Lexicon, dict[tuple[EntryType, str], Item]]:
    """The lexicon of a folder with `metrics/`, `datasets/`, `tasks/`, `methods/`, and each entry as it was written
    (by type and name; the tests run its examples).

    Raises:
        LexiconError: an entry breaks the rules; the message names file, entry and field.
    """
    spellings: list[Spelling] = []
    entries: list[Entry] = []
    items: dict[tuple[EntryType, str], Item] = {}
    for kind in TYPES:
        owner: dict[tuple[str, str | None], str] = {}
        named: set[str] = set()
        paths = sorted((folder / f"{kind}s").glob("*.toml"))
        if not paths:
            raise LexiconError(f"{folder}: no {kind}s/*.toml; the installation is incomplete")
        for path in paths:
            for entry, found, item in _read_file(kind, path, owner):
                if entry.name in named:
                    raise LexiconError(f"{path.parent.name}/{path.name}: entry {entry.name!r}: is there twice")
                named.add(entry.name)
                entries.append(entry)
                spellings.extend(found)
                if item is not None:
                    items[kind, entry.name] = item
    return Lexicon(entries, spellings), items
