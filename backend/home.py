"""Where Tanren keeps everything: --home, TANREN_HOME, or the platform's folder for application data."""

import os
from pathlib import Path

import platformdirs

from backend.protocol.errors import TanrenError


def home_folder(chosen: str | None = None) -> Path:
    """The home folder, made if it is not there. `chosen` is the --home option. Raises TanrenError home_unusable."""
    given = chosen or os.environ.get("TANREN_HOME")
    folder = Path(given).expanduser() if given else Path(platformdirs.user_data_dir("Tanren", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TanrenError("home_unusable", path=folder, reason=error.strerror or error) from error
    return folder.resolve()


def resources_folder() -> Path:
    """The folder with the starter model, sample data, icons and translations."""
    return Path(__file__).resolve().parent.parent / "resources"


def starter_model() -> Path:
    """The folder of the starter model that comes with Tanren."""
    return resources_folder() / "starter_model"


def sample_data() -> Path:
    """The sample dataset; its held-out set lies beside it (held_out_beside)."""
    return resources_folder() / "sample_data" / "support_desk.jsonl"


def held_out_beside(data: Path) -> Path | None:
    """NAME_held_out.SUFFIX beside NAME.SUFFIX, where there is one: rows that are never trained on."""
    file = data.with_name(f"{data.stem}_held_out{data.suffix}")
    return file if file.is_file() else None
