"""Cleaning: what it changes, and what it must leave as it is."""

import os
import time
import typing
from pathlib import Path

import msgspec
import pytest

from backend.config.steps import StepSpec
from backend.data.apply_steps import apply_steps
from backend.data.cleaning import characters, html_text, length_bounds, white_space
from backend.data.cleaning.characters import Nfkc, nfkc, normalised
from backend.data.cleaning.html_text import HtmlText, plain_text
from backend.data.cleaning.length_bounds import LengthBounds
from backend.data.cleaning.texts import CLEANING_TEXTS
from backend.data.cleaning.white_space import LineEndings, WhiteSpace
from backend.data.dataset import Row
from backend.data.store import Store
from backend.report import Report


def dialogue(question: str, answer: str = "はい。", **more: object) -> Row:
    return msgspec.structs.replace(Row(row=1, messages=[
        {"role": "user", "content": question}, {"role": "assistant", "content": answer}]), **more)


def spaced(text: str, **settings: object) -> str:
    row = white_space.white_space(dialogue(text), WhiteSpace(**settings))
    return str(row.messages[0]["content"])


@pytest.mark.parametrize(("before", "after"), [
    ("ＡＢＣ　１２３", "ABC　123"),
    ("ｶﾞｿﾘﾝ･ﾊﾟﾝﾌﾚｯﾄ｡", "ガソリン・パンフレット。"),
    ("10～20、10〜20", "10～20、10〜20"),
    ("（本当）！？：；", "（本当）！？：；"),
    ("か\u3099き", "がき"),
    ("カﾞ", "ガ"),
    ("x²＋①™㍻", "x²＋①™㍻"),
    ("plain ASCII ~ text", "plain ASCII ~ text"),
])
def test_characters_that_japanese_needs_stay(before: str, after: str) -> None:
    assert normalised(before, Nfkc()) == after


@pytest.mark.parametrize(("settings", "before", "after"), [
    (Nfkc(punctuation="ascii"), "（はい）！￥１，０００", "(はい)!¥1,000"),
    (Nfkc(kana="keep"), "ｶﾞＡ", "ｶﾞA"),
    (Nfkc(wave_dash="wave_dash"), "10～20〜30", "10〜20〜30"),
    (Nfkc(wave_dash="fullwidth_tilde"), "10～20〜30", "10～20～30"),
    (Nfkc(wave_dash="tilde"), "10～20〜30", "10~20~30"),
    (Nfkc(wave_dash="wave_dash", punctuation="ascii"), "Ａ～！", "A〜!"),
    (Nfkc(symbols=True), "①㍻x²（～）\u3000\u00a0", "1平成x2（～）\u3000\u00a0"),
])
def test_what_is_normalised_is_chosen(settings: Nfkc, before: str, after: str) -> None:
    assert normalised(before, settings) == after


def test_every_text_of_a_row_is_cleaned_but_code_is_not() -> None:
    row = dialogue("Ａ\n```python\nx = 'Ａ  '  \n```\nＢ", "Ｃ", rejected=[{"role": "assistant", "content": "Ｄ"}])
    cleaned = nfkc(row, Nfkc())
    assert cleaned.messages[0]["content"] == "A\n```python\nx = 'Ａ  '  \n```\nB"
    assert (cleaned.messages[1]["content"], cleaned.rejected[0]["content"]) == ("C", "D")
    assert nfkc(Row(row=2, text="Ｅ"), Nfkc()).text == "E"
    call = {"type": "function", "function": {"name": "ｆ", "arguments": {"query": ["Ｑ"], "n": 1}}}
    called = nfkc(Row(row=3, messages=[{"role": "assistant", "content": "", "tool_calls": [call]}]), Nfkc())
    assert called.messages[0]["tool_calls"][0]["function"] == {"name": "ｆ", "arguments": {"query": ["Q"], "n": 1}}


def test_code_that_nothing_closes_runs_to_the_end_and_code_in_a_line_is_no_block() -> None:
    assert spaced("a  b\n~~~\nx  = 1  ") == "a b\n~~~\nx  = 1"
    assert spaced("```x``` a  b") == "```x``` a b"
    assert spaced("````\n```\nx  y\n````\na  b") == "````\n```\nx  y\n````\na b"


@pytest.mark.parametrize(("before", "after"), [
    ("a  \nb\t\n\n\n\nc   d\n\n", "a\nb\n\nc d"),
    ("\n \n  question", "question"),
    ("    code = 1\n    more  = 2", "    code = 1\n    more  = 2"),
    ("\u3000段落です。\n\u3000次です。\u3000", "\u3000段落です。\n\u3000次です。"),
    ("| a   | b   |\n| 1   | 2   |", "| a   | b   |\n| 1   | 2   |"),
    ("a\u00a0b\u2009c", "a b c"),
    ("a  \r\n\r\n\r\nb", "a\r\n\nb"),
    ("- one\n  - two", "- one\n  - two"),
])
def test_white_space(before: str, after: str) -> None:
    assert spaced(before) == after
    assert spaced(after) == after


def test_white_space_as_chosen() -> None:
    assert spaced("a  b  ", trailing=False, runs=False) == "a  b  "
    assert spaced("a\n\n\n\nb", blank_lines=2) == "a\n\n\nb"
    assert spaced("a\n \nb", blank_lines=0) == "a\nb"
    assert spaced("a\u00a0b", special_spaces=False) == "a\u00a0b"
    assert spaced("東京\u3000大阪", ideographic="space") == "東京 大阪"


def test_line_endings() -> None:
    row = white_space.line_endings(dialogue("a\r\nb\rc\u2028d\u0085e\n\r\nf"), LineEndings())
    assert row.messages[0]["content"] == "a\nb\nc\nd\ne\n\nf"


@pytest.mark.parametrize(("before", "after"), [
    ("<p>Hello <b>you</b></p><p>and <a href='x>y'>me</a></p>", "Hello you\n\nand me"),
    ("1行目<br/>2行目<BR>3行目", "1行目\n2行目\n3行目"),
    ("List<String> a<b <your name> <|im_start|> 1 < 2", "List<String> a<b <your name> <|im_start|> 1 < 2"),
    ("Tom &amp; Jerry&nbsp;&#12354;&copy; AT&T &unknown;", "Tom & Jerry\u00a0あ© AT&T &unknown;"),
    ("write &lt;b&gt; for bold", "write <b> for bold"),
    ("&amp;lt;", "&lt;"),
    ("a<!-- x <b> -->b<script>if (a<b) {}</script>c<style>p{}</style>d", "abcd"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a\tb\t"),
    ("a <!-- never closed", "a <!-- never closed"),
])
def test_html(before: str, after: str) -> None:
    assert plain_text(before, HtmlText()) == after


def test_html_as_chosen() -> None:
    assert plain_text("<b>a &amp; b</b>", HtmlText(tags="keep")) == "<b>a & b</b>"
    assert plain_text("<b>a &amp; b</b>", HtmlText(references=False)) == "a &amp; b"
    row = html_text.html_text(dialogue("<b>x</b>\n```html\n<b>y</b>\n```"), HtmlText())
    assert row.messages[0]["content"] == "x\n```html\n<b>y</b>\n```"


@pytest.mark.parametrize(("settings", "stays"), [
    (LengthBounds(), True),
    (LengthBounds(question_min=5), True),
    (LengthBounds(question_min=6), False),
    (LengthBounds(question_max=4), False),
    (LengthBounds(answer_min=4), False),
    (LengthBounds(answer_max=3), True),
    (LengthBounds(answer_max=2), False),
])
def test_bounds_of_length(settings: LengthBounds, stays: bool) -> None:
    row = dialogue(" 質問ですか ", "はい。")
    assert (length_bounds.length_bounds(row, settings) is row) == stays


def test_bounds_of_length_of_other_rows() -> None:
    assert length_bounds.length_bounds(Row(row=1, text="短い"), LengthBounds(answer_min=3, question_min=9)) is None
    assert length_bounds.length_bounds(Row(row=1, text="長い文章"), LengthBounds(answer_min=3, question_min=9))
    assert length_bounds.length_bounds(dialogue("a", ""), LengthBounds()) is None
    turns = [{"role": "system", "content": "x" * 99}, {"role": "user", "content": "ab"},
             {"role": "assistant", "content": "c"}, {"role": "user", "content": "de"},
             {"role": "assistant", "content": "fgh"}, {"role": "user", "content": "unanswered"}]
    assert length_bounds.length_bounds(Row(row=1, messages=turns), LengthBounds(question_min=4, question_max=4))


def test_rows_that_need_no_cleaning_stay_equal() -> None:
    row = dialogue("What is the price of ABC-1?", "It is 10 yen.\n\nSee `x`.")
    assert nfkc(row, Nfkc()) == row
    assert white_space.white_space(row, WhiteSpace()) == row
    assert white_space.line_endings(row, LineEndings()) == row
    assert html_text.html_text(row, HtmlText()) == row


HOSTILE = ["<script>" * 20_000, "<p \"" * 30_000, "<!--" * 40_000, "`" * 200_000, "```\n" * 30_001, " " * 200_000 + "x",
           "\n" * 200_000 + "x", "a   " * 50_000, "&" * 200_000, "\u3000\n" * 50_000, "ﾞ" * 200_000, "\u3099" * 200_000,
           "x" + "\u0301\u0316" * 50_000, "\ud800<b>&amp;Ａ"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_time_grows_with_the_text_whatever_it_holds(text: str) -> None:
    begun = time.perf_counter()
    row = dialogue(text)
    row = nfkc(row, Nfkc(symbols=True, punctuation="ascii"))
    row = html_text.html_text(row, HtmlText())
    row = white_space.white_space(white_space.line_endings(row, LineEndings()), WhiteSpace(ideographic="space"))
    assert time.perf_counter() - begun < 5
    assert row.messages[1]["content"] == "はい。"


@pytest.mark.parametrize(("struct", "options"), [
    (Nfkc, characters.OPTIONS), (WhiteSpace, white_space.WHITE_SPACE_OPTIONS), (HtmlText, html_text.OPTIONS),
    (LengthBounds, length_bounds.OPTIONS)])
def test_every_setting_has_its_words_and_choices(struct: type[msgspec.Struct], options: dict) -> None:
    fields = msgspec.structs.fields(struct)
    assert {field.name for field in fields} == set(options)
    for field in fields:
        option = options[field.name]
        assert option.label.en and option.label.ja and option.why.en and option.why.ja
        assert option.choices == typing.get_args(field.type)


def test_every_step_has_its_words() -> None:
    assert all(text.en and text.ja for pair in CLEANING_TEXTS.values() for text in pair)


def test_as_steps_of_a_dataset_rows_change_go_or_stay(tmp_path: Path) -> None:
    rows = [dialogue("Ａ  b\r\n", row=1), dialogue("c", row=2), dialogue("<b>d</b>", "x", row=3)]
    report = Report(tmp_path, os.open(os.devnull, os.O_WRONLY))
    with Store.create(tmp_path) as store:
        store.add([(row, ()) for row in rows])
        counts = apply_steps(store, [StepSpec(name=name) for name in CLEANING_TEXTS if name != "length_bounds"] + [
            StepSpec(name="length_bounds", settings={"answer_min": "2"})], report)
        assert [(row.row, row.messages[0]["content"]) for row in store.rows()] == [(1, "A b"), (2, "c")]
    assert [(count["name"], count["changed"], count["removed"]) for count in counts] == [
        ("nfkc", 1, 0), ("white_space", 1, 0), ("line_endings", 0, 0), ("html_text", 1, 0), ("length_bounds", 0, 1)]
