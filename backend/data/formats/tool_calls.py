"""Tools and calls of tools, in the form that transformers' chat templates take, from the forms that files have."""

from typing import Any

from backend.data.dataset import Message
from backend.data.formats.cells import structure_of, too_deep

ARGUMENT_NAMES = ("arguments", "parameters", "args", "input")


def tools_of(value: Any) -> list[dict[str, Any]] | None:
    """A tools column (list, or JSON text) as [{"type": "function", "function": {…}}]; None if it is no such list."""
    found = value if isinstance(value, list) else structure_of(value)
    if isinstance(found, dict):
        found = [found] if found else []
    if not isinstance(found, list) or too_deep(found):
        return None
    tools = []
    for tool in found:
        function = tool.get("function") if isinstance(tool, dict) and "function" in tool else structure_of(tool)
        if not isinstance(function, dict) or not isinstance(function.get("name"), str) or not function["name"]:
            return None
        if "parameters" not in function and "input_schema" in function:  # Anthropic's name for it
            function = {**{key: part for key, part in function.items() if key != "input_schema"},
                        "parameters": function["input_schema"]}
        tools.append({"type": "function", "function": function})
    return tools


def calls_of(value: Any) -> list[dict[str, Any]] | None:
    """Calls (one, a list, or their JSON text) as [{"type": "function", "function": {"name", "arguments"}}].

    None if this is no call. Arguments that are no object stay as their text: problem_of then keeps the row out.
    """
    found = structure_of(value)
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not found or too_deep(found):
        return None
    calls = []
    for call in found:
        call = structure_of(call)
        if not isinstance(call, dict):
            return None
        function = call.get("function", call)
        if isinstance(function, str):  # {"function": "name", "arguments": …}
            function = {"name": function, **{key: call[key] for key in ARGUMENT_NAMES if key in call}}
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(name, str) or not name.strip():
            return None
        made: dict[str, Any] = {"type": "function", "function": {"name": name, "arguments": _arguments(function)}}
        if isinstance(call.get("id"), str) and call["id"]:
            made = {"id": call["id"], **made}
        calls.append(made)
    return calls


def name_results(messages: list[Message]) -> None:
    """Gives each result the name of the function that was called, by the id of the call or by its place."""
    calls: list[dict[str, Any]] = []
    place = 0
    while place < len(messages):
        calls = messages[place].get("tool_calls") or calls
        results = 0
        while place + results < len(messages) and messages[place + results]["role"] == "tool":
            results += 1
        for number, result in enumerate(messages[place:place + results]):
            named = next((call for call in calls if call.get("id") == result.get("tool_call_id", 0)), None)
            if named is None and "tool_call_id" not in result and results == len(calls):
                named = calls[number]
            if named is not None and "name" not in result:
                result["name"] = named["function"]["name"]
        place += max(1, results)


def _arguments(function: dict[str, Any]) -> Any:
    given = next((function[name] for name in ARGUMENT_NAMES if function.get(name) is not None), None)
    if given is None or given == "":
        return {}
    found = structure_of(given)
    return found if isinstance(found, dict) else given
