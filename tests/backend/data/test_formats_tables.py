"""Raw text, tables whose columns have no known names, and columns mapped by hand."""

from typing import Any

import pytest

from backend.data.check_texts import CHECKS
from backend.protocol.errors import TanrenError
from tests.backend.data.formats_kit import Fields, answered, asked, recognised, rows_of


@pytest.mark.parametrize("name", ["text", "content", "本文", "body", "Text"])
def test_one_column_of_text_is_raw_text(name: str) -> None:
    known = recognised([{name: "Once upon a time."}, {name: "昔々"}])
    assert (known.name, known.notes, known.mapping) == ("text", (), {"text": name})
    row = known.to_row(2, {name: "昔々"})
    assert (row.text, row.messages, row.problem) == ("昔々", [], "")


@pytest.mark.parametrize("kind", ["text", "markdown", "docx", "pdf"])
def test_documents_are_raw_text(kind: str) -> None:
    rows = rows_of({"text": "# One\n\nBody", "heading": "One"}, {"text": "Q: a", "heading": ""}, kind=kind)
    assert [row.text for row in rows] == ["# One\n\nBody", "Q: a"]


@pytest.mark.parametrize("value", ["", " \n", None, float("nan"), "None", "\u200b"])
def test_empty_text_keeps_the_row_out(value: Any) -> None:
    assert [row.problem for row in rows_of({"text": value}, {"text": "full"})] == ["empty_text", ""]


def test_pages_of_a_crawl_are_text_although_they_have_scores() -> None:
    fields = {"text": "A page.", "id": "<urn:uuid:0>", "url": "https://x", "language_score": 0.9, "score": 3.1}
    assert recognised([fields]).name == "text"


def test_a_single_column_of_an_unknown_name_is_guessed_to_be_text() -> None:
    known = recognised([{"episode": "Once upon a time there was"}] * 3)
    assert (known.name, known.notes) == ("text", ("mapping_guessed",))


CHOICES: list[tuple[Fields, Any, str]] = [
    ({"question": "Q?", "choice0": "a", "choice1": "b", "choice2": "c", "label": 1}, 0, "a"),
    ({"question": "Q?", "choice1": "a", "choice2": "b", "choice3": "c", "label": 2}, 3, "c"),
    ({"question": "Q?", "choice_1": "a", "choice_2": "b", "choice_3": "c", "answer": "2"}, "1", "a"),
    ({"question": "Q?", "A": "a", "B": "b", "C": "c", "answer": "B"}, "c", "c"),
    ({"question": "Q?", "option_a": "a", "option_b": "b", "option_c": "c", "correct": "(B)"}, "A.", "a"),
    ({"question": "Q?", "choices": ["a", "b", "c"], "answer": 1}, 2, "c"),
    ({"question": "Q?", "choices": '["a", "b", "c"]', "label": 1.0}, 0.0, "a"),
    ({"question": "Q?", "options": ["a", "b", "c"], "answer": "b"}, "c", "c"),
    ({"question": "Q?", "choices": {"text": ["a", "b", "c"], "label": ["1", "2", "3"]}, "answerKey": "2"}, "3", "c"),
    ({"question": "Q?", "choices": [{"label": "A", "text": "a"}, {"label": "B", "text": "b"},
                                    {"label": "C", "text": "c"}], "answerKey": "B"}, "C", "c"),
    ({"question": "Q?", "options": {"A": "a", "B": "b", "C": "c"}, "answer_idx": "B"}, "A", "a"),
    ({"問題": "Q?", "選択肢1": "a", "選択肢2": "b", "選択肢3": "c", "正解": 2}, 3, "c"),
    ({"question": "Q?", "ctx": "x", "opa": "a", "opb": "b", "opc": "c", "cop": 1}, 2, "c"),
]


@pytest.mark.parametrize(("fields", "other", "text"), CHOICES)
def test_multiple_choice_in_every_layout(fields: Fields, other: Any, text: str) -> None:
    label = list(fields)[-1]
    records = [fields, {**fields, label: other}]
    known = recognised(records)
    rows = [known.to_row(number, record) for number, record in enumerate(records, start=1)]
    assert (known.name, known.notes) == ("table", ("mapping_guessed",))
    assert [row.messages[1]["content"] for row in rows] == ["b", text]
    question = rows[0].messages[0]["content"].splitlines()
    assert question[0] == "Q?" and [line[-2:] for line in question[2:]] == [" a", " b", " c"]
    assert rows[0].label == str(fields[label])
    by_hand = recognised(records, mapping=known.mapping)
    assert [by_hand.to_row(row.row, record) for row, record in zip(rows, records, strict=True)] == rows


def test_a_label_that_names_no_choice_is_noted() -> None:
    fields: Fields = {"question": "Q?", "choice0": "a", "choice1": "b", "label": 0}
    rows = rows_of(*[fields] * 8, {**fields, "label": 9}, {**fields, "label": None})
    assert [(row.problem, row.notes) for row in rows[8:]] == [("empty_answer", ("choice_missing",)),
                                                              ("empty_answer", ())]


def test_choices_that_are_numbers_are_told_from_numbers_of_choices() -> None:
    fields: Fields = {"question": "6 × 7?", "options": ["41", "42", "43"], "answer": "42"}
    assert rows_of(fields, {**fields, "answer": "43"})[0].messages[1] == answered("42")


@pytest.mark.parametrize("names", [
    ("sentence1", "sentence2", "label"), ("premise", "hypothesis", "gold_label"), ("text_a", "text_b", "score"),
    ("文1", "文2", "類似度"),
])
def test_sentence_pairs_with_what_is_said_of_them(names: tuple[str, str, str]) -> None:
    one, two, label = names
    known = recognised([{"id": 5, one: "A dog.", two: "A cat.", label: 3.8}])
    row = known.to_row(1, {one: "A dog.", two: "A cat.", label: 0.0})
    assert row.messages == [asked(f"{one}: A dog.\n{two}: A cat."), answered("0.0")]
    assert (row.label, known.notes, known.name) == ("0.0", ("mapping_guessed",), "table")


@pytest.mark.parametrize("names", [
    ("text", "label"), ("sentence", "category"), ("本文", "分類"), ("review", "score"), ("レビュー", "評価"),
    ("text", "ラベル"),
])
def test_texts_with_a_label(names: tuple[str, str]) -> None:
    text, label = names
    known = recognised([{text: "A fine thing.", label: "good"}, {text: "Broke at once.", label: "poor"}])
    row = known.to_row(1, {text: "A fine thing.", label: 5})
    assert (row.messages, row.label) == ([asked("A fine thing."), answered("5")], "5")
    assert known.notes == ("mapping_guessed",)


def test_two_columns_of_text_are_guessed_to_ask_and_answer() -> None:
    known = recognised([{"no": 1, "英語": "water", "日本語": "水"}, {"no": 2, "英語": "fire", "日本語": "火"}], "csv")
    assert known.to_row(1, {"英語": "water", "日本語": "水"}).messages == [asked("water"), answered("水")]
    assert known.notes == ("mapping_guessed",)
    assert CHECKS["mapping_guessed"].severity == "warning"


@pytest.mark.parametrize("fields", [
    {"colour": "red", "size": 3}, {"question": "q", "choices": ["a"]}, {"a": "x y", "b": "y z", "c": "z x"}, {"n": 1},
    {"question": "only questions"}, {},
])
def test_columns_that_mean_nothing_known_are_refused_by_name(fields: Fields) -> None:
    if list(fields) == ["question"]:
        assert recognised([fields]).notes == ("mapping_guessed",)
        return
    with pytest.raises(TanrenError) as caught:
        recognised([fields])
    assert caught.value.code == "data_unknown_format"
    for name in fields:
        assert name in caught.value.message("en") and name in caught.value.message("ja")


def test_columns_mapped_by_hand() -> None:
    fields = {"title": "Rivers", "body": "How wide?", "reply": "Two.", "tone": "Be brief.", "topic": "nature"}
    mapping = {"question": "{title}:\n{body} {{sic}}", "answer": "reply", "system": "tone", "label": "TOPIC"}
    known = recognised([fields], "xlsx", mapping=mapping)
    row = known.to_row(3, fields)
    assert row.messages == [{"role": "system", "content": "Be brief."}, asked("Rivers:\nHow wide? {sic}"),
                            answered("Two.")]
    assert (row.label, known.name, known.mapping, known.notes) == ("nature", "table", mapping, ())
    text = recognised([fields], mapping={"text": "{title}\n\n{body}"}).to_row(1, {**fields, "title": " "})
    assert (text.text, text.messages) == ("How wide?", [])
    pair = recognised([fields], mapping={"question": "body", "answer": "reply", "rejected": "tone"}).to_row(1, fields)
    assert (pair.rejected, pair.problem) == ([answered("Be brief.")], "preference")


def test_thumbs_mapped_by_hand() -> None:
    records = [{"a": "q", "b": "r", "mark": mark} for mark in ("up", "maybe", "down")]
    mapping = {"question": "a", "answer": "b", "label": "mark"}
    assert [row.problem for row in rows_of(*records, mapping=mapping, format="thumbs")] == ["", "no_thumb", "thumbs"]
    assert [row.label for row in rows_of(*records, mapping=mapping)] == ["up", "maybe", "down"]


@pytest.mark.parametrize(("mapping", "code", "named"), [
    ({"question": "colour", "answer": "b"}, "data_unknown_column", "colour"),
    ({"question": "{a} {colour}", "answer": "b"}, "data_unknown_column", "colour"),
    ({"question": "{list[label]}", "answer": "b"}, "data_unknown_column", "list[label]"),
    ({"question": "{a", "answer": "b"}, "data_bad_template", "{a"),
    ({"question": "a}", "answer": "b"}, "data_bad_template", "a}"),
    ({"question": "{{a}}", "answer": "b"}, "data_bad_template", "{{a}}"),
    ({"question": "a"}, "data_mapping_lacks", "answer"),
    ({"answer": "b"}, "data_mapping_lacks", "question"),
    ({"colour": "a"}, "data_unknown_part", "colour"),
    ({"question": "a", "text": "b"}, "data_mapping_both", ""),
])
def test_a_mapping_that_does_not_fit_is_refused_by_name(mapping: dict[str, str], code: str, named: str) -> None:
    with pytest.raises(TanrenError) as caught:
        recognised([{"a": "x", "b": "y"}], mapping=mapping)
    assert (caught.value.code, caught.value.kind) == (code, "bad_dataset")
    assert named in caught.value.message("en") and named in caught.value.message("ja")


@pytest.mark.parametrize(("form", "fields", "missing"), [
    ("alpaca", {"instruction": "i", "answer": "a"}, "output"),
    ("prompt_completion", {"text": "t"}, "prompt"),
    ("messages", {"question": "q", "answer": "a"}, "messages"),
    ("sharegpt", {"question": "q", "answer": "a"}, "conversations"),
    ("table", {"n": 1}, "table"),
    ("text", {"n": 1}, "text"),
    ("prompt_completion", {"質問": "q", "n": 1}, "completion"),
])
def test_a_format_that_does_not_fit_says_what_is_missing(form: str, fields: Fields, missing: str) -> None:
    with pytest.raises(TanrenError) as caught:
        recognised([fields], format=form)
    assert caught.value.code == "data_format_lacks"
    assert missing in caught.value.message("en") and missing in caught.value.message("ja")


@pytest.mark.parametrize(("form", "mapping", "code"), [
    ("text", {"question": "a", "answer": "b"}, "data_mapping_lacks"),
    ("preference", {"question": "a", "answer": "b"}, "data_mapping_lacks"),
    ("thumbs", {"question": "a", "answer": "b"}, "data_mapping_lacks"),
    ("thumbs", {"question": "a", "answer": "b", "label": "{a} {b}"}, "data_bad_template"),
])
def test_a_mapping_that_does_not_fit_the_chosen_format(form: str, mapping: dict[str, str], code: str) -> None:
    with pytest.raises(TanrenError) as caught:
        recognised([{"a": "x", "b": "y"}], format=form, mapping=mapping)
    assert caught.value.code == code


def test_a_format_that_was_chosen() -> None:
    fields = {"instruction": "i", "output": "o", "text": "Below is an instruction: i → o"}
    assert recognised([fields]).name == "alpaca"
    known = recognised([fields], format="text")
    assert (known.name, known.to_row(1, fields).text) == ("text", fields["text"])
    assert known.reason.en.startswith("chosen by hand")
    with pytest.raises(TanrenError) as caught:
        recognised([fields], format="parrot")
    assert caught.value.code == "data_no_such_format"


def test_names_with_braces_and_long_names_do_no_harm() -> None:
    name = "x" * 100_000
    assert len(recognised([{"question": "q", "answer": "a", name: 1}]).reason.en) < 500
    with pytest.raises(TanrenError) as caught:
        recognised([{name: 1}])
    assert len(caught.value.message("en")) < 500
    row = rows_of({"instruction {a}": 1, "instruction": "i", "output": "o {x}"})[0]
    assert row.messages == [asked("i"), answered("o {x}")]
