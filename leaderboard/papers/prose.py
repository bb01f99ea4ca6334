"""Papers as running text: a web page of papers that was saved as text, or a single abstract.

A page is a sequence of paragraphs. A paper on it is a short paragraph, its title, right above a paragraph of sentences,
its abstract. Short paragraphs that stand elsewhere (menus, dates, buttons) are page furniture and give nothing.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from leaderboard.models import Paper, Reject
from leaderboard.papers.record import BadRecordError, paper_from_fields
from leaderboard.papers.source import Source, UnreadableInputError

LONG_LINE = 200
"""A line beyond this many characters is a whole paragraph; shorter ones in a row may be one wrapped paragraph."""
TITLE_LIMIT = 300
PROSE_MINIMUM = 150
"""An abstract on a page has at least this many characters; slogans and buttons have fewer."""
TEXT_LIMIT = 1 << 24
"""The longest text, in characters, that is taken for one abstract."""
SHORT_PARAGRAPHS_KEPT = 50

# One step of looking back instead of a pattern for what stands before: it keeps the search linear on any text.
_SENTENCE_END = re.compile(r"(?<=[^\WA-Z_]|[)\]%\"'’”}$])[.!?][)\]\"'’”}$]*(?=\s|$)|[。！？]")
_SECTION = (
    r"(?:abstract|summary|background|introduction|objectives?|aims?|purpose|motivation|methods?|materials and methods|"
    r"approach|results?|findings|discussion|conclusions?|significance|availability(?: and implementation)?)"
)
_HEADING = re.compile(rf"{_SECTION}\s*[:.]?", re.IGNORECASE)
_LABELLED = re.compile(rf"{_SECTION}\s*[:.—-]\s", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = rf"(?:{_MONTH} \d\d?(?:,? \d{{4}})?|\d\d? {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{4}}|\d{{4}}-\d\d-\d\d)"
# Short lines that pages put around their papers; a title must not be one as a whole.
_FURNITURE = re.compile(
    "|".join(
        (
            rf"(?:published|submitted|updated|posted|accepted|released)?(?: on| at)?:? ?{_DATE}",  # "Mar 11"
            r"[\W\d_]*k?",  # "128", "1.2k", "•"
            r"[\d.,]+k? (?:authors?|upvotes?|likes?|comments?|citations?|views?|stars?|downloads?|papers?|pages?)",
            r"(?:submitted|uploaded|posted|presented) by.*",
            r"(?-i:by)(?:\s.*|[A-Z].*)",  # "by someone", and "bySomeone" where the page lost the space
            r"(?:authors?|comments?|subjects?|keywords?|journal-ref):.*",
            r"(?:view|read|see|open|download|show)(?: the| full| more| on| in)*(?: \w+){0,2}",
            r"(?:pdf|html|code|github|arxiv|doi|project|paper)(?: page| link)?",
            r"new|trending|subscribe|upvote|share|home|cite|bibtex|abs|log ?in|sign ?up|previous|next",
            r"(?:arxiv|doi): ?\S+(?: \[\S+\])?",
            r"(?:https?://|www\.)\S+",
        )
    ),
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"©|\(c\) |copyright|all rights reserved|(?:we|this (?:site|website)) uses? cookies|by (?:clicking|continuing)",
    re.IGNORECASE,
)
_NAME = r"(?:[A-Z][\w'’.-]*|van|von|der|den|de|da|di|la|le|bin|al|el)"
_PERSON = re.compile(rf"{_NAME}(?:\s+{_NAME}){{1,4}}")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    line: int
    gap: str  # what stands between it and the paragraph before, ends of lines included
    text: str
    whole: bool = True  # False if a damaged file may have cut it

    @property
    def is_prose(self) -> bool:
        """Whether these are sentences, as an abstract has: not a title, a menu or a list of names."""
        text = self.text.strip()
        if len(text) < PROSE_MINIMUM or _NOTICE.match(text):
            return False
        ends = [match.end() for match in islice(_SENTENCE_END.finditer(text), 2)]
        return len(ends) > 1 or (bool(ends) and (len(text) > TITLE_LIMIT or ends[0] == len(text)))


def read_page(source: Source) -> Iterator[Paper | Reject]:
    """The papers of a saved page, in its order. A paragraph of prose without a title above it is rejected."""
    for number, (title, abstract) in enumerate(_papers(_paragraphs(source.lines(), source)), 1):
        try:
            if title is None:
                raise BadRecordError("no_title", "a paragraph without a title above it")
            if not abstract.whole:
                raise BadRecordError("truncated", "the file is damaged within this paper")
            fields = {"title": title.text, "abstract": abstract.text}
            yield paper_from_fields(fields, fallback_id=source.record_id(number))
        except BadRecordError as error:
            yield source.reject(number, error.reason, f"line {(title or abstract).line}: {error.message}")


def read_text(source: Source) -> Iterator[Paper | Reject]:
    """The whole text as one abstract; its first line is the title only where it is short, no sentence, and set off."""
    parts: list[str] = []
    size = 0
    for _, line in source.lines():
        parts.append(line)
        size += len(line)
        if size > TEXT_LIMIT:
            raise UnreadableInputError("text_too_long", f"more than {TEXT_LIMIT:,} characters are not an abstract")
    if source.damage is not None:
        return
    title, abstract = _title_and_abstract("".join(parts))
    try:
        yield paper_from_fields({"title": title, "abstract": abstract}, fallback_id=source.record_id(1))
    except BadRecordError as error:
        yield source.reject(1, error.reason, error.message)


def looks_like_page(text: str) -> bool:
    """Whether a text holds several papers, or one below page furniture, rather than one abstract."""
    lines = list(enumerate(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), 1))
    first_title = None
    found = 0
    for title, _ in _papers(_paragraphs(lines)):
        if title is not None:
            found += 1
            first_title = first_title or title
    if found == 1 and first_title is not None:
        return sum(1 for number, line in lines if number < first_title.line and line.strip()) > 1
    return found > 1


def _title_and_abstract(text: str) -> tuple[str, str]:
    text = text.rstrip("\r\n")
    first, end, rest = text.lstrip("\r\n").partition("\n")
    title = first.rstrip("\r")
    gap = re.match(r"[ \t]*\r?\n\s*?(?=\S)", rest)
    if not end or gap is None or len(title) > TITLE_LIMIT or not title.strip():
        return "", text
    if _HEADING.fullmatch(title.strip()) or _LABELLED.match(title) or title.rstrip().endswith((".", ",", ";")):
        return "", text
    abstract = rest[gap.end() :]
    return (title, abstract) if len(abstract) > len(title) else ("", text)


def _papers(paragraphs: Iterable[_Paragraph]) -> Iterator[tuple[_Paragraph | None, _Paragraph]]:
    """Pairs of title and abstract; None for the title where prose has none above it."""
    above: deque[_Paragraph] = deque(maxlen=SHORT_PARAGRAPHS_KEPT)  # short paragraphs since the last prose
    title: _Paragraph | None = None
    abstract: _Paragraph | None = None
    for paragraph in paragraphs:
        if not paragraph.is_prose:
            above.append(paragraph)
            continue
        headings_only = all(_HEADING.fullmatch(short.text.strip()) for short in above)
        if abstract is not None and headings_only and (above or _LABELLED.match(paragraph.text)):
            # A structured abstract goes on: "Methods: …", or "Methods" on a line of its own.
            pieces = [piece for short in above for piece in (short.gap, short.text)]
            text = "".join([abstract.text, *pieces, paragraph.gap, paragraph.text])
            abstract = _Paragraph(abstract.line, abstract.gap, text, paragraph.whole)
        else:
            if abstract is not None:
                yield title, abstract
            title, abstract = _title_among(above), paragraph
        above.clear()
    if abstract is not None:
        yield title, abstract


def _title_among(above: Iterable[_Paragraph]) -> _Paragraph | None:
    """The title among the short paragraphs above an abstract: the nearest that is no furniture or list of authors."""
    candidates = [
        short
        for short in above
        if len(short.text) <= TITLE_LIMIT
        and not _FURNITURE.fullmatch(short.text.strip())
        and not _HEADING.fullmatch(short.text.strip())
        and not _NOTICE.match(short.text.strip())
    ]
    while len(candidates) > 1 and _is_author_list(candidates[-1].text):
        candidates.pop()
    return candidates[-1] if candidates else None


def _is_author_list(text: str) -> bool:
    names = re.split(r"\s*[,;·]\s*(?:and\s+)?|\s+and\s+", text.strip())
    return len(names) > 2 and ":" not in text and all(_PERSON.fullmatch(name.strip("*†‡0123456789 ")) for name in names)


def _paragraphs(lines: Iterable[tuple[int, str]], source: Source | None = None) -> Iterator[_Paragraph]:
    """Paragraphs in order: a long line is one; so are lines in a row that read as one wrapped paragraph."""
    gap: list[str] = []
    group: list[tuple[int, str]] = []

    def flush() -> Iterator[_Paragraph]:
        for first, text in _wrapped(group):
            body = text.rstrip("\r\n")
            whole = source is None or source.damage is None
            yield _Paragraph(first, "".join(gap), body, whole)
            gap[:] = [text[len(body) :]]
        group.clear()

    for number, line in lines:
        if not line or line.isspace():
            yield from flush()
            gap.append(line)
        elif len(line) > LONG_LINE:
            yield from flush()
            group.append((number, line))
            yield from flush()
        else:
            group.append((number, line))
            if len(group) > 1000:  # a list without end is no paragraph
                yield from flush()
    yield from flush()


def _wrapped(group: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """A group of short lines as one wrapped paragraph if it reads as such, else line by line."""
    if not group:
        return
    text = "".join(line for _, line in group)
    full = all(len(line.strip()) >= 40 for _, line in group[:-1])
    is_title = len(group) <= 3 and len(text) <= TITLE_LIMIT and not _SENTENCE_END.search(text)
    if len(group) > 1 and full and (is_title or _Paragraph(0, "", text).is_prose):
        yield group[0][0], text
    else:
        yield from group
