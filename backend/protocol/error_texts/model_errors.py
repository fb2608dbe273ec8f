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
        Text("Use a copy of the model from its maker without this.",
             "この問題のない、配布元のモデルを使ってください。"),
    ),
    "model_no_folder": ErrorCode(
        "model_missing",
        Text("There is no folder {path}", "フォルダー {path} がありません"),
        Text("Choose a model folder that exists.", "存在するモデルのフォルダーを選んでください。"),
    ),
    "model_no_config": ErrorCode(
        "model_missing",
        Text("{path} is not a model folder: it has no config.json",
             "{path} はモデルのフォルダーではありません（config.json がありません）"),
        Text("Choose the folder that holds config.json, the tokenizer and the .safetensors files.",
             "config.json、トークナイザー、.safetensors のあるフォルダーを選んでください。"),
    ),
    "model_file_unreadable": ErrorCode(
        "model_missing",
        Text("{path} cannot be read as JSON", "{path} を JSON として読めません"),
        Text("Copy this file again from the model's maker.", "このファイルを配布元から入れ直してください。"),
    ),
    "model_no_weights": ErrorCode(
        "model_missing",
        Text("{path} has no weights: neither model.safetensors nor model.safetensors.index.json is there",
             "{path} に重みがありません（model.safetensors も model.safetensors.index.json もありません）"),
        Text("Copy the complete model folder from its maker.",
             "モデルのフォルダー全体を配布元から入れ直してください。"),
    ),
    "model_file_missing": ErrorCode(
        "model_missing",
        Text("{path} lacks the file {file}", "{path} にファイル {file} がありません"),
        Text("Copy the missing file from the model's maker.", "足りないファイルを配布元から入れてください。"),
    ),
    "model_no_tokenizer": ErrorCode(
        "model_missing",
        Text("{path} has no tokenizer (tokenizer.json or tokenizer.model)",
             "{path} にトークナイザー（tokenizer.json か tokenizer.model）がありません"),
        Text("Copy the tokenizer files from the model's maker.",
             "トークナイザーのファイルを配布元から入れてください。"),
    ),
    "model_weights_damaged": ErrorCode(
        "model_missing",
        Text("The weights file {path} is damaged or incomplete",
             "重みのファイル {path} は壊れているか、途中までしかありません"),
        Text("Copy this file again from the model's maker.", "このファイルを配布元から入れ直してください。"),
    ),
    "base_changed": ErrorCode(
        "model_missing",
        Text("The model in {path} is not the one that this run was trained on: its files changed since",
             "{path} のモデルは、学習に使ったものではありません（学習のあとにファイルが変わっています）"),
        Text("Put the files back as they were at training, or start a new run on the new model.",
             "学習したときのファイルに戻すか、新しいモデルで新しい学習を開始してください。"),
    ),
    "model_quantized": ErrorCode(
        "model_missing",
        Text("{path} is already quantized ({method}); merging needs the 16-bit model",
             "{path} はすでに量子化されています（{method}）。統合には 16 ビットのモデルが必要です"),
        Text("Choose the original 16-bit model.", "元の 16 ビットのモデルを選んでください。"),
    ),
    "model_custom_code": ErrorCode(
        "model_unsafe",
        Text("{path} asks to run the model's own program code (auto_map)",
             "{path} はモデル独自のプログラムの実行を求めています（auto_map）"),
        Text("Use a model that needs no code of its own.", "独自のプログラムが不要なモデルを使ってください。"),
    ),
    "model_path_escape": ErrorCode(
        "model_unsafe",
        Text("{path} names a file outside the model folder: {target}",
             "{path} がモデルのフォルダーの外のファイルを指しています: {target}"),
        Text("Get the model again from its maker.", "モデルを配布元から入手し直してください。"),
    ),
    "model_link_escape": ErrorCode(
        "model_unsafe",
        Text("{path} is a link to a file outside the model folder: {target}",
             "{path} はモデルのフォルダーの外へのリンクです: {target}"),
        Text("Copy the real files into the folder.", "リンクではなく、実際のファイルをフォルダーに入れてください。"),
    ),
    "model_tokenizer_unreadable": ErrorCode(
        "model_missing",
        Text("The tokenizer files in {path} cannot be read", "{path} のトークナイザーのファイルを読めません"),
        Text("Copy the model folder again from its maker.", "モデルのフォルダーを配布元から入れ直してください。"),
    ),
    "model_unsupported": ErrorCode(
        "model_missing",
        Text("The model family {family} cannot be used: {reason}", "モデルの種類 {family} は使えません: {reason}"),
        Text("Choose another model.", "別のモデルを選んでください。"),
    ),
}
