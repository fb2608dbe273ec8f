"""What the augmentations are called and what they do, for people: title and sentence of each."""

from backend.protocol.languages import Text

_ALWAYS = Text("New rows are marked as synthetic and never held out; answers stay as they are.",
               "増やした行には合成の印が付き、評価用には使いません。回答は変えません。")


def _what(en: str, ja: str) -> Text:
    return Text(f"{en} {_ALWAYS.en}", ja + _ALWAYS.ja)


AUGMENT_TEXTS: dict[str, tuple[Text, Text]] = {
    "synonyms": (
        Text("Synonyms", "同義語への置き換え"),
        _what("Replaces words of the question by words that mean the same.",
              "質問の語を、意味の同じ語に置き換えます。")),
    "rephrase": (
        Text("Other phrasings", "言い換え"),
        _what("Asks the same question in another way.", "同じ質問を別の言い回しで尋ねます。")),
    "random_insertion": (
        Text("Random insertion", "ランダム挿入"),
        _what("Puts synonyms of words into the question at random places. The sentences become rough: it teaches "
              "robustness, not style.",
              "質問の語の同義語を、無作為な位置に挿入します。文は粗くなります。文体ではなく、乱れへの強さを学ぶためのものです。")),
    "random_swap": (
        Text("Random swap", "ランダム入れ替え"),
        _what("Exchanges words of the question. The sentences become rough, and their meaning can shift: look at the "
              "rows.",
              "質問の語どうしを入れ替えます。文は粗くなり、意味が変わることもあるので、できた行を確かめてください。")),
    "random_deletion": (
        Text("Random deletion", "ランダム削除"),
        _what("Leaves words of the question out. The sentences become rough; negations and question words stay.",
              "質問の語を抜きます。文は粗くなります。否定や疑問の語は残します。")),
}
