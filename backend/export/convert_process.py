"""A process of its own that runs llama.cpp's converter, with its gguf-py, on a staged model folder.

What is patched, and only that: SentencePiece vocabularies are written from tokenizer.json (transformers no
longer saves tokenizer.model, and the converter then writes scores that make llama.cpp split text wrongly),
self-trained byte-level BPE is accepted when its way of splitting text is one that llama.cpp knows, and
BOS, EOS, leading space and end of turn are taken from what the tokenizer really does. While torch and
transformers are loaded, the merged model is asked what the files must agree with.
"""

import argparse
import importlib
import sys
import threading
from pathlib import Path
from typing import Any

from backend.export.child_side import Voice, run_child
from backend.export.hf_behaviour import Behaviour, behaviour_of
from backend.export.reference import write_reference
from backend.export.tokenizer_json import is_sentencepiece_bpe, known_split, read_tokenizer, sentencepiece_pieces
from backend.protocol.errors import TanrenError

POLL_SECONDS = 0.3


def convert(
    converter: Path, merged: Path, staged: Path, target: Path, kind: str, name: str, voice: Voice
) -> dict[str, Any]:
    """Writes the model to `target` as GGUF of `kind` (f16, bf16), and the reference beside it.

    `staged` is the folder of backend.export.staging for the model folder `merged`.

    Raises TanrenError export_unsupported_model or export_unknown_splitting.
    """
    sys.path[:0] = [str(converter), str(converter / "gguf-py")]
    from transformers import AutoTokenizer

    program: Any = importlib.import_module("convert_hf_to_gguf")
    tokenizer = AutoTokenizer.from_pretrained(merged)
    behaviour = behaviour_of(tokenizer)
    find_class = program.get_model_class

    def patched_class(architecture: str, mmproj: bool = False) -> Any:
        try:
            model_class = find_class(architecture, mmproj=mmproj)
        except NotImplementedError as error:
            raise TanrenError("export_unsupported_model", architecture=architecture) from error
        _patch(model_class, staged, behaviour)
        return model_class

    program.get_model_class = patched_class
    finished = threading.Event()
    total = sum(path.stat().st_size for path in staged.glob("*.safetensors"))
    threading.Thread(target=_show_growth, args=(target, total, voice, finished), daemon=True).start()
    sys.argv = ["convert_hf_to_gguf.py", str(staged), "--outtype", kind, "--outfile", str(target), "--model-name", name]
    try:
        program.main()
    finally:
        finished.set()
    write_reference(merged, tokenizer, target.parent, voice.log)
    return {"bytes": target.stat().st_size}


def _patch(model_class: Any, folder: Path, behaviour: Behaviour) -> None:
    tokenizer = read_tokenizer(folder)
    write_own = model_class.set_vocab

    def set_vocab(model: Any) -> None:
        if tokenizer is not None and is_sentencepiece_bpe(tokenizer) and model_class.__name__ != "Gemma4Model":
            _write_sentencepiece(model, tokenizer)
        else:
            try:
                write_own(model)
            except FileNotFoundError:  # a family known for SentencePiece, here with a byte-level tokenizer
                model._set_vocab_gpt2()
        writer = model.gguf_writer
        writer.add_add_bos_token(behaviour.adds_bos)
        writer.add_add_eos_token(behaviour.adds_eos)
        if tokenizer is not None and is_sentencepiece_bpe(tokenizer):
            writer.add_add_space_prefix(behaviour.adds_space)
        if behaviour.turn_end is not None:
            writer.add_eot_token_id(behaviour.turn_end)

    read_sentencepiece = model_class._set_vocab_sentencepiece

    def set_vocab_sentencepiece(model: Any, **options: Any) -> None:
        if not (folder / "tokenizer.model").is_file():
            raise FileNotFoundError(folder / "tokenizer.model")  # before the converter imports sentencepiece
        read_sentencepiece(model, **options)

    known_by_hash = model_class.get_vocab_base_pre

    def get_vocab_base_pre(model: Any, hf_tokenizer: Any) -> str:
        try:
            return str(known_by_hash(model, hf_tokenizer))
        except NotImplementedError as error:
            name = known_split(tokenizer) if tokenizer is not None else None
            if name is None:
                raise TanrenError("export_unknown_splitting", path=folder, detail=str(error)) from error
            return name

    model_class.set_vocab = set_vocab
    model_class._set_vocab_sentencepiece = set_vocab_sentencepiece
    model_class.get_vocab_base_pre = get_vocab_base_pre


def _write_sentencepiece(model: Any, tokenizer: dict[str, Any]) -> None:
    gguf: Any = importlib.import_module("gguf")  # the converter's own

    pieces = sentencepiece_pieces(tokenizer, model.find_hparam(["vocab_size_per_layer_input", "vocab_size"]))
    writer = model.gguf_writer
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([piece.text.encode() for piece in pieces])
    writer.add_token_scores([piece.score for piece in pieces])
    writer.add_token_types([int(piece.kind) for piece in pieces])
    gguf.SpecialVocab(model.dir_model, n_vocab=len(pieces)).add_to_gguf(writer)


def _show_growth(target: Path, total: int, voice: Voice, finished: threading.Event) -> None:
    while not finished.wait(POLL_SECONDS):
        written = target.stat().st_size if target.exists() else 0
        voice.progress(min(written, total - 1), total, "bytes")


def main() -> int:
    """The command line: converter, merged model, staged folder, target, kind, name."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("converter", "merged", "staged", "target"):
        parser.add_argument(name, type=Path)
    parser.add_argument("kind")
    parser.add_argument("name")
    options = parser.parse_args()
    return run_child(
        lambda voice: convert(options.converter, options.merged, options.staged, options.target, options.kind,
                              options.name, voice)
    )


if __name__ == "__main__":
    sys.exit(main())
