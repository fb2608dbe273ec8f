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
    "export_unsupported_model": ErrorCode(
        "model_missing",
        Text("llama.cpp's converter does not know the architecture {architecture}",
             "llama.cpp の変換プログラムは {architecture} に対応していません"),
        Text("The merged model is complete and usable elsewhere. For GGUF, choose another base model.",
             "統合済みモデルは完成しており、ほかで使えます。GGUF が必要なら別のベースモデルを選んでください。"),
    ),
    "export_unknown_splitting": ErrorCode(
        "model_missing",
        Text("The tokenizer in {path} splits text in a way that llama.cpp does not know",
             "{path} のトークナイザーの分割方法は llama.cpp が対応していません"),
        Text("A file made by guessing would answer wrongly, so none was made. Choose another base model for GGUF.",
             "推測で作ると誤った回答になるため、作成しませんでした。GGUF には別のベースモデルを選んでください。"),
    ),
    "export_vocabulary": ErrorCode(
        "model_missing",
        Text("The tokenizer has {tokens} tokens, the model only {rows} rows for them",
             "トークナイザーは {tokens} トークンですが、モデルには {rows} 行しかありません"),
        Text("Tokens were added without resizing the model. Use the tokenizer that belongs to the model.",
             "モデルを広げずにトークンが追加されています。モデルに合うトークナイザーを使ってください。"),
    ),
    "export_quantized": ErrorCode(
        "model_missing",
        Text("The model in {path} is already quantized and cannot be converted",
             "{path} のモデルはすでに量子化されており、変換できません"),
        Text("Merge again from a 16-bit copy of the base model.", "16 ビット版のベースモデルから統合し直してください。"),
    ),
    "export_differs": ErrorCode(
        "tool_failed",
        Text("The {quant} file does not read text as the trained model does: {reason}",
             "{quant} のファイルは、学習したモデルと文字の読み方が異なります: {reason}"),
        Text("The file was not kept, because it would answer wrongly. The merged model is still there.",
             "誤った回答になるため、ファイルは残していません。統合済みモデルは残っています。"),
    ),
    "check_failed": ErrorCode(
        "tool_failed",
        Text("The exported file could not be checked: {reason}", "書き出したファイルを検査できませんでした: {reason}"),
        Text("Export again. Files that passed the check are still there.",
             "もう一度書き出してください。検査に通ったファイルは残っています。"),
    ),
    "prompt_too_long": ErrorCode(
        "bad_config",
        Text("The dialogue has {tokens} tokens, and {context} fit", "会話は {tokens} トークンですが、入るのは {context} トークンまでです"),
        Text("Start a new chat, shorten the message, or open the chat with a larger context.",
             "新しいチャットを始めるか、文を短くするか、コンテキストを大きくして開いてください。"),
    ),
    "dialogue_too_large": ErrorCode(
        "bad_config",
        Text("The conversation is {kib} KiB large, and at most {limit} KiB can be sent to the model",
             "会話は {kib} KiB ですが、モデルに送れるのは {limit} KiB までです"),
        Text("Send a shorter message, or start a new chat.", "文を短くするか、新しいチャットを始めてください。"),
    ),
    "prompt_refused": ErrorCode(
        "bad_config",
        Text("The model's chat template refused the dialogue: {reason}",
             "モデルのチャットテンプレートがこの会話を受け付けません: {reason}"),
        Text("Some models take no system prompt, or only alternating turns. Start a new chat without it.",
             "システムプロンプトや連続した発言に対応しないモデルがあります。外して新しいチャットを始めてください。"),
    ),
    "chat_unreadable": ErrorCode(
        "bad_config",
        Text("The chat {path} cannot be read: {reason}", "チャット {path} を読めません: {reason}"),
        Text("The file was left as it is. Start a new chat.", "ファイルはそのまま残しています。新しいチャットを始めてください。"),
    ),
}
