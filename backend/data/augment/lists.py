"""The user's own lists: synonyms as CSV or TSV, phrasings as a text file, in any encoding that a dataset may have."""

import csv
import io
from pathlib import Path

from backend.data.readers.encoding import decide, decoder_of, look_at
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

QUESTION = "{question}"
LARGEST_MIB = 32


def read_synonyms(path: Path) -> dict[str, list[str]]:
    """Each word of the first column with the words beside it. Lines that begin with # and empty lines are passed over.

    Raises TanrenError word_list_invalid with the line, and those of opening a dataset file.
    """
    text = _text_of(path)
    # a spreadsheet exports either; a tab within words is rarer than a comma
    delimiter = "\t" if "\t" in text else ","
    synonyms: dict[str, list[str]] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            words = [cell.strip() for cell in cells if cell.strip()]
            if not words or words[0].startswith("#"):
                continue
            if len(words) == 1:
                raise TanrenError("word_list_invalid", path=path, line=reader.line_num, reason=Text(
                    f"{words[0]} has no synonym beside it", f"{words[0]} の隣に同義語がありません"))
            known = synonyms.setdefault(words[0], [])
            known += [word for word in words[1:] if word not in known and word != words[0]]
    except csv.Error as error:
        raise TanrenError("word_list_invalid", path=path, line=reader.line_num, reason=str(error)) from error
    if not synonyms:
        raise _empty(path)
    return synonyms


def read_phrasings(path: Path) -> list[str]:
    """The lines of the file, of which each has {question} once or more; \\n in a line is a line break.

    Raises TanrenError word_list_invalid with the line, and those of opening a dataset file.
    """
    phrasings = []
    for number, line in enumerate(_text_of(path).splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if QUESTION not in line or line.strip() == QUESTION:
            raise TanrenError("word_list_invalid", path=path, line=number, reason=Text(
                f"a phrasing has words and {QUESTION}", f"言い回しには、言葉と {QUESTION} が必要です"))
        phrasings.append(line.strip().replace("\\n", "\n"))
    if not phrasings:
        raise _empty(path)
    return phrasings


def _text_of(path: Path) -> str:
    look = look_at(path)
    if look.size > LARGEST_MIB << 20:
        raise TanrenError("word_list_invalid", path=path, line=1, reason=Text(
            f"the file is larger than {LARGEST_MIB} MiB", f"ファイルが {LARGEST_MIB} MiB を超えています"))
    encoding = decide(path, look)
    raw = path.read_bytes()[encoding.skip:]
    try:
        return decoder_of(encoding.codec)(raw, True).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise TanrenError("word_list_invalid", path=path, line=raw.count(b"\n", 0, error.start) + 1, reason=Text(
            f"the text is not {encoding.name}", f"文字コード {encoding.name} では読めません")) from error


def _empty(path: Path) -> TanrenError:
    return TanrenError("word_list_invalid", path=path, line=1, reason=Text("nothing is listed", "何も書かれていません"))
