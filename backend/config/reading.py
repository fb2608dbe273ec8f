"""How a dataset file is to be read where its form should not be found out: what `data import` and the window set."""

import msgspec

FORMATS = ("alpaca", "sharegpt", "messages", "prompt_completion", "preference", "thumbs", "text", "table")
ENCODINGS = ("utf-8", "cp932", "euc-jp", "iso-2022-jp", "utf-16", "utf-16-le", "utf-16-be")
PARTS = ("question", "answer", "system", "rejected", "label", "text")


class Reading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Empty fields are found out from the file.

    `mapping`: for the PARTS of a row, the column, or a text with columns in braces ("{title}\\n{body}"). `sheet`: of a
    workbook. `characters`: about how long a piece of raw text may get; it is split at headings and paragraphs.
    """

    format: str = ""
    encoding: str = ""
    mapping: dict[str, str] = {}
    sheet: str = ""
    characters: int = 4000
