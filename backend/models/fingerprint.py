"""Tells base models apart without reading all their weights, and without torch."""

import hashlib
from pathlib import Path

from backend.models.weights import weight_files
from backend.protocol.errors import TanrenError

PIECE_BYTES = 65536
PIECES = 16
# beside the weights: what decides how text becomes tokens and what the tokens mean
ALSO = ("config.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "chat_template.jinja")


def base_fingerprint(folder: Path) -> str:
    """A SHA-256 over config, tokenizer and weights: name, size and 16 pieces of 64 KiB, evenly spread, of each file.

    Raises TanrenError model_missing and those of weight_files.
    """
    if not (folder / "config.json").is_file():
        raise TanrenError("model_no_config", path=folder)
    digest = hashlib.sha256()
    for path in [*(folder / name for name in ALSO if (folder / name).is_file()), *weight_files(folder)]:
        try:
            size = path.stat().st_size
            digest.update(f"{path.name} {size}\n".encode())
            with open(path, "rb") as file:
                for piece in range(PIECES):
                    file.seek(max(0, size - PIECE_BYTES) * piece // (PIECES - 1))
                    digest.update(file.read(PIECE_BYTES))
                    if size <= PIECE_BYTES:
                        break
        except OSError as error:
            raise TanrenError("model_missing", path=folder, reason=f"{path.name}: {error.strerror}") from error
    return digest.hexdigest()


def check_base(folder: Path, fingerprint: object) -> None:
    """Raises TanrenError base_changed when `fingerprint`, of the model that was trained, is not that of `folder`."""
    found = base_fingerprint(folder)
    if found != fingerprint:
        raise TanrenError("base_changed", path=folder, detail=f"fingerprint {found} instead of {fingerprint}")
