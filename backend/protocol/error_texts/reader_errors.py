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
    "data_damaged": ErrorCode(
        "bad_dataset",
        Text("{path} is damaged", "{path} は壊れています"),
        Text("Open it in the program that made it and save it again.",
             "作成したソフトで開き、もう一度保存してください。"),
    ),
    "data_damaged_row": ErrorCode(
        "bad_dataset",
        Text("{path} is damaged from row {row} on", "{path} は {row} 件目から壊れています"),
        Text("Write the file again with the program that made it.", "作成したソフトで書き出し直してください。"),
    ),
    "data_damaged_page": ErrorCode(
        "bad_dataset",
        Text("{path}: page {page} is damaged", "{path}: {page} ページ目が壊れています"),
        Text("Print the document to a new PDF file, or leave this page out.",
             "新しい PDF として印刷し直すか、このページを除いてください。"),
    ),
    "data_encrypted": ErrorCode(
        "bad_dataset",
        Text("{path} is protected with a password", "{path} はパスワードで保護されています"),
        Text("Save a copy without the password.", "パスワードを外して保存し直してください。"),
    ),
    "data_scanned": ErrorCode(
        "bad_dataset",
        Text("{path} has no text: its {pages} pages are only pictures",
             "{path} に文字がありません（{pages} ページすべてが画像です）"),
        Text("Run text recognition (OCR) over it first.", "先に文字認識（OCR）をかけてください。"),
    ),
    "data_old_office": ErrorCode(
        "bad_dataset",
        Text("{path} is an Office file of the old kind, or one with a password",
             "{path} は旧形式の Office ファイルか、パスワード付きのファイルです"),
        Text("Save it as .xlsx or .docx, without a password.",
             ".xlsx または .docx として、パスワードなしで保存し直してください。"),
    ),
    "data_unsupported": ErrorCode(
        "bad_dataset",
        Text("{path} is {what}, which cannot be read", "{path} は{what}のため、読み込めません"),
        Text("Save it as one of: JSON, JSONL, CSV, XLSX, Parquet, TXT, Markdown, DOCX, PDF.",
             "JSON、JSONL、CSV、XLSX、Parquet、TXT、Markdown、DOCX、PDF のいずれかで保存してください。"),
    ),
    "data_no_such_sheet": ErrorCode(
        "bad_dataset",
        Text("{path} has no sheet {sheet}; it has: {sheets}", "{path} にシート {sheet} はありません（{sheets}）"),
        Text("Choose one of these sheets.", "この中から選んでください。"),
    ),
    "data_bomb": ErrorCode(
        "bad_dataset",
        Text("{path}: {member} would grow to {ratio} times its size when it is unpacked",
             "{path}: {member} は展開すると {ratio} 倍になります"),
        Text("Do not use this file unless you trust where it comes from; unpack it yourself then.",
             "信頼できる入手元でない限り使わないでください。使う場合はご自身で展開してください。"),
    ),
    "data_unsafe_member": ErrorCode(
        "bad_dataset",
        Text("{path}: {member} would be written outside the folder, or is a link",
             "{path}: {member} はフォルダーの外を指すか、リンクです"),
        Text("Do not use this file unless you trust where it comes from; unpack it yourself then.",
             "信頼できる入手元でない限り使わないでください。使う場合はご自身で展開してください。"),
    ),
    "data_nested_zip": ErrorCode(
        "bad_dataset",
        Text("{path}: {member} is a zip inside the zip", "{path}: {member} は zip の中の zip です"),
        Text("Unpack it and choose the folder.", "展開してフォルダーを選んでください。"),
    ),
    "data_too_many_files": ErrorCode(
        "bad_dataset",
        Text("{path} holds more than {limit} files or pages", "{path} のファイルまたはページが {limit} を超えています"),
        Text("Choose a part of it.", "一部だけを選んでください。"),
    ),
    "data_no_files": ErrorCode(
        "bad_dataset",
        Text("{path} holds no file that can be read", "{path} に読み込めるファイルがありません"),
        Text("Give files of one of the kinds: JSON, JSONL, CSV, XLSX, Parquet, TXT, Markdown, DOCX, PDF.",
             "JSON、JSONL、CSV、XLSX、Parquet、TXT、Markdown、DOCX、PDF のいずれかを入れてください。"),
    ),
    "data_too_many_columns": ErrorCode(
        "bad_dataset",
        Text("{path} has {columns} columns, more than {limit}", "{path} の列は {columns} 列あり、上限の {limit} 列を超えています"),
        Text("Keep the columns of the question and the answer.", "質問と回答の列だけを残してください。"),
    ),
}
