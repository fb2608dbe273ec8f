"""Errors of reading a dataset and turning it into examples."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

DATA_ERRORS: dict[str, ErrorCode] = {
    "data_missing": ErrorCode(
        "bad_dataset",
        Text("There is no file {path}", "ファイル {path} がありません"),
        Text("Choose a file that exists.", "存在するファイルを選んでください。"),
    ),
    "data_empty": ErrorCode(
        "bad_dataset",
        Text("{path} is empty", "{path} は空です"),
        Text("Choose a file with at least one row.", "1 行以上あるファイルを選んでください。"),
    ),
    "data_binary": ErrorCode(
        "bad_dataset",
        Text("{path} is not a text file", "{path} はテキストファイルではありません"),
        Text("Export the data as JSON, JSONL or CSV in UTF-8.", "データを UTF-8 の JSON、JSONL、CSV で書き出してください。"),
    ),
    "data_bad_line": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line}: {reason}", "{path} の {line} 行目: {reason}"),
        Text("Correct this line; all lines before it could be read.", "この行を直してください。それより前の行は読めています。"),
    ),
    "data_bad_row": ErrorCode(
        "bad_dataset",
        Text("{path}, row {row}: {reason}", "{path} の {row} 件目: {reason}"),
        Text("Correct this row and choose the file again.", "この行を直して、もう一度ファイルを選んでください。"),
    ),
    "data_one_column": ErrorCode(
        "bad_dataset",
        Text("{path} has only one column ({column}); a question and an answer are needed",
             "{path} の列は 1 つだけです（{column}）。質問と回答の列が必要です"),
        Text("Add a second column, or check the separator (comma, tab, semicolon).",
             "2 つ目の列を加えるか、区切り文字（カンマ、タブ、セミコロン）を確認してください。"),
    ),
    "data_unknown_format": ErrorCode(
        "bad_dataset",
        Text("{path}: the columns {columns} are not a known format", "{path} の列 {columns} は既知の形式ではありません"),
        Text("Name the columns instruction/output, prompt/completion, question/answer, or use messages.",
             "列名を instruction/output、prompt/completion、question/answer にするか、messages 形式にしてください。"),
    ),
    "data_nothing_to_train": ErrorCode(
        "bad_dataset",
        Text("No row of {path} has an answer that fits into {max_length} tokens",
             "{path} には、{max_length} トークンに収まる回答のある行がありません"),
        Text("Raise max_length, or shorten the rows.", "max_length を上げるか、行を短くしてください。"),
    ),
    "template_missing": ErrorCode(
        "bad_dataset",
        Text("The model in {path} has no chat template", "{path} のモデルにはチャットテンプレートがありません"),
        Text("Use an instruction-tuned (chat) version of the model.", "指示学習済み（チャット用）のモデルを使ってください。"),
    ),
    "template_unprovable": ErrorCode(
        "bad_dataset",
        Text("The chat template does not let the answer be separated from the question: {reason}",
             "このチャットテンプレートでは回答と質問を確実に分けられません: {reason}"),
        Text("Use a model with a standard chat template.", "標準的なチャットテンプレートのモデルを使ってください。"),
    ),
}
