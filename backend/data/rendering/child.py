"""The process that runs a chat template: a model maker's program, kept within limits of time and memory.

Frames go both ways, each a length (8 bytes, big endian) and JSON. First comes {"template", "tools_template",
"special", "limits"}, answered by {"ready": true}; then lists of requests [messages, tools, wants_prompt, wants_marks],
each request answered by one frame {"text", "marks"} or {"failed": reason, "memory": bool} as soon as it is rendered.
"""

import json
import os
import sys
import threading
import time
from typing import Any

PARENT_CHECK_SECONDS = 1.0
LONGEST_CHARACTERS = 64 * 2**20


def main(parent: int) -> int:
    """Answers until stdin ends."""
    wire_in, wire_out = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True, name="parent").start()
    from transformers.utils.chat_template_utils import render_jinja_template

    opening = _read(wire_in)
    if opening is None:
        return 0
    limits = opening["limits"]
    _limit_memory(limits["memory_mib"])
    _write(wire_out, {"ready": True})
    while (requests := _read(wire_in)) is not None:
        for request in requests:
            _limit_time(limits["cpu_seconds"])
            _write(wire_out, _answer(opening, request, render_jinja_template))
    return 0


def _answer(opening: dict[str, Any], request: list[Any], render: Any) -> dict[str, Any]:
    messages, tools, wants_prompt, wants_marks = request
    # as tokenizer.apply_chat_template does it
    messages = [{name: value for name, value in message.items() if value is not None} for message in messages]
    try:
        texts, marks = render(
            conversations=[messages], tools=tools, documents=None, return_assistant_tokens_mask=wants_marks,
            chat_template=opening["tools_template" if tools is not None else "template"],
            continue_final_message=False, add_generation_prompt=wants_prompt, **opening["special"])
    except MemoryError:
        return {"failed": "MemoryError", "memory": True}
    except Exception as error:  # a template is a program: it can raise anything
        return {"failed": f"{type(error).__name__}: {error}"[:2000], "memory": False}
    if len(texts[0]) > LONGEST_CHARACTERS:
        return {"failed": f"{len(texts[0])} characters", "memory": True}
    return {"text": texts[0], "marks": marks[0] if wants_marks else []}


def _read(wire: int) -> Any:
    """The next frame; None when the parent has closed its end."""
    head = _exactly(wire, 8)
    body = _exactly(wire, int.from_bytes(head, "big")) if head else None
    return json.loads(body) if body is not None else None


def _exactly(wire: int, count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = os.read(wire, min(count - len(parts), 2**20))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _write(wire: int, value: dict[str, Any]) -> None:
    body = json.dumps(value).encode("ascii")
    frame = memoryview(len(body).to_bytes(8, "big") + body)
    while frame:
        frame = frame[os.write(wire, frame) :]


def _limit_memory(mib: int) -> None:
    """No more than `mib` beyond what the process has mapped now; no files and no core dumps. POSIX only."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/statm") as file:
            mapped = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:  # not Linux
        mapped = 2**30
    resource.setrlimit(resource.RLIMIT_AS, (mapped + mib * 2**20, mapped + mib * 2**20))


def _limit_time(seconds: int) -> None:
    """The kernel ends this process when it computes for `seconds` more. POSIX only."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


def _end_with_parent(parent: int) -> None:
    """A template that computes does not see its parent go: this thread does."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
