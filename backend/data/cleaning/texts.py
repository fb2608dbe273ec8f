"""What the cleaning steps are called and what they do, for people: title and sentence of each step."""

from backend.protocol.languages import Text

CLEANING_TEXTS: dict[str, tuple[Text, Text]] = {
    "nfkc": (
        Text("Unify characters (NFKC)", "文字の統一（NFKC）"),
        Text("Full-width letters and digits become ASCII, half-width kana full-width. What Japanese needs as it is "
             "stays, unless you choose otherwise. Code blocks are left alone.",
             "全角の英数字を半角に、半角カナを全角にそろえます。日本語に必要な記号は、選ばない限りそのままです。"
             "コードブロックには触れません。")),
    "white_space": (
        Text("Tidy white space", "空白の整理"),
        Text("Blanks at line ends, runs of blanks and blank lines, special blanks. Code blocks are left alone.",
             "行末の空白、続く空白や空行、特殊な空白を整えます。コードブロックには触れません。")),
    "line_endings": (
        Text("Unify line endings", "改行の統一"),
        Text("Every way to end a line becomes a line feed.", "さまざまな改行を LF にそろえます。")),
    "html_text": (
        Text("Take out HTML", "HTML を取り除く"),
        Text("For texts copied from web pages: tags go, character references become characters. Not for rows that "
             "teach HTML.",
             "Web ページから写した文章向けです。タグを取り、文字参照を文字に戻します。"
             "HTML を教える行には使わないでください。")),
    "length_bounds": (
        Text("Bounds of length", "長さの制限"),
        Text("Takes out rows whose question or answer is too short or too long.",
             "質問や回答が短すぎる行と長すぎる行を除きます。")),
}
