"""The doctor's JSON object as lines that people can read."""

from typing import Any

from PySide6.QtCore import QCoreApplication


def doctor_pairs(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Word and value of everything that the doctor found."""
    return [(_word(name), _value(value)) for name, value in result.items() if value not in ("", None, [], {})]


def _word(name: str) -> str:
    return {
        "device": QCoreApplication.translate("Doctor", "Computes on"),
    }.get(name, name.replace("_", " "))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return QCoreApplication.translate("Doctor", "yes") if value else QCoreApplication.translate("Doctor", "no")
    if isinstance(value, list):
        return "\n".join(_value(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {_value(item)}" for name, item in value.items())
    return str(value)
