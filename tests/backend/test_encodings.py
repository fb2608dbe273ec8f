"""Japanese files in the encodings that programs really write; guesses only where they are plausible."""

import json
from pathlib import Path

import pytest

from backend.data.readers import read_dataset
from backend.protocol.errors import TanrenError

PAIRS = [
    ("返品は何日以内にできますか。", "商品の到着から三十日以内にお願いします。レシートもご用意ください。"),
    ("ボタンを押しても電源が入りません", "ケーブルと電池を確認してください。"),
    ("東京支店の電話番号は？", "０３－１２３４－５６７８です（平日のみ）。"),
    ("Ａ４の紙は使えますか", "使えます。㈱や①などの記号も印刷できます。"),
]
JSONL = "\n".join(json.dumps({"質問": question, "回答": answer}, ensure_ascii=False) for question, answer in PAIRS)
TABLE = "質問,回答\r\n" + "".join(f"{question},{answer}\r\n" for question, answer in PAIRS)
PLAIN = {ord("㈱"): "株", ord("①"): "1", ord("－"): "-"}


def answers(file: Path) -> list[str]:
    """The answers in a file."""
    return [row.messages[-1]["content"] for row in read_dataset(file).rows]


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp932", "cp932"), ("euc_jp", "euc-jp"), ("utf-16", "utf-16"),
     ("iso2022_jp", "iso-2022-jp")],
)
@pytest.mark.parametrize(("suffix", "text"), [(".jsonl", JSONL), (".csv", TABLE)])
def test_the_same_file_in_every_encoding(tmp_path: Path, codec: str, name: str, suffix: str, text: str) -> None:
    if codec in ("euc_jp", "iso2022_jp"):
        text = text.translate(PLAIN)  # these know no ㈱ and ①
    file = tmp_path / f"a{suffix}"
    file.write_bytes(text.encode(codec))
    dataset = read_dataset(file)
    assert dataset.encoding == name
    assert dataset.columns == ["質問", "回答"]
    expected = tmp_path / f"expected{suffix}"
    expected.write_text(text, encoding="utf-8")
    assert answers(file) == answers(expected)


def test_one_short_line_is_enough(tmp_path: Path) -> None:
    for codec in ("cp932", "euc_jp"):
        file = tmp_path / f"{codec}.csv"
        file.write_bytes("質問,回答\nはい？,いいえ\n".encode(codec))
        assert answers(file) == ["いいえ"]


def test_a_damaged_byte_in_utf8_is_named_by_its_line_and_not_taken_for_another_encoding(tmp_path: Path) -> None:
    lines = [line.encode() for line in JSONL.split("\n")]
    lines[2] = lines[2].replace("東".encode(), b"\xe6\x9d")
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"\n".join(lines))
    with pytest.raises(TanrenError) as caught:
        read_dataset(file)
    assert (caught.value.code, caught.value.values["line"]) == ("data_bad_encoding", "3")


def test_western_text_is_not_read_as_japanese(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("question,answer\nWo ist das Café für Gäste?,Über der Straße, gegenüber".encode("cp1252"))
    with pytest.raises(TanrenError) as caught:
        read_dataset(file)
    assert (caught.value.code, caught.value.values["line"]) == ("data_bad_encoding", "2")


def test_a_truncated_utf16_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(TABLE.encode("utf-16")[:-1])
    with pytest.raises(TanrenError) as caught:
        read_dataset(file)
    assert caught.value.code == "data_bad_encoding"
