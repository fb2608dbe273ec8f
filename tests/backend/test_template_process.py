"""The process that runs a chat template: writes what transformers writes, and is ended when it takes too much."""

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from backend.data.render import ChatTemplate, Limits, render_prompt
from backend.data.rendering.process import Rendered, Request, TemplateProcess
from backend.launch import REPOSITORY
from backend.models.tokenizer import load_tokenizer
from backend.protocol.errors import TanrenError
from tests.backend.template_cases import CALLING, PLAIN, SEVERAL, TOOLS
from tests.tiny_models import CHATML_TEMPLATE, make_tokenizer

ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
STARVING = "{{ ('x' * 2000000000) | length }}"
GROWING = "{% set ns = namespace(t='x' * 1000) %}{% for a in range(99999) %}{% set ns.t = ns.t + ns.t %}{% endfor %}"
TIGHT = Limits(cpu_seconds=1, wall_seconds=15.0, memory_mib=256)


@pytest.fixture
def tokenizer(tmp_path: Path) -> Any:
    make_tokenizer(tmp_path)
    return load_tokenizer(tmp_path)


def children() -> set[int]:
    """The processes of templates that this process has running."""
    gc.collect()  # what earlier tests let go of
    return {child.pid for child in psutil.Process().children()
            if "backend.data.rendering.child" in " ".join(child.cmdline())}


def when_asked(harm: str) -> str:
    """A template that does harm when a question says so."""
    return CHATML_TEMPLATE + "{% if 'harm' in messages[0].content %}" + harm + "{% endif %}"


def test_it_writes_what_transformers_writes(tokenizer: Any) -> None:
    tokenizer.chat_template = CHATML_TEMPLATE + "{{ bos_token }}{{ tools | tojson }}{{ strftime_now('%Y-%m-%d') }}"
    process = TemplateProcess(tokenizer, Limits())
    for messages, tools in ((PLAIN, None), (SEVERAL, None), (CALLING, TOOLS)):
        for wants_prompt in (False, True):
            written = process.ask([Request(messages, tools, wants_prompt)])[0]
            assert isinstance(written, Rendered)
            assert written.text == tokenizer.apply_chat_template(
                messages, tools=tools, tokenize=False, add_generation_prompt=wants_prompt)
    process.close()


def test_several_templates_are_chosen_as_transformers_chooses_them(tokenizer: Any) -> None:
    tokenizer.chat_template = {"default": CHATML_TEMPLATE, "tool_use": "TOOLS" + CHATML_TEMPLATE}
    process = TemplateProcess(tokenizer, Limits())
    plain, with_tools = process.ask([Request(PLAIN, None), Request(PLAIN, TOOLS)])
    assert isinstance(plain, Rendered) and isinstance(with_tools, Rendered)
    assert with_tools.text == "TOOLS" + plain.text
    process.close()
    tokenizer.chat_template = {"rag": CHATML_TEMPLATE}
    with pytest.raises(TanrenError) as caught:
        ChatTemplate(tokenizer)
    assert "no default specified" in caught.value.values["reason"]


@pytest.mark.skipif(sys.platform == "win32", reason="memory is limited on POSIX only")
@pytest.mark.parametrize("harm", [STARVING, GROWING], ids=["starving", "growing"])
def test_a_template_without_measure_is_refused_by_name(tokenizer: Any, harm: str) -> None:
    tokenizer.chat_template = when_asked(harm)
    template = ChatTemplate(tokenizer, limits=TIGHT)
    with pytest.raises(TanrenError) as caught:
        template.render([{"role": "user", "content": "harm"}, PLAIN[1]])
    assert caught.value.code == "template_memory"
    assert not template.render(PLAIN).truncated  # it goes on


@pytest.mark.skipif(sys.platform == "win32", reason="computing is limited on POSIX only")
def test_an_endless_template_is_ended(tokenizer: Any) -> None:
    tokenizer.chat_template = when_asked(ENDLESS)
    template = ChatTemplate(tokenizer, limits=TIGHT)
    harmful = [{"role": "user", "content": "harm"}, PLAIN[1]]
    started = time.monotonic()
    results = list(template.render_many([(PLAIN, None), (harmful, None), (SEVERAL, None)]))
    assert time.monotonic() - started < 60
    assert [isinstance(result, TanrenError) for result in results] == [False, True, False]
    assert results[2] == template.render(SEVERAL)
    error = results[1]
    assert isinstance(error, TanrenError) and error.code == "template_timeout"
    assert "1 seconds" in error.message("en") and "1 秒" in error.message("ja")
    with pytest.raises(TanrenError) as caught:  # not ended for each of a million rows
        list(template.render_many((harmful, None) for _ in range(9)))
    assert caught.value.code == "template_timeout"


def test_waiting_has_an_end_without_the_kernel(tokenizer: Any) -> None:
    tokenizer.chat_template = ENDLESS
    before = children()
    with pytest.raises(TanrenError) as caught:
        ChatTemplate(tokenizer, limits=Limits(cpu_seconds=600, wall_seconds=1.0))
    assert caught.value.code == "template_timeout"
    assert children() <= before


def test_a_process_that_is_gone_is_named_and_replaced(tokenizer: Any) -> None:
    before = children()
    template = ChatTemplate(tokenizer)
    whole = template.render(PLAIN)
    (pid,) = children() - before
    os.kill(pid, signal.SIGTERM)
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
    with pytest.raises(TanrenError) as caught:
        template.render(PLAIN)
    assert caught.value.code == "template_crashed"
    assert template.render(PLAIN) == whole


def test_nothing_stays_behind(tokenizer: Any) -> None:
    before = children()
    template = ChatTemplate(tokenizer)
    assert len(children() - before) == 1
    del template
    assert children() <= before
    render_prompt(tokenizer, PLAIN[:1])
    assert children() <= before


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_computing_template_ends_with_its_parent(tmp_path: Path) -> None:
    make_tokenizer(tmp_path)
    script = tmp_path / "parent.py"
    script.write_text(f"""
import sys, threading, time
from backend.data.rendering.process import Limits, Request, TemplateProcess
from backend.models.tokenizer import load_tokenizer
from pathlib import Path
tokenizer = load_tokenizer(Path({str(tmp_path)!r}))
tokenizer.chat_template = {ENDLESS!r}
process = TemplateProcess(tokenizer, Limits(600, 600.0))
threading.Thread(target=lambda: process.ask([Request([{{"role": "user", "content": "a"}}], None)]), daemon=True).start()
while process._child is None:
    time.sleep(0.05)
time.sleep(4)
print(process._child._process.pid, flush=True)
time.sleep(600)
""")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
                          env={**os.environ, "PYTHONPATH": str(REPOSITORY)}) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.kill()
        parent.wait()
    _, alive = psutil.wait_procs([child], timeout=15)
    assert not alive


@pytest.mark.skipif(sys.platform != "linux", reason="the lock of the kernel is Linux's")
def test_it_runs_below_the_network_lock(tmp_path: Path) -> None:
    make_tokenizer(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", "from backend.network_lock import lock_network; print(lock_network())\n"
         "from backend.data.render import ChatTemplate; from backend.models.tokenizer import load_tokenizer\n"
         f"template = ChatTemplate(load_tokenizer({str(tmp_path)!r}))\n"
         "print(template.prompt_text([{'role': 'user', 'content': 'a'}]))"],
        capture_output=True, text=True, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    assert done.stdout.split() == ["seccomp", "<|im_start|>user", "a<|im_end|>", "<|im_start|>assistant"], done.stderr


def test_what_is_no_text_is_refused_by_row(tokenizer: Any) -> None:
    template = ChatTemplate(tokenizer)
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    call = {"role": "assistant", "content": "", "tool_calls": [
        {"type": "function", "function": {"name": "f", "arguments": {"a": deep}}}]}
    results = list(template.render_many([([PLAIN[0], call], TOOLS), (PLAIN, None), ([], None), (PLAIN[:1], None)]))
    assert [isinstance(result, TanrenError) for result in results] == [True, False, True, True]
