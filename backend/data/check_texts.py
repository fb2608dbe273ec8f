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
}
