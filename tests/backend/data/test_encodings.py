"""Japanese files in the encodings that programs really write; guesses only where they are plausible."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.config.reading import Reading
from backend.data.readers.encoding import encodings_of
from backend.data.readers.open_file import Opened, open_file
from backend.protocol.errors import TanrenError

PAIRS = [
    ("返品は何日以内にできますか。", "商品の到着から三十日以内にお願いします。レシートもご用意ください。"),
    ("ボタンを押しても電源が入りません", "ケーブルと電池を確認してください。"),
    ("東京支店の電話番号は？", "０３－１２３４－５６７８です（平日のみ）。"),
    ("Ａ４の紙は使えますか", "使えます。㈱や①などの記号も印刷できます。髙橋まで。"),
    ("十時〜十二時は？", "￠￡￢∥ と ﾊﾝｶｸ ｶﾅ と表ソ十能。"),
]
JSONL = "\n".join(json.dumps({"質問": question, "回答": answer}, ensure_ascii=False) for question, answer in PAIRS)
JSON = json.dumps([{"質問": question, "回答": answer} for question, answer in PAIRS], ensure_ascii=False, indent=1)
TABLE = "質問,回答\r\n" + "".join(f"{question},{answer}\r\n" for question, answer in PAIRS)
CODECS = [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp932", "cp932"), ("euc-jp", "euc-jp"),
          ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32"),
          ("iso-2022-jp", "iso-2022-jp")]


def encoded(text: str, codec: str) -> bytes:
    """The bytes that a Japanese editor writes: EUC-JP and ISO-2022-JP with the NEC characters of Windows."""
    if codec not in ("euc-jp", "iso-2022-jp"):
        return text.encode(codec)
    narrow = str.maketrans("－∥￠￡￢", "\u2212\u2016\u00a2\u00a3\u00ac")
    parts = []
    for character in text.translate(narrow):
        python = "euc_jp" if codec == "euc-jp" else "iso2022_jp_ext"
        try:
            parts.append(character.encode(python))
        except UnicodeEncodeError:
            parts.append(_nec(character, codec))
    return b"".join(parts)


def _nec(character: str, codec: str) -> bytes:
    """A NEC or IBM character by the row and cell that CP932 has it at."""
    places = {"㈱": b"\x2d\x6a", "①": b"\x2d\x21", "髙": b"\x7c\x62"}
    pair = places[character]
    return bytes(byte | 0x80 for byte in pair) if codec == "euc-jp" else b"\x1b$B" + pair + b"\x1b(B"


def opened(file: Path, **reading: Any) -> Opened:
    """The opened file."""
    return open_file(file, Reading(**reading))


def rows(file: Path, **reading: Any) -> list[dict[str, Any]]:
    """The fields of every record."""
    return [record.fields for record in opened(file, **reading).records]


def refusal(file: Path, **reading: Any) -> TanrenError:
    """The error that reading the file raises."""
    with pytest.raises(TanrenError) as caught:
        rows(file, **reading)
    assert caught.value.kind == "bad_dataset"
    return caught.value


@pytest.mark.parametrize(("codec", "name"), CODECS)
@pytest.mark.parametrize(("suffix", "text"), [(".jsonl", JSONL), (".json", JSON), (".csv", TABLE)])
def test_the_same_file_in_every_encoding(tmp_path: Path, codec: str, name: str, suffix: str, text: str) -> None:
    file = tmp_path / f"a{suffix}"
    file.write_bytes(encoded(text, codec))
    found = opened(file)
    assert found.encoding == name
    assert name in found.reason.en and name in found.reason.ja
    assert found.columns == ["質問", "回答"]
    assert [tuple(record.fields.values()) for record in found.records] == PAIRS


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc-jp", "utf-16-le", "iso-2022-jp"])
def test_a_chosen_encoding_is_used(tmp_path: Path, codec: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(encoded(TABLE, codec))
    assert [tuple(row.values()) for row in rows(file, encoding=codec)] == PAIRS
    wrong = {"utf-8": "utf-16-le", "cp932": "utf-8", "euc-jp": "utf-8", "utf-16-le": "utf-8",
             "iso-2022-jp": "utf-16-le"}[codec]
    if codec != "utf-16-le":
        assert refusal(file, encoding=wrong).code in ("data_wrong_encoding", "data_one_column")
    assert refusal(file, encoding="klingon").code == "data_unknown_encoding"


def test_the_line_that_does_not_fit_the_chosen_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"question": "a", "answer": "b"}\n' + JSONL.encode("cp932"))
    error = refusal(file, encoding="utf-8")
    assert (error.code, error.values["line"], error.values["encoding"]) == ("data_wrong_encoding", "2", "utf-8")


def test_the_wave_dash_is_noted_where_the_encoding_does_not_tell_it_from_the_tilde(tmp_path: Path) -> None:
    for codec, expected in (("cp932", True), ("euc-jp", True), ("utf-8", False)):
        for suffix, text in ((".jsonl", JSONL), (".csv", TABLE), (".json", JSON)):
            file = tmp_path / f"{codec}{suffix}"
            file.write_bytes(encoded(text, codec))
            notes = [record.notes for record in opened(file).records]
            assert notes[4] == (("wave_dash",) if expected else ())
            assert notes[0] == ()
    tilde = tmp_path / "tilde.csv"
    tilde.write_bytes(TABLE.replace("〜", "～").encode("cp932"))
    assert rows(tilde)[4]["質問"] == "十時〜十二時は？"
    tilde.write_bytes(TABLE.replace("〜", "～").encode())
    assert rows(tilde)[4]["質問"] == "十時～十二時は？"


def test_one_short_line_is_enough(tmp_path: Path) -> None:
    for codec in ("cp932", "euc_jp"):
        file = tmp_path / f"{codec}.csv"
        file.write_bytes("質問,回答\nはい？,いいえ\n".encode(codec))
        assert rows(file) == [{"質問": "はい？", "回答": "いいえ"}]


def test_half_width_kana_as_banks_write_them(tmp_path: Path) -> None:
    text = "名前,カナ\n" + "".join(f"山田{number},ﾔﾏﾀﾞ ﾀﾛｳ ｶﾌﾞｼｷｶﾞｲｼｬ ﾄｳｷﾖｳ\n" for number in range(30))
    for codec in ("cp932", "euc_jp"):
        file = tmp_path / f"{codec}.csv"
        file.write_bytes(text.encode(codec))
        assert rows(file)[29] == {"名前": "山田29", "カナ": "ﾔﾏﾀﾞ ﾀﾛｳ ｶﾌﾞｼｷｶﾞｲｼｬ ﾄｳｷﾖｳ"}


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc-jp", "iso-2022-jp"])
def test_japanese_that_begins_far_behind_ascii(tmp_path: Path, codec: str) -> None:
    file = tmp_path / "a.jsonl"
    ascii_rows = b'{"question": "How wide?", "answer": "Two metres."}\n' * 20_000
    file.write_bytes(ascii_rows + encoded(JSONL, codec))
    found = opened(file)
    assert found.encoding == codec
    assert not any(record.notes for record in found.sample)
    assert [tuple(record.fields.values()) for record in found.records][20_000:] == PAIRS


def test_a_damaged_byte_in_utf8_is_named_by_its_line_and_not_taken_for_another_encoding(tmp_path: Path) -> None:
    lines = [line.encode() for line in JSONL.split("\n")]
    lines[2] = lines[2].replace("東".encode(), b"\xe6\x9d")
    for name, content in (("a.jsonl", b"\n".join(lines)), ("a.json", b"[" + b",\n".join(lines) + b"]")):
        file = tmp_path / name
        file.write_bytes(content)
        error = refusal(file)
        assert (error.code, error.values["line"]) == ("data_bad_encoding", "3")


@pytest.mark.parametrize(("own", "other"), [("utf-8", "cp932"), ("utf-8", "euc-jp"), ("cp932", "utf-8"),
                                            ("euc-jp", "utf-8")])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_lines_in_another_encoding_are_read_in_it_and_noted(tmp_path: Path, own: str, other: str,
                                                            suffix: str) -> None:
    lines = (JSONL.split("\n") if suffix == ".jsonl" else TABLE.rstrip().split("\r\n")) * 3
    content = [encoded(line, own) for line in lines[:12]]
    odd = '{"質問": "別の文字コードです。", "回答": "はい"}' if suffix == ".jsonl" else "別の文字コードです。,はい"
    content[8] = encoded(odd, other)
    file = tmp_path / f"a{suffix}"
    file.write_bytes(b"\n".join(content))
    found = opened(file)
    assert found.encoding == own
    noted = [record for record in found.records if "mixed_encoding" in record.notes]
    assert [record.fields["質問"] for record in noted] == ["別の文字コードです。"]


def test_western_text_is_not_read_as_japanese(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("question,answer\nWo ist das Café für Gäste?,Über der Straße, gegenüber".encode("cp1252"))
    error = refusal(file)
    assert (error.code, error.values["line"]) == ("data_bad_encoding", "2")


def test_a_truncated_utf16_file_is_an_error(tmp_path: Path) -> None:
    for suffix, text in ((".csv", TABLE), (".jsonl", JSONL), (".json", JSON)):
        file = tmp_path / f"a{suffix}"
        file.write_bytes(text.encode("utf-16")[:-1])
        assert refusal(file).code == "data_bad_encoding"


def test_a_byte_that_does_not_fit_behind_the_look_is_named(tmp_path: Path) -> None:
    good = json.dumps({"質問": "返品は何日以内？", "回答": "三十日以内です。"}, ensure_ascii=False)
    for codec in ("utf-8", "cp932", "euc-jp"):
        file = tmp_path / f"{codec}.json"
        file.write_bytes(b"[\n" + b",\n".join([good.encode(codec.replace("-", "_"))] * 10_000) + b',\n{"\xff\xff": 1}]')
        error = refusal(file)
        assert (error.code, error.values["line"]) == ("data_bad_encoding", "10002")


def test_the_chooser_lists_what_fits_with_a_preview_and_the_best_first(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(TABLE.encode("cp932"))
    found = encodings_of(file)
    assert found[0][0] == "cp932"
    assert "返品は何日以内" in found[0][1]
    assert "utf-8" not in [name for name, _, _ in found]
    assert [score for _, _, score in found] == sorted((score for _, _, score in found), reverse=True)
    file.write_bytes(TABLE.encode())
    assert encodings_of(file)[0][0] == "utf-8"
    file.write_bytes(b"")
    with pytest.raises(TanrenError):
        encodings_of(file)
