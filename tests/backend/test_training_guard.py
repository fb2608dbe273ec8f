"""Evaluating between steps must not change 4-bit training, which bitsandbytes alone would on some CPUs."""

from pathlib import Path
from typing import Any

import bitsandbytes.functional
import pytest
import torch
from bitsandbytes.nn import Linear4bit

from backend.config.train import TrainConfig
from backend.hardware.compute import Compute
from backend.training.adapters import add_adapter, trained_parameters
from backend.training.load_model import keep_4bit_trainable, load_base
from tests.tiny_models import make_model

COMPUTE = Compute(device="cpu", precision="bfloat16", threads=2)
TOKENS = torch.arange(40).reshape(2, 20)


def _model(folder: Path) -> Any:
    base = load_base(make_model(folder), "qlora", COMPUTE)
    torch.manual_seed(1)
    model = add_adapter(base, TrainConfig(lora_rank=4)).train()
    for name, parameter in trained_parameters(model).items():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.05)
    return model


def _gradient(model: Any) -> torch.Tensor:
    model.train()
    model.zero_grad()
    with COMPUTE.autocast:
        model(input_ids=TOKENS, labels=TOKENS).loss.backward()
    return torch.cat([value.grad.flatten() for value in trained_parameters(model).values()])


def _evaluate(model: Any) -> None:
    model.eval()
    with torch.no_grad(), COMPUTE.autocast:
        model(input_ids=TOKENS)
        model.generate(input_ids=TOKENS, attention_mask=torch.ones_like(TOKENS), max_new_tokens=3, do_sample=False,
                       pad_token_id=0)


def test_gradients_are_the_same_before_and_after_an_evaluation(tmp_path: Path) -> None:
    model = _model(tmp_path)
    before = _gradient(model)
    assert float(before.abs().max()) > 0
    _evaluate(model)
    assert torch.equal(_gradient(model), before)


@pytest.mark.skipif(not bitsandbytes.functional.has_avx512bf16(), reason="this CPU has no avx512_bf16")
@pytest.mark.filterwarnings("ignore:bitsandbytes..gemv_4bit:UserWarning")  # torch's one hint, printed once
def test_without_the_guard_an_evaluation_would_corrupt_the_gradients(tmp_path: Path) -> None:
    model = _model(tmp_path)
    before = _gradient(model)
    for module in model.modules():
        if isinstance(module, Linear4bit):
            module.support_avx512bf16_for_cpu = True
    _evaluate(model)
    after = _gradient(model)
    assert float((after - before).norm() / before.norm()) > 0.2


def test_the_guard_refuses_a_bitsandbytes_that_it_does_not_know(tmp_path: Path) -> None:
    model = _model(tmp_path)
    layer = next(module for module in model.modules() if isinstance(module, Linear4bit))
    del layer.support_avx512bf16_for_cpu
    with pytest.raises(RuntimeError, match="guard"):
        keep_4bit_trainable(model)
