"""Identifiers and dates of papers in one form: arXiv id without version, DOI, calendar date, year, web address.

Every function returns None for what it does not recognise; none raises.
"""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

# https://info.arxiv.org/help/arxiv_identifier.html: since April 2007 YYMM.number, of 4 digits until 2014 and 5 after;
# before that archive/YYMMnumber, with a subject class that is no part of the identifier ("math.GT/0309136").
_ARXIV_NEW = r"(?P<new>(?:0[7-9]|[1-9]\d)(?:0[1-9]|1[0-2])\.\d{4,5})"
_ARXIV_OLD = (
    r"(?P<archive>astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|math|nlin|nucl-(?:ex|th)|physics|quant-ph|q-bio|"
    r"q-alg|cs|stat|acc-phys|adap-org|alg-geom|ao-sci|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|dg-ga|funct-an|"
    r"mtrl-th|patt-sol|plasm-ph|solv-int|supr-con)(?:\.[A-Za-z-]{2,})?/(?P<old>\d{2}(?:0[1-9]|1[0-2])\d{3})"
)
_ARXIV_ID = re.compile(
    r"(?:(?:oai:)?arxiv(?:\.org)?[:/]\s*)?"
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/)?"
    r"(?:(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.48550/arxiv\.)?"
    rf"(?:{_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?(?:\.pdf)?/?",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.|www\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(1[89]\d{2}|20\d{2}|21\d{2})(?!\d)")


def arxiv_id_of(text: str | None) -> str | None:
    """The arXiv id without version that `text` is: bare, as `arXiv:…`, as an arxiv.org address or as arXiv's DOI."""
    match = _ARXIV_ID.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    if match["new"]:
        return match["new"]
    return f"{match['archive'].lower()}/{match['old']}"


def year_of_arxiv_id(arxiv_id: str) -> int:
    """The year in which an arXiv id (as `arxiv_id_of` gives it) was assigned: 2206.12126 is of 2022."""
    digits = int(arxiv_id.rsplit("/", 1)[-1][:2])
    return digits + (1900 if "/" in arxiv_id and digits > 90 else 2000)


def doi_of(text: str | None) -> str | None:
    """The first DOI of `text` in lower case (DOIs do not tell case apart), without resolver address or `doi:`."""
    words = text.split() if text else []
    for start in range(len(words)):
        match = _DOI.fullmatch(" ".join(words[start : start + 2])) or _DOI.fullmatch(words[start])
        if match:
            return match["doi"].rstrip(".,;").lower()
    return None


def date_of(value: object) -> str | None:
    """The calendar date `YYYY-MM-DD` of a date, an ISO date or time, `YYYY/MM/DD`, or a mail date (RFC 5322).

    Dates without a day, and dates that write the day or the month first, are None: `year_of` still finds their year.
    """
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, str):
        return None
    text = value.strip()
    match = _ISO_DATE.match(text)
    try:
        if match:
            return datetime.date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        if "," in text:
            return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, OverflowError):
        pass
    return None


def year_of(value: object) -> int | None:
    """The year, from 1800 to 2199, that a number, a date or a text holds; None where there is none."""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.year
    match = None if value is None or isinstance(value, bool) else _YEAR.search(str(value))
    return int(match[0]) if match else None


def url_of(text: str | None) -> str | None:
    """A web address, if `text` is one; anything else (`javascript:…`, a path) is None."""
    address = text.strip() if text else ""
    if len(address.split()) != 1:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme.lower() in {"http", "https"} and parts.netloc else None
