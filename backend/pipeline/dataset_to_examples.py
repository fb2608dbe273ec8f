"""Dataset to examples: read the file, set rows aside, render each row to tokens with the model's template."""

from pathlib import Path
from typing import Any

import msgspec
import numpy
from safetensors.numpy import save_file

from backend.config.jobs import TrainJob
from backend.data.dataset import Row, rows_to_train
from backend.data.readers import read_dataset
from backend.data.render import ChatTemplate, Example
from backend.data.split import shared_questions, split_rows
from backend.models.inspect import check_model
from backend.models.tokenizer import load_tokenizer
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.report import Report
from backend.runs.atomic import staged_folder
from backend.runs.manifests import read_manifest, sha256_of, write_manifest
from backend.runs.run import Run

EXAMPLES_FILE = "examples.safetensors"
PROGRESS_ROWS = 50
LOGGED_ROWS = 10


def make_examples(job: TrainJob, report: Report) -> dict[str, Any]:
    """Writes run/dataset/: train.jsonl, held_out.jsonl, examples.safetensors and the manifest; returns its facts.

    Row i of a split is tokens[offsets[i]:offsets[i+1]] (int32) with trained (uint8) beside it, and line i of
    its .jsonl. A resumed run keeps what is there. Raises TanrenError of kinds bad_dataset, model_missing, model_unsafe.
    """
    run = Run(Path(job.run))
    made = read_manifest(run.dataset)
    if job.resume and made is not None:
        return made.facts
    model, config = Path(job.model), job.config
    check_model(model)

    report.phase("reading_data")
    data = read_dataset(Path(job.data))
    rows = rows_to_train(data)
    _tell_unusable(Path(job.data), len(data.rows), len(rows), report)
    report.progress(len(data.rows), len(data.rows), "rows")
    if job.held_out:
        held_data = read_dataset(Path(job.held_out))
        train, held_out = rows, rows_to_train(held_data)
        _tell_unusable(Path(job.held_out), len(held_data.rows), len(held_out), report)
    else:
        train, held_out = split_rows(rows, config.held_out_fraction, config.seed)
    shared = shared_questions(train, held_out)
    if shared:
        named = _named(shared)
        report.log(Text(f"{len(shared)} held-out rows ask what is also trained on: rows {named}",
                        f"評価用の {len(shared)} 件は、学習する質問と同じです（{named} 件目）"), "warning")

    report.phase("rendering")
    template = ChatTemplate(load_tokenizer(model), model)
    total = len(train) + len(held_out)
    rendered_train = _rendered(template, train, config.max_length, report, 0, total)
    rendered_held_out = _rendered(template, held_out, config.max_length, report, len(train), total)
    if not rendered_train.examples:
        raise rendered_train.refusal or TanrenError(
            "data_nothing_to_train", path=job.data, max_length=config.max_length)

    facts = {
        "format": data.format,
        "encoding": data.encoding,
        "source_sha256": sha256_of(Path(job.data)),
        "rows": len(data.rows),
        "left_out": len(data.rows) - len(rows),
        "train": rendered_train.facts(),
        "held_out": rendered_held_out.facts(),
        "shared_questions": len(shared),
        "held_out_fraction": 0.0 if job.held_out else config.held_out_fraction,
        "seed": config.seed,
        "max_length": config.max_length,
        "stop_id": template.stop_id,
    }
    sources = {"data": job.data, "model": job.model}
    if job.held_out:
        sources["held_out"] = job.held_out
        facts["held_out_sha256"] = sha256_of(Path(job.held_out))
    with staged_folder(run.dataset) as folder:
        _write_rows(folder / "train.jsonl", rendered_train.rows)
        _write_rows(folder / "held_out.jsonl", rendered_held_out.rows)
        save_file({**_arrays("train", rendered_train.examples), **_arrays("held_out", rendered_held_out.examples)},
                  folder / EXAMPLES_FILE)
        write_manifest(folder, "dataset", sources, facts)
    report.artifact("dataset", run.dataset)
    return facts


class _Rendered(msgspec.Struct):
    """The rows of one split that became examples, and what became of the others."""

    rows: list[Row]
    examples: list[Example]
    truncated: int = 0
    dropped: list[int] = []
    refused: list[int] = []
    refusal: TanrenError | None = None

    def facts(self) -> dict[str, Any]:
        """Counts for the manifest."""
        return {
            "rows": len(self.rows),
            "tokens": sum(len(example.tokens) for example in self.examples),
            "trained_tokens": sum(sum(example.trained) for example in self.examples),
            "longest": max((len(example.tokens) for example in self.examples), default=0),
            "truncated": self.truncated,
            "dropped_rows": self.dropped,
            "refused_rows": self.refused,
        }


def _rendered(template: ChatTemplate, rows: list[Row], max_length: int, report: Report, before: int,
              total: int) -> _Rendered:
    done = _Rendered(rows=[], examples=[])
    for place, row in enumerate(rows, start=1):
        if place % PROGRESS_ROWS == 0 or place == len(rows):
            report.progress(before + place, total, "rows")
        try:
            example = template.render(row.messages, max_length)
        except TanrenError as error:
            done.refused.append(row.row)
            done.refusal = error
            continue
        if not any(example.trained[1:]):
            done.dropped.append(row.row)
            continue
        done.truncated += example.truncated
        done.rows.append(row)
        done.examples.append(example)
    if done.refusal:
        named = _named(done.refused)
        report.log(Text(
            f"{len(done.refused)} rows are left out: {done.refusal.message('en')} (rows {named})",
            f"{len(done.refused)} 件を除きます: {done.refusal.message('ja')}（{named} 件目）",
        ), "warning")
    if done.dropped:
        named = _named(done.dropped)
        report.log(Text(
            f"{len(done.dropped)} rows are left out: no answer within {max_length} tokens (rows {named})",
            f"{len(done.dropped)} 件を除きます: {max_length} トークン以内に回答がありません（{named} 件目）",
        ), "warning")
    return done


def _tell_unusable(file: Path, rows: int, usable: int, report: Report) -> None:
    if usable < rows:
        report.log(Text(f"{file.name}: {rows - usable} of {rows} rows cannot be used and are left out",
                        f"{file.name}: {rows} 件のうち {rows - usable} 件は使えないため除きます"), "warning")


def _named(rows: list[int]) -> str:
    """The first LOGGED_ROWS row numbers."""
    return ", ".join(str(row) for row in rows[:LOGGED_ROWS]) + (" …" if len(rows) > LOGGED_ROWS else "")


def _write_rows(path: Path, rows: list[Row]) -> None:
    encoder = msgspec.json.Encoder()
    with open(path, "wb") as file:
        for row in rows:
            file.write(encoder.encode({"row": row.row, "messages": row.messages}) + b"\n")


def _arrays(split: str, examples: list[Example]) -> dict[str, numpy.ndarray[Any, Any]]:
    lengths = [len(example.tokens) for example in examples]
    return {
        f"{split}_tokens": numpy.array([token for example in examples for token in example.tokens], dtype=numpy.int32),
        f"{split}_trained": numpy.array([mark for example in examples for mark in example.trained], dtype=numpy.uint8),
        f"{split}_offsets": numpy.concatenate([[0], numpy.cumsum(lengths)]).astype(numpy.int64),
    }
