"""Errors of merging, converting, quantizing and chatting."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

EXPORT_ERRORS: dict[str, ErrorCode] = {
    "converter_missing": ErrorCode(
        "tool_failed",
        Text("The converter files of llama.cpp {version} are not there: {path}",
             "llama.cpp {version} の変換プログラムがありません: {path}"),
        Text("Run make setup once while the package registry can be reached, or install them from a file.",
             "パッケージを取得できる環境で make setup を一度実行するか、ファイルから入れてください。"),
    ),
    "converter_damaged": ErrorCode(
        "tool_failed",
        Text("The converter files do not match their hashes: {reason}", "変換プログラムが記録と一致しません: {reason}"),
        Text("Install them again.", "もう一度入れてください。"),
    ),
    "convert_failed": ErrorCode(
        "tool_failed",
        Text("The model could not be converted to GGUF: {reason}", "GGUF に変換できませんでした: {reason}"),
        Text("The merged model is still there. The details say what the converter met.",
             "統合済みモデルは残っています。詳細に変換プログラムの出力があります。"),
    ),
    "quantize_failed": ErrorCode(
        "tool_failed",
        Text("Quantization to {quant} failed: {reason}", "{quant} への量子化に失敗しました: {reason}"),
        Text("Choose another quantization; finished files are still there.", "別の量子化を選んでください。完了したファイルは残っています。"),
    ),
    "quant_unknown": ErrorCode(
        "bad_config",
        Text("There is no quantization called {quant}", "{quant} という量子化はありません"),
        Text("Known: {known}", "使えるもの: {known}"),
    ),
    "merge_failed": ErrorCode(
        "tool_failed",
        Text("The adapter does not fit the base model: {reason}", "アダプターがベースモデルに合いません: {reason}"),
        Text("Check that the base model folder is the one the run was trained on.",
             "学習に使ったベースモデルのフォルダーか確認してください。"),
    ),
    "gguf_unreadable": ErrorCode(
        "model_missing",
        Text("{path} cannot be opened as a GGUF model: {reason}", "{path} を GGUF モデルとして開けません: {reason}"),
        Text("Export it again from its run.", "学習結果からもう一度書き出してください。"),
    ),
    "gguf_missing": ErrorCode(
        "bad_config",
        Text("Run {run} has no GGUF file yet", "学習 {run} にはまだ GGUF ファイルがありません"),
        Text("Export it first: main.py export {run} --quant Q4_K_M", "先に書き出してください: main.py export {run} --quant Q4_K_M"),
    ),
    "gguf_no_template": ErrorCode(
        "model_missing",
        Text("{path} holds no chat template", "{path} にはチャットテンプレートがありません"),
        Text("Export from a model with a chat template.", "チャットテンプレートのあるモデルから書き出してください。"),
    ),
}
