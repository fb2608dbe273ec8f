"""The settings of setting held-out rows apart from a dataset."""

import msgspec

from backend.config.option import Option
from backend.protocol.languages import Text


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """`file`: rows to hold out instead of drawn ones. `folds` > 1: the rows are dealt into as many parts, of which
    number `fold` is held out."""

    fraction: float = 0.1
    stratify: str = "none"
    folds: int = 0
    fold: int = 1
    file: str = ""
    seed: int = 17


SPLIT_OPTIONS: dict[str, Option] = {
    "fraction": Option(
        Text("Held-out share", "評価用の割合"),
        Text("The share of rows kept away from training.", "学習に使わず取っておく行の割合。"),
        low=0.0, high=0.5),
    "stratify": Option(
        Text("Keep shares equal by", "割合をそろえる単位"),
        Text("The same share of each label or of each language.",
             "ラベルごと、または言語ごとに同じ割合にします。"),
        choices=("none", "label", "language")),
    "folds": Option(
        Text("Folds", "分割数"),
        Text("Above 1: the rows are dealt into as many parts and one of them is held out, for cross-validation. "
             "0 = by share.",
             "2 以上にすると、行をその数に分け、1 つを評価用にします（交差検証）。0 なら割合で分けます。"),
        low=0, high=100, advanced=True),
    "fold": Option(
        Text("Held-out fold", "評価用にする番号"),
        Text("Which of the parts is held out, counted from 1.", "評価用にする部分の番号（1 から）。"),
        low=1, high=100, advanced=True),
    "file": Option(
        Text("File of held-out rows", "評価用ファイル"),
        Text("Rows of this file are held out instead of drawn ones.",
             "行を選び出す代わりに、このファイルの行を評価用にします。"), advanced=True),
    "seed": Option(
        Text("Seed", "シード"),
        Text("The same seed draws the same rows again.", "同じシードなら同じ行を選びます。"),
        low=0, high=2_147_483_647, advanced=True),
}
