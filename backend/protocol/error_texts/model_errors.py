"""Errors of looking at a base model folder."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

MODEL_ERRORS: dict[str, ErrorCode] = {
    "model_missing": ErrorCode(
        "model_missing",
        Text("{path} is not a model folder: {reason}", "{path} はモデルのフォルダーではありません: {reason}"),
        Text("Choose the folder that holds config.json, the tokenizer and the .safetensors files.",
             "config.json、トークナイザー、.safetensors のあるフォルダーを選んでください。"),
    ),
    "model_pickle": ErrorCode(
        "model_unsafe",
        Text("{path} has its weights only as {files}, a format that can run code when opened",
             "{path} の重みは {files} だけです。開くだけでプログラムを実行できる形式です"),
        Text("Get the same model with .safetensors weights.", "同じモデルの .safetensors 版を入手してください。"),
    ),
    "model_unsafe": ErrorCode(
        "model_unsafe",
        Text("{path}: {reason}", "{path}: {reason}"),
        Text("Use a copy of the model from its maker without this.", "この問題のない、配布元のモデルを使ってください。"),
    ),
    "model_unsupported": ErrorCode(
        "model_missing",
        Text("The model family {family} cannot be used: {reason}", "モデルの種類 {family} は使えません: {reason}"),
        Text("Choose another model.", "別のモデルを選んでください。"),
    ),
}
