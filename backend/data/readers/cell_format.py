"""What a spreadsheet shows for a number: 00123, 12.5%, ¥1,200, 150-0001."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|([0#?]+)|(.)')


def shown_value(value: Any, number_format: str) -> Any:
    """A cell's value: dates as "2026-11-21 13:00", numbers as text where their format changes how they look.

    Formats that are not understood (fractions, exponents) leave the number as it is.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00").removesuffix(":00")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat("seconds").removesuffix(":00")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    return str(value)


def _number(value: int | float, number_format: str) -> int | float | str:
    plain = _plain(value)
    if number_format in ("General", "@", ""):
        return plain
    sections = number_format.split(";")
    negative = value < 0
    section = sections[1] if negative and len(sections) > 1 and sections[1] else sections[0]
    text = _filled(Decimal(str(abs(plain))), section)
    if text is None:
        return plain
    if negative and section is sections[0]:
        text = "-" + text
    return plain if text == str(plain) else text


def _plain(value: int | float) -> int | float:
    """A number with the 15 digits that a spreadsheet keeps, whole ones without a point."""
    if isinstance(value, int):
        return value
    rounded = float(f"{value:.15g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def _filled(value: Decimal, section: str) -> str | None:
    """`value` (not negative) in one section of a number format; None where the section is not understood."""
    parts: list[tuple[str, str]] = []  # (kind, text): digits of the pattern, or literal text
    whole, decimals, point, grouped, percent = 0, "", False, False, False
    for found in _TOKEN.finditer(section):
        quoted, escaped, currency, digits, other = found.groups()
        if digits:
            if point:
                decimals += digits
            else:
                whole += len(digits)
                parts.append(("digits", digits))
        elif quoted is not None or escaped is not None or currency is not None:
            parts.append(("text", quoted or escaped or currency or ""))
        elif other == ".":
            point = True
            parts.append(("point", ""))
        elif other == "," and whole and not point:
            grouped = True
        elif other == "%":
            percent = True
            parts.append(("text", "%"))
        elif other is not None:
            if other not in "¥￥$€£-+() :/円年月日" or other == "/":
                return None
            parts.append(("text", other))
    if not whole and not decimals:
        return None
    with localcontext() as context:
        context.prec = 60
        scaled = (value * 100 if percent else value).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
        left, _, right = f"{scaled:f}".partition(".")
    optional = len(decimals) - len(decimals.rstrip("#?"))
    while optional and right.endswith("0"):
        right, optional = right[:-1], optional - 1
    if left == "0" and whole and not any("0" in text for kind, text in parts if kind == "digits"):
        left = ""
    return _placed(parts, f"{int(left or 0):,}" if grouped else left, right)


def _placed(parts: list[tuple[str, str]], left: str, right: str) -> str:
    """The digits at their places in the pattern, from the right; what is left over goes to the first place."""
    out: list[str] = []
    first = next((place for place, (kind, _) in enumerate(parts) if kind == "digits"), -1)
    for place in range(len(parts) - 1, -1, -1):
        kind, text = parts[place]
        if kind == "text":
            out.append(text)
        elif kind == "point":
            out.append("." + right if right else "")
        elif place == first:
            out.append(left.rjust(len(text), "0") if "0" in text and len(left) < text.count("0") else left)
        else:
            cut = max(0, len(left) - len(text))
            out.append(left[cut:].rjust(text.count("0"), "0"))
            left = left[:cut]
    return "".join(reversed(out)).strip()
