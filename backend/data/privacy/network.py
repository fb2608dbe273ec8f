"""E-mail addresses, IP addresses, links that carry a password."""

import ipaddress
import re
from collections.abc import Iterator

from backend.data.privacy.hit import CHECKED, SHAPED, Span

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_](?:[A-Za-z0-9._%+'-]{0,62}[A-Za-z0-9_+-])?(?:@|\s?[\[(](?:at"
    r"|アット(?:マーク)?|@)[\])]\s?)"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))+(?![A-Za-z0-9_])"
)
_LINK = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{1,20}://(?:[^\s/@:\"'<>]{1,200}:[^\s/@\"'<>]{1,200}@[^\s\"'<>」』)、。]{1,1000}"
    r"|[^\s\"'<>」』)、。?]{1,1000}\?[^\s\"'<>」』)、。]{0,1000}?(?:access_token|api_?key|token|secret"
    r"|password|passwd|signature|sig|auth|"
    r"X-Amz-Signature|AccessKeyId)=[^\s\"'<>」』)、。]{6,2000})",
    re.IGNORECASE,
)
_VERSION_4 = re.compile(r"(?<![0-9A-Za-z.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?(?![0-9A-Za-z]|\.[0-9])")
_VERSION_6 = re.compile(r"(?<![0-9A-Za-z:.])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{4,39}(?![0-9A-Za-z:])")
_NO_ADDRESS = re.compile(
    r"(?:バージョン|\bver(?:sion)?|\brelease|\bv|版|第|\bsection|\bfirmware|\bbuild|章|節|項)[\s.:は]{0,2}$",
    re.IGNORECASE,
)
_AFTER_VERSION = re.compile(r"\s?(?:を(?:公開|リリース)|版|対応|fixes|was released|にアップデート)")


def network(text: str) -> Iterator[Span]:
    """E-mail and IP addresses (loopback and versions of programs are none), links with credentials."""
    if "@" in text or "[at]" in text or "(at)" in text or "アット" in text:
        for match in _EMAIL.finditer(text):
            if not (match[0].startswith("git@") and text[match.end() : match.end() + 1] == ":"):
                yield Span(match.start(), match.end(), "email", SHAPED)
    if "://" in text:
        for match in _LINK.finditer(text):
            length = len(match[0].rstrip(".,;:!?"))
            yield Span(match.start(), match.start() + length, "url_with_credentials", CHECKED)
    for pattern in (_VERSION_4, _VERSION_6):
        for match in pattern.finditer(text):
            if (
                _is_address(match[0])
                and not _NO_ADDRESS.search(text[max(0, match.start() - 12) : match.start()])
                and not _AFTER_VERSION.match(text, match.end())
            ):
                yield Span(match.start(), match.end(), "ip_address", SHAPED)


def _is_address(text: str) -> bool:
    try:
        address = ipaddress.ip_interface(text).ip
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or str(address) == "255.255.255.255")
