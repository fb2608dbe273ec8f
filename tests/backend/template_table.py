"""docs/templates.md, made from what the code does with real templates: python -m tests.backend.template_table"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from backend.data.render import ChatTemplate
from backend.data.rendering.proof import DIFFERENCE, GENERATION, PREFIX, Skeleton
from backend.export.converter_pack import PACKAGE, templates_folder
from backend.launch import REPOSITORY
from backend.protocol.errors import TanrenError
from tests.backend.template_cases import CASES, REASONING, tokenizer_for
from tests.tiny_models import CHATML_TEMPLATE

DOCUMENT = REPOSITORY / "docs" / "templates.md"
# tool_use templates of tokenizers that have another one as the default
TOOLS_ONLY = ("CohereForAI-c4ai-command-r-plus-tool_use", "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use",
              "NousResearch-Hermes-3-Llama-3.1-8B-tool_use")
WORDS = {GENERATION: "generation", PREFIX: "prefix", DIFFERENCE: "difference"}


def template_for(folder: Path, file: Path, case: str) -> ChatTemplate:
    """The template of a file, as the model's own tokenizer has it. Raises TanrenError."""
    source = file.read_text(encoding="utf-8")
    tokenizer = tokenizer_for(folder, source + CHATML_TEMPLATE)
    tokenizer.chat_template = source
    if file.stem in TOOLS_ONLY and case == "tools":
        tokenizer.chat_template = {"default": CHATML_TEMPLATE, "tool_use": source}
    return ChatTemplate(tokenizer)


def row_of(file: Path) -> str:
    """The line of a template in the table."""
    cells = [file.stem]
    reasons: list[str] = []
    templates: dict[bool, ChatTemplate | TanrenError] = {}
    with tempfile.TemporaryDirectory() as folder:
        for case, (messages, tools) in CASES.items():
            if (case == "tools") not in templates:
                templates[case == "tools"] = _opened(Path(folder), file, case)
            template = templates[case == "tools"]
            cells.append(_cell(template, messages, tools, reasons))
    for template in templates.values():
        if isinstance(template, ChatTemplate):
            template.close()
    return "| " + " | ".join([*cells, "; ".join(reasons)]) + " |"


def document(rows: list[str]) -> str:
    """The whole page."""
    counts = "\n".join(_counted(place, case, rows) for place, case in enumerate(CASES, start=2))
    return f"""# Chat templates

Made by `python -m tests.backend.template_table` from the {len(rows)} templates of `{PACKAGE}`
(`vendor/llama.cpp/models/templates`), each with a tokenizer that keeps the template's markers as single tokens;
`tests/backend/test_real_templates.py` checks each line, and by another way that exactly the assistant's turns are
trained. How it works: `backend/data/rendering/`.

An answer is trained from the end of its prompt to its stop token: its text, the tool calls and the reasoning as the
template writes them. Everything else is masked. The proof renders the dialogue with a stand-in for each text:

- **prefix**: the prompt that generation starts from is the exact start of the whole dialogue, so the answer begins
  where it ends.
- **difference**: the prompt is not the exact start (the template drops earlier reasoning, or writes the last turn
  in another way), but behind the last text before the answer both go on alike; the answer begins where they part.
- **generation**: the template itself marks the answers by `{{% generation %}}`, checked against the prompt.

In each case the text between the border and the stop token holds the stand-ins of this one answer, all of them and
no other; and the real text must be, character for character, the proven one with the real values put in. Otherwise
the row is refused, with the reason.

Templates run in a process of their own: 10 seconds of computing, 30 seconds of waiting and 512 MiB for one rendering
(`Limits` in `backend/data/rendering/process.py`). Computing and memory are limited by the kernel on POSIX systems;
on Windows only the waiting is. Tested on Linux, not on Windows or macOS.

Marks: ¹ the prompt opens reasoning that answers without reasoning do not have; ² the reasoning of the dataset is not
written by the template for any turn, or only for the last (³), so what is not written is not trained; ⁴ an answer in
the middle ends with another token than the last one: that token is not trained.

| | generation | prefix | difference | refused |
|---|---|---|---|---|
{counts}

| template | {" | ".join(CASES)} | refused because |
|---|{"---|" * len(CASES)}---|
""" + "\n".join(rows) + "\n"


def _opened(folder: Path, file: Path, case: str) -> ChatTemplate | TanrenError:
    try:
        return template_for(folder, file, case)
    except TanrenError as error:
        return error


def _cell(template: ChatTemplate | TanrenError, messages: list[Any], tools: list[Any] | None, reasons: list[str]
          ) -> str:
    try:
        if isinstance(template, TanrenError):
            raise template
        proof = template.proof(messages, tools)
        texts = [piece.text for piece in template.pieces(messages, tools)]
    except TanrenError as error:
        reason = error.values.get("reason", error.message("en")).replace("|", "\\|")
        if reason not in reasons:
            reasons.append(reason)
        return "refused"
    return WORDS[proof.method] + _marks(proof, messages, "".join(texts))


def _marks(proof: Skeleton, messages: list[Any], text: str) -> str:
    marks = "¹" if proof.opens_reasoning else ""
    if messages is REASONING:
        written = [message["reasoning_content"] in text for message in messages if message["role"] == "assistant"]
        marks += "" if all(written) else "³" if any(written) else "²"
    return marks + ("" if all(span.stops for span in proof.spans) else "⁴")


def _counted(place: int, case: str, rows: list[str]) -> str:
    count = Counter(row.split(" | ")[place - 1].strip("| ").rstrip("¹²³⁴") for row in rows)
    return f"| {case} | {count[GENERATION]} | {count[PREFIX]} | {count[DIFFERENCE]} | {count['refused']} |"


def main() -> int:
    """Writes the page."""
    DOCUMENT.write_text(document([row_of(file) for file in sorted(templates_folder().glob("*.jinja"))]),
                        encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
