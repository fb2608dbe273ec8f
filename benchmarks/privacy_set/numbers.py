"""Numbers with correct check digits, in the ways people write them; every function takes the random generator."""

import random

CARDS = (("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("35", 16), ("34", 15), ("37", 15), ("36", 14), ("6011", 16))
NOT_BIRTH = (
    "2024年5月10日",
    "2025/3/1",
    "令和6年11月30日",
    "R7.1.15",
    "2025-08-20",
    "5月12日",
    "3/15(金)",
    "2024.12.1",
)
NOT_BIRTH_EN = ("May 10, 2024", "2025-03-01", "3/15/2025", "12 June 2025", "August 2nd", "15.11.2024")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def digits(rng: random.Random, count: int) -> str:
    """So many random digits, the first of them not 0."""
    return str(rng.randint(10 ** (count - 1), 10**count - 1))


def grouped(raw: str, sizes: tuple[int, ...], mark: str) -> str:
    """Digits in groups of these sizes."""
    parts, place = [], 0
    for size in sizes:
        parts.append(raw[place : place + size])
        place += size
    return mark.join(parts)


def my_number(rng: random.Random) -> str:
    """12 digits, the last a check digit (order of the ministry of 2014, article 5)."""
    raw = digits(rng, 11)
    total = sum(int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(raw), start=1))
    rest = total % 11
    whole = raw + str(0 if rest <= 1 else 11 - rest)
    return rng.choice([whole, grouped(whole, (4, 4, 4), " "), grouped(whole, (4, 4, 4), "-")])


def corporate(rng: random.Random) -> str:
    """13 digits, the first a check digit (order of the ministry of finance of 2014, article 2)."""
    raw = rng.choice(["01", "02", "03", "04", "11", "12", "18"]) + f"{rng.randint(0, 10**10 - 1):010d}"
    total = sum(int(digit) * (1 if n % 2 else 2) for n, digit in enumerate(reversed(raw), start=1))
    whole = str(9 - total % 9) + raw
    return rng.choice([whole, whole, grouped(whole, (1, 4, 4, 4), "-")])


def card(rng: random.Random) -> str:
    """A card number that passes Luhn's check."""
    start, length = rng.choice(CARDS)
    raw = start + "".join(str(rng.randint(0, 9)) for _ in range(length - len(start) - 1))
    total = sum(sum(divmod(int(digit) * (2 if n % 2 else 1), 10)) for n, digit in enumerate(reversed(raw), start=1))
    whole = raw + str(-total % 10)
    sizes = {16: (4, 4, 4, 4), 15: (4, 6, 5), 14: (4, 6, 4)}[length]
    return rng.choice([whole, grouped(whole, sizes, " "), grouped(whole, sizes, "-")])


def phone_ja(rng: random.Random) -> str:
    """A Japanese number: land line, mobile, toll-free, with the country's code."""
    area = rng.choice(["03", "06", "045", "052", "0742", "0985", "04992", "011"])
    rest = f"{rng.randint(2 * 10 ** (9 - len(area)), 10 ** (10 - len(area)) - 1)}"
    middle, last = rest[:-4], rest[-4:]
    mobile = rng.choice(["090", "080", "070", "050"])
    one, two = digits(rng, 4), digits(rng, 4)
    return rng.choice(
        [
            f"{area}-{middle}-{last}",
            f"{area}({middle}){last}",
            f"({area}){middle}-{last}",
            f"{area} {middle} {last}",
            f"{area}-{middle}-{last}",
            f"{area}{middle}{last}",
            f"{mobile}-{one}-{two}",
            f"{mobile}-{one}-{two}",
            f"{mobile}{one}{two}",
            f"{mobile} {one} {two}",
            f"{mobile}ー{one}ー{two}",
            f"{mobile}−{one}−{two}",
            f"+81-{mobile[1:]}-{one}-{two}",
            f"+81 {area[1:]} {middle} {last}",
            f"0120-{digits(rng, 3)}-{digits(rng, 3)}",
        ]
    )


def phone_en(rng: random.Random) -> str:
    """A number of the United States, of Britain or of another country."""
    area, middle, last = rng.choice(["212", "415", "305", "617", "808"]), f"5{rng.randint(10, 99)}", digits(rng, 4)
    return rng.choice(
        [
            f"({area}) {middle}-{last}",
            f"({area}) {middle}-{last}",
            f"{area}-{middle}-{last}",
            f"{area}.{middle}.{last}",
            f"{area} {middle} {last}",
            f"+1 {area} {middle} {last}",
            f"1-{area}-{middle}-{last}",
            f"{area}{middle}{last}",
            f"020 7946 0{digits(rng, 3)}",
            f"07700 900{digits(rng, 3)}",
            f"+44 20 7946 0{digits(rng, 3)}",
            f"+49 30 {digits(rng, 4)} {digits(rng, 3)}",
            f"+91 98{digits(rng, 3)} {digits(rng, 5)}",
            f"+33 1 42 68 53 {digits(rng, 2)}",
        ]
    )


def birth_ja(rng: random.Random) -> str:
    """A day of birth, western or by era."""
    year, month, day = rng.randint(1930, 2019), rng.randint(1, 12), rng.randint(1, 28)
    if year >= 1990:
        era, short, of_era = "平成", "H", year - 1988
    else:
        era, short, of_era = "昭和", "S", year - 1925
    return rng.choice(
        [
            f"{year}年{month}月{day}日",
            f"{year}年{month:02d}月{day:02d}日",
            f"{era}{of_era}年{month}月{day}日",
            f"{year}/{month}/{day}",
            f"{year}-{month:02d}-{day:02d}",
            f"{short}{of_era}.{month}.{day}",
            f"{year}.{month}.{day}",
            f"{short}{of_era}年{month}月{day}日",
            f"{year}{month:02d}{day:02d}",
        ]
    )


def birth_en(rng: random.Random) -> str:
    """A day of birth as written in English."""
    year, month, day = rng.randint(1930, 2015), rng.randint(1, 12), rng.randint(1, 28)
    name = MONTHS[month - 1]
    return rng.choice(
        [
            f"{name} {day}, {year}",
            f"{day} {name} {year}",
            f"{month:02d}/{day:02d}/{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day:02d}.{month:02d}.{year}",
            f"{name[:3]} {day}, {year}",
            f"{day}-{name[:3]}-{year}",
            f"{month}/{day}/{year % 100:02d}",
        ]
    )


def iban(rng: random.Random) -> str:
    """An account of Germany or Britain with the check digits of ISO 13616."""
    country, rest = rng.choice([("DE", digits(rng, 18)), ("GB", "WEST" + digits(rng, 14))])
    number = "".join(str(int(char, 36)) for char in rest + country + "00")
    whole = f"{country}{98 - int(number) % 97:02d}{rest}"
    return rng.choice([whole, " ".join(whole[place : place + 4] for place in range(0, len(whole), 4))])


def routing(rng: random.Random) -> str:
    """A bank of the United States: nine digits with a check digit."""
    raw = "0" + digits(rng, 7)
    total = sum(int(digit) * weight for digit, weight in zip(raw, (3, 7, 1, 3, 7, 1, 3, 7), strict=True))
    return raw + str(-total % 10)


def jan(rng: random.Random) -> str:
    """The 13 digits of a product in a Japanese shop, with their check digit."""
    raw = rng.choice(["45", "49"]) + f"{rng.randint(0, 10**10 - 1):010d}"
    total = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(raw))
    return raw + str(-total % 10)


def isbn(rng: random.Random) -> str:
    """A book number with its check digit, with or without hyphens."""
    raw = "9784" + f"{rng.randint(0, 10**8 - 1):08d}"
    total = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(raw))
    whole = raw + str(-total % 10)
    return rng.choice([whole, grouped(whole, (3, 1, 4, 4, 1), "-")])
