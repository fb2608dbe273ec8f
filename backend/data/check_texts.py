"""The names of the checks on a dataset, what each means for training, and how serious it is."""

from typing import NamedTuple

from backend.data.dataset import Severity
from backend.protocol.languages import Text


class Check(NamedTuple):
    """What people read about one check."""

    severity: Severity
    title: Text
    meaning: Text


CHECKS: dict[str, Check] = {
    "no_usable_row": Check(
        "error",
        Text("No row can be trained on", "学習に使える行がありません"),
        Text("Training cannot start with this file.", "このファイルでは学習を始められません。")),
    "preference": Check(
        "error",
        Text("Pairs of preferred and rejected answers", "良い回答と悪い回答の組"),
        Text("Training learns from one answer for each question; such pairs cannot be used yet.",
             "学習には質問ごとに 1 つの回答を使います。選好データにはまだ対応していません。")),
    "empty_answer": Check(
        "warning",
        Text("Empty answers", "空の回答"),
        Text("The answer is blank, or says None or nan. These rows are left out of training.",
             "回答が空白か、None や nan になっています。これらの行は学習に使いません。")),
    "no_answer": Check(
        "warning",
        Text("Rows without an answer", "回答のない行"),
        Text("There is nothing to learn from. These rows are left out of training.",
             "学ぶ内容がないため、学習に使いません。")),
    "empty_question": Check(
        "warning",
        Text("Empty questions", "空の質問"),
        Text("The question is blank. These rows are left out of training.", "質問が空白のため、学習に使いません。")),
    "broken_roles": Check(
        "warning",
        Text("Broken dialogues", "順序の乱れた対話"),
        Text("Question and answer do not take turns. These rows are left out of training.",
             "質問と回答が交互に並んでいないため、学習に使いません。")),
    "tool_calls": Check(
        "warning",
        Text("Rows with tool calls", "ツール呼び出しのある行"),
        Text("Tool calls cannot be trained on yet. These rows are left out of training.",
             "ツール呼び出しの学習にはまだ対応していないため、学習に使いません。")),
    "tools_ignored": Check(
        "info",
        Text("Tool lists", "ツールの一覧"),
        Text("The list of tools of these rows is not shown to the model.",
             "これらの行にあるツールの一覧は、モデルに渡しません。")),
    "duplicates": Check(
        "warning",
        Text("Repeated rows", "重複した行"),
        Text("The same question with the same answer as an earlier row: it counts several times.",
             "前の行と同じ質問と回答です。その分だけ重く学習します。")),
    "conflicting_answers": Check(
        "warning",
        Text("Same question, different answers", "同じ質問に異なる回答"),
        Text("The model cannot learn which one is right.", "どちらが正しいか、モデルには判断できません。")),
    "control_characters": Check(
        "warning",
        Text("Invisible or damaged characters", "見えない文字・壊れた文字"),
        Text("Control or zero-width characters, or marks of a wrong encoding. They are trained as they are.",
             "制御文字、ゼロ幅文字、文字化けの記号が含まれています。そのまま学習します。")),
    "special_tokens": Check(
        "warning",
        Text("The model's own marks inside the text", "本文中のモデル専用記号"),
        Text("The text holds marks such as <|im_end|>, which the model takes for the end of a turn.",
             "<|im_end|> のような記号が本文にあり、モデルが発言の区切りと取り違えます。")),
    "too_long": Check(
        "warning",
        Text("Longer than the maximum length", "最大長を超える行"),
        Text("The end of these rows is cut off in training.", "これらの行は、学習時に末尾を切り落とします。")),
    "answer_cut_off": Check(
        "warning",
        Text("Answer beyond the maximum length", "回答が最大長の外にある行"),
        Text("The question alone fills the maximum length. These rows are left out of training.",
             "質問だけで最大長に達するため、学習に使いません。")),
    "not_renderable": Check(
        "warning",
        Text("Rows that the chat template refuses", "チャットテンプレートで扱えない行"),
        Text("It cannot be proven which tokens are the answer. These rows are left out of training.",
             "どのトークンが回答か確実に分からないため、学習に使いません。")),
    "duplicate_keys": Check(
        "warning",
        Text("Repeated names inside a row", "行の中で重複した項目名"),
        Text("The same name appears twice in one object; the last value counts.",
             "1 つのオブジェクトに同じ名前が 2 回あります。最後の値を使います。")),
    "not_finite": Check(
        "warning",
        Text("NaN and Infinity", "NaN と Infinity"),
        Text("Such values are no numbers in JSON; they are read as blank.",
             "JSON の数値ではないため、空白として読みました。")),
    "big_numbers": Check(
        "info",
        Text("Very large whole numbers", "非常に大きな整数"),
        Text("Numbers beyond 64 bits are kept as text, digit by digit.",
             "64 ビットを超える数は、そのままの数字の並びとして扱います。")),
    "lone_surrogates": Check(
        "warning",
        Text("Halves of characters", "片方だけのサロゲート"),
        Text("An escaped character is incomplete, often an emoji cut in two; it is read as \ufffd.",
             "エスケープされた文字が欠けています（途中で切れた絵文字など）。\ufffd として読みました。")),
    "raw_control": Check(
        "info",
        Text("Line breaks and tabs that JSON escapes", "エスケープされていない改行やタブ"),
        Text("A text holds control characters that JSON does not allow as they are; they are kept.",
             "JSON ではそのまま書けない制御文字がありますが、残して読みました。")),
    "raw_bytes": Check(
        "warning",
        Text("Bytes that are no text", "テキストでないバイト"),
        Text("The row holds zero bytes or binary values.", "行にゼロバイトやバイナリ値が含まれています。")),
    "mixed_encoding": Check(
        "warning",
        Text("Lines in another encoding", "文字コードの異なる行"),
        Text("The file mixes encodings; these lines were read in their own. Check that they are right.",
             "ファイルに複数の文字コードが混ざっています。行ごとに判定したので、正しく読めているか確認してください。")),
    "wave_dash": Check(
        "info",
        Text("Wave dashes", "波ダッシュ"),
        Text("This encoding does not tell the wave dash (U+301C) from the full-width tilde (U+FF5E); "
             "it is read as the wave dash.",
             "この文字コードでは波ダッシュ（U+301C）と全角チルダ（U+FF5E）を区別できないため、波ダッシュとして読みました。")),
    "formula_cells": Check(
        "warning",
        Text("Formula cells", "数式のセル"),
        Text("A cell holds a formula. Of a workbook its saved result is read; in a CSV file it is kept as text.",
             "セルに数式があります。ブックでは保存された結果を読み、CSV では文字のまま扱います。")),
    "merged_cells": Check(
        "info",
        Text("Merged cells", "結合セル"),
        Text("The value of cells merged over several rows is filled in for each of them.",
             "複数行にわたる結合セルの値を、各行に補いました。")),
    "error_cells": Check(
        "warning",
        Text("Cells that show an error", "エラーのセル"),
        Text("Cells such as #N/A and #REF! are read as blank.", "#N/A や #REF! などのセルは空白として読みました。")),
    "renamed_columns": Check(
        "info",
        Text("Columns without a name of their own", "名前のない列・同名の列"),
        Text("Blank or repeated column names were numbered.", "空白または重複した列名に番号を付けました。")),
    "page_without_text": Check(
        "warning",
        Text("Pages without text", "文字のないページ"),
        Text("Pages before this piece are pictures, as scans are; their text is not in the file.",
             "この部分より前に、スキャンなど画像だけのページがあります。その文字はファイルに含まれていません。")),
}
