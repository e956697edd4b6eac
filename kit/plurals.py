"""Numbers and their nouns."""


def form_of(number: int, forms: int) -> int:
    """Which of so many forms of a noun goes with a number (Unicode CLDR, cardinal rules).

    Chinese has one form, English two, Russian three.
    """
    number = abs(number)
    if forms == 1:
        return 0
    if forms == 2:  # noqa: PLR2004  (singular and plural)
        return int(number != 1)
    if number % 10 == 1 and number % 100 != 11:  # noqa: PLR2004
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2
