"""A process of its own that quantizes one GGUF file by llama.cpp: it cannot be cancelled, but it can be killed."""

import argparse
import ctypes
import re
import sys
from pathlib import Path
from typing import Any

from backend.export.child_side import Voice, run_child
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

STEP = re.compile(rb"\[\s*(\d+)/\s*(\d+)\]")  # llama.cpp logs "[  12/ 290] blk.1.attn_k.weight …"
LOG_WARN, LOG_ERROR = 3, 4  # ggml.h, enum ggml_log_level


def quantize(source: Path, target: Path, quant: str, threads: int, voice: Voice) -> dict[str, Any]:
    """Writes `source` (F16 or BF16) as `quant` to `target`. Raises TanrenError quantize_failed."""
    import llama_cpp

    warnings: list[str] = []

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator, unused-ignore]
    def log(level: int, text: bytes, _data: ctypes.c_void_p) -> None:
        if step := STEP.match(text):
            voice.progress(int(step[1]), int(step[2]), "tensors")
        elif level in (LOG_WARN, LOG_ERROR):
            warnings.append(text.decode("utf-8", "replace").strip())
        sys.stderr.buffer.write(text)

    llama_cpp.llama_log_set(log, ctypes.c_void_p(0))
    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype = getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{quant}")
    settings.nthread = threads
    status = llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(settings))
    if status != 0 or not target.is_file():
        reason = warnings[-1] if warnings else Text(
            f"llama.cpp returned {status}", f"llama.cpp が {status} を返しました")
        raise TanrenError("quantize_failed", quant=quant, reason=reason, detail="\n".join(warnings))
    return {"bytes": target.stat().st_size}


def main() -> int:
    """The command line: source, target, quantization, number of threads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("quant")
    parser.add_argument("threads", type=int)
    options = parser.parse_args()
    return run_child(lambda voice: quantize(options.source, options.target, options.quant, options.threads, voice))


if __name__ == "__main__":
    sys.exit(main())
