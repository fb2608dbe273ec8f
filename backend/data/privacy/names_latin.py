"""Names in Latin letters: after titles, greetings and field names; with a known given name; before what people do."""

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from backend.data.privacy.births import BESIDE_DATE, RECORD, is_before_letters
from backend.data.privacy.english_words import (
    AMBIGUOUS,
    BRANDS,
    COMPANY,
    NO_NAME,
    PARTICLES,
    PERSON_VERBS,
    PLACES,
    SURNAMES_TOO,
    TITLES,
)
from backend.data.privacy.hit import CUED, GUESSED, SHAPED, Span
from backend.data.privacy.name_lists import given_names, surnames

_LETTER = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_WORD = re.compile(rf"[{_LETTER}]+(?:['-][{_LETTER}]+)*")
_STRONG_CUE = re.compile(
    r"(?:\bmy name(?:'s| is)|\bname(?:d)?(?: (?:is|was))?|\bcontact(?: person)?|\bpatient|\battn\.?"
    r"|\battention|\bfrom|\bto|\bcc|\bsigned(?: by)?|\bholder|"
    r"\bbeneficiary|\bcalled|\bclient|\bplaintiff|\bdefendant|\bwitness|\bapplicant|\bborrower|\btenant"
    r"|\blandlord|\bemployee|\bphysician|\bsupervisor|"
    r"\bmanager|\bship to|\bbill to|\bissued to|\baccount holder|\bdeliver(?:ed)? to|\bname on card"
    r"|\bstatement of|\bestate of|\bon behalf of|"
    r"氏名|お?名前|フリガナ|担当者?|名義人?|受取人|患者)(?:[ \t]?[:：,\n][ \t]*|[ \t]+|[はが、(（])$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:\b(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))|\b(?:I'm|I am|this is|it's|name is"
    r"|speaking with|spoke to|ask|tell|thank you|thanks),?)[ ]$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:\b(?:regards|sincerely|thanks|thank you|cheers|best|best wishes|yours(?: truly| faithfully"
    r"| sincerely)?|respectfully|love|cordially|warmly),?[ \t]*\n\s*)$",
    re.IGNORECASE,
)
_NAME_IS = re.compile(
    r"\b(?:(?:my|his|her|their|full|first|last|family|maiden|sur|second|middle) ?names?(?: is|'s|\?|:| was)"
    r"|(?:user|caller|customer|agent|speaker|author|writer|director|billing address|shipping address):)\s+$",
    re.IGNORECASE,
)
_CALLED = re.compile(r", (?:can|could|would|will|please|thanks|thank you|do|did|have|are|is|when|what|where|how|let)\b")
_AND_BEFORE = re.compile(r"(?:,? and |,? or |, |; )$")
_AND_AFTER = re.compile(r"(?:,? and |,? or |, |; )")
_STILL = re.compile(r" (?:still|available|there|coming|around|free|off|on duty)\b")
_TITLE = re.compile(r"\b(?:" + "|".join(sorted(TITLES)) + r")\.? $", re.IGNORECASE)
_SIGN_AFTER = re.compile(r"[ \t]*(?:\n|$|\()")
_DOES = re.compile(
    rf"(?:,? (?:{PERSON_VERBS})\b|'s (?!the\b)|,? (?:born|aged)\b|[,(] ?(?:born|aged|age|[A-Za-z]{{2,}}@))"
)
_ACTS = re.compile(rf" (?:{PERSON_VERBS})\b")
_BY_PERSON = re.compile(
    r"\b(?:hired|asked?|call(?:ed)?|met|told|tell|with|by|between|and|to|contact(?:ed)?|reach|ring|invited"
    r"|thank(?:ed)?|spoke to|spoken to|spoke with|according to|"
    r"paged?|see|saw|send|sent|email(?:ed)?|for|that|as|is|client|plaintiff|defendant|nurse|of)[, ] ?$",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|into|visit(?:ed|ing)?|around|across|throughout|city of|left|outside)[ ]$", re.IGNORECASE
)
_HONORIFIC_AFTER = re.compile(r"[ ]?(?:さん|様|さま|氏|君|先生|殿|くん|ちゃん|と申|といいます|の)")
_ROMAJI = re.compile(
    r"(?:(?:[kgszjtdnhbpmrwyf]|sh|ch|ts|ky|gy|ny|hy|by|py|my|ry|dz|j|kk|tt|ss|pp|cch|tch|ssh|mm|mb"
    r"|mp)?(?:[aiueo]|oh|ō|ū)|n(?![aiueoy]))+"
)
_ROMAJI_GIVEN = re.compile(
    r"[a-z]{2,}(?:ko|hiko|suke|taro|shiro|jiro|hiro|aki|yuki|ichi|kazu|masa|nori|toshi|[aeiou]mi)"
)
"""Endings of Japanese given names; the lists hold the frequent ones only."""
_SURNAME_FORM = re.compile(
    r"(?:O'|Mc|Mac|Fitz|D'|De|Di|Van|Al-|El-|Ben-)[A-Z][a-z]{2,}|[A-Z][a-zà-ɏ]{2,}(?:ova|eva|ovic|ević|ović"
    r"|sson|sdottir|dóttir|owski|ewski|owska|enko|chuk|opoulos|shvili"
    r"|adze|ainen|murthy|swamy|escu|ides|akis|oğlu|oglu|zadeh|yan|quist|qvist|strom|ström|gaard|worth|cott"
    r"|bayo|okoye|nkwo)"
)
"""Forms of surnames of many countries; the lists hold the frequent ones only."""
PARTS_AT_MOST = 5


class Latin(NamedTuple):
    """A word in Latin letters; `text` in lower case, `capital`: it is written like a name."""

    start: int
    end: int
    text: str
    raw: str
    capital: bool
    upper: bool


def names_latin(text: str) -> Iterator[Span]:
    """Names of people in Latin letters, in texts of every language."""
    words = [_latin(match) for match in _WORD.finditer(text)]
    found: list[Span] = []
    for begin, end in _runs(text, words):
        found += _names_in(text, words, begin, end)
    found += _listed(text, words)
    found += _records(text, words)
    found += _beside(text, words, found)
    yield from found
    yield from _again(text, words, found)


def _records(text: str, words: list[Latin]) -> Iterator[Span]:
    """Two to four capitalised words in front of a date of birth and a number: a line of a list of people."""
    for match in RECORD.finditer(text):
        who = [word for word in words if match.start("who") <= word.start < match.end("who")]
        if (
            2 <= len(who) <= 4
            and all(word.capital or word.text in PARTICLES for word in who)
            and is_before_letters(match["value"])
            and not (any(word.text in NO_NAME or word.text in COMPANY - SURNAMES_TOO for word in who))
        ):
            yield Span(who[0].start, who[-1].end, "person_name", GUESSED)


def _listed(text: str, words: list[Latin]) -> Iterator[Span]:
    """Surname first: Okafor, Chidinma."""
    for family, given in itertools.pairwise(words):
        if (
            not (family.capital and given.capital and text[family.end : given.start] == ", ")
            or family.text in NO_NAME | COMPANY | TITLES
            or (given.text in NO_NAME | COMPANY)
        ):
            continue
        beside_date = BESIDE_DATE.match(text, given.end)
        alone = not text[: family.start].rsplit("\n", 1)[-1].strip() and re.match(
            r"[ ]*(?:[(;\n|]|$|[A-Z]\.)", text[given.end : given.end + 4]
        )
        likely = _is_surname(family) or (_is_given(given) and not _is_given(family))
        if likely and (
            beside_date or (alone and (_is_given(given) or _is_joined_pair(given)) and given.text not in AMBIGUOUS)
        ):
            yield Span(family.start, given.end, "person_name", SHAPED)


def _beside(text: str, words: list[Latin], found: list[Span]) -> list[Span]:
    """Capitalised words listed with names that were found: "Lars MacLeod, Tamsin Mensah", "John and Tamsin"."""
    starts, ends = {span.start: span for span in found}, {span.end: span for span in found}
    new: list[Span] = []
    runs = list(_runs(text, words))
    for begin, end in [*runs, *reversed(runs)]:
        run = words[begin:end]
        start, finish = run[0].start, run[-1].end
        if (
            start in starts
            or len(run) > 4
            or _is_company(text, words, run, begin, end)
            or any(word.upper for word in run)
        ):
            continue
        before, after = _AND_BEFORE.search(text[max(0, start - 6) : start]), _AND_AFTER.match(text, finish)
        other = ends.get(start - len(before[0])) if before else None
        other = other or (starts.get(after.end()) if after else None)
        if other is None:
            continue
        parts = len(text[other.start : other.end].split())
        commas = "," in text[min(finish, other.end) : max(start, other.start)]
        if (parts >= 2 and len(run) >= 2) or (parts == 1 and len(run) == 1 and not commas):
            span = Span(start, finish, "person_name", GUESSED)
            starts[start], ends[finish] = span, span
            new.append(span)
    return new


def _latin(match: re.Match[str]) -> Latin:
    word = match[0]
    end = match.end() - 2 if word.endswith(("'s", "'S")) else match.end()
    word = word[: end - match.start()]
    capital = word[0].isupper() and (len(word) == 1 or any(char.islower() for char in word) or len(word) >= 2)
    return Latin(match.start(), end, word.casefold(), word, capital, word.isupper() and len(word) > 1)


def _runs(text: str, words: list[Latin]) -> Iterator[tuple[int, int]]:
    """Capitalised words one after another: blanks, or the full stop of an initial, between them; particles inside."""
    place = 0
    while place < len(words):
        if not _may_be_name(words[place]) or (
            _is_letter(words[place]) and text[words[place].end : words[place].end + 1] != "."
        ):
            place += 1
            continue
        end = place + 1
        while end < len(words) and end - place < 8:
            between = text[words[end - 1].end : words[end].start]
            initial = words[end - 1].end - words[end - 1].start == 1
            if between != " " and not (initial and between in (". ", ".")):
                break
            if (
                _may_be_name(words[end])
                or _is_letter(words[end])
                or (
                    words[end].text in PARTICLES
                    and end + 1 < len(words)
                    and text[words[end].end : words[end + 1].start] == " "
                    and (_may_be_name(words[end + 1]) or words[end + 1].text in PARTICLES)
                )
            ):
                end += 1
            else:
                break
        while end - 1 > place and (words[end - 1].text in PARTICLES or _is_letter(words[end - 1])):
            end -= 1
        yield place, end
        place = end


def _may_be_name(word: Latin) -> bool:
    return word.capital and (word.text not in NO_NAME or (word.text in given_names() and word.text in AMBIGUOUS))


def _is_letter(word: Latin) -> bool:
    """An initial, or the article."""
    return word.capital and word.end - word.start == 1


def _names_in(text: str, words: list[Latin], begin: int, end: int) -> list[Span]:
    run = words[begin:end]
    while run and run[0].text in TITLES and run[0].text not in given_names():
        run = run[1:]
    if not run:
        return []
    start, finish = run[0].start, run[-1].end
    before, after = text[max(0, start - 32) : start], text[finish : finish + 24]
    if (
        _TITLE.search(before)
        and run[0].text not in NO_NAME
        and not any(word.text in COMPANY - SURNAMES_TOO for word in run)
    ):
        return _taken(run, SHAPED, titled=True)
    if _is_company(text, words, run, begin, end, bool(_STRONG_CUE.search(before))):
        return []
    if _STRONG_CUE.search(before) and (
        len(run) >= 2 or _known(run[0]) or (re.search(r"[:：]\s*$", before) and _SIGN_AFTER.match(after))
    ):
        if re.search(
            r"(?<!issued )(?<!statement )(?<!estate )(?<!behalf )(?<!ship )(?<!deliver )(?<!delivered )"
            r"\b(?:to|from|called|of)[ \t]+$",
            before,
        ) and not any(_known(word) for word in run):
            return []
        return _taken(run, CUED)
    said = _NAME_IS.search(before)
    if said and len(run) <= 4 and (not said[0].rstrip().endswith(":") or (len(run) >= 2 and _SIGN_AFTER.match(after))):
        return _taken(run, CUED)
    if not before.strip() and len(run) == 1 and _CALLED.match(after):
        return _taken(run, GUESSED)
    if _CLOSING.search(before) and _SIGN_AFTER.match(after):
        return _taken(run, CUED)
    if (
        _GREETING.search(before)
        and len(run) <= 3
        and (
            len(run) > 1
            or _known(run[0])
            or re.match(r"\s*[,!:\n.]| (?:to|whether|if|that|about|and|for|when|from)\b", after)
        )
    ):
        return _taken(run, SHAPED)
    if _HONORIFIC_AFTER.match(after) and (any(_known(word) for word in run) or re.match(r"[ ]?(?:さん|様|氏)", after)):
        return _taken(run, SHAPED)
    small = {word.text for word in words if not word.capital}
    if any(
        word.text in small
        and not _is_letter(word)
        and word.text not in PARTICLES
        and not (_is_given(word) and word.text not in AMBIGUOUS)
        for word in run
    ):
        return []  # written small elsewhere: a common word
    if len(run) > 2 and not _known(run[0]) and _is_given(run[1]) and not before.strip(" \n\"'"):
        run = run[1:]
    return _by_lists(text, run, before, after)


def _by_lists(text: str, run: list[Latin], before: str, after: str) -> list[Span]:
    """By what the lists know of the words and what stands around them."""
    proper = [word for word in run if word.end - word.start > 1 and word.text not in PARTICLES]
    if not proper or len(run) > PARTS_AT_MOST:
        return []
    first, last = proper[0], proper[-1]
    if len(proper) == 1 and len(run) == 1:
        alone = (
            _is_given(first)
            and first.text not in AMBIGUOUS | PLACES
            and not first.upper
            and not _PLACE_BEFORE.search(before)
        )
        acts = bool(_ACTS.match(after)) and first.text not in PLACES
        does = acts and (
            (_is_given(first) and (before.strip() != "" or first.text not in AMBIGUOUS))
            or (_is_surname(first) and first.text not in AMBIGUOUS)
            or _is_joined_pair(first)
        )
        return _taken(run, GUESSED) if (alone or does) and not _starts_label(after) else []
    ambiguous = first.text in AMBIGUOUS
    if len(proper) > 1 and _is_joined_pair(first) and _family_like(last):
        return _taken(run, GUESSED)
    if first.text in PLACES and (last.text in AMBIGUOUS or not _is_surname(last)):
        return []
    sentence_start = not before.strip() or before.rstrip()[-1:] in (".", "!", "?", "\n")
    given, family = _is_given(first), _is_surname(last) and len(proper) > 1
    if len(proper) > 1 and any(_is_letter(word) for word in run[1:-1]) and not first.upper:  # Wei A. Young
        return _taken(run, SHAPED)
    if (
        len(proper) > 1
        and (_DOES.match(after) or _BY_PERSON.search(before))
        and (given or family or _is_joined_pair(first))
    ):
        return _taken(run, GUESSED)
    if (
        given
        and (not ambiguous or (family and not (sentence_start and last.text in AMBIGUOUS)))
        and not (last.text in AMBIGUOUS and ambiguous and sentence_start)
    ):
        return _taken(run, GUESSED)
    if len(proper) > 1 and (_is_surname(first) and _is_given(last) and last.text not in AMBIGUOUS):
        return _taken(run, GUESSED)
    if (
        len(proper) > 1
        and all(_ROMAJI.fullmatch(word.text) and len(word.text) >= 3 for word in proper)
        and (_is_given(last) or _is_given(first) or _is_surname(last) or _is_surname(first))
    ):
        return _taken(run, GUESSED)
    if (
        len(proper) > 1
        and family
        and (len(run) > len(proper) or _DOES.match(after) or _BY_PERSON.search(before))
        and not ambiguous
    ):
        return _taken(run, GUESSED)
    unknown = len(proper) in (2, 3) and not any(word.upper for word in proper) and not ambiguous
    if unknown and (
        _DOES.match(after)
        or re.match(r"[,;(]? ?[(<]?[\w.+-]{1,40}@|\n[0-9]|: ?[+(]?[0-9][0-9() .-]{5}", after)
        or (
            _alone_on_line(text, run)
            or (re.search(r"\b(?:is|was|are|has|does|did) $", before, re.IGNORECASE) and _STILL.match(after))
        )
    ):
        return _taken(run, GUESSED)
    return []


def _family_like(word: Latin) -> bool:
    """Whether a word can end a name: a known surname, or unknown and no word of companies and common things."""
    return _is_surname(word) or word.text not in AMBIGUOUS | COMPANY | NO_NAME


def _is_joined_pair(word: Latin) -> bool:
    """A given name of two short parts: Soo-Jin, Mei-Ling."""
    return bool(re.fullmatch(r"[A-Z][a-z]{1,5}-[A-Z][a-z]{1,5}", word.raw)) and not (
        any(part in NO_NAME or part in COMPANY for part in word.text.split("-"))
        or all(part in AMBIGUOUS for part in word.text.split("-"))
    )


def _alone_on_line(text: str, run: list[Latin]) -> bool:
    """A line of its own, a number or an e-mail address in one of the next lines: a name above its address."""
    line_start = text[: run[0].start].rsplit("\n", 1)[-1].strip(" >*-\t") == ""
    return line_start and bool(
        re.match(r"[ ,]*(?:\n[^\n0-9@]{0,60}){1,3}[0-9@]", text[run[-1].end : run[-1].end + 200])
    )


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


def _is_company(text: str, words: list[Latin], run: list[Latin], begin: int, end: int, cued: bool = False) -> bool:
    """Whether the run holds or is followed by a word of companies and places, or is joined with "&"."""
    if " ".join(word.text for word in run) in BRANDS:
        return True
    if any(
        word.text in COMPANY and not (word.text in SURNAMES_TOO and (cued or _person_like(run, word))) for word in run
    ):
        return True
    around = text[max(0, run[0].start - 3) : run[0].start], text[run[-1].end : run[-1].end + 3]
    if around[0].endswith("& ") or around[1].startswith(" &"):
        return True
    for place in range(end, min(end + 3, len(words))):
        following = words[place]
        if not following.capital or text[words[place - 1].end : following.start] not in (" ", ", "):
            return False
        if following.text in COMPANY and following.text not in AMBIGUOUS:
            return True
    return False


def _person_like(run: list[Latin], word: Latin) -> bool:
    """A given name or an initial before a word that is also a surname: Sarah Park, A. Hill."""
    place = run.index(word)
    return (
        place == len(run) - 1
        and place > 0
        and (_is_given(run[0]) or any(_is_letter(before) for before in run[:place]) or _is_joined_pair(run[0]))
    )


def _is_given(word: Latin) -> bool:
    if word.text in given_names() or (_ROMAJI_GIVEN.fullmatch(word.text) and _ROMAJI.fullmatch(word.text)):
        return True
    return _is_joined_pair(word) and all(part in given_names() for part in word.text.split("-"))


def _is_surname(word: Latin) -> bool:
    return (
        word.text in surnames()
        or bool(_SURNAME_FORM.fullmatch(word.raw))
        or ("-" in word.text and word.text.split("-")[-1] in surnames())
    )


def _known(word: Latin) -> bool:
    return (_is_given(word) or _is_surname(word)) and word.text not in AMBIGUOUS


def _again(text: str, words: list[Latin], found: list[Span]) -> Iterator[Span]:
    """Parts of names that were found stand for the same person elsewhere in the text."""
    parts = {
        word.text
        for span in found
        for word in words
        if span.start <= word.start < span.end and word.end - word.start > 2 and word.text not in PARTICLES
    }
    taken = {number for span in found for number in range(span.start, span.end)}
    for place, word in enumerate(words):
        if (
            word.capital
            and word.text in parts
            and word.start not in taken
            and not (_is_company(text, words, [word], place, place + 1))
            and (word.text not in AMBIGUOUS | PLACES or (word.text in AMBIGUOUS and _ACTS.match(text, word.end)))
        ):
            yield Span(word.start, word.end, "person_name", GUESSED)
