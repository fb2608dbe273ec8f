"""Augmentation: what changes, what must never change, and that the same seed gives the same rows."""

import os
import re
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backend.config.steps import StepSpec
from backend.data.apply_steps import apply_steps
from backend.data.augment.augment_row import (
    Augment,
    deletion_rows,
    insertion_rows,
    rephrase_rows,
    rng_of,
    swap_rows,
    synonym_rows,
)
from backend.data.augment.lists import read_synonyms
from backend.data.augment.phrasings import ENGLISH_FORMS, JAPANESE_FORMS, by_form
from backend.data.augment.pieces import pieces_of, words_in
from backend.data.augment.settings import (
    REPHRASE_OPTIONS,
    SYNONYM_OPTIONS,
    WORD_OPTIONS,
    RephraseSettings,
    SynonymSettings,
    WordSettings,
)
from backend.data.augment.synonyms import DICTIONARY, _dictionary
from backend.data.augment.texts import AUGMENT_TEXTS
from backend.data.dataset import Row, question_key
from backend.data.journal import undo
from backend.data.store import Store
from backend.protocol.errors import TanrenError
from backend.report import Report
from resources.make_synonyms.__main__ import groups_of

ENGLISH = "How do I cancel the big order of Anna Smith in shop.py for {price} USD on 12 May? It is not `a = 1` open."
JAPANESE = ("東京都の田中さんの会議の方法と料金を確認するにはどうすればいいですか？"
            "ABC-123の{値段}は10円で、曖昧な概念ではない。")


def dialogue(question: str, **more: Any) -> Row:
    return msgspec.structs.replace(Row(row=7, messages=[
        {"role": "system", "content": "会議"}, {"role": "user", "content": "会議の方法"},
        {"role": "assistant", "content": "会議の方法の回答"}, {"role": "user", "content": question},
        {"role": "assistant", "content": "会議の方法を確認する"}], source="line 3", label="x", notes=("odd",)), **more)


def questions(augment: Augment, question: str, seed: int = 17, **more: Any) -> list[str]:
    rows = augment(dialogue(question, **more), rng_of("test", seed, 7))
    return [row.messages[3]["content"] for row in rows]


def augmentations(tmp_path: Path, copies: int = 3, share: float = 0.3) -> dict[str, Augment]:
    listed = tmp_path / "own.csv"
    listed.write_text("cancel,revoke,call off\norder,purchase\nbig,large,huge\nin,12 May,wrong\nAnna,Wrong\n"
                      "会議,打合せ\n", encoding="utf-8")
    asked = tmp_path / "own.txt"
    asked.write_text("# mine\nBitte: {question}\n{question}\\nOK?\n", encoding="utf-8")
    own = SynonymSettings(copies=copies, share=share, file=str(listed), protect="Anna, Smith")
    words = WordSettings(copies=copies, share=share, protect="Anna、Smith")
    return {"synonyms": synonym_rows(own), "random_insertion": insertion_rows(own), "random_swap": swap_rows(words),
            "random_deletion": deletion_rows(words),
            "rephrase": rephrase_rows(RephraseSettings(copies=copies, file=str(asked)))}


NAMES = ["synonyms", "random_insertion", "random_swap", "random_deletion", "rephrase"]


@pytest.mark.parametrize("question", [ENGLISH, JAPANESE], ids=["english", "japanese"])
@pytest.mark.parametrize("name", NAMES)
def test_only_the_question_changes_and_every_row_differs(name: str, question: str, tmp_path: Path) -> None:
    row = dialogue(question, side="train")
    made = augmentations(tmp_path)[name](row, rng_of(name, 17, 7))
    assert made
    keys = {question_key(new) for new in (row, *made)}
    assert len(keys) == len(made) + 1
    for new in made:
        kept = msgspec.structs.replace(new, messages=row.messages, synthetic="", row=7, notes=row.notes)
        assert (kept, new.row, new.synthetic, new.side) == (row, 0, name, "train")
        assert [*new.messages[:3], new.messages[4]] == [*row.messages[:3], row.messages[4]]


@pytest.mark.parametrize("name", NAMES)
def test_code_numbers_placeholders_and_names_stay(name: str, tmp_path: Path) -> None:
    augment = augmentations(tmp_path, copies=20, share=0.5)[name]
    for text in questions(augment, ENGLISH):
        for part in ("`a = 1`", "{price}", "12", "shop.py", "Anna", "Smith", "not", "USD"):
            assert part in text
        assert "Wrong" not in text
    for text in questions(augment, JAPANESE):
        for part in ("ABC-123", "{値段}", "10円", "東京都", "田中さん", "ない", "どう"):
            assert part in text
    fenced = "See this:\n```\nbig order\n会議の方法\n```\nbig order"
    for text in questions(augment, fenced):
        assert "```\nbig order\n会議の方法\n```" in text


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_rows(name: str, tmp_path: Path) -> None:
    both = [augmentations(tmp_path)[name] for _ in range(2)]
    for question in (ENGLISH, JAPANESE):
        assert questions(both[0], question) == questions(both[1], question)
    seeds = {tuple(questions(both[0], ENGLISH, seed)) for seed in range(8)}
    assert len(seeds) > 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("more", [{"side": "held_out"}, {"synthetic": "rephrase"}, {"problem": "empty_answer"},
                                  {"messages": [], "text": ENGLISH}, {"messages": []}], ids=str)
def test_nothing_is_made_of_rows_that_are_held_out_made_or_not_usable(name: str, more: dict, tmp_path: Path) -> None:
    assert augmentations(tmp_path)[name](dialogue(ENGLISH, **more), rng_of(name, 1, 7)) == []


def test_japanese_synonyms_are_of_the_same_part_of_speech() -> None:
    augment = synonym_rows(SynonymSettings(copies=30, share=1.0))
    # 検索 before する only by nouns that take する; 曖昧 before な; a compound, a name and a counter not at all
    texts = questions(augment, "曖昧な概念を検索する")
    assert texts
    for text in texts:
        assert re.fullmatch(r".+な(観念|概念)を.+する", text)
    assert questions(augment, "田中さんは東京都です") == []
    assert questions(augment, "ご注文番号は3個です") == []


def test_the_dictionary_gives_a_synonym_from_its_group() -> None:
    augment = synonym_rows(SynonymSettings(copies=5))
    texts = questions(augment, "概念を教えて")
    assert texts == ["観念を教えて"]
    assert set(_dictionary()["概念"]) == {"観念", "概念"}


def test_the_packaged_dictionary_is_whole() -> None:
    groups = [line.split("\t") for line in DICTIONARY.read_text(encoding="utf-8").splitlines()]
    words = [word for group in groups for word in group]
    assert (len(groups), len(words)) == (7219, 19841)
    assert len(set(words)) == len(words)
    assert min(len(group) for group in groups) == 2
    assert (DICTIONARY.parent / "LICENSE").read_text().lstrip().startswith("Apache License")


def test_the_packaged_dictionary_leaves_out_names_spellings_and_words_of_two_meanings() -> None:
    def group(*words: str, **more: Any) -> dict[str, Any]:
        usual = {"taigenYogen": "体言", "expandControl": 0, "gokeiSyubetsu": "代表語", "hyoukiYure": "代表表記",
                 "bunya": []}
        return {"items": [{**usual, **more, "midashi": word} for word in words]}

    two_meanings = [group("会議", "集会", "橋"), group("端子", "はし", "集会", "ターミナル")]
    assert groups_of([*two_meanings, group("方法", "手法", "method", "手法")]) == [
        ["端子", "はし", "ターミナル"], ["方法", "手法"]]
    for more in ({"bunya": ["企業名"]}, {"bunya": ["IT", "不快"]}, {"expandControl": 1}, {"expandControl": 2},
                 {"gokeiSyubetsu": "旧称"}, {"hyoukiYure": "間違い表記"}, {"taigenYogen": "用言"}):
        assert groups_of([group("方法", "手法", **more)]) == []


def test_own_synonyms_match_phrases_and_keep_capitals(tmp_path: Path) -> None:
    listed = tmp_path / "own.tsv"
    listed.write_bytes("sign in\tlog in\nPC\tパソコン\n打合せ\t会議\n".encode("cp932"))
    augment = synonym_rows(SynonymSettings(copies=9, file=str(listed), dictionary=False))
    assert questions(augment, "Sign  in here") == ["Log in here"]
    assert questions(augment, "I sign it in") == []
    assert questions(augment, "ＰＣで打合せ") and questions(augment, "signing in") == []
    assert set(questions(augment, "PCで打合せ")) == {"パソコンで打合せ", "PCで会議"}


def test_the_number_of_words_follows_the_share(tmp_path: Path) -> None:
    listed = tmp_path / "own.csv"
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]
    listed.write_text("".join(f"{word},new{word}\n" for word in words))
    for share, changed in ((0.01, 1), (0.2, 2), (0.59, 5), (1.0, 10)):
        augment = synonym_rows(SynonymSettings(share=share, file=str(listed)))
        [text] = questions(augment, " ".join(words))
        assert text.count("new") == changed


def test_a_swap_and_a_deletion_keep_or_lose_words() -> None:
    words = "red green blue black white"
    for text in questions(swap_rows(WordSettings(copies=5, share=0.4)), words):
        assert sorted(text.split()) == sorted(words.split())
    gone = questions(deletion_rows(WordSettings(copies=9, share=0.4)), words)
    assert gone and all(0 < len(text.split()) < 5 and set(text.split()) < set(words.split()) for text in gone)
    assert all("  " not in text and text == text.strip() for text in gone)
    assert questions(deletion_rows(WordSettings()), "red") == []
    assert questions(swap_rows(WordSettings()), "red") == []


@pytest.mark.parametrize(("question", "expected"), [
    ("How do I reset the password?", "Please tell me how to reset the password."),
    ("What is the price of tea?", "Can you explain what the price of tea is?"),
    ("Can you check my order?", "Please check my order."),
    ("送料はいくらですか？", "送料がいくらか教えてください。"),
    ("量子力学とは何ですか", "量子力学について教えてください。"),
    ("住所を変更するにはどうすればいいですか？", "住所を変更する方法を教えてください。"),
])
def test_questions_of_a_known_form_are_asked_otherwise(question: str, expected: str) -> None:
    japanese = not question.isascii()
    assert expected in by_form(question, japanese)
    assert question not in by_form(question, japanese)


@pytest.mark.parametrize("question", [
    "What is it used for?", "What is the cat doing?", "What is wrong?", "Where is the file located?",
    "What is the price? And the weight?", "What is\nthe price?"])
def test_questions_that_would_be_torn_apart_keep_their_form(question: str) -> None:
    assert by_form(question, False) == []


def test_forms_reach_across_no_sentence() -> None:
    assert by_form("困っています。送料はいくらですか？", True) == []
    assert all(re.compile(form) and others for form, others in (*ENGLISH_FORMS, *JAPANESE_FORMS))


def test_own_phrasings(tmp_path: Path) -> None:
    listed = tmp_path / "own.txt"
    listed.write_text("\n# comment\nNur kurz: {question}\nA {question}\\nB {question}\n", encoding="utf-16")
    augment = rephrase_rows(RephraseSettings(copies=9, builtin=False, file=str(listed)))
    assert set(questions(augment, "Was? {question}")) == {"Nur kurz: Was? {question}",
                                                         "A Was? {question}\nB Was? {question}"}
    other = rephrase_rows(RephraseSettings(copies=50))
    assert questions(other, "Что это?") == []


@pytest.mark.parametrize(("content", "code", "line"), [
    (b"a,b\nc\n", "word_list_invalid", "2"), (b"# only\n", "word_list_invalid", "1"), (b"", "data_empty", None),
    (b"a,b\n\"" + b"x" * 200_000, "word_list_invalid", "2")])
def test_a_list_that_cannot_be_used_is_refused(content: bytes, code: str, line: str | None, tmp_path: Path) -> None:
    listed = tmp_path / "own.csv"
    listed.write_bytes(content)
    with pytest.raises(TanrenError) as refused:
        synonym_rows(SynonymSettings(file=str(listed)))
    assert (refused.value.code, refused.value.values.get("line")) == (code, line)


def test_other_lists_that_are_refused(tmp_path: Path) -> None:
    listed = tmp_path / "own.txt"
    listed.write_text("fine {question}\nno place\n")
    with pytest.raises(TanrenError, match="line 2") as refused:
        rephrase_rows(RephraseSettings(file=str(listed)))
    assert "{question}" in refused.value.message("ja")
    with pytest.raises(TanrenError) as missing:
        synonym_rows(SynonymSettings(file=str(tmp_path / "none.csv")))
    assert missing.value.code == "data_missing"
    with pytest.raises(TanrenError) as nothing:
        synonym_rows(SynonymSettings(dictionary=False))
    assert nothing.value.code == "setting_invalid"


def test_a_word_is_not_its_own_synonym(tmp_path: Path) -> None:
    listed = tmp_path / "own.csv"
    listed.write_text("a,a,b\n\n# x,y\na,c\n\"d, e\",f\n")
    assert read_synonyms(listed) == {"a": ["b", "c"], "d, e": ["f"]}


def test_protected_words_are_whole_words() -> None:
    kinds = {piece.text: piece.kind for piece in pieces_of("the art of party", words_in("art,  , ART"))}
    assert (kinds["art"], kinds["party"]) == ("fixed", "word")
    assert words_in("aa、b，aaa\nb") == ("aaa", "aa", "b")


@pytest.mark.parametrize("text", [
    ENGLISH, JAPANESE, "", "\n\n", "a\r\nb\u2028c", "会議" * 9000 + "の", "a" * 50_000, "あ" * 20_000, "{" * 20_000,
    "1" * 20_000, "<a " * 9000, "\ud800 会議の\ud800", "漢字 한국어 中文", "a@" * 9000, "`" * 9999,
    "概念 " * 3000 + "は"])
def test_the_pieces_of_any_text_are_the_text_in_bounded_time(text: str) -> None:
    begun = time.perf_counter()
    assert "".join(piece.text for piece in pieces_of(text)) == text
    for augment in (synonym_rows(SynonymSettings()), swap_rows(WordSettings()), deletion_rows(WordSettings()),
                    rephrase_rows(RephraseSettings())):
        for question in questions(augment, text):
            assert question != text
    assert time.perf_counter() - begun < 20


@pytest.mark.parametrize(("struct", "options"), [
    (WordSettings, WORD_OPTIONS), (SynonymSettings, SYNONYM_OPTIONS), (RephraseSettings, REPHRASE_OPTIONS)])
def test_every_setting_has_its_words(struct: type[msgspec.Struct], options: dict) -> None:
    assert {field.name for field in msgspec.structs.fields(struct)} == set(options)


def test_every_augmentation_has_its_words() -> None:
    assert set(AUGMENT_TEXTS) == set(NAMES)
    assert all(text.en and text.ja for pair in AUGMENT_TEXTS.values() for text in pair)


def test_as_steps_of_a_dataset_rows_are_appended_and_taken_back(tmp_path: Path) -> None:
    rows = [dialogue(f"質問{number}です。概念の方法は何ですか", row=number, side="held_out" if number == 2 else "")
            for number in (1, 2, 5)]
    report = Report(tmp_path, os.open(os.devnull, os.O_WRONLY))
    steps = [StepSpec(name=name, settings={"copies": "2"}) for name in NAMES]
    with Store.create(tmp_path) as store:
        store.add([(row, ()) for row in rows])
        counts = apply_steps(store, steps, report)
        made = list(store.rows())[3:]
        assert [row.row for row in made] == list(range(6, 6 + len(made)))
        # of the two rows that are not held out, never of rows that an earlier step made
        assert [count["added"] for count in counts] == [
            sum(row.synthetic == name for row in made) for name in NAMES]
        assert all(0 < count["added"] <= 4 and count["changed"] == 0 for count in counts)
        assert not any("質問2" in row.messages[3]["content"] or row.side for row in made)
        for _ in NAMES:
            undo(store)
        assert list(store.rows()) == rows
