"""Errors of what a file's columns mean: the format, and the mapping by hand."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

FORMAT_ERRORS: dict[str, ErrorCode] = {
    "data_unknown_format": ErrorCode(
        "bad_dataset",
        Text("{path}: it is not clear what the columns {columns} mean",
             "{path}: 列 {columns} が何を表すのか分かりません"),
        Text("Tell which columns hold the question and the answer, or the text.",
             "質問と回答の列、または本文の列を指定してください。"),
    ),
    "data_no_such_format": ErrorCode(
        "bad_dataset",
        Text("There is no format {format}", "{format} という形式はありません"),
        Text("Choose one of: {formats}", "次のいずれかを選んでください: {formats}"),
    ),
    "data_format_lacks": ErrorCode(
        "bad_dataset",
        Text("The format {format} needs {lacks}; the file has the columns {columns}",
             "形式 {format} には{lacks}が必要です。ファイルの列は {columns} です"),
        Text("Choose another format, or tell which columns hold the question and the answer.",
             "別の形式を選ぶか、質問と回答の列を指定してください。"),
    ),
    "data_unknown_column": ErrorCode(
        "bad_dataset",
        Text("There is no column {column}; the file has the columns {columns}",
             "列 {column} はありません。ファイルの列は {columns} です"),
        Text("Correct the name of the column.", "列の名前を直してください。"),
    ),
    "data_unknown_part": ErrorCode(
        "bad_dataset",
        Text("A row has no part {part}", "{part} という項目は行にありません"),
        Text("Columns can be given for: {parts}", "列を指定できる項目: {parts}"),
    ),
    "data_mapping_lacks": ErrorCode(
        "bad_dataset",
        Text("No column is given for the part {part}", "{part} の列が指定されていません"),
        Text("Give columns for question and answer, or one for text.",
             "question と answer の列、または text の列を指定してください。"),
    ),
    "data_mapping_both": ErrorCode(
        "bad_dataset",
        Text("A row is either a text or a question with its answer; columns are given for both",
             "1 行は「本文」か「質問と回答」のどちらかですが、両方に列が指定されています"),
        Text("Give columns for question and answer, or one for text.",
             "question と answer の列、または text の列を指定してください。"),
    ),
    "data_bad_template": ErrorCode(
        "bad_dataset",
        Text("The template {template} cannot be read", "テンプレート {template} を読み取れません"),
        Text("Put the names of columns in single braces and write a brace of the text twice.",
             "列名は波かっこで囲み、文字としての波かっこは 2 つ重ねて書いてください。"),
    ),
}
