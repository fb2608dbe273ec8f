"""Placeholders that stand for the same value everywhere, made with a key that only its owner has."""

import base64
import hashlib
import hmac
import os
import secrets
import unicodedata
from pathlib import Path

import msgspec

from backend.data.privacy.hit import Hit
from backend.data.privacy.kinds import KINDS
from backend.data.privacy.words import HAS_JAPANESE
from backend.protocol.errors import TanrenError
from backend.runs.atomic import make_folder, write_file

KEY_BYTES = 32
KEY_FORMAT = 1
TAG_LENGTH = 8
"""Letters of a placeholder: 8 of 32 kinds, 40 bits; two of 100,000 values share one with a chance of 0.5 %."""


class KeyFile(msgspec.Struct, frozen=True, kw_only=True):
    """`key`: 32 bytes in base64. `values`: placeholder → what it stands for; with it everything can be put back."""

    format: int = KEY_FORMAT
    key: str
    values: dict[str, str] = {}


class Key:
    """A key, and what was replaced with it. `path` is None for a key that is not kept (a preview)."""

    def __init__(self, secret: bytes, values: dict[str, str] | None = None, path: Path | None = None) -> None:
        self.secret = secret
        self.values = dict(values or {})
        self.path = path

    def save(self) -> None:
        """Writes the file, readable for its owner only. Raises OSError."""
        if self.path is None:
            return
        raw = KeyFile(key=base64.b64encode(self.secret).decode(), values=dict(sorted(self.values.items())))
        before = os.umask(0o077)  # the file is private from its first byte on, not only after a chmod
        try:
            write_file(self.path, msgspec.json.format(msgspec.json.encode(raw), indent=1))
        finally:
            os.umask(before)


def new_key() -> Key:
    """A key that is in no file."""
    return Key(secrets.token_bytes(KEY_BYTES))


def key_file(path: Path) -> Key:
    """The key in a file; a new one is made and written when there is no file.

    Raises TanrenError privacy_key_damaged for a file that is no key file, OSError for one that cannot be read or made.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        make_folder(path.parent)
        key = Key(secrets.token_bytes(KEY_BYTES), path=path)
        key.save()
        return key
    try:
        file = msgspec.json.decode(raw, type=KeyFile)
        secret = base64.b64decode(file.key, validate=True)
    except (msgspec.MsgspecError, ValueError) as error:
        raise TanrenError("privacy_key_damaged", path=path, reason=str(error)) from error
    if file.format != KEY_FORMAT or len(secret) != KEY_BYTES:
        raise TanrenError("privacy_key_damaged", path=path, reason=f"format {file.format}, {len(secret)} bytes")
    return Key(secret, file.values, path)


class Pseudonyms:
    """Placeholders of one key: the same value (without differences of width, case, blanks and hyphens) gets the same.

    HMAC-SHA256 over the kind and the value: without the key nobody can link placeholders of two sets, nor test guesses.
    """

    def __init__(self, key: bytes) -> None:
        self.key = key

    def of(self, hit: Hit, text: str) -> str:
        """The placeholder in the language of the text around it: [NAME-3fk2ab7x], 〔氏名-3fk2ab7x〕."""
        marker = KINDS[hit.kind].marker
        tag = self.tag(hit)
        return f"〔{marker.ja}-{tag}〕" if HAS_JAPANESE.search(text) else f"[{marker.en}-{tag}]"

    def tag(self, hit: Hit) -> str:
        """The part of a placeholder that stands for the value."""
        message = f"{hit.kind}\0{plain_value(hit)}".encode("utf-8", "surrogatepass")
        digest = hmac.new(self.key, message, hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower()[:TAG_LENGTH]


def plain_value(hit: Hit) -> str:
    """A found value as it is compared: 090-1234-5678 is ０９０１２３４５６７８; secrets keep every difference."""
    plain = unicodedata.normalize("NFKC", hit.text)
    if hit.kind in ("secret", "url_with_credentials"):
        return plain
    if hit.kind in ("email", "user_list", "ip_address"):
        return plain.strip().casefold()
    kept = "" if hit.kind in ("phone", "postal_code", "bank_account") else "ー"
    joined = "".join(char for char in plain.casefold() if char in kept or char not in "-‐‑‒–—―−ー()./・, ")
    return "0" + joined[3:].removeprefix("0") if hit.kind == "phone" and joined.startswith("+81") else joined


def restore(text: str, values: dict[str, str]) -> str:
    """Puts back what the placeholders stand for; placeholders of other keys stay."""
    parts: list[str] = []
    place = 0
    while place < len(text):
        begin = min((found for found in (text.find("[", place), text.find("〔", place)) if found >= 0), default=-1)
        if begin < 0:
            break
        end = text.find("]" if text[begin] == "[" else "〕", begin)
        whole = text[begin : end + 1] if end >= 0 else ""
        parts.append(text[place:begin])
        place = begin + (len(whole) if whole in values else 1)
        parts.append(values.get(whole, text[begin]))
    return "".join(parts) + text[place:]
