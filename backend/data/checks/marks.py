"""The marks by which chat templates of every family tell turns apart: found in texts, and turned into plain text.

A tokenizer turns such a mark into one control token wherever it stands, so a text that quotes it ends a turn.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

# The first character of every mark, and the rest. By line: ChatML, Llama 3 and 4, Qwen, Phi, Granite, harmony, Cohere,
# Kimi, GLM and all others of this form; Gemma 4; DeepSeek (full-width bars); EXAONE; Gemma, MiniMax; Llama 2 and
# Mistral; ChatGLM; T5, Cohere, InternLM, Seed, Nemotron, Baichuan; MiniMax; LLM-jp. Plain words such as <think> and
# <tool_call> are left alone: reasoning and tools are written with them on purpose.
_MARKS = (
    ("<", r"\|[A-Za-z0-9_][\w:.+-]{0,48}\|>"),
    ("<", r"\|(?:[a-z_]{2,24}>|\"\|>)|[a-z_]{2,24}\|>"),
    ("<", r"｜[^｜<>\n]{1,48}｜>"),
    (r"\[", r"\|(?:system|user|assistant|endofturn|tool|bos|eos|pad)\|\]"),
    ("<", r"/?(?:start|end)_of_(?:turn|image)>|(?:beginning|end)_of_sentence>"),
    (r"\[", r"/?(?:INST|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS|TOOL_CONTENT|SYSTEM_PROMPT)\]"),
    ("<", r"</?SYS>>"),
    (r"\[", r"s?gMASK\]"),
    ("<", r"(?<!\?<)(?<!\?P<)(?:bos|eos|pad|unk|sop|eop|eoh|eoa|eod|BOS_TOKEN|EOS_TOKEN|extra_id_\d{1,2}"
          r"|/?seed:[a-z_]{2,24}|SPECIAL_\d{1,3}|TOKENS_UNUSED_\d{1,3}|reserved_\d{1,3})>"),
    (r"\]", r"~!?b(?=[\]\[])"),
    ("<", r"\][a-z ]{3,24}\[>"),
    ("<", r"[A-Za-z/]{2,10}\|LLM-jp>"),
)
_FOUND = re.compile("|".join(f"{first}(?:{rest})" for first, rest in _MARKS))
# The first character alone is taken, because the last of one mark may be the first of the next.
_ANY = re.compile("|".join(f"{first} *(?={rest})" for first, rest in _MARKS))
_ESCAPED = re.compile("|".join(f"{first} +(?={rest})" for first, rest in _MARKS) + "|< +(?=/?s>)")
# <s> also strikes text out in HTML and names things in manuals: it is a mark where a line begins with it, </s> where it
# is not the end of a pair around a part of the text.
_BEGINS = re.compile(r"^\s*<s>", re.MULTILINE)
_STRUCK = re.compile(r"<s>(?=[^<])[^<]{1,400}</s>")
_ENDS = re.compile("< *(?=/?s>)")


def has_marks(text: str) -> bool:
    """Whether the text holds a mark of any family."""
    if "<" not in text and "[" not in text and "]" not in text:
        return False
    return _FOUND.search(text) is not None or ("s>" in text and _has_ends(text))


def without_marks(text: str, marks: Iterable[str] = ()) -> str:
    """The text with a space after the first character of each mark, "< |im_end|>": no family's tokenizer takes that
    for a mark, and no normalisation of width or of invisible characters makes it one again.

    `marks`: further ones, such as those of the model's own template. Marks that are escaped already get one more space,
    so that with_marks brings back exactly what was there.
    """
    text = _ANY.sub(_longer, text)
    if "s>" in text and (_has_ends(text) or _ESCAPED.search(text)):
        text = _ENDS.sub(_longer, text)
    own = _own(tuple(marks))
    return own.sub(_longer, text) if own else text


def with_marks(text: str, marks: Iterable[str] = ()) -> str:
    """What without_marks made its result from."""
    own = _own(tuple(marks), escaped=True)
    if own:
        text = own.sub(_shorter, text)
    return _ESCAPED.sub(_shorter, text)


def _longer(found: re.Match[str]) -> str:
    return found[0] + " "


def _shorter(found: re.Match[str]) -> str:
    return found[0][:-1]


def _has_ends(text: str) -> bool:
    if "<s>" not in text and "</s>" not in text:
        return False
    left = _STRUCK.sub("", text)
    return "</s>" in left or _BEGINS.search(left) is not None or not left.strip()


@lru_cache(maxsize=8)
def _own(marks: tuple[str, ...], escaped: bool = False) -> re.Pattern[str] | None:
    """Those marks that the pattern of all families does not know; one of a single character cannot be broken."""
    wanted = [mark for mark in marks if len(mark.strip()) > 1 and not _FOUND.fullmatch(mark) and mark not in
              ("<s>", "</s>")]
    gap = " +" if escaped else " *"
    parts = [f"{re.escape(mark[0])}{gap}(?={re.escape(mark[1:])})" for mark in wanted]
    return re.compile("|".join(parts)) if parts else None
