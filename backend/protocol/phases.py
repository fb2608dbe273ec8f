"""The names of a job's phases, in the words that the window and the command line show."""

from backend.protocol.languages import Text

PHASES: dict[str, Text] = {
    "starting": Text("Starting", "起動中"),
    "loading_model": Text("Loading the base model", "ベースモデルを読み込み中"),
    "reading_data": Text("Reading the dataset", "データセットを読み込み中"),
    "checking_rows": Text("Checking the rows", "行を検査中"),
    "changing_rows": Text("Changing the rows", "行を変更中"),
    "finding_personal_data": Text("Looking for personal data", "個人情報を検索中"),
    "saving_rows": Text("Saving the dataset", "データセットを保存中"),
    "rendering": Text("Turning rows into examples", "行を学習例に変換中"),
    "training": Text("Training", "学習中"),
    "saving": Text("Saving a checkpoint", "チェックポイントを保存中"),
    "measuring": Text("Measuring the held-out loss", "評価用データの損失を測定中"),
    "measuring_rows": Text("Measuring the loss of each row", "行ごとの損失を測定中"),
    "evaluating": Text("Answering the held-out rows", "評価用の行に回答中"),
    "merging": Text("Merging adapter and base", "アダプターをベースに統合中"),
    "checking": Text("Checking the files", "ファイルを検査中"),
    "converting": Text("Converting to GGUF", "GGUF に変換中"),
    "quantizing": Text("Quantizing", "量子化中"),
    "loading_gguf": Text("Loading the GGUF file", "GGUF ファイルを読み込み中"),
    "ready": Text("Ready", "準備完了"),
}
