"""What may enter: which characters, how long a text, how large a number.

One page for commands, imports, messages, archives and rulebooks: a field has one of
these types, and the published schemas state what they state. Patterns are written so
that Rust, Python and JavaScript read them alike.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, Strict, StringConstraints

# Control, format and direction characters, those without width, and what is not a
# character. Half a character (a surrogate) is refused by those who read JSON.
_UNSEEN = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_CONTROL = r"\u0000-\u001f\u007f-\u009f"
_SEEN = f"[^{_CONTROL}{_UNSEEN}]"
_SEEN_OR_END = rf"[^\u0000-\u0009\u000b-\u001f\u007f-\u009f{_UNSEEN}]"
_WORD = rf"[^\s{_CONTROL}{_UNSEEN}]"

LINE = f"^{_SEEN}*{_WORD}{_SEEN}*$"
PARAGRAPHS = f"^{_SEEN_OR_END}*{_WORD}{_SEEN_OR_END}*$"
REFERENCE = f"^{_SEEN}*[A-Za-z0-9]{_SEEN}*$"
LABEL = r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"
COMMAND_ID = r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$"
BODY_CODE = r"^[A-Z0-9]{2,12}$"
SCHEME = r"^[a-z0-9]+([.-][a-z0-9]+)*$"
YEAR = r"^(19|20)[0-9]{2}-[0-9]{2}$"
ACCOUNT = r"^[a-z0-9]+([.-][a-z0-9]+)*/(19|20)[0-9]{2}-[0-9]{2}/[A-Z0-9]{2,12}$"
ACCOUNT_NAME = r"^[a-z]+:[A-Za-z0-9][A-Za-z0-9%._:-]*$"
RECORD = r"^[A-Za-z0-9._~+:%/-]+@[1-9][0-9]{0,15}$"
HEXADECIMAL = r"^[0-9a-f]{64}$"
DAYS = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(\.\.[0-9]{4}-[0-9]{2}-[0-9]{2})?$"
BASIS = r"^(population|contract)\.[a-z0-9_-]+\.[a-z0-9_-]+$"
SOMETIME = r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
NUMBER = r"^-?([0-9]{1,40}|[0-9]{1,20}\.[0-9]{1,20}|[0-9]{1,40}/[1-9][0-9]{0,39})$"

REMEDIES = {
    LINE: "write one line of text: take out line ends and characters that do not show",
    PARAGRAPHS: "write text: take out characters that do not show, such as U+0000",
    REFERENCE: "write one line that holds a letter from A to Z or a digit",
    LABEL: "begin with a letter or digit; then letters, digits and . _ : - only",
    COMMAND_ID: "begin with a letter or digit; then letters, digits and . _ : / - only",
    BODY_CODE: "write 2 to 12 capitals and digits, such as 10C",
    SCHEME: "write small letters and digits, such as quality-premium",
    YEAR: "write two years that follow each other, such as 2013-14",
    ACCOUNT: "write scheme/scheme-year/body, such as quality-premium/2013-14/10C",
    ACCOUNT_NAME: "write an account as premium balances shows it, such as group:held",
    RECORD: "write a record as stream@version, such as body/10C@1",
    HEXADECIMAL: "write 64 small hexadecimal digits",
    DAYS: "write a day, or the first and last day: 2013-04-01..2014-03-31",
    BASIS: "write it as population.registered.gp-list, or as contract.type.basis",
    SOMETIME: "write a day, a month or a year, such as 2013-03-04, 2013-03 or 2013",
    NUMBER: "write an exact number, such as 12.5 or 1/3, of at most 40 digits",
}
"""Pattern -> what to do about a value that is not of it."""

MOST_PENCE = 10**15
MOST_HEADS = 10**9
MOST_WHOLE = 2**53
MOST_GIVEN = 10**40 - 1
"""Above and below the line of an exact number from outside."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINE)]
"""One line of text."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
"""What somebody or something is called, on one line."""
Paragraphs = Annotated[
    str, StringConstraints(min_length=1, max_length=10_000, pattern=PARAGRAPHS)
]
"""Text that may have line ends."""
Label = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=LABEL)]
"""An id given from outside."""
CommandId = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=COMMAND_ID)
]
"""The id of a command, or of what it belongs to."""


def normal_reference(reference: str) -> str:
    """A reference as compared: the letters and digits of its NFKC form, in capitals."""
    normal = unicodedata.normalize("NFKC", reference).upper()
    return "".join(filter(str.isalnum, normal))


def _compared(reference: str) -> str:
    if len(normal_reference(reference)) > 80:
        raise ValueError("it has more than 80 letters and digits as it is compared")
    return reference


Reference = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=REFERENCE),
    AfterValidator(_compared),
]
"""A reference or number that a bank or another ledger gave; one line."""
SchemeId = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=SCHEME)
]
"""A scheme, such as quality-premium."""
AccountName = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=ACCOUNT_NAME)
]
"""An account within a premium, such as group:held."""

Sha256 = Annotated[str, StringConstraints(pattern=HEXADECIMAL)]
"""A SHA-256 in hexadecimal."""

Heads = Annotated[int, Strict(), Field(ge=0, le=MOST_HEADS)]
"""People, counted."""
Whole = Annotated[int, Strict(), Field(ge=0, le=MOST_WHOLE)]
"""A whole number."""
Counted = Annotated[int, Strict(), Field(ge=1, le=MOST_WHOLE)]
"""A whole number, from 1."""
