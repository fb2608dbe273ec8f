"""Ready-made settings by the amount of data, and those of the starter model."""

from typing import NamedTuple

from backend.config.train import TrainConfig

STARTER = "starter"


class Preset(NamedTuple):
    """Settings for datasets of at most `rows` rows; None fits by choice only."""

    rows: int | None
    config: TrainConfig


PRESETS: dict[str, Preset] = {
    "small": Preset(1_000, TrainConfig(epochs=8, learning_rate=4e-4, evaluate_every=25, save_every=25)),
    "medium": Preset(10_000, TrainConfig()),
    "large": Preset(10**12, TrainConfig(epochs=1, evaluate_every=200, save_every=200)),
    "try": Preset(None, TrainConfig(max_steps=20, evaluate_every=10, save_every=10)),
    # eight million parameters learn with far larger steps than real models, and have little to hold in memory
    STARTER: Preset(None, TrainConfig(
        epochs=16, learning_rate=4e-3, batch_size=16, gradient_accumulation=1, lora_rank=32, lora_alpha=64,
        max_length=128, evaluate_every=50, save_every=50)),
}


def preset_for(rows: int | None, is_starter: bool) -> str:
    """The name of the preset that fits; medium while the number of rows is not known."""
    if is_starter:
        return STARTER
    if rows is None:
        return "medium"
    return next(name for name, preset in PRESETS.items() if preset.rows is not None and rows <= preset.rows)
