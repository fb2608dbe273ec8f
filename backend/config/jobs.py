"""job.json: what a worker is asked to do. One struct a kind; the tag names the pipeline stage."""

import msgspec

from backend.config.train import TrainConfig


class TrainJob(msgspec.Struct, frozen=True, kw_only=True, tag="train"):
    """Fine-tune. `run` is the run folder; `resume` goes on from its newest checkpoint."""

    run: str
    model: str
    data: str
    held_out: str = ""
    config: TrainConfig = TrainConfig()
    resume: bool = False


class EvaluateJob(msgspec.Struct, frozen=True, kw_only=True, tag="evaluate"):
    """Answer the held-out rows greedily with each of `targets`: base, tuned, or a GGUF quantization name."""

    run: str
    targets: list[str]
    max_tokens: int = 128
    limit: int = 0


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
    """Format, columns, counts and problems of a file, and its rows from `first` (0-based); with `model`, token lengths."""

    data: str
    model: str = ""
    first: int = 0
    max_length: int = 1024


class DataShowJob(msgspec.Struct, frozen=True, kw_only=True, tag="data_show"):
    """Rows `first` … `first + count - 1` (0-based) as the model sees them: every token, trained or masked."""

    data: str
    model: str
    first: int = 0
    count: int = 1
    max_length: int = 1024


Job = (
    TrainJob | EvaluateJob | MergeJob | ExportJob | ChatJob | ModelsInspectJob | DataInspectJob | DataShowJob
)
