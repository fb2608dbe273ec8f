"""Imported datasets as the window finds them, filled without the engine."""

import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from backend.config.reading import Reading
from backend.data.dataset import Row
from backend.data.dataset_folder import ABOUT, About, SourceFile, new_dataset_folder, write_lineage
from backend.data.store import Store
from backend.protocol.languages import Text
from backend.runs.manifests import sha256_of

AS_FOUND = Reading()


def dialogue(number: int, question: str, answer: str, **fields: object) -> Row:
    """A row of one question and one answer."""
    return msgspec.structs.replace(Row(row=number, messages=[
        {"role": "user", "content": question}, {"role": "assistant", "content": answer}],
        source=f"line {number}"), **fields)


def make_dataset(home: Path, rows: Iterable[tuple[Row, Iterable[str]]], source: Path | None = None, *,
                 name: str = "rows", reading: Reading = AS_FOUND, across: dict[str, list[int]] | None = None,
                 tokens: dict[int, int] | None = None) -> Path:
    """A dataset of these rows with the checks that each of them met, as if `source` had been imported."""
    source = source or home / f"{name}.jsonl"
    if not source.exists():
        source.write_text('{"prompt": "a", "completion": "b"}\n', encoding="utf-8")
    folder = new_dataset_folder(home, name)
    folder.mkdir()
    with Store.create(folder) as store:
        count = store.add(rows)
        about = About(name=name, created=time.time(), asked=[str(source)], reading=reading, sources=[SourceFile(
            path=str(source), bytes=source.stat().st_size, sha256=sha256_of(source), kind="jsonl", encoding="utf-8",
            kind_reason=Text("each line is JSON", "各行が JSON です"), format="prompt_completion",
            format_reason=Text("columns prompt and completion", "列 prompt と completion"),
            mapping={"question": "prompt", "answer": "completion"}, columns=["prompt", "completion"], first_row=1,
            rows=count)])
        store.set_info(ABOUT, msgspec.to_builtins(about))
        if across:
            store.note_findings("across", across)
        if tokens:
            store.note_tokens(tokens.items())
        write_lineage(store, "counted")
    return folder
