"""Errors of settings and training."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

TRAINING_ERRORS: dict[str, ErrorCode] = {
    "setting_unknown": ErrorCode(
        "bad_config",
        Text("There is no setting called {name}", "{name} という設定はありません"),
        Text("Did you mean {suggestion}?", "{suggestion} のことですか？"),
    ),
    "setting_invalid": ErrorCode(
        "bad_config",
        Text("{name} = {value}: {reason}", "{name} = {value}: {reason}"),
        Text("Give a value in the range of this setting.", "範囲内の値を入れてください。"),
    ),
    "no_gpu": ErrorCode(
        "no_gpu",
        Text("The device is set to {device}, and no such device is usable.", "デバイスは {device} の設定ですが、使えません。"),
        Text("Set device to auto.", "device を auto にしてください。"),
    ),
    "loss_not_finite": ErrorCode(
        "tool_failed",
        Text("The loss became {value} at step {step}.", "ステップ {step} で損失が {value} になりました。"),
        Text("Resume from the last checkpoint with a lower learning_rate.",
             "learning_rate を下げて、最後のチェックポイントから再開してください。"),
    ),
    "resume_mismatch": ErrorCode(
        "bad_config",
        Text("The checkpoint does not belong to this run: {reason}", "チェックポイントがこの学習のものではありません: {reason}"),
        Text("Start a new run.", "新しい学習を開始してください。"),
    ),
}
