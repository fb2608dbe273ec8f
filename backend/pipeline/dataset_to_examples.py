"""Dataset to examples: open the rows, set rows aside, render each row to tokens with the model's template."""

import contextlib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
import numpy
from safetensors.numpy import save_file

from backend.config.jobs import TrainJob
from backend.config.train import TrainConfig
from backend.data.blocked import blocked_error
from backend.data.check_texts import CHECKS
from backend.data.dataset import Row, up_to_last_answer
from backend.data.dataset_folder import about_of, blocking, is_dataset, rows_sha256
from backend.data.import_rows import check_again, opened_rows
from backend.data.journal import steps_of
from backend.data.render import ChatTemplate
from backend.data.rendered import rendered
from backend.data.split import Stratify, leaks, split_row_of, split_rows, training_rows
from backend.data.store import Store
from backend.models.inspect import check_model
from backend.models.tokenizer import load_tokenizer
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.report import Report
from backend.runs.atomic import staged_folder
from backend.runs.manifests import read_manifest, write_manifest
from backend.runs.run import Run

EXAMPLES_FILE = "examples.safetensors"
PROGRESS_ROWS = 50
LOGGED_ROWS = 10


def make_examples(job: TrainJob, report: Report) -> dict[str, Any]:
    """Writes run/dataset/: train.jsonl, held_out.jsonl, examples.safetensors and the manifest; returns its facts.

    Row i of a split is tokens[offsets[i]:offsets[i+1]] (int32) with trained (uint8) beside it, and line i of
    its .jsonl. A resumed run keeps what is there. Raises TanrenError of kinds bad_dataset, model_missing, model_unsafe;
    data_blocked when a blocking finding was neither fixed nor accepted.
    """
    run = Run(Path(job.run))
    made = read_manifest(run.dataset)
    if job.resume and made is not None:
        return made.facts
    model, config = Path(job.model), job.config
    check_model(model)
    template = ChatTemplate(load_tokenizer(model), model)
    with contextlib.ExitStack() as opened:
        data = opened.enter_context(opened_rows(Path(job.data), report))
        apart = opened.enter_context(opened_rows(Path(job.held_out), report)) if job.held_out else None
        for store, path in ((data, job.data), (apart, job.held_out)):
            if store is not None:
                check_again(Path(path), store, report)
        train, held_out, leaking = _sides(data, apart, config)
        accepted = _check_blocking(job, data, apart, leaking)
        _tell_unusable(job.data, data, report)
        if apart is not None:
            _tell_unusable(job.held_out, apart, report)
        _tell_shared(leaking, report)
        report.phase("rendering")
        total = len(train) + len(held_out)
        with staged_folder(run.dataset) as folder:
            written_train = _render(template, _only(data, train), folder, "train", config.max_length, report, 0, total)
            if not written_train.rows:
                raise written_train.refusal or TanrenError(
                    "data_nothing_to_train", path=job.data, max_length=config.max_length)
            written_held_out = _render(template, _only(apart or data, held_out), folder, "held_out", config.max_length,
                                       report, len(train), total)
            save_file({**written_train.arrays("train"), **written_held_out.arrays("held_out")}, folder / EXAMPLES_FILE)
            sources = {"data": job.data, "model": job.model}
            facts = {
                **_origin(data, job.data),
                "train": written_train.facts(),
                "held_out": written_held_out.facts(),
                "shared_questions": len(leaking.same),
                "near_questions": len(leaking.near),
                "held_out_fraction": 0.0 if job.held_out else config.held_out_fraction,
                "stratify": config.stratify,
                "seed": config.seed,
                "max_length": config.max_length,
                "stop_id": template.stop_id,
                "accepted": accepted,
            }
            if apart is not None:
                sources["held_out"] = job.held_out
                facts["held_out_sha256"] = _origin(apart, job.held_out)["source_sha256"]
            write_manifest(folder, "dataset", sources, facts)
    report.artifact("dataset", run.dataset)
    return facts


class _Written:
    """The rows of one split that became examples, and what became of the others. 5 bytes a token."""

    def __init__(self) -> None:
        self.tokens, self.trained, self.lengths = array("i"), array("B"), array("q")
        self.rows = self.truncated = 0
        self.dropped: list[int] = []
        self.refused: list[int] = []
        self.refusal: TanrenError | None = None

    def facts(self) -> dict[str, Any]:
        """Counts for the manifest."""
        return {
            "rows": self.rows,
            "tokens": len(self.tokens),
            "trained_tokens": sum(self.trained),
            "longest": max(self.lengths, default=0),
            "truncated": self.truncated,
            "dropped_rows": self.dropped,
            "refused_rows": self.refused,
        }

    def arrays(self, split: str) -> dict[str, numpy.ndarray[Any, Any]]:
        """What examples.safetensors keeps of the split."""
        return {
            f"{split}_tokens": numpy.frombuffer(self.tokens, dtype=numpy.int32) if self.tokens
            else numpy.zeros(0, dtype=numpy.int32),
            f"{split}_trained": numpy.frombuffer(self.trained, dtype=numpy.uint8) if self.trained
            else numpy.zeros(0, dtype=numpy.uint8),
            f"{split}_offsets": numpy.concatenate([[0], numpy.cumsum(self.lengths)]).astype(numpy.int64),
        }


class _Shared(NamedTuple):
    """Held-out rows that ask the same as rows to train, or nearly the same."""

    same: list[int]
    near: list[int]


def _sides(data: Store, apart: Store | None, config: TrainConfig) -> tuple[set[int], set[int], _Shared]:
    """(numbers of the rows to train, of the held-out rows, of those that are trained on too).

    Held-out rows come from `apart`, else from the sides that the dataset's split gave, else they are drawn now. What
    the dataset's own split holds out is not trained on in any case, nor are variations of it.
    """
    rows = [split_row_of(row) for row in data.rows(usable=True)]
    drawn = data.held_out()
    if apart is not None:
        rows = training_rows(rows, drawn, groups=data.families()) if drawn else rows
        asked = {row.key for row in rows}
        held = [split_row_of(row) for row in apart.rows(usable=True)]
        same = [row.row for row in held if row.key in asked]
        train = {row.row for row in rows}
        near = set(leaks(_only(data, train), apart.rows(usable=True))) - set(same)
        return train, {row.row for row in held}, _Shared(same, sorted(near))
    if drawn:
        kept = training_rows(rows, drawn, groups=data.families())
        return {row.row for row in kept}, drawn & {row.row for row in rows}, _Shared([], [])
    kept, held = split_rows(rows, config.held_out_fraction, config.seed, stratify=cast(Stratify, config.stratify),
                            groups=data.families())
    return {row.row for row in kept}, {row.row for row in held}, _Shared([], [])


def _check_blocking(job: TrainJob, data: Store, apart: Store | None, leaking: _Shared) -> dict[str, int]:
    """The findings of severity error that were accepted, with their counts.

    Raises TanrenError data_blocked for the others, data_no_usable_row or data_preference.
    """
    for store, path in ((data, job.data), (apart, job.held_out)):
        if store is not None and not store.count(usable=True):
            raise TanrenError("data_preference" if about_of(store).format == "preference" else "data_no_usable_row",
                              path=path)
    same = {"leakage": len(leaking.same)} if leaking.same else {}
    found, accepted = ({}, same) if "leakage" in job.accepted else (same, {})
    for store in (data, apart):
        if store is not None:
            for name, count in blocking(store, tuple(job.accepted)).items():
                found[name] = found.get(name, 0) + count
            for name, (count, _) in store.findings().items():
                if CHECKS[name].severity == "error" and name not in found:
                    accepted[name] = accepted.get(name, 0) + count
    if found:
        raise blocked_error(job.data, found)
    return accepted


def _render(template: ChatTemplate, rows: Iterator[Row], folder: Path, split: str, max_length: int, report: Report,
            before: int, total: int) -> _Written:
    done = _Written()
    encoder = msgspec.json.Encoder()
    with open(folder / f"{split}.jsonl", "wb") as file:
        for place, (row, made) in enumerate(rendered(template, rows, max_length), start=1):
            if place % PROGRESS_ROWS == 0:
                report.progress(before + place, total, "rows")
            if isinstance(made, TanrenError):
                done.refused.append(row.row)
                done.refusal = made
                continue
            examples = [example for example in made if any(example.trained[1:])]
            if not examples:
                done.dropped.append(row.row)
            for part, example in enumerate(examples):
                done.truncated += example.truncated
                done.rows += 1
                done.tokens.extend(example.tokens)
                done.trained.extend(example.trained)
                done.lengths.append(len(example.tokens))
                file.write(encoder.encode(_line(row, part)) + b"\n")
    report.progress(before + done.rows + len(done.dropped) + len(done.refused), total, "rows")
    _tell_left_out(done, max_length, report)
    return done


def _line(row: Row, part: int) -> dict[str, Any]:
    """A row as its split's .jsonl keeps it; `part` counts the pieces of a long document."""
    line: dict[str, Any] = {"row": row.row, "messages": row.messages}
    if row.tools:
        line["tools"] = row.tools
    if row.text:
        line |= {"text": row.text if not part else "", "part": part}
    return line


def _only(store: Store, numbers: set[int]) -> Iterator[Row]:
    for row in store.rows(usable=True):
        if row.row in numbers:
            yield msgspec.structs.replace(row, messages=up_to_last_answer(row.messages))


def _origin(store: Store, path: str) -> dict[str, Any]:
    """Where the rows came from: a file's hash, or a dataset's content with its steps."""
    about = about_of(store)
    rows = store.count()
    return {
        "format": about.format, "encoding": about.encoding, "rows": rows,
        "left_out": rows - store.count(usable=True),
        "source_sha256": rows_sha256(store) if is_dataset(Path(path)) else about.sources[0].sha256,
        "sources": {source.path: source.sha256 for source in about.sources},
        "steps": msgspec.to_builtins(steps_of(store)),
    }


def _tell_left_out(done: _Written, max_length: int, report: Report) -> None:
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


def _tell_shared(leaking: _Shared, report: Report) -> None:
    if leaking.same:
        named = _named(leaking.same)
        report.log(Text(f"{len(leaking.same)} held-out rows ask what is also trained on: rows {named}",
                        f"評価用の {len(leaking.same)} 件は、学習する質問と同じです（{named} 件目）"), "warning")
    if leaking.near:
        named = _named(leaking.near)
        report.log(Text(f"{len(leaking.near)} held-out rows are nearly the same as rows to train: rows {named}",
                        f"評価用の {len(leaking.near)} 件は、学習する行とほとんど同じです（{named} 件目）"), "info")


def _tell_unusable(path: str, store: Store, report: Report) -> None:
    rows, usable = store.count(), store.count(usable=True)
    if usable < rows:
        name = Path(path).name
        report.log(Text(f"{name}: {rows - usable} of {rows} rows cannot be used and are left out",
                        f"{name}: {rows} 件のうち {rows - usable} 件は使えないため除きます"), "warning")


def _named(rows: list[int]) -> str:
    """The first LOGGED_ROWS row numbers."""
    return ", ".join(str(row) for row in rows[:LOGGED_ROWS]) + (" …" if len(rows) > LOGGED_ROWS else "")
