"""The measured processes of benchmarks.data: python -m benchmarks._data_child KIND FILE FOLDER; says one JSON object.

Each stretch of time is told as [begin, end] in seconds since 1970, so that the parent can tell which of its samples of
memory belong to it. Loading of libraries, of the tokenizer and of the template is outside.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.config.reading import Reading
from backend.data.import_rows import import_rows
from backend.data.render import ChatTemplate
from backend.data.rendered import rendered
from backend.data.store import Store
from backend.home import starter_model
from backend.models.tokenizer import load_tokenizer
from backend.report import Report


class PhaseTimes(Report):
    """A report that nobody listens to; it notes when each phase began."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, os.open(os.devnull, os.O_WRONLY))
        self.begun: dict[str, float] = {}

    def phase(self, name: str) -> None:
        self.begun[name] = time.time()
        super().phase(name)


def store_rows(file: Path, folder: Path) -> dict[str, Any]:
    """Import of the file into a store, and the checks across all rows."""
    report = PhaseTimes(folder)
    with Store.create(folder) as store:
        import_rows([file], Reading(), "benchmark", store, report)
        end = time.time()
        checking = report.begun["checking_rows"]
        return {"rows": store.count(), "findings": {name: count for name, (count, _) in store.findings().items()},
                "import": [report.begun["reading_data"], checking], "checks": [checking, end]}


def render_rows(file: Path, folder: Path) -> dict[str, Any]:
    """The store's rows as tokens with their masks."""
    template = ChatTemplate(load_tokenizer(starter_model()), starter_model())
    tokens = trained = 0
    with Store.open(folder) as store:
        begun = time.time()
        for _, examples in rendered(template, store.rows(usable=True)):
            for example in examples:  # a refusal is no list: the benchmark ends with its traceback
                tokens += len(example.tokens)
                trained += sum(example.trained)
        return {"tokens": tokens, "trained": trained, "render": [begun, time.time()]}


def map_rows(file: Path, folder: Path) -> dict[str, Any]:
    """The same file and template by datasets: load_dataset, then map in batches."""
    import datasets
    import pyarrow.compute

    tokenizer = load_tokenizer(starter_model())

    def render(batch: dict[str, Any]) -> dict[str, Any]:
        ids = tokenizer.apply_chat_template(batch["messages"], tokenize=True, return_dict=True)["input_ids"]
        return {"input_ids": ids}

    begun = time.time()
    loaded = datasets.load_dataset("json", data_files=str(file), split="train", cache_dir=str(folder))
    between = time.time()
    mapped = loaded.map(render, batched=True, remove_columns=loaded.column_names)
    end = time.time()
    lengths = pyarrow.compute.list_value_length(mapped.data.column("input_ids"))
    return {"rows": len(mapped), "tokens": pyarrow.compute.sum(lengths).as_py(), "load": [begun, between],
            "map": [between, end]}


KINDS: dict[str, Callable[[Path, Path], dict[str, Any]]] = {
    "store": store_rows, "render": render_rows, "datasets": map_rows}

if __name__ == "__main__":
    kind, source, place = sys.argv[1:]
    print(json.dumps(KINDS[kind](Path(source), Path(place))))
