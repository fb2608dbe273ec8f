"""Errors of making more rows out of a dataset's own."""

from backend.protocol.error_text import ErrorCode
from backend.protocol.languages import Text

AUGMENT_ERRORS: dict[str, ErrorCode] = {
    "word_list_invalid": ErrorCode(
        "bad_dataset",
        Text("{path}, line {line}: {reason}", "{path} の {line} 行目: {reason}"),
        Text("Synonyms: a word and what may replace it in each line, separated by commas or tabs. Phrasings: one a line, "
             "with the word question in braces where the question goes.",
             "同義語は 1 行に、語と置き換え先をコンマかタブで区切って書きます。言い回しは 1 行に 1 つ書き、質問の入る所に波かっこで囲んだ question を入れます。"),
        title=Text("The list of words cannot be used", "語のリストを使えません"),
        cause=Text("Every line must say what it replaces by what; nothing was changed.",
                   "どの語を何に置き換えるかが、すべての行に必要です。データは変更していません。"),
    ),
}
