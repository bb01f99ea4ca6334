"""How names are compared: without case, accents, hyphens and most punctuation, but with their digits."""

from __future__ import annotations

import unicodedata

_KEPT = "@&.+?"  # R@1, J&F, SQuAD 2.0, U-Net++; "?" stands for what Latin-1 cannot hold
# Dashes, quotes, arrows and thin blanks that Latin-1 does not hold.
_BLANKS = (*range(0x2009, 0x2016), *range(0x2018, 0x201E), 0x2026, 0x202F, 0x2032, 0x2192, 0x2212)
_BEYOND_LATIN = dict.fromkeys(_BLANKS, " ")


def _byte_table() -> bytes:
    table = bytearray(256)
    for code in range(256):
        char = chr(code)
        base = unicodedata.normalize("NFKD", char)[0].lower()
        keep = base.isascii() and (base.isalnum() or base in _KEPT)
        table[code] = ord(base) if keep else ord(" ")
    table[0xDF] = ord("s")
    return bytes(table)


_TABLE = _byte_table()
_PUNCTUATION = {code: " " for code in range(0x250) if not chr(code).isalnum() and chr(code) not in _KEPT} | dict(
    _BEYOND_LATIN
)


def fold_text(text: str) -> str:
    """The text in ASCII, lower case, each hyphen, quote, bracket and blank a space: character for character, so that
    an offset into the folded text is an offset into the text. A full stop, `@` and `&` stay.
    """
    if not text.isascii():
        for char in _BEYOND_LATIN:
            text = text.replace(chr(char), " ")
    return text.encode("latin-1", "replace").translate(_TABLE).decode("ascii")


def fold(name: str) -> str:
    """The key under which a name is looked up: `CIFAR-10`, `cifar 10` and `Cifar10` have the same."""
    return fold_text(name).replace(" ", "").strip(".")


def fold_cased(name: str) -> str:
    """As `fold`, but with the case kept: what a name has to equal where case tells it from a common word."""
    return name.translate(_PUNCTUATION).replace(" ", "").strip(".")
