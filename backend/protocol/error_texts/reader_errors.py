"""Errors of opening dataset files of every kind, and folders and zips of them."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

READER_ERRORS: dict[str, ErrorCode] = {
    "data_unreadable": ErrorCode(
        "bad_dataset",
        Text("{path} cannot be read", "{path} を読み込めません"),
        Text("Check that you may read it and that the drive is connected.",
             "読み取りの権限と、ドライブの接続を確認してください。"),
    ),
    "data_wrong_encoding": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line}: the text is not {encoding}, which was chosen for it",
             "{path} の {line} 行目: 選択した文字コード {encoding} では読めません"),
        Text("Choose another encoding, or let it be found out.",
             "別の文字コードを選ぶか、自動判定にしてください。"),
    ),
    "data_unknown_encoding": ErrorCode(
        "bad_dataset",
        Text("{path}: there is no encoding named {encoding}", "{path}: {encoding} という文字コードはありません"),
        Text("Choose one of: utf-8, cp932, euc-jp, iso-2022-jp, utf-16.",
             "utf-8、cp932、euc-jp、iso-2022-jp、utf-16 から選んでください。"),
    ),
    "data_several_lists": ErrorCode(
        "bad_dataset",
        Text("{path} holds several lists of rows: {lists}", "{path} に行のリストが複数あります: {lists}"),
        Text("Put each list into a file of its own.", "リストごとに別のファイルにしてください。"),
    ),
    "data_row_too_long": ErrorCode(
        "bad_dataset",
        Text("{path}, row {row} is longer than {limit}", "{path} の {row} 件目は {limit} を超えています"),
        Text("Shorten this row, or check that no bracket is missing before it.",
             "この行を短くするか、その前の括弧が抜けていないか確認してください。"),
    ),
}
