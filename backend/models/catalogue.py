"""The base models to choose from: the starter model, folders in HOME/models, and folders used before."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from backend.home import starter_model
from backend.models.inspect import ModelLook, look_at_model

Origin = Literal["starter", "home", "recent"]


class ListedModel(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the list: its name for people, where it comes from, and what its folder holds."""

    name: str
    origin: Origin
    look: ModelLook


def list_models(home: Path, recent: Iterable[str] = ()) -> list[ListedModel]:
    """Every model folder that is known, each once; folders that are gone are left out, refused ones are not."""
    places: list[tuple[Path, Origin]] = [(starter_model(), "starter")]
    models = home / "models"
    if models.is_dir():
        places += [(folder, "home") for folder in sorted(models.iterdir())
                   if folder.is_dir() and not folder.name.startswith(".")]
    places += [(Path(folder), "recent") for folder in recent]
    listed: dict[Path, ListedModel] = {}
    for folder, origin in places:
        if folder.is_dir() and folder.resolve() not in listed:
            listed[folder.resolve()] = ListedModel(name=folder.name, origin=origin, look=look_at_model(folder))
    return list(listed.values())
