"""The seeded set: rows of text with the personal information in them marked."""

import random
import re
import string
import unicodedata
from typing import NamedTuple

from benchmarks.privacy_set import numbers
from benchmarks.privacy_set.material import material

SLOT = re.compile(r"\{([a-z_]+?)(\d?)\}")
KIND_OF = {
    "name": "person_name",
    "sur": "person_name",
    "given": "person_name",
    "kana": "person_name",
    "hira": "person_name",
    "romaji": "person_name",
    "foreign": "person_name",
    "phone": "phone",
    "email": "email",
    "address": "address",
    "postal": "postal_code",
    "zip": "postal_code",
    "my_number": "my_number",
    "ssn": "my_number",
    "corporate": "corporate_number",
    "card": "card",
    "account": "bank_account",
    "routing": "bank_account",
    "iban": "bank_account",
    "kigou": "bank_account",
    "birth": "birth_date",
    "password": "secret",
    "apikey": "secret",
    "ip": "ip_address",
    "url": "url_with_credentials",
    "passport": "passport",
    "licence": "driver_licence",
}
"""What the finder has to find; every other slot (orders, prices, dates, codes …) is there to mislead it."""
NEGATIVE_SHARE = 0.25

PLACES = {
    "open": [
        ("東京都", "千代田区", "神田錦町"),
        ("北海道", "札幌市中央区", "北3条西"),
        ("京都府", "京都市中京区", "寺町通御池上る上本能寺前町"),
        ("神奈川県", "横浜市西区", "みなとみらい"),
        ("茨城県", "つくば市", "天王台"),
        ("沖縄県", "那覇市", "泉崎"),
        ("長野県", "上伊那郡飯島町", "大字七久保"),
        ("三重県", "四日市市", "諏訪町"),
        ("東京都", "西多摩郡奥多摩町", "氷川"),
        ("愛媛県", "松山市", "一番町"),
    ],
    "held_out": [
        ("大阪府", "大阪市北区", "中之島"),
        ("福岡県", "福岡市博多区", "博多駅前"),
        ("埼玉県", "さいたま市浦和区", "高砂"),
        ("東京都", "港区", "虎ノ門"),
        ("岩手県", "盛岡市", "内丸"),
        ("兵庫県", "神戸市中央区", "下山手通"),
        ("新潟県", "南魚沼郡湯沢町", "大字神立"),
        ("鹿児島県", "いちき串木野市", "昭和通"),
        ("広島県", "廿日市市", "下平良"),
        ("千葉県", "市川市", "八幡"),
    ],
}
BUILDINGS = {
    "open": ["グランドメゾン本郷", "青葉荘", "第二田中ビル", "コーポさくら"],
    "held_out": ["メゾン・ド・ヴェール", "日の出ハイツ", "サンライズ中央", "山手ビル"],
}
STREETS = {
    "open": [
        "Maple Street",
        "Elm Ave.",
        "North Lincoln Boulevard",
        "Old Mill Road",
        "Church Lane",
        "W 42nd St",
        "Highland Dr",
        "Kalakaua Avenue",
    ],
    "held_out": [
        "Oak Street",
        "Willow Ct",
        "South Jefferson Avenue",
        "Station Road",
        "Queen's Gate",
        "E 7th Ave",
        "Sunset Blvd.",
        "Riverside Drive",
    ],
}
CITIES_EN = {
    "open": ["Springfield", "Austin", "Portland", "Leeds", "Denver"],
    "held_out": ["Columbus", "Tucson", "Bristol", "Madison", "Fresno"],
}
CITIES_JA = {
    "open": ["仙台", "高松市", "福山", "長崎市", "山形"],
    "held_out": ["岡山", "宮崎市", "松山", "千葉", "秋田市"],
}
ORGS_EN = {
    "open": ["Acme Tools Ltd.", "Baker & Young LLP", "Johnson Controls", "Mercy General Hospital"],
    "held_out": ["Northwind Traders Inc.", "Cook Brothers GmbH", "Morgan Stanley", "St. Mary's Hospital"],
}
ORGS_JA = {
    "open": ["株式会社山田製作所", "鈴木法律事務所", "田中電機", "中央クリニック", "佐藤建設株式会社"],
    "held_out": ["高橋工業株式会社", "医療法人渡辺会", "伊藤産業", "有限会社小林商店", "市民病院"],
}
WORDS = ["sakura", "orange7", "t.yamada", "k_lee", "info-desk", "maria.g", "hanako1985", "dev+test", "n.okafor"]
HOSTS = ["example.co.jp", "mail.example.com", "example.ne.jp", "clinic.example.org", "example.de"]


class Label(NamedTuple):
    """A span of a text that is personal information."""

    start: int
    end: int
    kind: str


class Sample(NamedTuple):
    """A row: `half` is open or held_out, `template` its number (negative rows: of their own list)."""

    text: str
    labels: list[Label]
    language: str
    half: str
    template: str


def make_set(rows: int = 2400, seed: int = 20) -> list[Sample]:
    """So many rows, one quarter each of the two languages and the two halves; the same for the same seed."""
    rng = random.Random(seed)
    samples = []
    for language in ("ja", "en"):
        for half in ("open", "held_out"):
            positive, negative = (material(language, half)[section] for section in ("sentences", "nothing personal"))
            for place in range(rows // 4):
                bad = place % round(1 / NEGATIVE_SHARE) == 0
                pool = negative if bad else positive
                number = (place // 4 if bad else place - place // 4 - 1) % len(pool)
                samples.append(_fill(pool[number], Values(rng, language, half), f"{'n' if bad else 'p'}{number}"))
    return samples


def _fill(template: str, values: "Values", name: str) -> Sample:
    text, labels, last = "", [], 0
    template = template.replace("\\n", "\n").replace("\\t", "\t")
    for slot in SLOT.finditer(template):
        text += template[last : slot.start()]
        value = values.of(slot[1], slot[2])
        if slot[1] in KIND_OF:
            labels.append(Label(len(text), len(text) + len(value), KIND_OF[slot[1]]))
        text += value
        last = slot.end()
    text += template[last:]
    if values.language == "ja" and values.rng.random() < 0.25:
        text = full_width(text, letters=values.rng.random() < 0.5)
    return Sample(text, labels, values.language, values.half, name)


def full_width(text: str, letters: bool) -> str:
    """Digits and hyphens between them (and letters) in full width; the length stays."""
    wide = {
        ord(char): ord(char) + 0xFEE0 for char in string.digits + (string.ascii_letters + "@._:/" if letters else "")
    }
    return re.sub(r"(?<=\d)-(?=\d)", "－", text).translate(wide)


class Values:
    """What goes into the slots of one row: a person's name stays the same within it."""

    def __init__(self, rng: random.Random, language: str, half: str) -> None:
        self.rng, self.language, self.half = rng, language, half
        self.material = material(language, half)
        self.people: dict[str, tuple[str, str]] = {}

    def of(self, slot: str, number: str) -> str:
        """The text of a slot: {name2} has slot name and number 2."""
        if slot in ("name", "sur", "given"):
            return self._name(slot, number)
        maker = getattr(self, f"_{slot}", None)
        return str(maker()) if maker else str(self._number(slot))

    def _name(self, slot: str, number: str) -> str:
        person = self.people.setdefault(
            number, (self.rng.choice(self.material["surnames"]), self.rng.choice(self.material["given names"]))
        )
        if slot == "sur":
            return person[0]
        if slot == "given":
            return person[1]
        if self.language == "ja":
            return self.rng.choice(["", "", " ", "　"]).join(person)
        middle = self.rng.choice(["", "", "", f" {self.rng.choice('ABJMRT')}."])
        return f"{person[1]}{middle} {person[0]}"

    def _number(self, slot: str) -> str:
        local = f"{slot}_{self.language}"
        return str(getattr(numbers, local if hasattr(numbers, local) else slot)(self.rng))

    def _kana(self) -> str:
        family, given = self.rng.choice(self.material["readings"]).split()
        whole = f"{family}{self.rng.choice([' ', '　', ''])}{given}"
        return self.rng.choice([whole, whole, "".join(_half_width(char) for char in whole)])

    def _hira(self) -> str:
        family, given = self.rng.choice(self.material["readings"]).split()
        return "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in f"{family} {given}")

    def _romaji(self) -> str:
        return self.rng.choice(self.material["Latin letters"])

    def _foreign(self) -> str:
        return self.rng.choice(self.material["foreign"])

    def _email(self) -> str:
        return f"{self.rng.choice(WORDS)}@{self.rng.choice(HOSTS)}"

    def _address(self) -> str:
        rng = self.rng
        if self.language == "en":
            unit = rng.choice(["", "", "", ", Apt 4B", ", Suite 210", " #12"])
            return f"{rng.randint(1, 9999)} {rng.choice(STREETS[self.half])}{unit}"
        prefecture, city, town = rng.choice(PLACES[self.half])
        a, b, c = rng.randint(1, 9), rng.randint(1, 40), rng.randint(1, 20)
        lot = rng.choice(
            [
                f"{a}-{b}-{c}",
                f"{a}-{b}",
                f"{a}丁目{b}番{c}号",
                f"{a}丁目{b}-{c}",
                f"{b * 7}番地",
                f"{b * 7}番地の{c}",
                f"{'一二三四五六七八九'[a - 1]}丁目{b}番地{c}",
            ]
        )
        room = rng.choice(
            [
                "",
                "",
                "",
                f" {rng.choice(BUILDINGS[self.half])}{rng.randint(1, 12)}0{rng.randint(1, 9)}号室",
                f"　{rng.choice(BUILDINGS[self.half])}{rng.randint(2, 9)}F",
                f"-{a}0{a}",
            ]
        )
        return f"{rng.choice([prefecture, prefecture, ''])}{city}{town}{lot}{room}"

    def _postal(self) -> str:
        code = numbers.digits(self.rng, 7)
        return f"{code[:3]}-{code[3:]}"

    def _zip(self) -> str:
        return self.rng.choice(
            [numbers.digits(self.rng, 5), f"{numbers.digits(self.rng, 5)}-{numbers.digits(self.rng, 4)}"]
        )

    def _ssn(self) -> str:
        return f"{self.rng.randint(1, 665):03d}-{self.rng.randint(1, 99):02d}-{self.rng.randint(1, 9999):04d}"

    def _account(self) -> str:
        return numbers.digits(self.rng, 7 if self.language == "ja" else self.rng.choice([8, 10, 12]))

    def _kigou(self) -> str:
        return f"1{self.rng.randint(0, 999):03d}0"

    def _passport(self) -> str:
        letters = "".join(self.rng.choice("MTRZ") for _ in range(2))
        return (
            letters + numbers.digits(self.rng, 7)
            if self.language == "ja"
            else self.rng.choice([numbers.digits(self.rng, 9), f"C{numbers.digits(self.rng, 8)}"])
        )

    def _licence(self) -> str:
        if self.language == "ja":
            return numbers.digits(self.rng, 12)
        return self.rng.choice(
            [
                f"{self.rng.choice('ABDFS')}{numbers.digits(self.rng, 7)}",
                numbers.digits(self.rng, 8),
                f"{self.rng.choice('MSW')}{numbers.digits(self.rng, 3)}-{numbers.digits(self.rng, 4)}-"
                f"{numbers.digits(self.rng, 4)}",
            ]
        )

    def _letters(self, count: int) -> str:
        return "".join(self.rng.choice(string.ascii_letters + string.digits) for _ in range(count))

    def _password(self) -> str:
        return self.rng.choice(
            [
                f"{self._letters(5)}!{self._letters(4)}",
                f"Sakura{self.rng.randint(10, 9999)}",
                f"{self._letters(10)}#9",
                f"correct-horse-{self.rng.randint(10, 99)}",
            ]
        )

    def _apikey(self) -> str:
        capitals = "".join(self.rng.choice(string.ascii_uppercase + string.digits) for _ in range(16))
        return self.rng.choice(
            [
                f"sk-{self._letters(48)}",
                f"ghp_{self._letters(36)}",
                f"AKIA{capitals}",
                f"hf_{self._letters(34)}",
                f"xoxb-{numbers.digits(self.rng, 11)}-{self._letters(24)}",
                f"AIza{self._letters(35)}",
            ]
        )

    def _ip(self) -> str:
        rng = self.rng
        return rng.choice(
            [
                f"203.0.113.{rng.randint(1, 254)}",
                f"{rng.randint(11, 191)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}",
                f"2001:db8::{rng.randint(16, 65535):x}:{rng.randint(1, 9999):x}",
            ]
        )

    def _url(self) -> str:
        word = self._letters(9)
        return self.rng.choice(
            [
                f"postgres://app:{word}@db.example.com:5432/main",
                f"https://admin:{word}@intra.example.co.jp/",
                f"https://api.example.com/v1/items?access_token={word}{self._letters(12)}",
            ]
        )

    # --- what is not to be found ---

    def _order(self) -> str:
        rng = self.rng
        return rng.choice(
            [
                f"{rng.randint(100, 999)}-{numbers.digits(rng, 7)}-{numbers.digits(rng, 7)}",
                f"PO-{numbers.digits(rng, 6)}",
                f"A{numbers.digits(rng, 8)}",
                numbers.digits(rng, 10),
                f"2025-{numbers.digits(rng, 5)}",
            ]
        )

    def _slip(self) -> str:
        return self.rng.choice([numbers.digits(self.rng, 12), numbers.digits(self.rng, 8)])

    def _tracking(self) -> str:
        return self.rng.choice(
            [
                numbers.grouped(numbers.digits(self.rng, 12), (4, 4, 4), "-"),
                f"1Z{self._letters(16).upper()}",
                numbers.digits(self.rng, 12),
            ]
        )

    def _code(self) -> str:
        rng = self.rng
        return rng.choice(
            [
                f"XK-{numbers.digits(rng, 4)}",
                f"B{numbers.digits(rng, 2)}-{numbers.digits(rng, 3)}-{numbers.digits(rng, 4)}",
                f"MRN{numbers.digits(rng, 6)}",
                f"{numbers.digits(rng, 4)}-{rng.choice('ABC')}",
            ]
        )

    def _price(self) -> str:
        amount = self.rng.randint(100, 9_999_999)
        if self.language == "ja":
            return self.rng.choice([f"{amount:,}円", f"{amount}円", f"{amount // 10000 + 1}万円"])
        return self.rng.choice([f"${amount / 100:,.2f}", f"EUR {amount // 100}", f"${amount:,}"])

    def _date(self) -> str:
        return self.rng.choice(numbers.NOT_BIRTH if self.language == "ja" else numbers.NOT_BIRTH_EN)

    def _time(self) -> str:
        hour, minute = self.rng.randint(8, 19), self.rng.choice(["00", "15", "30"])
        return self.rng.choice(
            [f"{hour}時{minute}分", f"{hour}:{minute}"] if self.language == "ja" else [f"{hour}:{minute}"]
        )

    def _version(self) -> str:
        return f"{self.rng.randint(1, 9)}.{self.rng.randint(0, 20)}.{self.rng.randint(0, 9)}.{self.rng.randint(0, 9)}"

    def _dim(self) -> str:
        return f"{numbers.digits(self.rng, 3)}x{numbers.digits(self.rng, 3)}x{numbers.digits(self.rng, 2)}mm"

    def _city(self) -> str:
        return self.rng.choice((CITIES_JA if self.language == "ja" else CITIES_EN)[self.half])

    def _state(self) -> str:
        return self.rng.choice(["IL", "TX", "OR", "CA"])

    def _org(self) -> str:
        return self.rng.choice((ORGS_JA if self.language == "ja" else ORGS_EN)[self.half])


def _half_width(char: str) -> str:
    wanted = unicodedata.normalize("NFD", char)
    table = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
    marks = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
    return "".join(marks.get(part) or table.get(part, part) for part in wanted)
