"""The names of the checks on a dataset, what each means for training, and how serious it is."""

from typing import NamedTuple

from backend.data.dataset import Severity
from backend.protocol.languages import Text


class Check(NamedTuple):
    """What people read about one check. A finding of severity "error" keeps a training from starting until it is
    fixed or accepted. `fix`: the step that mends it (a key of FIX_TITLES), or empty where only a person can decide."""

    severity: Severity
    title: Text
    meaning: Text
    fix: str = ""

    @property
    def fix_title(self) -> Text:
        """What the button for the fix says; empty texts where there is none."""
        return FIX_TITLES[self.fix]


FIX_TITLES: dict[str, Text] = {
    "": Text("", ""),
    "drop_rows": Text("Leave these rows out", "これらの行を除く"),
    "keep_first": Text("Keep only the first of each", "それぞれ最初の 1 行だけ残す"),
    "strip_invisible": Text("Remove these characters", "これらの文字を取り除く"),
    "repair_mojibake": Text("Decode the text again", "文字化けを直す"),
    "escape_marks": Text("Turn the marks into plain text", "記号を普通の文字にする"),
    "widen_kana": Text("Make kana full-width", "全角カナにする"),
}

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
        "error",
        Text("Empty answers", "空の回答"),
        Text("The answer is blank, or says None or nan. There is nothing to learn from it.",
             "回答が空白か、None や nan になっており、学ぶ内容がありません。"),
        "drop_rows"),
    "no_answer": Check(
        "warning",
        Text("Rows without an answer", "回答のない行"),
        Text("There is nothing to learn from. These rows are left out of training.",
             "学ぶ内容がないため、学習に使いません。"),
        "drop_rows"),
    "empty_question": Check(
        "warning",
        Text("Empty questions", "空の質問"),
        Text("The question is blank. These rows are left out of training.",
             "質問が空白のため、学習に使いません。"),
        "drop_rows"),
    "broken_roles": Check(
        "error",
        Text("Broken dialogues", "順序の乱れた対話"),
        Text("Question and answer do not take turns, so it is unclear what the model should say when.",
             "質問と回答が正しい順に並んでおらず、モデルがいつ何を答えるべきか定まりません。"),
        "drop_rows"),
    "bad_tool_call": Check(
        "error",
        Text("Tool calls that cannot be read", "読み取れないツール呼び出し"),
        Text("A call needs a function's name and its arguments as an object. These rows are left out of training.",
             "呼び出しには関数名と、オブジェクト形式の引数が必要です。これらの行は学習に使いません。"),
        "drop_rows"),
    "bad_tools": Check(
        "warning",
        Text("Tool lists that cannot be read", "読み取れないツールの一覧"),
        Text("The tools of these rows are not a list of functions; the model is shown none.",
             "これらの行のツールは関数の一覧になっていません。モデルにはツールを渡しません。")),
    "empty_text": Check(
        "error",
        Text("Empty texts", "空の本文"),
        Text("The text is blank, or says None or nan. These rows are left out of training.",
             "本文が空白か、None や nan になっています。これらの行は学習に使いません。"),
        "drop_rows"),
    "nothing_to_train": Check(
        "warning",
        Text("Rows whose answers are all weighted 0", "すべての回答の重みが 0 の行"),
        Text("The file says that none of the answers is to be learned. These rows are left out of training.",
             "どの回答も学習しない指定になっているため、学習に使いません。"),
        "drop_rows"),
    "thumbs": Check(
        "info",
        Text("Answers with the thumb down", "低評価の回答"),
        Text("These answers are not to be imitated. They are left out of training.",
             "手本にしない回答のため、学習に使いません。")),
    "no_thumb": Check(
        "warning",
        Text("Answers without a thumb", "評価のない回答"),
        Text("It is not said whether these answers are good. They are left out of training.",
             "良い回答かどうかが分からないため、学習に使いません。"),
        "drop_rows"),
    "bad_preference": Check(
        "warning",
        Text("Pairs of answers that do not fit", "組になっていない回答"),
        Text("The preferred or the rejected answer is missing, or the two do not follow the same question.",
             "良い回答か悪い回答が欠けているか、2 つの回答の質問が異なります。")),
    "mapping_guessed": Check(
        "warning",
        Text("The meaning of the columns is a guess", "列の意味は推測です"),
        Text("The columns have no known names. Look at some rows, and set the columns by hand if they are wrong.",
             "列名から意味を確定できませんでした。いくつかの行を確かめ、違う場合は列を手で指定してください。")),
    "choice_missing": Check(
        "warning",
        Text("Labels that name no choice", "選択肢にないラベル"),
        Text("The right choice cannot be told, so the answer is empty.",
             "正しい選択肢が分からず、回答が空になります。")),
    "new_columns": Check(
        "info",
        Text("Columns that the first rows do not have", "先頭の行にない列"),
        Text("What these rows have in such columns is not used.", "これらの行でその列にある内容は使いません。")),
    "not_text": Check(
        "info",
        Text("Lists or objects where a text should be", "テキストではなくリストやオブジェクトの値"),
        Text("They are written out: lists of texts one a line, all else as JSON.",
             "テキストのリストは 1 行に 1 つずつ、その他は JSON として書き出しました。")),
    "other_answers": Check(
        "info",
        Text("Several answers in one row", "1 行に複数の回答"),
        Text("The first answer is used, the others are not.", "最初の回答だけを使い、その他は使いません。")),
    "media_left_out": Check(
        "warning",
        Text("Images, sound or video", "画像・音声・動画"),
        Text("Only the text of these rows is used.", "これらの行はテキストだけを使います。")),
    "other_weights": Check(
        "info",
        Text("Weights other than 0 and 1", "0 と 1 以外の重み"),
        Text("Answers are trained fully (as with 1) or not at all (0).",
             "回答は、0 なら学習せず、それ以外は 1 として学習します。")),
    "system_twice": Check(
        "info",
        Text("Two system prompts", "2 つのシステムプロンプト"),
        Text("The one inside the dialogue is used; the one in the column is not.",
             "会話の中のものを使い、列のものは使いません。")),
    "duplicates": Check(
        "warning",
        Text("Repeated rows", "重複した行"),
        Text("The same question with the same answer as an earlier row: it counts several times.",
             "前の行と同じ質問と回答です。その分だけ重く学習します。"),
        "keep_first"),
    "conflicting_answers": Check(
        "warning",
        Text("Same question, different answers", "同じ質問に異なる回答"),
        Text("The model cannot learn which one is right.", "どちらが正しいか、モデルには判断できません。")),
    "control_characters": Check(
        "warning",
        Text("Invisible characters", "見えない文字"),
        Text("Control, zero-width or direction characters, often left by copying. They are trained as they are.",
             "制御文字、ゼロ幅文字、書字方向の文字が含まれています（コピーの際に混ざることがあります）。そのまま学習します。"),
        "strip_invisible"),
    "special_tokens": Check(
        "error",
        Text("Marks of chat templates inside the text", "本文中のチャット用記号"),
        Text("The text holds marks such as <|im_end|>, which a model takes for the end of a turn.",
             "<|im_end|> のような記号が本文にあり、モデルが発言の区切りと取り違えます。"),
        "escape_marks"),
    "mojibake": Check(
        "error",
        Text("Garbled text", "文字化け"),
        Text("The text was once read in a wrong encoding, or characters were lost. The model would learn to write it.",
             "どこかで誤った文字コードとして読まれたか、文字が失われています。このままではモデルが文字化けを覚えます。"),
        "repair_mojibake"),
    "leakage": Check(
        "error",
        Text("Held-out rows that are trained on", "学習にも含まれる評価用の行"),
        Text("Rows to train on ask the same: the score would flatter.",
             "学習する行と同じ質問の評価用の行です。評価が実際より良く見えてしまいます。"),
        "drop_rows"),
    "near_leakage": Check(
        "warning",
        Text("Held-out rows that are almost trained on", "学習する行とほぼ同じ評価用の行"),
        Text("At least 80 % of the text is that of a row to train on, or of a variation of it.",
             "学習する行、またはその変形と 8 割以上同じ内容です。"),
        "drop_rows"),
    "near_duplicates": Check(
        "warning",
        Text("Almost the same rows", "ほぼ同じ行"),
        Text("At least 80 % of the text is that of an earlier row, which then counts several times.",
             "前の行と 8 割以上同じ内容です。その分だけ重く学習します。"),
        "keep_first"),
    "half_width_kana": Check(
        "info",
        Text("Half-width kana", "半角カナ"),
        Text("Models know half-width kana less well and need more tokens for them. They are trained as they are.",
             "半角カナはモデルが苦手とし、トークンも多くなります。そのまま学習します。"),
        "widen_kana"),
    "html_leftovers": Check(
        "info",
        Text("Leftovers of web pages", "HTML の残り"),
        Text("Tags or codes such as <br> and &nbsp; in a text that is not about HTML. The model would learn them.",
             "HTML の話題ではない本文に <br> や &nbsp; などが残っており、モデルがそれを覚えます。")),
    "open_code_block": Check(
        "info",
        Text("Code blocks that do not end", "閉じていないコードブロック"),
        Text("A code block opened by ``` is not closed: the text may have been cut off.",
             "``` で始まるコードブロックが閉じていません。途中で切れている可能性があります。")),
    "answer_repeats_question": Check(
        "warning",
        Text("Answers that repeat the question", "質問をそのまま返す回答"),
        Text("The answer is the question word for word.", "回答が質問と一字一句同じです。"),
        "drop_rows"),
    "very_long": Check(
        "warning",
        Text("Very long rows", "極端に長い行"),
        Text("More than 100,000 characters, beyond what models read at once.",
             "10 万文字を超え、モデルが一度に読める長さを超えています。"),
        "drop_rows"),
    "extreme_length": Check(
        "info",
        Text("Unusual lengths", "長さが際立つ行"),
        Text("Much longer or shorter than the other rows of this dataset.",
             "このデータの他の行と比べて、極端に長いか短い行です。"),
        "drop_rows"),
    "language_mix": Check(
        "info",
        Text("Another language than most rows", "他の行と異なる言語"),
        Text("By their script, at most a fifth of the rows are in this language. The model may mix languages.",
             "文字の種類から見て、全体の 2 割以下しかない言語です。モデルが言語を混ぜる原因になります。"),
        "drop_rows"),
    "answer_language": Check(
        "info",
        Text("Answers in another language than the question", "質問と異なる言語の回答"),
        Text("Most rows answer in the language of the question; these do not.",
             "多くの行は質問と同じ言語で答えていますが、これらは異なります。"),
        "drop_rows"),
    "label_imbalance": Check(
        "warning",
        Text("One label outweighs all others", "ラベルの偏り"),
        Text("More than 90 % have the same label, these have others. The model may always give the common one.",
             "ラベルの 9 割超が同じです。これらの行は別のラベルですが、モデルが常に多い方を答えるおそれがあります。")),
    "rare_labels": Check(
        "info",
        Text("Labels of a single row", "1 行しかないラベル"),
        Text("One example is too little to learn a label, and it cannot be held out.",
             "1 例ではラベルを学べず、評価用に分けることもできません。")),
    "too_few_rows": Check(
        "warning",
        Text("Few rows", "行数が少ない"),
        Text("Fewer than 50 rows usually teach a manner of speaking and little else.",
             "50 行未満では、話し方のほかはあまり学べないのが普通です。")),
    "too_long": Check(
        "warning",
        Text("Longer than the maximum length", "最大長を超える行"),
        Text("The end of these rows is cut off in training.", "これらの行は、学習時に末尾を切り落とします。"),
        "drop_rows"),
    "answer_cut_off": Check(
        "warning",
        Text("Answer beyond the maximum length", "回答が最大長の外にある行"),
        Text("The question alone fills the maximum length. These rows are left out of training.",
             "質問だけで最大長に達するため、学習に使いません。"),
        "drop_rows"),
    "not_renderable": Check(
        "warning",
        Text("Rows that the chat template refuses", "チャットテンプレートで扱えない行"),
        Text("It cannot be proven which tokens are the answer. These rows are left out of training.",
             "どのトークンが回答か確実に分からないため、学習に使いません。"),
        "drop_rows"),
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
    "other_sheets": Check(
        "warning",
        Text("Other sheets of the workbook", "ブックのほかのシート"),
        Text("Only one sheet is read; the others hold rows too. Choose the sheet by reading the file differently.",
             "1 つのシートだけを読みました。ほかのシートにも行があります。読み方を変えてシートを選べます。")),
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
        Text("Pages next to this piece are only pictures, as scans are; their text is not in the file.",
             "この部分の前後に、スキャンなど画像だけのページがあります。その文字はファイルに含まれていません。")),
}
