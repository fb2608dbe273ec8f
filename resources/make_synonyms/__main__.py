"""Write the Japanese synonyms from the Sudachi synonym dictionary: python -m resources.make_synonyms PACKAGE.tgz.

PACKAGE.tgz is the npm package sudachi-synonyms-dictionary (npm pack sudachi-synonyms-dictionary@18.0.0), which holds
the dictionary of Works Applications as JSON.
"""

import argparse
import hashlib
import json
import re
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "synonyms_ja"
PACKAGE_SHA256 = "f59fdcfdffac935a5ae6c73baa112f2d22f3220c958f6327e8fa304e1f5e6dec"
DATA = "package/sudachi-synonyms-dictionary.json"
LICENCE = "package/LICENSE"
# names are not to be exchanged, units stand with numbers, and the dictionary marks what hurts people
LEFT_OUT = {"企業名", "旧企業名", "組織名", "旧組織名", "大学名", "人名", "地名", "国名", "店名", "店", "商品",
            "キャラ", "単位", "不快"}
ALWAYS_EXPANDED = 0  # the dictionary's word for: this headword means the same as its group wherever it stands
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff々ー・]+")


def groups_of(dictionary: list[dict[str, Any]]) -> list[list[str]]:
    """Words that may stand for one another, without those that belong to several groups."""
    groups = [_words(group["items"]) for group in dictionary]
    seen = Counter(word for group in groups for word in group)
    clear = [[word for word in group if seen[word] == 1] for group in groups]
    return [group for group in clear if len(group) > 1]


def _words(items: list[dict[str, Any]]) -> list[str]:
    words = [item["midashi"] for item in items
             if item["taigenYogen"] == "体言" and item["expandControl"] == ALWAYS_EXPANDED
             and item["gokeiSyubetsu"] == "代表語" and item["hyoukiYure"] != "間違い表記"
             and not LEFT_OUT & set(item["bunya"]) and len(item["midashi"]) > 1
             and _JAPANESE.fullmatch(item["midashi"])]
    return list(dict.fromkeys(words))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write into")
    options = parser.parse_args()
    found = hashlib.sha256(options.package.read_bytes()).hexdigest()
    if found != PACKAGE_SHA256:
        raise SystemExit(f"{options.package}: sha256 {found}, expected {PACKAGE_SHA256}")
    with tarfile.open(options.package) as package:
        data, licence = (package.extractfile(name) for name in (DATA, LICENCE))
        assert data and licence
        groups = groups_of(json.load(data))
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "LICENSE").write_bytes(licence.read())
    text = "".join("\t".join(group) + "\n" for group in groups)
    (options.out / "groups.tsv").write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(groups)} groups, {sum(len(group) for group in groups)} words")


if __name__ == "__main__":
    main()
