"""Which pipeline stages a job runs, in order; they meet on disk. The last one's result is the job's."""

from collections.abc import Callable
from typing import Any

from backend.config import jobs
from backend.report import Report

Stage = Callable[[Any, Report], dict[str, Any]]


def stages_of(job: jobs.Job) -> list[Stage]:
    """The stages of `job`; their modules are imported only now, so that hello comes before torch."""
    match job:
        case jobs.TrainJob():
            from backend.pipeline.dataset_to_examples import make_examples
            from backend.pipeline.examples_to_checkpoints import train

            return [make_examples, train]
        case jobs.EvaluateJob():
            from backend.pipeline.checkpoint_to_scores import evaluate

            return [evaluate]
        case jobs.RowLossesJob():
            from backend.pipeline.checkpoint_to_row_losses import measure_rows

            return [measure_rows]
        case jobs.MergeJob():
            from backend.pipeline.checkpoint_to_merged import merge

            return [merge]
        case jobs.ExportJob():
            from backend.pipeline.checkpoint_to_merged import merge
            from backend.pipeline.merged_to_gguf import export

            return [merge, export]
        case jobs.ChatJob():
            from backend.pipeline.gguf_to_chat import chat

            return [chat]
        case jobs.ModelsInspectJob():
            from backend.models.inspect_job import inspect_model

            return [inspect_model]
        case jobs.DataInspectJob():
            from backend.data.data_jobs import inspect_data

            return [inspect_data]
        case jobs.DataImportJob():
            from backend.data.data_jobs import import_data

            return [import_data]
        case jobs.DataApplyJob():
            from backend.data.data_jobs import apply_to_data

            return [apply_to_data]
        case jobs.DataFindJob():
            from backend.data.privacy.privacy_step import find_personal_data

            return [find_personal_data]
        case jobs.DataShowJob():
            from backend.data.data_jobs import show_rows

            return [show_rows]
