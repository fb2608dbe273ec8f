"""Names in Latin letters: after titles, greetings and field names; with a known given name; before what people do."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from backend.data.privacy.english_words import AMBIGUOUS, COMPANY, NO_NAME, PARTICLES, PERSON_VERBS, TITLES
from backend.data.privacy.hit import CUED, GUESSED, SHAPED, Span
from backend.data.privacy.name_lists import given_names, surnames

_LETTER = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_WORD = re.compile(rf"[{_LETTER}]+(?:['-][{_LETTER}]+)*")
_STRONG_CUE = re.compile(
    r"(?:\bmy name(?:'s| is)|\bname(?:d)?(?: (?:is|was))?|\bcontact(?: person)?|\bpatient|\battn\.?|\battention|\bfrom|\bto|\bcc|\bsigned(?: by)?|\bholder|"
    r"\bbeneficiary|\bcalled|\bclient|\bplaintiff|\bdefendant|\bwitness|\bapplicant|\bborrower|\btenant|\blandlord|\bemployee|\bphysician|\bsupervisor|"
    r"\bmanager|\bship to|\bbill to|\bissued to|\baccount holder|\bdeliver(?:ed)? to|\bname on card|\bstatement of|\bestate of|\bon behalf of|"
    r"氏名|お?名前|フリガナ|担当者?|名義人?|受取人|患者)(?:[ \t]?[:：,\n][ \t]*|[ \t]+|[はが、(（])$", re.IGNORECASE)
_GREETING = re.compile(r"(?:\b(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))|\b(?:I'm|I am|this is|it's|name is|speaking with|spoke to|ask|tell|thank you|thanks),?)[ ]$", re.IGNORECASE)
_CLOSING = re.compile(r"(?:\b(?:regards|sincerely|thanks|thank you|cheers|best|best wishes|yours(?: truly| faithfully| sincerely)?|respectfully|love|cordially|warmly),?[ \t]*\n\s*)$", re.IGNORECASE)
_SIGN_AFTER = re.compile(r"[ \t]*(?:\n|$|\()")
_DOES = re.compile(rf"(?:,? (?:{PERSON_VERBS})\b|'s (?!the\b)|,? (?:born|aged)\b|[,(] ?(?:born|aged|age|[A-Za-z]{{2,}}@))")
_BY_PERSON = re.compile(
    r"\b(?:hired|asked?|call(?:ed)?|met|told|tell|with|by|between|and|to|contact(?:ed)?|reach|ring|invited|thank(?:ed)?|spoke to|spoken to|spoke with|according to|"
    r"paged?|see|saw|send|sent|email(?:ed)?|for|that|as|is|client|plaintiff|defendant|nurse|of)[, ] ?$", re.IGNORECASE)
_HONORIFIC_AFTER = re.compile(r"[ ]?(?:さん|様|さま|氏|君|先生|殿|くん|ちゃん|と申|といいます|の)")
_ROMAJI = re.compile(r"(?:(?:[kgszjtdnhbpmrwyf]|sh|ch|ts|ky|gy|ny|hy|by|py|my|ry|dz|j|kk|tt|ss|pp|cch|tch|ssh|mm|mb|mp)?(?:[aiueo]|oh|ō|ū)|n(?![aiueoy]))+")
PARTS_AT_MOST = 5


class Latin(NamedTuple):
    """A word in Latin letters; `text` in lower case, `capital`: it is written like a name."""

    start: int
    end: int
    text: str
    capital: bool
    upper: bool


def names_latin(text: str) -> Iterator[Span]:
    """Names of people in Latin letters, in texts of every language."""
    words = [_latin(match) for match in _WORD.finditer(text)]
    found: list[Span] = []
    for begin, end in _runs(text, words):
        found += _names_in(text, words, begin, end)
    yield from found
    yield from _again(text, words, found)


def _latin(match: re.Match[str]) -> Latin:
    word = match[0]
    end = match.end() - 2 if word.endswith(("'s", "'S")) else match.end()
    word = word[:end - match.start()]
    capital = word[0].isupper() and (len(word) == 1 or any(char.islower() for char in word) or len(word) >= 2)
    return Latin(match.start(), end, word.casefold(), capital, word.isupper() and len(word) > 1)


def _runs(text: str, words: list[Latin]) -> Iterator[tuple[int, int]]:
    """Capitalised words one after another: blanks, or the full stop of an initial, between them; particles inside."""
    place = 0
    while place < len(words):
        if not _may_be_name(words[place]):
            place += 1
            continue
        end = place + 1
        while end < len(words) and end - place < 8:
            between = text[words[end - 1].end:words[end].start]
            initial = words[end - 1].end - words[end - 1].start == 1
            if between != " " and not (initial and between in (". ", ".")):
                break
            if _may_be_name(words[end]):
                end += 1
            elif words[end].text in PARTICLES and end + 1 < len(words) and text[words[end].end:words[end + 1].start] == " " and (
                    _may_be_name(words[end + 1]) or words[end + 1].text in PARTICLES):
                end += 1
            else:
                break
        while words[end - 1].text in PARTICLES and end - 1 > place:
            end -= 1
        yield place, end
        place = end


def _may_be_name(word: Latin) -> bool:
    return word.capital and (word.text not in NO_NAME or word.text in given_names() and word.text in AMBIGUOUS)


def _names_in(text: str, words: list[Latin], begin: int, end: int) -> list[Span]:
    run = words[begin:end]
    if run[0].text in TITLES and len(run) > 1 and not _known(run[0]):
        return _taken(run[1:], SHAPED, titled=True)
    while run and run[0].text in TITLES and run[0].text not in given_names():
        run = run[1:]
    if not run:
        return []
    start, finish = run[0].start, run[-1].end
    before, after = text[max(0, start - 32):start], text[finish:finish + 24]
    if re.search(r"(?:\b(?:" + "|".join(TITLES) + r")\.?|\bDr\.) $", before, re.IGNORECASE):
        return _taken(run, SHAPED, titled=True)
    if _is_company(text, words, run, begin, end):
        return []
    if _STRONG_CUE.search(before) and (len(run) >= 2 or _known(run[0]) or re.search(r"[:：]\s*$", before) and _SIGN_AFTER.match(after)):
        if re.search(r"\b(?:to|from|called|of)[ \t]+$", before) and not any(_known(word) for word in run):
            return []
        return _taken(run, CUED)
    if _CLOSING.search(before) and _SIGN_AFTER.match(after):
        return _taken(run, CUED)
    if _GREETING.search(before) and len(run) <= 3 and (len(run) > 1 or _known(run[0]) or re.match(r"\s*[,!:\n.]", after)):
        return _taken(run, SHAPED)
    if _HONORIFIC_AFTER.match(after) and (any(_known(word) for word in run) or re.match(r"[ ]?(?:さん|様|氏)", after)):
        return _taken(run, SHAPED)
    return _by_lists(text, run, before, after)


def _by_lists(text: str, run: list[Latin], before: str, after: str) -> list[Span]:
    """By what the lists know of the words and what stands around them."""
    proper = [word for word in run if word.end - word.start > 1 and word.text not in PARTICLES]
    if not proper or len(run) > PARTS_AT_MOST:
        return []
    first, last = proper[0], proper[-1]
    if len(proper) == 1 and len(run) == 1:
        alone = _is_given(first) and first.text not in AMBIGUOUS and not first.upper
        return _taken(run, GUESSED) if alone and not _starts_label(after) else []
    ambiguous = first.text in AMBIGUOUS
    sentence_start = not before.strip() or before.rstrip()[-1:] in (".", "!", "?", "\n")
    given, family = _is_given(first), _is_surname(last) and len(proper) > 1
    if given and (not ambiguous or family and not (sentence_start and last.text in AMBIGUOUS)) and not (
            last.text in AMBIGUOUS and ambiguous and sentence_start):
        return _taken(run, GUESSED)
    if len(proper) > 1 and (_is_surname(first) and _is_given(last) and last.text not in AMBIGUOUS):
        return _taken(run, GUESSED)
    if len(proper) > 1 and all(_ROMAJI.fullmatch(word.text) and len(word.text) >= 3 for word in proper) and (
            _is_given(last) or _is_given(first) or _is_surname(last) or _is_surname(first)):
        return _taken(run, GUESSED)
    if len(proper) > 1 and family and (len(run) > len(proper) or _DOES.match(after) or _BY_PERSON.search(before)) and not ambiguous:
        return _taken(run, GUESSED)
    unknown = len(proper) in (2, 3) and not any(word.upper for word in proper) and not ambiguous
    if unknown and (_DOES.match(after) or re.match(r"[,;(]? ?[(<]?[\w.+-]{1,40}@|\n[0-9]", after) or _alone_on_line(text, run)):
        return _taken(run, GUESSED)
    return []


def _alone_on_line(text: str, run: list[Latin]) -> bool:
    """A line of its own above a number: name, then house number or phone."""
    line_start = text[:run[0].start].rsplit("\n", 1)[-1].strip() == ""
    return line_start and bool(re.match(r"\n[^\n]*[0-9]", text[run[-1].end:run[-1].end + 60]))


def _starts_label(after: str) -> bool:
    return bool(re.match(r"\s?[:=]", after))


def _taken(run: list[Latin], rank: int, titled: bool = False) -> list[Span]:
    """The run as a name: at most five words, up to a word of a company."""
    kept = run[:PARTS_AT_MOST]
    while kept and kept[-1].text in PARTICLES:
        kept = kept[:-1]
    if not kept or (not titled and len(kept) == 1 and kept[0].end - kept[0].start == 1):
        return []
    return [Span(kept[0].start, kept[-1].end, "person_name", rank)]


def _is_company(text: str, words: list[Latin], run: list[Latin], begin: int, end: int) -> bool:
    """Whether the run holds or is followed by a word of companies and places, or is joined with "&"."""
    if any(word.text in COMPANY and not _person_like(run, word) for word in run):
        return True
    around = text[max(0, run[0].start - 3):run[0].start], text[run[-1].end:run[-1].end + 3]
    if around[0].endswith("& ") or around[1].startswith(" &"):
        return True
    following = words[end] if end < len(words) else None
    return following is not None and following.capital and text[words[end - 1].end:following.start] in (" ", ", ") and (
        following.text in COMPANY and following.text not in AMBIGUOUS)


def _person_like(run: list[Latin], word: Latin) -> bool:
    """A given name before a word that is also a surname: Sarah Park, José Hill."""
    place = run.index(word)
    return place > 0 and _is_surname(word) and _is_given(run[0]) and run[0].text not in AMBIGUOUS and place == len(run) - 1


def _is_given(word: Latin) -> bool:
    return word.text in given_names() or ("-" in word.text and any(part in given_names() for part in word.text.split("-")))


def _is_surname(word: Latin) -> bool:
    return word.text in surnames() or ("-" in word.text and word.text.split("-")[-1] in surnames())


def _known(word: Latin) -> bool:
    return (_is_given(word) or _is_surname(word)) and word.text not in AMBIGUOUS


def _again(text: str, words: list[Latin], found: list[Span]) -> Iterator[Span]:
    """Parts of names that were found stand for the same person elsewhere in the text."""
    parts = {word.text for span in found for word in words
             if span.start <= word.start < span.end and word.end - word.start > 2 and word.text not in AMBIGUOUS | PARTICLES}
    taken = {number for span in found for number in range(span.start, span.end)}
    for place, word in enumerate(words):
        if word.capital and word.text in parts and word.start not in taken and not _is_company(text, words, [word], place, place + 1):
            yield Span(word.start, word.end, "person_name", GUESSED)
