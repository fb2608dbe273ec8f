"""The loss at trained places only equals the plain one of torch, and so do its gradients."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import CohereConfig, CohereForCausalLM

import backend.training.loss
from backend.config.train import TrainConfig
from backend.hardware.compute import Compute
from backend.training.adapters import add_adapter, trained_parameters
from backend.training.batches import make_batch
from backend.training.examples import Examples, read_examples
from backend.training.load_model import load_base
from backend.training.loop import make_optimizer, train_step
from backend.training.loss import Head, summed_loss
from tests.backend.training_kit import Run
from tests.tiny_models import Family, make_model
from tests.tiny_runs import make_tiny_run

EXACT = Compute(device="cpu", precision="float32", threads=2)


def _start(folder: Path, family: Family = "llama") -> tuple[Any, Head, Examples, Run]:
    model_folder = make_model(folder / "model", family, scale=0.05)
    run = make_tiny_run(folder, model_folder, rows=6, held_out=1)
    base = load_base(model_folder, "lora", EXACT)
    head = Head(base)
    torch.manual_seed(0)
    model = add_adapter(base, run.info().config)
    for name, parameter in trained_parameters(model).items():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.05)
    return model, head, read_examples(run.dataset)[0], run


def _plain_loss(model: Any, examples: Examples, row: int) -> torch.Tensor:
    """As a textbook does it: one row, all logits, labels -100 where nothing is trained."""
    tokens, trained = examples.tokens(row), examples.trained(row)
    logits = model(input_ids=tokens.unsqueeze(0)).logits[0, :-1].float()
    labels = torch.where(trained, tokens, -100)[1:]
    return torch.nn.functional.cross_entropy(logits, labels, reduction="sum")


def _gradients(model: Any) -> dict[str, torch.Tensor]:
    parameters = trained_parameters(model).items()
    gradients = {name: value.grad.clone() for name, value in parameters if value.grad is not None}
    model.zero_grad()
    return gradients


@pytest.mark.parametrize("family", ["llama", "qwen3", "gemma", "gemma2"])
def test_the_loss_and_its_gradients_are_those_of_single_unpadded_rows(tmp_path: Path, family: Family) -> None:
    model, head, examples, _ = _start(tmp_path, family)
    assert not head.own
    plain = torch.stack([_plain_loss(model, examples, row) for row in range(6)]).sum()
    plain.backward()
    expected = _gradients(model)
    ours = summed_loss(head, make_batch(examples, range(6)))
    ours.backward()
    found = _gradients(model)
    assert ours.item() == pytest.approx(plain.item(), rel=1e-5)
    assert expected.keys() == found.keys() != set()
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, rtol=1e-3, atol=1e-4 * float(value.abs().max()))


def test_many_trained_places_are_computed_in_pieces_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, head, examples, _ = _start(tmp_path)
    batch = make_batch(examples, range(6))
    whole = summed_loss(head, batch)
    whole.backward()
    expected = _gradients(model)
    monkeypatch.setattr(backend.training.loss, "LOGITS_AT_ONCE", 3 * 640)
    pieces = summed_loss(head, batch)
    pieces.backward()
    assert batch.trained_tokens > 9
    assert pieces.item() == pytest.approx(whole.item(), rel=1e-6)
    for name, value in _gradients(model).items():
        torch.testing.assert_close(value, expected[name], rtol=1e-4, atol=1e-5 * float(value.abs().max()))


def test_a_family_that_scales_its_logits_is_computed_by_its_own_forward(tmp_path: Path) -> None:
    make_tiny_run(tmp_path, make_model(tmp_path / "tokens"), rows=4)
    torch.manual_seed(0)
    config = CohereConfig(vocab_size=640, hidden_size=64, intermediate_size=128, num_hidden_layers=1,
                          num_attention_heads=2, num_key_value_heads=2, logit_scale=0.0625, bos_token_id=0,
                          eos_token_id=0, pad_token_id=0)
    model = CohereForCausalLM(config).eval()
    head = Head(model)
    assert head.own
    examples = read_examples(next((tmp_path / "runs").iterdir()) / "dataset")[0]
    with torch.no_grad():
        plain = sum(_plain_loss(model, examples, row).item() for row in range(4))
        assert float(summed_loss(head, make_batch(examples, range(4)))) == pytest.approx(plain, rel=1e-5)


def test_a_step_does_not_depend_on_how_its_group_is_cut(tmp_path: Path) -> None:
    figures = []
    for cut, group in enumerate(([[0, 1, 2, 3, 4, 5]], [[0, 1], [2, 3, 4], [5]])):
        model, head, examples, _ = _start(tmp_path / str(cut))
        optimizer = make_optimizer(model, 1e-3, 0.0)
        figures.append(train_step(
            model, head, optimizer, examples, group, step=1, learning_rate=1e-3, max_grad_norm=1.0, compute=EXACT,
            check_stop=lambda: None,
        ))
        lengths = [examples.lengths[row] for batch in group for row in batch]
        assert figures[-1].tokens == sum(lengths)
    assert figures[0].loss == pytest.approx(figures[1].loss, rel=1e-5)
    assert figures[0].grad_norm == pytest.approx(figures[1].grad_norm, rel=1e-4)


def test_all_linear_layers_but_the_head_get_32_bit_adapters(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model", "qwen2")
    base = load_base(folder, "qlora", Compute(device="cpu", precision="bfloat16", threads=2))
    model = add_adapter(base, TrainConfig(lora_rank=4))
    modules = {name.split(".lora_")[0].rsplit(".", 1)[-1] for name in trained_parameters(model)}
    assert modules == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
    assert {parameter.dtype for parameter in trained_parameters(model).values()} == {torch.float32}
    assert {parameter.dtype for name, parameter in model.named_parameters() if "proj.base_layer.weight" in name} == {
        torch.uint8}
