"""What one training process does; apart from __main__, which a spawned process cannot import."""

import argparse
import time

import torch
import torch.distributed as dist
from tokenizers import Tokenizer

from resources.make_starter.batches import PROCESSES, Batch
from resources.make_starter.save import save_model
from resources.make_starter.tokenizer import END, PAD
from resources.make_starter.train import make_model, train


def run(
    rank: int, arguments: argparse.Namespace, plan: list[Batch], tokenizer_json: str, meet: str, started: float
) -> None:
    """Trains on `plan` as process `rank`, meeting the other through the file `meet`; the first saves the model."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{meet}", rank=rank, world_size=PROCESSES)
    tokenizer = Tokenizer.from_str(tokenizer_json)
    model = make_model({token: tokenizer.token_to_id(token) for token in (END, PAD)}, arguments.seed)
    figures = train(model, plan, rank)
    if rank == 0:
        save_model(model, tokenizer, arguments.out, figures, arguments.seed, time.time() - started)
    dist.destroy_process_group()
