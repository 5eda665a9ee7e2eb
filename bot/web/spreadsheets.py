"""Tables as files that spreadsheets open: as CSV in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_file(rows: Iterable[Iterable[object]]) -> bytes:
    """The rows as a file; texts are made harmless, numbers stay numbers, and what is not there is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    # With the mark at its beginning, spreadsheets read it as what it is.
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def harmless(text: str) -> str:
    """A text that a spreadsheet shows as it is; OWASP's way: an apostrophe before what would begin a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
