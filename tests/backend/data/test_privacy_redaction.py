"""Pseudonyms, deletion, putting back, and the key file."""

import os
import stat
from pathlib import Path

import msgspec
import pytest

from backend.data.dataset import Row, whole_text
from backend.data.privacy.hit import Hit
from backend.data.privacy.kinds import ALL_KINDS, KINDS
from backend.data.privacy.pseudonyms import Pseudonyms, key_file, new_key, restore
from backend.data.privacy.redact import PrivacySettings, Redaction, Tally, preview, redact, replacing
from backend.data.privacy.user_list import UserNames
from backend.protocol.errors import TanrenError

ROW = Row(
    row=7,
    messages=[
        {"role": "user", "content": "山田太郎と申します。電話は090-1234-5678です。"},
        {
            "role": "assistant",
            "content": "山田太郎様、０９０ー１２３４ー５６７８へ折り返します。",
            "reasoning_content": "山田太郎さんに電話する",
            "tool_calls": [
                {
                    "type": "function",
                    "function": {"name": "call", "arguments": {"to": "090-1234-5678", "who": ["山田太郎様"]}},
                }
            ],
        },
    ],
)


def test_the_same_value_gets_the_same_pseudonym_in_every_writing() -> None:
    key = new_key()
    changed, hits = Redaction(PrivacySettings(), key).row(ROW)
    text = whole_text(changed)
    assert "山田" not in text and "1234" not in text and "１２３４" not in text
    assert len(hits) == 7
    assert len(key.values) == 2
    assert changed.messages[1]["tool_calls"][0]["function"]["name"] == "call"
    assert ROW.messages[0]["content"].startswith("山田太郎")


def test_pseudonyms_tell_their_kind_in_the_language_of_the_text() -> None:
    english, _ = redact("Mail a@example.com", ALL_KINDS, UserNames(), replacing("pseudonym", new_key()))
    japanese, _ = redact("メールは a@example.com です", ALL_KINDS, UserNames(), replacing("pseudonym", new_key()))
    assert english.startswith("Mail [EMAIL-") and english.endswith("]")
    assert japanese.startswith("メールは 〔メール-")


def test_another_key_gives_other_pseudonyms() -> None:
    hit = Hit(0, 4, "person_name", "山田太郎")
    first, second = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
    assert first.tag(hit) == Pseudonyms(b"a" * 32).tag(hit)
    assert first.tag(hit) != second.tag(hit)
    assert first.tag(hit) != first.tag(hit._replace(kind="user_list"))


def test_country_code_is_no_difference() -> None:
    key = Pseudonyms(b"a" * 32)
    assert key.tag(Hit(0, 0, "phone", "+81-90-1234-5678")) == key.tag(Hit(0, 0, "phone", "０９０（１２３４）５６７８"))


def test_the_owner_of_the_key_puts_everything_back(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "privacy.json"
    key = key_file(path)
    text = "Dear Ms. Okafor, your card 4111 1111 1111 1111 [see note] was charged. 〔注〕"
    hidden, hits = redact(text, ALL_KINDS, UserNames(), replacing("pseudonym", key))
    assert len(hits) == 2
    key.save()
    again = key_file(path)
    assert again.secret == key.secret
    assert restore(hidden, again.values) == text
    assert restore(hidden, new_key().values) == hidden


def test_key_file_is_private_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "privacy.json"
    first = key_file(path)
    assert key_file(path).secret == first.secret
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"key": "AAAA"}', '{"key": "not base64 !"}', '{"key": 3}', "\udcff"]
)
def test_a_damaged_key_file_is_named_and_left(tmp_path: Path, content: str) -> None:
    path = tmp_path / "privacy.json"
    raw = content.encode("utf-8", "surrogateescape")
    path.write_bytes(raw)
    with pytest.raises(TanrenError) as raised:
        key_file(path)
    assert raised.value.code == "privacy_key_damaged"
    assert path.read_bytes() == raw


def test_deletion_leaves_only_the_kind() -> None:
    changed, hits = Redaction(PrivacySettings(mode="delete"), new_key()).row(ROW)
    assert changed.messages[0]["content"] == "〔氏名〕と申します。電話は〔電話〕です。"
    assert len(hits) == 7


def test_what_is_replaced_is_not_found_again() -> None:
    for mode in ("pseudonym", "delete"):
        work = Redaction(PrivacySettings(mode=mode), new_key())  # type: ignore[arg-type]
        for text in (
            "Name: John Smith, phone (415) 555-0132, SSN 219-09-9999, password: hunter2!",
            *[message["content"] for message in ROW.messages],
        ):
            row = Row(row=1, text=text)
            once, hits = work.row(row)
            assert hits
            twice, again = work.row(once)
            assert again == [] and twice is once


def test_settings_choose_kinds_and_own_words() -> None:
    settings = PrivacySettings(kinds=["phone", "user_list"], names=["折り返します"])
    changed, hits = Redaction(settings, new_key()).row(ROW)
    assert {hit.kind for hit in hits} == {"phone", "user_list"}
    assert "山田太郎" in whole_text(changed)
    with pytest.raises(TanrenError) as raised:
        Redaction(PrivacySettings(kinds=["shoe_size"]), new_key()).row(ROW)
    assert raised.value.code == "privacy_kind_unknown"


def test_settings_come_from_json() -> None:
    settings = msgspec.json.decode(b'{"kinds": ["email"], "mode": "delete"}', type=PrivacySettings)
    assert settings.mode == "delete"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"mode": "shred"}', type=PrivacySettings)


def test_preview_and_report_count_and_mask() -> None:
    shown = preview(ROW, PrivacySettings())
    assert next(example.found for example in shown if example.kind == "phone") == "090-1234-5678"
    assert all(example.before + example.found + example.after in whole_text(ROW) for example in shown)
    tally, key = Tally(), new_key()
    _, hits = Redaction(PrivacySettings(), key).row(ROW)
    tally.add(ROW, hits, Pseudonyms(key.secret))
    tally.add(Row(row=8, text="なし"), [], Pseudonyms(key.secret))
    report = tally.report()
    assert report.rows == 1
    assert report.counts == {"person_name": 4, "phone": 3}
    assert report.values == {"person_name": 1, "phone": 1}
    assert "山田太郎" not in str(msgspec.json.encode(report), "utf-8") and "1234" not in str(
        msgspec.json.encode(report), "utf-8"
    )


def test_every_kind_has_its_words() -> None:
    markers = [kind.marker.en for kind in KINDS.values()]
    assert len(set(markers)) == len(markers)
    assert all(
        kind.title.en and kind.title.ja and kind.what.en and kind.what.ja and kind.marker.ja for kind in KINDS.values()
    )
