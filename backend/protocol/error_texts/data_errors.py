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
        Text("{path} is neither a text file nor a document that can be read",
             "{path} はテキストファイルでも、読み込める文書でもありません"),
        Text("Export the data as JSON, JSONL or CSV in UTF-8, or as XLSX, Parquet, DOCX or PDF.",
             "データを UTF-8 の JSON、JSONL、CSV、または XLSX、Parquet、DOCX、PDF で書き出してください。"),
    ),
    "data_too_large": ErrorCode(
        "bad_dataset",
        Text("{path} is larger than {limit}", "{path} は {limit} を超えています"),
        Text("Split it into several files.", "いくつかのファイルに分けてください。"),
    ),
    "data_bad_encoding": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line}: the text is neither UTF-8 nor Shift_JIS nor EUC-JP",
             "{path} の {line} 行目: 文字コードが UTF-8、Shift_JIS、EUC-JP のいずれでもありません"),
        Text("Save the file again as UTF-8.", "ファイルを UTF-8 で保存し直してください。"),
    ),
    "data_bad_line": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line}: this is not valid JSON", "{path} の {line} 行目: 正しい JSON ではありません"),
        Text("Correct this line; all lines before it could be read.",
             "この行を直してください。それより前の行は読めています。"),
    ),
    "data_line_no_object": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line}: a row must be an object in {braces}",
             "{path} の {line} 行目: 1 行は {braces} で囲んだオブジェクトでなければなりません"),
        Text("Put one object on each line.", "1 行に 1 つのオブジェクトを書いてください。"),
    ),
    "data_line_too_long": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line} is longer than {limit}", "{path} の {line} 行目は {limit} を超えています"),
        Text("Put one row on each line.", "1 行に 1 件だけを書いてください。"),
    ),
    "data_no_rows": ErrorCode(
        "bad_dataset",
        Text("{path} holds no list of rows", "{path} に行のリストがありません"),
        Text("Give a list of objects, or one object on each line.",
             "オブジェクトのリストにするか、1 行に 1 つのオブジェクトを書いてください。"),
    ),
    "data_unknown_kind": ErrorCode(
        "bad_dataset",
        Text("{path} is neither JSON nor JSONL nor a table, and its name does not say that it is text",
             "{path} は JSON、JSONL、表のいずれでもなく、名前からもテキストと分かりません"),
        Text("Export the data as JSON, JSONL or CSV in UTF-8; for raw text name the file .txt or .md.",
             "データを UTF-8 の JSON、JSONL、CSV で書き出してください。文章そのものなら、名前を .txt か .md にしてください。"),
    ),
    "data_preference": ErrorCode(
        "bad_dataset",
        Text("{path} holds pairs of preferred and rejected answers, which supervised training cannot use",
             "{path} は良い回答と悪い回答の組（選好データ）で、通常の学習には使えません"),
        Text("Use a file with one answer for each question.", "質問ごとに回答が 1 つのファイルを使ってください。"),
    ),
    "data_no_usable_row": ErrorCode(
        "bad_dataset",
        Text("No row of {path} can be used for training", "{path} には学習に使える行がありません"),
        Text("See the reasons with: main.py data inspect", "理由は main.py data inspect で確認できます。"),
    ),
    "data_row_no_object": ErrorCode(
        "bad_dataset",
        Text("{path}, row {row}: a row must be an object in {braces}",
             "{path} の {row} 件目: 1 件は {braces} で囲んだオブジェクトでなければなりません"),
        Text("Make every entry of the list an object.", "リストの各要素をオブジェクトにしてください。"),
    ),
    "data_table_row": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line}: {cells} cells, but the header has {columns} columns",
             "{path} の {line} 行目: セルが {cells} 個ありますが、見出しは {columns} 列です"),
        Text("Put cells that hold the separator in double quotes.",
             "区切り文字を含むセルは二重引用符で囲んでください。"),
    ),
    "data_table_damaged": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line}: the table is damaged here, often by a quotation mark that is not closed",
             "{path} の {line} 行目: 表が壊れています。引用符が閉じていないことが多いです"),
        Text("Correct this line and choose the file again.", "この行を直して、もう一度ファイルを選んでください。"),
    ),
    "data_one_column": ErrorCode(
        "bad_dataset",
        Text("{path} has only one column ({column}); a question and an answer are needed",
             "{path} の列は 1 つだけです（{column}）。質問と回答の列が必要です"),
        Text("Add a second column, or check the separator (comma, tab, semicolon).",
             "2 つ目の列を加えるか、区切り文字（カンマ、タブ、セミコロン）を確認してください。"),
    ),
    "data_no_such_row": ErrorCode(
        "bad_dataset",
        Text("{path} has no row {row}: it has {rows} rows", "{path} に {row} 件目はありません（全 {rows} 件）"),
        Text("Rows are counted from 1.", "行は 1 から数えます。"),
    ),
    "data_nothing_to_train": ErrorCode(
        "bad_dataset",
        Text("No row of {path} has an answer that fits into {max_length} tokens",
             "{path} には、{max_length} トークンに収まる回答のある行がありません"),
        Text("Raise max_length, or shorten the rows.", "max_length を上げるか、行を短くしてください。"),
    ),
    "held_out_empty": ErrorCode(
        "bad_dataset",
        Text("There are no held-out rows in {path}", "{path} に評価用の行がありません"),
        Text("Train again with held_out_fraction above 0, or with a file of held-out rows.",
             "held_out_fraction を 0 より大きくするか、評価用ファイルを指定して学習し直してください。"),
    ),
    "held_out_no_question": ErrorCode(
        "bad_dataset",
        Text("The held-out rows in {path} ask nothing that is answered in words: they are raw text or calls of tools",
             "{path} の評価用の行には、文で答える質問がありません（文章そのもの、またはツールの呼び出しです）"),
        Text("What such training is judged by is its held-out loss: runs show, or the chart of the run.",
             "この学習の良さは評価用の損失で見ます。runs show か、学習のグラフで確かめてください。"),
    ),
    "template_missing": ErrorCode(
        "bad_dataset",
        Text("The model in {path} has no chat template", "{path} のモデルにはチャットテンプレートがありません"),
        Text("Use an instruction-tuned (chat) version of the model.",
             "指示学習済み（チャット用）のモデルを使ってください。"),
    ),
    "template_unprovable": ErrorCode(
        "bad_dataset",
        Text("The chat template does not let the answer be separated from the question: {reason}",
             "このチャットテンプレートでは回答と質問を確実に分けられません: {reason}"),
        Text("Use a model with a standard chat template.", "標準的なチャットテンプレートのモデルを使ってください。"),
    ),
}
