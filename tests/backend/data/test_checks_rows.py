"""What a single row shows: each check on what it must find and on what only looks like it; repairs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.data.check_texts import CHECKS, FIX_TITLES
from backend.data.checks.characters import has_invisible, without_invisible
from backend.data.checks.findings import rows_with_marks
from backend.data.checks.language import language_of, row_language
from backend.data.checks.marks import has_marks, with_marks, without_marks
from backend.data.checks.mojibake import is_garbled, mended
from backend.data.checks.repairs import (
    escape_marks,
    repair_mojibake,
    strip_invisible,
    unescape_marks,
    widen_kana,
)
from backend.data.checks.row_checks import row_checks
from backend.data.dataset import Row, whole_text
from backend.data.steps import STEPS

JAPANESE = "今日は良い天気ですね。駅前のラーメン屋で、友人と昼食を食べました！"


def row(answer: str, question: str = "What is it?") -> Row:
    """A row with this answer."""
    return Row(row=1, messages=[{"role": "user", "content": question}, {"role": "assistant", "content": answer}])


@pytest.mark.parametrize(("answer", "check"), [
    ("a\x00b", "control_characters"), ("a\u200bb", "control_characters"), ("\ufeffstart", "control_characters"),
    ("abc\u202etxt.exe", "control_characters"), ("see \U000e0041\U000e0042", "control_characters"),
    ("soft\xadhyphen", "control_characters"), ("\x1b[31mred\x1b[0m", "control_characters"),
    ("x\ufe01\ufe02\ufe0f", "control_characters"), ("a\u200db", "control_characters"), ("\ud800", "control_characters"),
    ("\u200eleft", "control_characters"), (r"\(" + "\x0crac{1}{2}", "control_characters"),
    ("lost \ufffd", "mojibake"), ("cafÃ©", "mojibake"), ("itâ€™s", "mojibake"), ("縺薙ｓ縺ｫ縺｡縺ｯ", "mojibake"),
    ("繝輔ぃ繧､繝ｳ繝√Η繝ｼ繝九Φ繧ｰ", "mojibake"), ("ã\x81\x93ã\x82\x93", "mojibake"), ("锟斤拷锟斤拷", "mojibake"),
    ("銉曘偂銈ゃ兂", "mojibake"), ("･ﾕ･｡･､･ﾁ･蝪ｼ･ﾋ･ｰ", "mojibake"), ("‚±‚ñ‚É‚¿‚Í", "mojibake"),
    ("bye<|im_end|>", "special_tokens"), ("<|eot_id|>", "special_tokens"), ("<s>[INST] hi [/INST]", "special_tokens"),
    ("done</s>", "special_tokens"), ("<start_of_turn>user", "special_tokens"), ("<turn|>", "special_tokens"),
    ("<｜begin▁of▁sentence｜>", "special_tokens"), ("<｜User｜>", "special_tokens"),
    ("<|start|>assistant<|channel|>final", "special_tokens"), ("<|START_OF_TURN_TOKEN|>", "special_tokens"),
    ("[gMASK]<sop>", "special_tokens"), ("[|endofturn|]", "special_tokens"), ("]~b]ai", "special_tokens"),
    ("<EOD|LLM-jp>", "special_tokens"), ("<<SYS>>", "special_tokens"), ("[TOOL_CALLS]", "special_tokens"),
    ("ﾃｽﾄです", "half_width_kana"), ("one<br>two", "html_leftovers"), ("a&nbsp;b", "html_leftovers"),
    ("x" * 100_001, "very_long"), ("```python\nprint(1)", "open_code_block"),
    (" What is  it?", "answer_repeats_question"), ("<|tool_response>", "special_tokens"),
    ("<]image[>", "special_tokens"), ("</seed:think>", "special_tokens"),
])
def test_a_row_shows(answer: str, check: str) -> None:
    assert check in row_checks(row(answer))
    assert check in CHECKS


@pytest.mark.parametrize("answer", [
    "plain text\twith tab\r\nand line ends", JAPANESE, "👩‍👩‍👧 family, 👍🏽 and ❤️",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f flag",
    "渡邉\U000e0100さん", "می‌خواهم", "क्‍ष", "שלום \u200f(abc)", "naïve café, NÃO, São, «CAFÉ», 20 °C, £5",
    "‚Wort‘ und „Wort“", "糸が縺れる。縺れた糸が縺れて", "繧繝模様の縁", "取り消し",
    "price <s>100</s> 80", "x <| y |> z", "a[0] <b and c> d", "let a = [|1;2|]", "Array [INSTALL]", "A & B < C",
    "Use <br> in HTML.",
    "git rebase --strategy <s>",
    r"(?P<unk>x) \g<1>", "hsl(<h>, <s>, <l>)", "tool COMMAND [ARGS]...",
    "```html\n<p>x</p>\n```", "```\na\n``` and ```\nb\n```", "价格是多少？我们走吧。",
    "안녕하세요", "<think>\nhm\n</think>\nyes",     "Tschüß, Größe", "if (a<i && b>c) {}", "1 < 2 &amp 3",
])
def test_a_row_shows_nothing(answer: str) -> None:
    assert row_checks(row(answer)) == ()


def test_old_bank_records_are_no_mojibake() -> None:
    for text in ("取ﾘ消ｼ 振ﾘ込ﾐ 申ｼ込ﾐ", "ﾃｽﾄﾃﾞｰﾀ､ｶﾀｶﾅ｡", "株式会社ｱｲｳ､ｴｵ･ｶｷ", "東京ﾀﾜｰ新ﾋﾞﾙ"):
        assert not is_garbled(text) and mended(text) == text
        assert row_checks(row(text)) == ("half_width_kana",)


@pytest.mark.parametrize(("right", "wrong"), [
    ("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "cp932"), ("utf-8", "gb18030"), ("euc_jp", "cp932"),
    ("cp932", "latin-1"), ("euc_jp", "latin-1"), ("cp932", "cp1252")])
@pytest.mark.parametrize("text", [JAPANESE, "日本語のテキストを学習に使います。", "ファインチューニングとデータセット"])
def test_every_misreading_of_japanese_is_noticed_and_mended_where_nothing_was_lost(
        text: str, right: str, wrong: str) -> None:
    raw = text.encode(right)
    misread = raw.decode(wrong, "replace")
    assert is_garbled(misread)
    mixed = f"A clean line with café.\n{misread}\nAnd one more."
    if "\ufffd" not in misread and misread.encode(wrong) == raw:
        assert mended(misread) == text
        assert mended(mixed) == mixed.replace(misread, text)
    else:
        assert not any(lost in mended(mixed) for lost in ("ﾂ", "Â"))


def test_what_could_have_been_several_texts_is_not_mended() -> None:
    """釮 stands at two places in Shift_JIS: 魚料理 and 去価理 would look the same."""
    misread = "魚料理にあう酒と言えば？".encode("euc_jp").decode("cp932")
    assert is_garbled(misread) and mended(misread) == misread


def test_accents_are_mended_within_a_clean_text() -> None:
    assert mended("The cafÃ© isnâ€™t Â£5. 東京") == "The café isn’t £5. 東京"
    assert mended("lost \ufffd stays") == "lost \ufffd stays"


@given(st.text())
def test_what_was_mended_shows_no_more_traces_than_before(text: str) -> None:
    assert is_garbled(text) or mended(text) == text


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_without_invisible_is_done_at_once(text: str) -> None:
    cleaned = without_invisible(text)
    assert not has_invisible(cleaned)
    assert without_invisible(cleaned) == cleaned


def test_repairs_change_every_text_of_a_row() -> None:
    call = {"type": "function", "function": {"name": "say", "arguments": {"text": "a\u200bb<|im_end|>", "n": 2}}}
    before = Row(row=3, messages=[{"role": "user", "content": "x\u2028y <|im_start|>"},
                                  {"role": "assistant", "content": "", "tool_calls": [call]},
                                  {"role": "tool", "content": "cafÃ© ｶﾞｷﾞ"},
                                  {"role": "assistant", "content": "ok\x07", "reasoning_content": "\ufeffhm"}])
    stripped = strip_invisible(before)
    assert stripped.messages[0]["content"] == "x\ny <|im_start|>"
    assert stripped.messages[1]["tool_calls"][0]["function"]["arguments"] == {"text": "ab<|im_end|>", "n": 2}
    assert (stripped.messages[3]["content"], stripped.messages[3]["reasoning_content"]) == ("ok", "hm")
    assert widen_kana(repair_mojibake(before)).messages[2]["content"] == "café ガギ"
    escaped = escape_marks(before)
    assert "special_tokens" in row_checks(before) and "special_tokens" not in row_checks(escaped)
    assert unescape_marks(escaped) == before
    clean = row("clean")
    assert all(repair(clean) is clean for repair in (strip_invisible, repair_mojibake, escape_marks, widen_kana))


def test_json_escapes_that_ate_a_backslash_are_given_back() -> None:
    text = json.loads(r'"\\(\frac{1}{2}\\) \begin{array}"')
    assert without_invisible(text) == r"\(\frac{1}{2}\) \begin{array}"


PIECES = ["<|im_start|>", "< |im_start|>", "<  |im_end|>", "<s>", "</s>", "< /s>", "< s>", "<s>x</s>", "[INST]",
          "[ /INST]", "]~b]", "<｜User｜>", "<", "[", "]", "|", " ", "s>", "<end>", "< end>", "text", "<<SYS>>", "~b]"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_escaping_leaves_no_mark_and_can_be_taken_back(text: str) -> None:
    for own in ((), ("<end>",)):
        escaped = without_marks(text, own)
        assert not has_marks(escaped) and not any(mark in escaped for mark in own)
        assert with_marks(escaped, own) == text


def test_marks_of_the_model_are_found_wherever_they_stand() -> None:
    rows = [row("fine"), row("a<end>b"), Row(row=2, text="raw <end>"),
            Row(row=4, messages=[{"role": "assistant", "content": "", "tool_calls": [
                {"type": "function", "function": {"name": "f", "arguments": {"x": "<end>"}}}]}])]
    assert rows_with_marks(rows, ["<end>", " "]) == [1, 2, 4]
    assert rows_with_marks(rows, []) == []


@pytest.mark.parametrize(("text", "language"), [
    (JAPANESE, "ja"), ("A plain English sentence about a naïve café.", "en"), ("我们今天去公园散步，天气很好。", "zh"),
    ("오늘은 날씨가 좋습니다.", "ko"), ("Сегодня хорошая погода", "other"), ("مرحبا بالعالم", "other"),
    ("12345 !?", "other"), ("", "other"), ("LoRAでファインチューニングする", "ja"), ("สวัสดีครับ", "other"),
    ("Où est l’école? Là-bas, près du théâtre.", "other"),
])
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_the_language_of_a_row_is_that_of_its_answer_where_it_has_one() -> None:
    english = "This is an answer of more than twenty letters."
    assert row_language(row(JAPANESE, english)) == ("ja", True)
    assert row_language(row(english, english)) == ("en", False)
    assert row_language(row("2", JAPANESE)) == ("ja", False)
    assert row_language(row("国立国会図書館関西館", JAPANESE)) == ("ja", False)
    assert row_language(row("```python\nprint('a long program of many letters')\n```", JAPANESE)) == ("ja", False)
    assert row_language(row("2", "?")) == (None, False)
    assert row_language(Row(row=1, text=JAPANESE)) == ("ja", False)


def test_the_blocking_checks_are_these() -> None:
    assert {name for name, check in CHECKS.items() if check.severity == "error"} >= {
        "empty_answer", "broken_roles", "leakage", "mojibake", "special_tokens", "no_usable_row", "preference"}
    for check in CHECKS.values():
        assert not check.fix or check.fix in STEPS
        assert check.fix in FIX_TITLES and bool(check.fix) == bool(check.fix_title.en)
        assert check.title.en and check.title.ja and check.meaning.en and check.meaning.ja


def test_marks_of_the_families_are_known_and_are_text_once_escaped() -> None:
    marks = ["<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|start_header_id|>", "<|eot_id|>", "<|header_start|>",
             "<start_of_turn>", "<end_of_turn>", "<|user|>", "<|assistant|>", "<|end|>", "<|start_of_role|>",
             "<|tool_calls_section_begin|>", "<|END_OF_TURN_TOKEN|>", "<｜Assistant｜>", "<｜tool▁calls▁begin｜>",
             "<｜end▁of▁sentence｜>", "[AVAILABLE_TOOLS]", "[/TOOL_RESULTS]", "[SYSTEM_PROMPT]", "<|turn>",
             "<|im_middle|>", "<tool_call|>", "<|\"|>", "<beginning_of_sentence>", "<]minimax[>"]
    assert [mark for mark in marks if not has_marks(mark)] == []
    assert all(not has_marks(whole_text(escape_marks(row(mark)))) for mark in marks)
