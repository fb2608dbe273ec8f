"""The kinds of failure, each with the title, the usual cause and the next step that people are shown."""

from typing import NamedTuple

from backend.protocol.languages import Text


class ErrorKind(NamedTuple):
    """What a person reads about one kind of failure."""

    title: Text
    cause: Text
    next_step: Text


ERROR_KINDS: dict[str, ErrorKind] = {
    "bad_dataset": ErrorKind(
        Text("The dataset cannot be used", "このデータセットは使えません"),
        Text("The file is damaged, empty, or in a form Tanren does not read.",
             "ファイルが壊れているか、空か、Tanren が読めない形式です。"),
        Text("Correct the place that is named and choose the file again. Your file was not changed.",
             "示された箇所を直して、もう一度ファイルを選んでください。元のファイルは変更していません。"),
    ),
    "bad_config": ErrorKind(
        Text("A setting is not valid", "設定に誤りがあります"),
        Text("A value is outside its range, or its name is not known.",
             "値が範囲外か、設定の名前が正しくありません。"),
        Text("Correct the setting that is named and start again.",
             "示された設定を直して、もう一度開始してください。"),
    ),
    "model_missing": ErrorKind(
        Text("No usable model there", "使えるモデルが見つかりません"),
        Text("The folder is not a model folder, or a file that the model needs is missing.",
             "モデルのフォルダーではないか、必要なファイルが足りません。"),
        Text("Choose the folder that holds config.json, the tokenizer files and the .safetensors weights.",
             "config.json、トークナイザー、.safetensors の重みが入ったフォルダーを選んでください。"),
    ),
    "model_unsafe": ErrorKind(
        Text("This model was refused for safety", "安全のため、このモデルは拒否しました"),
        Text("The folder holds something that could run code or read other files on this computer.",
             "このコンピューターでプログラムを実行したり、ほかのファイルを読んだりできる内容が含まれています。"),
        Text("Get the model in safetensors format from its maker, without custom code.",
             "独自コードを含まない safetensors 形式のモデルを配布元から入手してください。"),
    ),
    "network_refused": ErrorKind(
        Text("A connection was refused", "通信を遮断しました"),
        Text("Something tried to reach the network, which Tanren does not allow.",
             "ネットワークへ接続しようとする動きがありました。Tanren は許可していません。"),
        Text("Nothing was sent. Use files that are already on this computer.",
             "何も送信されていません。このコンピューターにあるファイルを使ってください。"),
    ),
    "out_of_memory": ErrorKind(
        Text("Not enough memory", "メモリーが足りません"),
        Text("The model with these settings needs more memory than is free.",
             "この設定のモデルには、空きメモリーより多くのメモリーが必要です。"),
        Text("Lower the batch size first, then the maximum length, and close other programs.",
             "まずバッチサイズ、次に最大長を下げ、ほかのプログラムを閉じてください。"),
    ),
    "no_gpu": ErrorKind(
        Text("No usable graphics card", "使える GPU がありません"),
        Text("The setting asks for a GPU, and none was found or its driver does not answer.",
             "GPU を使う設定ですが、見つからないか、ドライバーが応答しません。"),
        Text("Set the device to automatic, or check the driver with the doctor command.",
             "デバイスを「自動」にするか、doctor コマンドでドライバーを確認してください。"),
    ),
    "disk_full": ErrorKind(
        Text("The disk is full", "ディスクの空きがありません"),
        Text("A file could not be written because no space is left.",
             "空き容量がないため、ファイルを書き込めませんでした。"),
        Text("Free some space and resume. Everything that was finished is still there.",
             "空きを作ってから再開してください。完了したものはすべて残っています。"),
    ),
    "tool_failed": ErrorKind(
        Text("A step did not work", "処理の途中で失敗しました"),
        Text("A part that Tanren uses (converter, quantizer, chat engine) stopped with an error.",
             "Tanren が使う部品（変換、量子化、チャットなど）がエラーで停止しました。"),
        Text("Try again; if it stops at the same place, send the details below to your support.",
             "もう一度お試しください。同じ所で止まる場合は、下の詳細を担当者に渡してください。"),
    ),
    "internal": ErrorKind(
        Text("Something went wrong inside Tanren", "Tanren の内部で問題が起きました"),
        Text("This is a fault of ours. What was finished is safe.",
             "Tanren の不具合です。完了したものは無事です。"),
        Text("Try again, and pass on the details below if it happens again.",
             "もう一度お試しください。再び起きる場合は、下の詳細をお知らせください。"),
    ),
}
