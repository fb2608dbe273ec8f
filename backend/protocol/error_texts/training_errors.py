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
        Text("Set device to auto. A run that began on a GPU goes on here with: main.py runs resume RUN --set device=cpu",
             "device を auto にしてください。GPU で始めた学習は main.py runs resume RUN --set device=cpu で再開できます。"),
    ),
    "loss_not_finite": ErrorCode(
        "tool_failed",
        Text("The loss became {value} at step {step}.", "ステップ {step} で損失が {value} になりました。"),
        Text("Go on from the last checkpoint with a lower learning rate: "
             "main.py runs resume RUN --set learning_rate=0.00005",
             "学習率を下げて、最後のチェックポイントから再開してください: "
             "main.py runs resume RUN --set learning_rate=0.00005"),
    ),
    "resume_mismatch": ErrorCode(
        "bad_config",
        Text("The checkpoint does not belong to this run: {reason}", "チェックポイントがこの学習のものではありません: {reason}"),
        Text("Start a new run.", "新しい学習を開始してください。"),
    ),
}
