"""Numbers and keys in the forms that people write, and numbers that look like them."""

import pytest

from backend.data.privacy.find import find
from backend.data.privacy.kinds import ALL_KINDS
from backend.data.privacy.user_list import UserNames

FOUND = [
    ("phone", "TEL ０３ー１２３４ー５６７８ まで", "０３ー１２３４ー５６７８"),
    ("phone", "携帯は090−1234−5678です", "090−1234−5678"),
    ("phone", "Call +44 20 7946 0123 today", "+44 20 7946 0123"),
    ("phone", "(415) 555-0132 is mine", "(415) 555-0132"),
    ("phone", "お電話（03-1234-5601）で", "03-1234-5601"),
    ("phone", "写真館（０３-１２３４-５６０１）", "０３-１２３４-５６０１"),
    ("postal_code", "〒１００-０００１", "１００-０００１"),
    ("postal_code", "Portland, OR 97201", "97201"),
    ("my_number", "マイナンバーは1234 5678 9018です", "1234 5678 9018"),
    ("my_number", "123456789018", "123456789018"),
    ("my_number", "Her SSN is 219-09-9999.", "219-09-9999"),
    ("corporate_number", "登録番号 T8000012010038", "T8000012010038"),
    ("card", "カード 4111 1111 1111 1111", "4111 1111 1111 1111"),
    ("card", "３７８２８２２４６３１０００５", "３７８２８２２４６３１０００５"),
    ("bank_account", "普通預金 1234567", "1234567"),
    ("bank_account", "IBAN GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
    ("birth_date", "昭和60年4月12日生まれ", "昭和60年4月12日"),
    ("birth_date", "DOB: 04/12/1985", "04/12/1985"),
    ("driver_licence", "免許証番号 第012345678901号", "012345678901"),
    ("passport", "パスポート番号はTK1234567です", "TK1234567"),
    ("secret", "token AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("secret", "パスワード：Sakura2024!", "Sakura2024!"),
    ("ip_address", "from 203.0.113.7 at noon", "203.0.113.7"),
    ("url_with_credentials", "https://u:p4ss@example.com/x", "https://u:p4ss@example.com/x"),
    ("email", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ まで", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ"),
    ("address", "東京都千代田区霞が関一丁目２番３号 霞ビル405号室", "東京都千代田区霞が関一丁目２番３号 霞ビル405号室"),
    ("address", "at 742 Evergreen Terrace, Springfield", "742 Evergreen Terrace"),
]
LEFT = [
    "JANコード 4901234567894",
    "ISBN 978-4-00-310101-8",
    "注文番号 503-1234567-7654321",
    "バージョン 1.2.3.4 を公開",
    "会議は2024年5月10日です",
    "価格は1,234,567円",
    "Tracking number 1234-5678-9018",
    "第12回 議題 1-2-3",
    "500-1000 kcal",
    "198472480000 + 356515856",
    "パスワードを忘れた場合",
    "password: required",
    "127.0.0.1",
    "寸法は123x456x78mm",
    "民法第709条",
    "4111 1111 1111 1112",
]


@pytest.mark.parametrize(("kind", "text", "value"), FOUND)
def test_number_is_found_as_what_it_is(kind: str, text: str, value: str) -> None:
    hits = find(text, ALL_KINDS, UserNames())
    assert [(hit.kind, hit.text) for hit in hits if hit.kind not in ("person_name",)] == [(kind, value)]
    assert all(text[hit.start : hit.end] == hit.text for hit in hits)


@pytest.mark.parametrize("text", LEFT)
def test_other_numbers_stay(text: str) -> None:
    assert find(text, ALL_KINDS, UserNames()) == []


def test_only_the_kinds_that_are_asked_for() -> None:
    text = "taro@example.com, 090-1234-5678"
    assert [hit.kind for hit in find(text, frozenset({"phone"}), UserNames())] == ["phone"]
    assert find(text, frozenset(), UserNames()) == []


def test_places_are_those_of_the_original_text() -> None:
    text = "㈱ﾃｽﾄ\u200b①ｶﾞｷﾞ ℡ ０９０\u200b-1234-5678 と 山田ﾀﾛｳ様"
    hits = find(text, ALL_KINDS, UserNames())
    assert "０９０\u200b-1234-5678" in [hit.text for hit in hits]
    assert all(text[hit.start : hit.end] == hit.text for hit in hits)


def test_a_word_is_never_cut() -> None:
    for text in ("x090-1234-5678", "090-1234-5678x", "A4111111111111111", "12345678901812", "user_taro@example.com1"):
        for hit in find(text, ALL_KINDS, UserNames()):
            before, after = text[: hit.start][-1:], text[hit.end :][:1]
            assert not (before.isalnum() and text[hit.start].isalnum())
            assert not (after.isalnum() and text[hit.end - 1].isalnum())


def test_listed_words_win_and_thousands_are_quick() -> None:
    names = UserNames([*(f"顧客{number}号" for number in range(5000)), "Project Falcon", "アクメ"])
    text = "顧客123号の件、ＰＲＯＪＥＣＴ　ＦＡＬＣＯＮ は ｱｸﾒ に連絡。Project Falconry"
    hits = [hit.text for hit in find(text, frozenset({"user_list"}), names)]
    assert hits == ["顧客123号", "ＰＲＯＪＥＣＴ　ＦＡＬＣＯＮ", "ｱｸﾒ"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800 090-1234-5678",
        "\x00" * 50,
        "1" * 20000,
        "ア" * 20000,
        "A " * 20000,
        "田中" * 8000,
        "-" * 20000,
        "a@" * 8000,
        "(" * 9000,
        "password:" * 2000,
        "住所" * 5000,
        "1-" * 9000,
        "A.B." * 5000,
        " " * 50000,
        "\u3000" * 20000,
        "\t" * 20000,
        "Smith, John " * 3000,
        "・ア" * 5000,
    ],
)
def test_odd_texts_end_soon(text: str) -> None:
    hits = find(text, ALL_KINDS, UserNames())
    assert all(text[hit.start : hit.end] == hit.text for hit in hits)
