"""Errors of jobs, workers, runs and the command line."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

JOB_ERRORS: dict[str, ErrorCode] = {
    "internal": ErrorCode(
        "internal",
        Text("{error}", "{error}"),
        Text("Try again. The log of the job has the details.", "もう一度お試しください。詳細はジョブの記録にあります。"),
    ),
    "disk_full": ErrorCode(
        "disk_full",
        Text("No space left while writing {path}", "空き容量がなく、書き込めませんでした: {path}"),
        Text("Free some space on this disk, then resume or start again.",
             "このディスクの空きを増やしてから、再開または再実行してください。"),
    ),
    "out_of_memory": ErrorCode(
        "out_of_memory",
        Text("The memory was used up.", "メモリーを使い切りました。"),
        Text("Lower batch_size, then max_length, or choose a smaller model.",
             "batch_size、次に max_length を下げるか、小さいモデルを選んでください。"),
    ),
    "worker_crashed": ErrorCode(
        "tool_failed",
        Text("The worker ended without a word (exit {exit_code}).", "ワーカーが応答なく終了しました（終了コード {exit_code}）。"),
        Text("What was saved is safe: resume the run, or start the job again.",
             "保存済みのものは無事です。再開するか、もう一度実行してください。"),
    ),
    "worker_killed": ErrorCode(
        "tool_failed",
        Text("The worker was ended from outside.", "ワーカーが外部から強制終了されました。"),
        Text("If nobody ended it, the memory ran out: lower batch_size, then max_length. What was saved is safe: resume.",
             "誰も終了していない場合はメモリー不足です。batch_size、次に max_length を下げてください。"
             "保存済みのものは無事なので、再開できます。"),
    ),
    "worker_garbled": ErrorCode(
        "tool_failed",
        Text("The worker sent something that is no message.", "ワーカーから正しくないメッセージが届きました。"),
        Text("The job was ended. Start it again.", "ジョブを終了しました。もう一度実行してください。"),
    ),
    "worker_silent": ErrorCode(
        "tool_failed",
        Text("The worker did not answer for {seconds} seconds.", "ワーカーが {seconds} 秒間応答しません。"),
        Text("The job was ended. Start it again, or resume the run.",
             "ジョブを終了しました。もう一度実行するか、再開してください。"),
    ),
    "request_unreadable": ErrorCode(
        "internal",
        Text("The worker was sent something that is no request: {reason}",
             "ワーカーが読めない要求を受け取りました: {reason}"),
        Text("The job ended. What was saved is safe: start it again, or resume the run.",
             "ジョブを終了しました。保存済みのものは無事です。もう一度実行するか、再開してください。"),
    ),
    "event_too_long": ErrorCode(
        "internal",
        Text("The job had more to say at once ({event}, {kib} KiB) than its messages can hold ({limit} KiB)",
             "ジョブのメッセージ（{event}、{kib} KiB）が上限の {limit} KiB を超えました"),
        Text("Try again with a smaller file. The log of the job has the details.",
             "小さいファイルでもう一度お試しください。詳細はジョブの記録にあります。"),
    ),
    "worker_version": ErrorCode(
        "tool_failed",
        Text("The worker speaks protocol {theirs}, this window speaks {ours}.",
             "ワーカーの通信規約は {theirs}、この画面は {ours} です。"),
        Text("Two versions of Tanren are mixed: install it again.",
             "異なる版の Tanren が混在しています。入れ直してください。"),
    ),
    "worker_not_started": ErrorCode(
        "tool_failed",
        Text("The worker could not be started: {reason}", "ワーカーを起動できません: {reason}"),
        Text("Check that the program is installed completely.", "プログラムが正しくインストールされているか確認してください。"),
    ),
    "network_refused": ErrorCode(
        "network_refused",
        Text("A library tried to open a network connection and was refused: {reason}",
             "ライブラリーがネットワーク接続を試み、遮断されました: {reason}"),
        Text("Nothing left this computer. Use a model that is complete on disk.",
             "何も送信されていません。すべてのファイルが揃ったモデルを使ってください。"),
    ),
    "job_running": ErrorCode(
        "bad_config",
        Text("A job is already running in {path}", "すでにジョブが実行中です: {path}"),
        Text("Wait for it to end, or stop it first.", "終わるのを待つか、先に停止してください。"),
        title=Text("The run is busy", "この学習は使用中です"),
        cause=Text("Only one job at a time may change a run, so that none spoils the files of another.",
                   "ファイルを壊さないよう、1 つの学習を同時に変更できるジョブは 1 つだけです。"),
    ),
    "job_unreadable": ErrorCode(
        "internal",
        Text("The job file {path} cannot be read: {reason}", "ジョブファイル {path} を読めません: {reason}"),
        Text("Start the job again from the window or the command line.", "画面またはコマンドから、ジョブをもう一度開始してください。"),
    ),
    "run_missing": ErrorCode(
        "bad_config",
        Text("There is no run called {run}", "{run} という学習は見つかりません"),
        Text("See the names with: main.py runs list", "一覧は main.py runs list で確認できます"),
        title=Text("There is no such run", "学習が見つかりません"),
        cause=Text("It was deleted, has another name, or lies in another home folder.",
                   "削除されたか、名前が違うか、別のホームフォルダーにあります。"),
    ),
    "run_elsewhere": ErrorCode(
        "bad_config",
        Text("The run {path} does not lie in {home}", "学習 {path} は {home} の中にありません"),
        Text("Copy the folder there, or open Tanren with --home and the folder that the run belongs to.",
             "フォルダーをそこへコピーするか、--home でその学習がある保存先を指定して Tanren を開いてください。"),
    ),
    "run_damaged": ErrorCode(
        "internal",
        Text("{path} cannot be read: {reason}", "{path} を読めません: {reason}"),
        Text("Put this file back from a backup. The other files of the run were not touched.",
             "バックアップからこのファイルを戻してください。この学習のほかのファイルはそのままです。"),
    ),
    "run_no_checkpoint": ErrorCode(
        "bad_config",
        Text("Run {run} has no checkpoint yet.", "学習 {run} にはまだチェックポイントがありません。"),
        Text("Train first, or resume the run.", "先に学習するか、再開してください。"),
    ),
    "artifact_damaged": ErrorCode(
        "internal",
        Text("{path} does not match its manifest: {reason}", "{path} が記録と一致しません: {reason}"),
        Text("The file changed after it was made. Make it again from the run.",
             "作成後にファイルが変わっています。学習結果から作り直してください。"),
    ),
    "run_finished": ErrorCode(
        "bad_config",
        Text("Run {run} is finished; there is nothing to resume.", "学習 {run} は完了しています。再開するものはありません。"),
        Text("Start a new run to train again.", "もう一度学習するには、新しい学習を開始してください。"),
        title=Text("There is nothing to resume", "再開するものがありません"),
        cause=Text("The training has done all of its steps.", "学習はすべてのステップを終えています。"),
    ),
    "bad_usage": ErrorCode(
        "bad_config",
        Text("{reason}", "{reason}"),
        Text("See {program} --help", "{program} --help を確認してください"),
    ),
    "interrupted": ErrorCode(
        "tool_failed",
        Text("Stopped by the keyboard.", "キーボードから中断しました。"),
        Text("Start the command again.", "もう一度コマンドを実行してください。"),
    ),
    "bad_option": ErrorCode(
        "bad_config",
        Text("{option}: {reason}", "{option}: {reason}"),
        Text("See main.py --help", "main.py --help を確認してください"),
    ),
    "home_unusable": ErrorCode(
        "bad_config",
        Text("Tanren cannot keep its files in {path}: {reason}", "{path} には保存できません: {reason}"),
        Text("Choose a folder that you may write to, with --home or TANREN_HOME.",
             "書き込めるフォルダーを --home か TANREN_HOME で指定してください。"),
    ),
    "demo_missed": ErrorCode(
        "tool_failed",
        Text("The demo ran, but a figure is not what it should be: {reason}",
             "デモは最後まで動きましたが、結果が基準に届きません: {reason}"),
        Text("Run it once more; if it happens again, this machine computes differently from those it was tested on.",
             "もう一度実行してください。再び起きる場合は、この機械の計算結果が検証済みのものと異なります。"),
    ),
}
