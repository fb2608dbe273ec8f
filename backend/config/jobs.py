"""job.json: what a worker is asked to do. One struct a kind; the tag names the pipeline stage."""

from typing import Any

import msgspec

from backend.config.reading import Reading
from backend.config.steps import StepSpec
from backend.config.train import TrainConfig


class TrainJob(msgspec.Struct, frozen=True, kw_only=True, tag="train"):
    """Fine-tune. `run` is the run folder; `resume` goes on from its newest checkpoint.

    `data` and `held_out` are files or imported datasets; `accepted` are blocking findings that may be there.
    """

    run: str
    model: str
    data: str
    held_out: str = ""
    config: TrainConfig = TrainConfig()
    resume: bool = False
    accepted: list[str] = []


class EvaluateJob(msgspec.Struct, frozen=True, kw_only=True, tag="evaluate"):
    """Answer the held-out rows greedily with each of `targets`: base, tuned, or a GGUF quantization name."""

    run: str
    targets: list[str]
    max_tokens: int = 128
    limit: int = 0


class RowLossesJob(msgspec.Struct, frozen=True, kw_only=True, tag="row_losses"):
    """Measure the loss of each training and held-out row under the newest checkpoint."""

    run: str


class MergeJob(msgspec.Struct, frozen=True, kw_only=True, tag="merge"):
    """Merge the newest checkpoint's adapter into a 16-bit copy of the base model."""

    run: str


class ExportJob(msgspec.Struct, frozen=True, kw_only=True, tag="export"):
    """Convert the merged model to GGUF and quantize it to each of `quants`; merges first when needed."""

    run: str
    quants: list[str]


class ChatJob(msgspec.Struct, frozen=True, kw_only=True, tag="chat"):
    """Load a GGUF file and answer `generate` requests until `stop`."""

    gguf: str
    context: int = 4096


class ModelsInspectJob(msgspec.Struct, frozen=True, kw_only=True, tag="models_inspect"):
    """Look at a base model folder without loading its weights."""

    model: str


class DataInspectJob(msgspec.Struct, frozen=True, kw_only=True, tag="data_inspect"):
    """Format, columns, counts and problems of a file; with `model`, token lengths. Nothing is kept of a file.

    `limit`: only the first rows of a file, 0 for all.
    """

    data: str
    model: str = ""
    max_length: int = 1024
    limit: int = 0
    reading: Reading = Reading()


class DataImportJob(msgspec.Struct, frozen=True, kw_only=True, tag="data_import"):
    """Read files, folders and zip archives into the new dataset folder `folder`, then do `steps`.

    `replay`: another dataset, whose way of reading and whose steps are taken over. With `model`, lengths in tokens.
    """

    files: list[str]
    folder: str
    name: str
    reading: Reading = Reading()
    steps: list[StepSpec] = []
    replay: str = ""
    model: str = ""
    max_length: int = 1024


class DataApplyJob(msgspec.Struct, frozen=True, kw_only=True, tag="data_apply"):
    """Do `steps` (backend.data.steps) on an imported dataset, then check it again; without steps only check.

    With `model` the lengths in tokens are measured too, and what does not fit into `max_length`.
    """

    dataset: str
    steps: list[StepSpec] = []
    model: str = ""
    max_length: int = 1024


class DataFindJob(msgspec.Struct, frozen=True, kw_only=True, tag="data_find"):
    """Find personal information in a file or an imported dataset; nothing is changed. `settings` are those of the step
    hide_personal_data; `limit`: only the first rows, 0 for all."""

    data: str
    settings: dict[str, Any] = {}
    limit: int = 0
    reading: Reading = Reading()


class DataShowJob(msgspec.Struct, frozen=True, kw_only=True, tag="data_show"):
    """The rows with these numbers (from 1) as the model sees them: every token, trained or masked.

    `data` is a file or an imported dataset.
    """

    data: str
    model: str
    rows: list[int]
    max_length: int = 1024
    reading: Reading = Reading()


Job = (
    TrainJob | EvaluateJob | RowLossesJob | MergeJob | ExportJob | ChatJob | ModelsInspectJob | DataInspectJob | DataImportJob
    | DataApplyJob | DataFindJob | DataShowJob
)
