"""What hiding personal data can be told, and the words for it."""

from typing import Literal

import msgspec

from backend.config.option import Option
from backend.protocol.languages import Text

KEY_FILE = "pseudonyms.json"
KEYS_FOLDER = "keys"
Mode = Literal["pseudonym", "delete"]


class PrivacySettings(msgspec.Struct, frozen=True, kw_only=True):
    """`kinds`: of KINDS, empty for all. `names`: words of the user's own list. `rows`: only these, empty for every row.

    `mode`: pseudonym puts [NAME-3fk2ab7x] in the place of a value, the same for the same value; delete puts [NAME],
    which nobody can undo. `key`: the file of the key for pseudonyms; empty for the one in Tanren's own folder
    (keys/pseudonyms.json).
    """

    kinds: list[str] = []
    mode: Mode = "pseudonym"
    names: list[str] = []
    key: str = ""
    rows: list[int] = []


PRIVACY_OPTIONS: dict[str, Option] = {
    "kinds": Option(
        Text("What to look for", "対象"),
        Text("All kinds, unless some are chosen.", "選ばなければすべての種類が対象です。"),
    ),
    "mode": Option(
        Text("Replace by", "置き換え方"),
        Text(
            "A pseudonym stands for the same value everywhere and can be undone with the key file; deletion "
            "leaves only the kind.",
            "仮名は同じ値に同じものを使い、鍵ファイルがあれば元に戻せます。削除では種類だけが残ります。",
        ),
        choices=("pseudonym", "delete"),
    ),
    "names": Option(
        Text("Your own words", "自分で指定する語"),
        Text(
            "Names of customers, projects, products … that no rule can know.",
            "顧客名、案件名、製品名など、規則では分からない語です。",
        ),
    ),
    "key": Option(
        Text("Key file", "鍵ファイル"),
        Text(
            "Keep it apart from the data: with it every pseudonym can be undone.",
            "データとは別に保管してください。これがあればすべての仮名を元に戻せます。",
        ),
        advanced=True,
    ),
}
MODE_TITLES: dict[str, Text] = {
    "pseudonym": Text("Pseudonyms", "仮名"),
    "delete": Text("Deletion", "削除"),
}
