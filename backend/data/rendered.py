"""Rows of any kind to examples, in order and in batches: dialogues by the chat template, documents as they are."""

from collections.abc import Iterable, Iterator
from itertools import islice

from backend.data.dataset import Row, up_to_last_answer
from backend.data.render import ChatTemplate, Example
from backend.protocol.errors import TanrenError

ROWS_AT_ONCE = 64
WHOLE = 0


def rendered(template: ChatTemplate, rows: Iterable[Row], max_length: int = WHOLE
             ) -> Iterator[tuple[Row, list[Example] | TanrenError]]:
    """Each row with its examples: one of a dialogue, cut at `max_length` tokens; as many of a document as it takes.

    A row that the template refuses comes with the refusal (template_unprovable).
    """
    waiting = iter(rows)
    while batch := list(islice(waiting, ROWS_AT_ONCE)):
        dialogues = [(up_to_last_answer(row.messages), row.tools or None) for row in batch if not row.text]
        answered = template.render_many(dialogues, max_length)
        for row in batch:
            if row.text:
                yield row, template.render_text(row.text, max_length)
                continue
            example = next(answered)
            yield row, example if isinstance(example, TanrenError) else [example]
