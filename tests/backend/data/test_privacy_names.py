"""Names of people, and words that only look like them."""

import pytest

from backend.data.privacy.find import find
from backend.data.privacy.user_list import UserNames

NAMES = frozenset({"person_name"})
FOUND = [
    ("担当の渡邉と髙橋健太郎様が伺います。", ["渡邉", "髙橋健太郎"]),
    ("小鳥遊さんと薬袋さん、齋藤課長", ["小鳥遊", "薬袋", "齋藤"]),
    ("氏名：五十嵐　美咲（イガラシ　ミサキ）", ["五十嵐　美咲", "イガラシ　ミサキ"]),
    ("ﾔﾏﾀﾞ ﾀﾛｳ様のご予約", ["ﾔﾏﾀﾞ ﾀﾛｳ"]),
    ("ジョン・スミスさんが来ました", ["ジョン・スミス"]),
    ("𠮷田と申します。", ["𠮷田"]),
    ("出席者：森、日下部、久保田悠人", ["森", "日下部", "久保田悠人"]),
    ("Dear Ms. Featherstonehaugh,", ["Featherstonehaugh"]),
    ("My name is Chidinma Okafor.", ["Chidinma Okafor"]),
    ("We met José Álvarez and Soo-Jin Park.", ["José Álvarez", "Soo-Jin Park"]),
    ("Regards,\nZoë O'Brien", ["Zoë O'Brien"]),
    ("Ask Priya whether it is in stock.", ["Priya"]),
    ("Tanaka Hiroshiさんに連絡", ["Tanaka Hiroshi"]),
    ("氏名,電話\nグエン ヴァン,03-1234-5678\nXu Xiu,03-1234-5679", ["グエン ヴァン", "Xu Xiu"]),
]
LEFT = [
    "高橋脚の点検を行った。",
    "田中電機と佐藤建設株式会社",
    "山口県と福島県",
    "お客様、患者様、皆様",
    "お医者さんと魚屋さん",
    "森の中を歩いて林を抜けた",
    "Dear Customer, see Baker Street.",
    "Johnson & Johnson and Morgan Stanley",
    "May I ask? Will it rain in April?",
    "The Supreme Court met in Paris on Monday.",
    "Open Settings, then Privacy and Security.",
    "部屋の中央に森林の写真",
    "数人が一列に並ぶ",
]


@pytest.mark.parametrize(("text", "names"), FOUND)
def test_names_are_found(text: str, names: list[str]) -> None:
    assert [hit.text for hit in find(text, NAMES, UserNames())] == names


@pytest.mark.parametrize("text", LEFT)
def test_what_is_no_person_stays(text: str) -> None:
    assert find(text, NAMES, UserNames()) == []
