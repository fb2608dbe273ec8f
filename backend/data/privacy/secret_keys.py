"""Passwords, private keys, and the keys and tokens of well-known services."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import CHECKED, CUED, Span

_KNOWN = re.compile(
    r"(?<![A-Za-z0-9_])(?:(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,255}"
    r"|github_pat_[A-Za-z0-9_]{40,255}"
    r"|glpat-[A-Za-z0-9_-]{20,}|sk-(?:ant-|proj-|or-v1-)?[A-Za-z0-9_-]{20,}|xox[abeoprs]-[A-Za-z0-9-]{10,}"
    r"|AIza[0-9A-Za-z_-]{35}"
    r"|ya29\.[0-9A-Za-z_-]{20,}|hf_[A-Za-z0-9]{30,}|(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,}"
    r"|npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{40,}"
    r"|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}|dop_v1_[a-f0-9]{64}"
    r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|AGE-SECRET-KEY-1[A-Z0-9]{58}|SK[0-9a-f]{32}|AC[0-9a-f]{32})(?![A-Za-z0-9_])"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_NAME = (
    r"(?:(?<![A-Za-z])(?:[A-Za-z]{1,20}[_-]){0,3}(?:password|passwd|passphrase|passcode|pwd|pw|api[_ -]?key"
    r"|apikey|secret(?:[_ -]?key)?"
    r"|access[_ -]?token|auth[_ -]?token|token|client[_ -]?secret|private[_ -]?key|PIN(?: code)?)(?![A-Za-z])"
    r"|パスワード|パスフレーズ|暗証番号|秘密鍵|合言葉|アクセストークン|トークン|APIキー|シークレット)"
)
_NAMED = re.compile(
    _NAME + r"(?:\"|')?\s?(?:(?:[:=]|は|が|->|=>)|\b(?:is"
    r"|was)\b(?=\s))\s?[「『\"'`(（<]?\s?(?P<value>[\x21-\x26\x28-\x3b\x3d\x3f-\x5b\x5d-\x5f\x61-\x7e]{4,200})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(?:Bearer|Basic) (?P<value>[A-Za-z0-9._~+/-]{16,}=*)")
_MIXED = re.compile(
    r"[0-9].*[A-Za-z]|[A-Za-z].*[0-9]|[0-9]{4}|[A-Za-z0-9].*[!-,:-@\[-`{-~].*[A-Za-z0-9!-,:-@\[-`{-~]|[a-z][A-Z]"
)
_PLACEHOLDER = re.compile(
    r"[\[{<(*$].*|x{3,}|\*{3,}|\.{3,}|your[_-].*|(?-i:[A-Z]+(?:_[A-Z]+)+$)|(?:null|none|true|false|required"
    r"|string|undefined)$",
    re.IGNORECASE,
)


def secret_keys(text: str) -> Iterator[Span]:
    """Keys by the form that their service gives them; passwords where the text says so. Words alone are no secret."""
    for match in _KNOWN.finditer(text):
        yield Span(match.start(), match.end(), "secret", CHECKED)
    if "-----BEGIN " in text:
        for match in _PRIVATE_KEY.finditer(text):
            yield Span(match.start(), match.end(), "secret", CHECKED)
    for match in _NAMED.finditer(text):
        value = match["value"].rstrip(".,;:)]}」\"'")
        if len(value) >= 4 and _MIXED.search(value) and not _PLACEHOLDER.match(value):
            yield Span(match.start("value"), match.start("value") + len(value), "secret", CHECKED)
    for match in _BEARER.finditer(text):
        yield Span(match.start("value"), match.end("value"), "secret", CUED)
