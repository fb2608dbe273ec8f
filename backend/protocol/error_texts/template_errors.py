"""Errors of the process that runs a chat template."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

_NEXT = Text("Use the model with the chat template that its maker publishes today.",
             "モデルの配布元が現在公開しているチャットテンプレートを使ってください。")

TEMPLATE_ERRORS: dict[str, ErrorCode] = {
    "template_timeout": ErrorCode(
        "bad_dataset",
        Text("The chat template was still computing after {seconds} seconds and was ended",
             "チャットテンプレートの処理が {seconds} 秒たっても終わらないため、打ち切りました"),
        _NEXT,
    ),
    "template_memory": ErrorCode(
        "bad_dataset",
        Text("The chat template needs more memory than it is given: {reason}",
             "チャットテンプレートが使える量を超えるメモリーを必要としています: {reason}"),
        _NEXT,
    ),
    "template_crashed": ErrorCode(
        "tool_failed",
        Text("The process of the chat template ended unexpectedly (status {status})",
             "チャットテンプレートのプロセスが予期せず終了しました（終了コード {status}）"),
        Text("Try again; if it happens again, use another chat template.",
             "もう一度お試しください。繰り返す場合は、別のチャットテンプレートを使ってください。"),
    ),
}
