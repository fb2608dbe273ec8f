"""Which rows ask the same: by the question as a whole, without differences of width, case and white space."""


import numpy as np
from numpy.typing import NDArray

from backend.data.dataset import Row, answer_of, key_hash, question_key
from backend.data.folding import compact

FIXED_SHARE = 0.2
FIXED_ROWS = 50

Keys = NDArray[np.int64]


def row_keys(row: Row) -> tuple[int, int]:
    """(the question as a number, question and answer as a number): equal for rows that ask, or say, the same."""
    question = question_key(row)
    answer = compact(answer_of(row.messages))
    return key_hash(question), key_hash(f"{question}\0{answer}")


def fixed_questions(questions: Keys) -> Keys:
    """Questions of at least FIXED_ROWS rows and a fifth of all: instructions ("Write a haiku.") that stand before
    many different answers on purpose. Rows do not belong together because they share one."""
    asked, counts = np.unique(questions, return_counts=True)
    return asked[[is_fixed(count, len(questions)) for count in counts.tolist()]] if len(asked) else asked


def is_fixed(rows: int, total: int) -> bool:
    """Whether a question of so many rows is a fixed instruction."""
    return rows >= max(FIXED_ROWS, FIXED_SHARE * total)


def source_key(row: Row) -> int:
    """Where the row lies in its file, as a number; 0 if unknown. A variation keeps the source of its original."""
    return key_hash(row.source) if row.source else 0
