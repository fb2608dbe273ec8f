"""Check digits of the numbers that have one; every function takes digits only."""


def is_my_number(digits: str) -> bool:
    """Twelve digits; ministerial order 85 of 2014 of the Ministry of Internal Affairs, article 5."""
    if len(digits) != 12:
        return False
    total = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)
        for place, digit in enumerate(reversed(digits[:11]), start=1)
    )
    return int(digits[11]) == (0 if total % 11 <= 1 else 11 - total % 11)


def is_corporate_number(digits: str) -> bool:
    """Thirteen digits; ministerial order 70 of 2014 of the Ministry of Finance, article 2."""
    if len(digits) != 13:
        return False
    total = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(digits[1:]), start=1))
    return int(digits[0]) == 9 - total % 9


def passes_luhn(digits: str) -> bool:
    """The check digit of payment cards, ISO/IEC 7812-1."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_product_code(digits: str) -> bool:
    """Thirteen digits of a product or book: GTIN-13 (JAN, EAN, ISBN)."""
    return len(digits) == 13 and sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(digits)) % 10 == 0


def is_iban(text: str) -> bool:
    """An account of ISO 13616, without blanks."""
    number = "".join(str(int(char, 36)) for char in text[4:] + text[:4])
    return int(number) % 97 == 1


def is_routing_number(digits: str) -> bool:
    """Nine digits of a bank of the United States."""
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=False))
    return len(digits) == 9 and weighted % 10 == 0
