"""Errors of imported datasets and of the steps that change them."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

DATASET_ERRORS: dict[str, ErrorCode] = {
    "data_blocked": ErrorCode(
        "bad_dataset",
        Text("{path} has findings that must be decided before training: {found}",
             "{path} には、学習の前に判断が必要な点があります: {found}"),
        Text("Fix them on the Data page or with data import --clean fix, or accept them knowingly: {names}",
             "データのページ、または data import --clean fix で直すか、内容を理解したうえで承認してください: {names}"),
        title=Text("Findings must be decided first", "先に判断が必要です"),
        cause=Text("Training on these rows as they are would harm the result, or flatter its measurement.",
                   "この行をそのまま使うと、学習結果が悪くなるか、評価が実際より良く見えます。"),
    ),
    "dataset_missing": ErrorCode(
        "bad_dataset",
        Text("There is no imported dataset {name}", "取り込み済みのデータセット {name} はありません"),
        Text("List them with: main.py data list", "main.py data list で一覧を確認できます。"),
    ),
    "dataset_damaged": ErrorCode(
        "bad_dataset",
        Text("The imported dataset {path} cannot be read", "取り込み済みのデータセット {path} を読み込めません"),
        Text("Import the original file again; it was not changed.",
             "元のファイルをもう一度取り込んでください。元のファイルは変更していません。"),
    ),
    "dataset_newer": ErrorCode(
        "bad_dataset",
        Text("The imported dataset {path} was made by a newer Tanren",
             "取り込み済みのデータセット {path} は、より新しい Tanren で作られています"),
        Text("Update Tanren, or import the original file again.",
             "Tanren を更新するか、元のファイルをもう一度取り込んでください。"),
    ),
    "dataset_busy": ErrorCode(
        "bad_dataset",
        Text("The dataset {path} is being changed by another job", "データセット {path} は別の処理が変更中です"),
        Text("Wait until it has finished, or stop it.", "終わるまで待つか、停止してください。"),
        title=Text("The dataset is busy", "データセットは使用中です"),
        cause=Text("One job at a time changes a dataset.", "データセットを変更できる処理は、同時に 1 つだけです。"),
    ),
    "step_unknown": ErrorCode(
        "bad_config",
        Text("There is no step {name}", "{name} という処理はありません"),
        Text("Known steps: {known}", "使える処理: {known}"),
    ),
}
