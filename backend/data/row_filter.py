"""Which rows of a dataset are shown, and in which order: the filter of the Data page as an SQL query."""

from typing import Literal

import msgspec

from backend.data.dataset import Row, whole_text
from backend.data.folding import folded

Sort = Literal["row", "length", "tokens", "label", "checks"]
_decoder = msgspec.json.Decoder(Row)


class RowFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Empty fields let every row through. `check`: rows that met it; `text`: rows that hold it, without regard to case
    and width; `state`: rows that can be trained on, or cannot; `side`, `label`: as in Row; `synthetic`: rows that an
    augmentation made. `sort`: by number, by length in characters, in tokens, by label, or most checks first.
    """

    check: str = ""
    text: str = ""
    state: Literal["", "usable", "unusable"] = ""
    side: str = ""
    label: str = ""
    synthetic: bool = False
    sort: Sort = "row"
    descending: bool = False

    def query(self) -> tuple[str, list[str]]:
        """The SELECT of row numbers, and its values."""
        where, values = [], []
        if self.check:
            where.append("row IN (SELECT row FROM findings WHERE name = ?)")
            values.append(self.check)
        if self.state:
            where.append("problem = ''" if self.state == "usable" else "problem != ''")
        for column, value in (("side", self.side), ("label", self.label)):
            if value:
                where.append(f"{column} = ?")
                values.append(value)
        if self.synthetic:
            where.append("synthetic != ''")
        if self.text:
            where.append("holds(body, ?)")
            values.append(folded(self.text))
        direction = " DESC" if self.descending else ""
        order = {
            "row": f"row{direction}", "length": f"size{direction}, row", "tokens": f"tokens{direction}, row",
            "label": f"label{direction}, row",
            "checks": f"(SELECT count(*) FROM findings WHERE findings.row = rows.row){direction}, row",
        }[self.sort]
        return f"SELECT row FROM rows {'WHERE ' + ' AND '.join(where) if where else ''} ORDER BY {order}", values


def holds(body: str, wanted: str) -> bool:
    """Whether a stored row says `wanted` (folded) anywhere in its texts."""
    return wanted in folded(whole_text(_decoder.decode(body)))
