"""The settings of a fine-tuning run: one struct is the form, the --set flags and config.toml."""

import msgspec

from backend.config.option import Option
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

# what the adapter, the optimizer's state and the examples on disk were made with
MUST_STAY = ("method", "lora_rank", "lora_alpha", "lora_dropout", "seed", "max_length", "held_out_fraction",
             "stratify")


class TrainConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one run; OPTIONS holds bounds and words for every field."""

    method: str = "qlora"
    epochs: int = 3
    max_steps: int = 0
    learning_rate: float = 2e-4
    batch_size: int = 4
    gradient_accumulation: int = 2
    max_length: int = 1024
    lora_rank: int = 16
    lora_alpha: int = 32
    lora_dropout: float = 0.0
    warmup_ratio: float = 0.05
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    held_out_fraction: float = 0.1
    stratify: str = "none"
    evaluate_every: int = 50
    save_every: int = 50
    keep_checkpoints: int = 2
    gradient_checkpointing: bool = False
    device: str = "auto"
    seed: int = 17


OPTIONS: dict[str, Option] = {
    "method": Option(
        Text("Method", "手法"),
        Text("QLoRA keeps the base model in 4 bits and trains small adapters: the least memory. "
             "LoRA keeps it in 16 bits: faster, where it fits.",
             "QLoRA はベースモデルを 4 ビットで持ち、小さなアダプターだけを学習します（最小メモリー）。"
             "LoRA は 16 ビットのままで、メモリーが足りれば速くなります。"),
        choices=("qlora", "lora")),
    "epochs": Option(
        Text("Epochs", "エポック数"),
        Text("How often every row is seen. Small datasets need more; too many make the model recite.",
             "全行を何回学ぶか。少ないデータでは多めに。多すぎると丸暗記になります。"),
        low=1, high=1000),
    "max_steps": Option(
        Text("Maximum steps", "最大ステップ数"),
        Text("Ends the run after this many steps; 0 = as many as the epochs need.",
             "このステップ数で終了します。0 ならエポック数に従います。"),
        low=0, high=10_000_000, advanced=True),
    "learning_rate": Option(
        Text("Learning rate", "学習率"),
        Text("How big each correction is. Too high makes the loss jump, too low learns nothing.",
             "一度の修正の大きさ。高すぎると損失が跳ね、低すぎると学びません。"),
        low=1e-8, high=1.0),
    "batch_size": Option(
        Text("Batch size", "バッチサイズ"),
        Text("Rows computed at once: the first setting to lower when memory runs out.",
             "同時に計算する行数。メモリーが足りないときは最初に下げます。"),
        unit="rows", low=1, high=1024),
    "gradient_accumulation": Option(
        Text("Gradient accumulation", "勾配の累積"),
        Text("Batches added up before each correction: the effect of a larger batch without its memory.",
             "修正の前に合計するバッチ数。メモリーを増やさず大きなバッチと同じ効果になります。"),
        unit="batches", low=1, high=1024, advanced=True),
    "max_length": Option(
        Text("Maximum length", "最大長"),
        Text("Longer rows are cut at this many tokens.", "これより長い行は、このトークン数で切ります。"),
        unit="tokens", low=16, high=1_048_576),
    "lora_rank": Option(
        Text("LoRA rank", "LoRA ランク"),
        Text("The size of the adapter: more can learn more, and needs more memory.",
             "アダプターの大きさ。大きいほど多くを学べ、メモリーも使います。"),
        low=1, high=1024),
    "lora_alpha": Option(
        Text("LoRA alpha", "LoRA アルファ"),
        Text("How strongly the adapter acts; twice the rank is customary.", "アダプターの効きの強さ。ランクの 2 倍が目安です。"),
        low=1, high=4096, advanced=True),
    "lora_dropout": Option(
        Text("LoRA dropout", "LoRA ドロップアウト"),
        Text("Switches off this share of the adapter at random, against reciting.",
             "丸暗記を防ぐため、アダプターのこの割合を無作為に止めます。"),
        low=0.0, high=0.9, advanced=True),
    "warmup_ratio": Option(
        Text("Warm-up", "ウォームアップ"),
        Text("The share of the run in which the learning rate rises from zero.", "学習率を 0 から上げていく期間の割合。"),
        low=0.0, high=0.9, advanced=True),
    "weight_decay": Option(
        Text("Weight decay", "重み減衰"),
        Text("Pulls the adapter towards zero a little at each step.", "各ステップでアダプターを少しずつ 0 に近づけます。"),
        low=0.0, high=1.0, advanced=True),
    "max_grad_norm": Option(
        Text("Gradient clipping", "勾配クリッピング"),
        Text("Corrections larger than this are scaled down.", "これより大きな修正は縮めます。"),
        low=0.0, high=1000.0, advanced=True),
    "held_out_fraction": Option(
        Text("Held-out share", "評価用の割合"),
        Text("The share of rows kept away from training to measure what was learned.",
             "学習に使わず、成果の測定に取っておく行の割合。"),
        low=0.0, high=0.5),
    "stratify": Option(
        Text("Held-out share kept equal by", "評価用の割合をそろえる単位"),
        Text("Sets apart the same share of each label or of each language.",
             "ラベルごと、または言語ごとに同じ割合を取り分けます。"),
        choices=("none", "label", "language"), advanced=True),
    "evaluate_every": Option(
        Text("Measure every", "測定の間隔"),
        Text("Steps between measurements of the held-out loss; 0 = only at the end.",
             "評価用データの損失を測る間隔。0 なら最後だけ。"),
        unit="steps", low=0, high=1_000_000, advanced=True),
    "save_every": Option(
        Text("Save every", "保存の間隔"),
        Text("Steps between checkpoints: at most this much is lost in a power cut.",
             "チェックポイントの間隔。停電で失うのは最大でもこの分だけです。"),
        unit="steps", low=1, high=1_000_000, advanced=True),
    "keep_checkpoints": Option(
        Text("Checkpoints kept", "残すチェックポイント"),
        Text("Older checkpoints are deleted.", "古いチェックポイントは削除します。"),
        low=1, high=1000, advanced=True),
    "gradient_checkpointing": Option(
        Text("Save memory by recomputing", "再計算でメモリーを節約"),
        Text("Needs less memory for long rows and is about a quarter slower.",
             "長い行のメモリーが減り、速度は 4 分の 1 ほど落ちます。"),
        advanced=True),
    "device": Option(
        Text("Device", "デバイス"),
        Text("auto takes the graphics card when there is one.", "auto は GPU があれば使います。"),
        choices=("auto", "cpu", "cuda"), advanced=True),
    "seed": Option(
        Text("Seed", "シード"),
        Text("The same seed and settings give the same run again.", "同じシードと設定なら同じ結果になります。"),
        low=0, high=2_147_483_647, advanced=True),
}


def check_resumable(before: TrainConfig, now: TrainConfig) -> None:
    """Raises TanrenError resume_mismatch when a run that began with `before` cannot go on with `now`."""
    kept = {name: (getattr(before, name), getattr(now, name)) for name in MUST_STAY}
    kept["batch_size x gradient_accumulation"] = (rows_per_step(before), rows_per_step(now))
    for name, (was, becomes) in kept.items():
        if was != becomes:
            raise TanrenError("resume_mismatch", reason=Text(
                f"{name} was {was} and is now {becomes}", f"{name} は {was} でしたが、今は {becomes} です"))


def rows_per_step(config: TrainConfig) -> int:
    """Rows that one optimizer step sees."""
    return config.batch_size * config.gradient_accumulation
