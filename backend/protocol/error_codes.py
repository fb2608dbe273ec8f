"""Every error that Tanren raises on purpose: its kind, its sentence and its next step, in both languages.

The table is split by the part that raises: this module joins the parts.
"""

from backend.protocol.error_text import ErrorCode
from backend.protocol.error_texts.augment_errors import AUGMENT_ERRORS
from backend.protocol.error_texts.data_errors import DATA_ERRORS
from backend.protocol.error_texts.dataset_errors import DATASET_ERRORS
from backend.protocol.error_texts.export_errors import EXPORT_ERRORS
from backend.protocol.error_texts.format_errors import FORMAT_ERRORS
from backend.protocol.error_texts.job_errors import JOB_ERRORS
from backend.protocol.error_texts.model_errors import MODEL_ERRORS
from backend.protocol.error_texts.privacy_errors import PRIVACY_ERRORS
from backend.protocol.error_texts.reader_errors import READER_ERRORS
from backend.protocol.error_texts.template_errors import TEMPLATE_ERRORS
from backend.protocol.error_texts.training_errors import TRAINING_ERRORS

ERROR_CODES: dict[str, ErrorCode] = {
    **DATA_ERRORS, **READER_ERRORS, **DATASET_ERRORS, **MODEL_ERRORS, **TRAINING_ERRORS, **EXPORT_ERRORS, **JOB_ERRORS,
    **FORMAT_ERRORS, **TEMPLATE_ERRORS, **AUGMENT_ERRORS, **PRIVACY_ERRORS,
}
