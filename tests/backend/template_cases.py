"""Real chat templates with a tokenizer made on the spot for each, and dialogues with a unique text per turn."""

import re
from pathlib import Path
from typing import Any

from tokenizers import AddedToken
from transformers import PreTrainedTokenizerFast

from backend.data.dataset import Message
from tests.tiny_models import make_tokenizer

# what looks like a marker: <|im_end|>, <｜User｜>, <end_of_turn>, [INST], <turn|>, [e~[
MARK = re.compile(r"</?[|｜]?[\w/▁:.\-]+[|｜]?>|\[/?[A-Z_]{3,}\]|<[|｜][^<>\n'\"{}]{1,40}[|｜]>|\]~!?b[\[\]]|\[e~\[")


def tokenizer_for(folder: Path, source: str) -> Any:
    """A tokenizer that keeps each marker of the template as one special token, as the real one does."""
    make_tokenizer(folder)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    marks = sorted(set(MARK.findall(source)) | {"<s>", "</s>"})
    tokenizer.add_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks], special_tokens=True)
    tokenizer.bos_token, tokenizer.eos_token = "<s>", "</s>"
    tokenizer.chat_template = source
    return tokenizer


TOOLS: list[dict[str, Any]] = [{"type": "function", "function": {
    "name": "find_weather", "description": "天気を調べます <b>now</b>", "parameters": {
        "type": "object",
        "properties": {"place": {"type": "string", "description": "City"}, "days": {"type": "integer",
                                                                                   "description": "Days"}},
        "required": ["place"]}}}]


def said(role: str, content: str, **more: Any) -> Message:
    """One turn."""
    return {"role": role, "content": content, **more}


def call(place: str, days: int) -> Message:
    """A turn that calls the tool."""
    return said("assistant", "", tool_calls=[{"type": "function", "function": {
        "name": "find_weather", "arguments": {"place": place, "days": days}}}])


PLAIN = [said("user", "How tall is 東京タワー?"), said("assistant", "About 333 metres.\nMore or less.")]
SEVERAL = [*PLAIN, said("user", "いつ届きますか。"), said("assistant", "商品は🎉👨‍👩‍👧届きます。"),
           said("user", "Thanks 3 times"), said("assistant", "どういたしまして 9.")]
SYSTEM = [said("system", "Answer kindly 簡潔に。"), *SEVERAL]
CALLING = [said("user", "Weather in Osaka?"), call("大阪 \"Umeda\"", 17), said("tool", "{\"sky\": \"sunny 21\"}"),
           said("assistant", "It is sunny there."), said("user", "And Kobe?"), call("Kobe", 29),
           said("tool", "rain all day"), said("assistant", "It rains 神戸.")]
REASONING = [said("user", "What is 6 x 7?"),
             said("assistant", "Forty-two it is.", reasoning_content="Six sevens make\nthat number."),
             said("user", "And 8 x 9?"),
             said("assistant", "Seventy-two then.", reasoning_content="Eight nines しちじゅうに.")]
CASES: dict[str, tuple[list[Message], list[dict[str, Any]] | None]] = {
    "plain": (PLAIN, None), "multi-turn": (SEVERAL, None), "system": (SYSTEM, None), "tools": (CALLING, TOOLS),
    "reasoning": (REASONING, None),
}
