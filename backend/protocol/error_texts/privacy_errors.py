"""Errors of taking personal information out of a dataset."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

PRIVACY_ERRORS: dict[str, ErrorCode] = {
    "privacy_key_damaged": ErrorCode(
        "bad_dataset",
        Text("{path} is not a key file for pseudonyms: {reason}", "{path} は仮名の鍵ファイルではありません: {reason}"),
        Text(
            "Choose another file, or the name of a file that does not exist yet: a new key is then made.",
            "別のファイルを選ぶか、まだないファイル名を指定してください。新しい鍵を作ります。",
        ),
    ),
    "privacy_kind_unknown": ErrorCode(
        "bad_config",
        Text("There is no kind of personal information named {name}", "{name} という種類の個人情報はありません"),
        Text("Choose from: {known}", "次の中から選んでください: {known}"),
    ),
}
