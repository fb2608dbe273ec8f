"""The base model's own tokenizer, from disk only and without any code of the model folder."""

from pathlib import Path
from typing import Any

from backend.protocol.errors import TanrenError


def load_tokenizer(model: Path) -> Any:
    """The tokenizer of a model folder. Raises TanrenError model_tokenizer_unreadable."""
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(str(model), local_files_only=True, trust_remote_code=False)
    except Exception as error:  # the tokenizers library raises plain Exception for a damaged file
        detail = f"{type(error).__name__}: {error}"
        raise TanrenError("model_tokenizer_unreadable", path=model, detail=detail) from error
