"""Tokens as they are drawn: wrapped, and trained ones told apart by more than colour."""

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.fonts import load_fonts
from gui.theme import apply_theme, colors
from gui.widgets.token_view import ShownToken, TokenLegend, TokenView, shown_text


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> TokenView:
    load_fonts()
    apply_theme(qapp, "light")
    made = TokenView()
    qtbot.addWidget(made)
    made.resize(400, 100)
    made.show()
    return made


def count_pixels(view: TokenView, token: int, color: str) -> int:
    """How many pixels of exactly `color` lie at the bottom line of a token."""
    image: QImage = view.grab().toImage()
    place = view._layout(view.width())[token]
    wanted = QColor(color).rgb()
    return sum(image.pixelColor(x, y).rgb() == wanted for x in range(round(place.left()), round(place.right()))
               for y in range(round(place.bottom()) - 2, round(place.bottom()) + 2))


def test_trained_tokens_are_underlined_and_others_are_not(view: TokenView) -> None:
    view.show_tokens([ShownToken(5, "read", False, False), ShownToken(6, "said", True, False)])
    assert count_pixels(view, 0, colors().accent) == 0
    assert count_pixels(view, 1, colors().accent) > 10
    assert view.accessibleName() == "2 tokens, 1 of them trained"
    assert view.accessibleDescription() == "readsaid"


def test_special_tokens_have_a_box(view: TokenView) -> None:
    view.show_tokens([ShownToken(1, "<s>", False, True), ShownToken(2, "abc", False, False)])
    assert count_pixels(view, 0, colors().strong_border) > count_pixels(view, 1, colors().strong_border)


def test_tokens_wrap_within_the_width(view: TokenView) -> None:
    view.show_tokens([ShownToken(n, "トークン", n % 2 == 0, False) for n in range(200)])
    for width in (240, 400, 900):
        view.resize(width, 10)
        places = view._layout(width)
        assert max(place.right() for place in places) <= width
        assert view.heightForWidth(width) >= places[-1].bottom()
    assert view.heightForWidth(240) > view.heightForWidth(900)


def test_a_line_end_breaks_the_line(view: TokenView) -> None:
    view.show_tokens([ShownToken(1, "a\n", False, False), ShownToken(2, "b", False, False)])
    first, second = view._layout(400)
    assert second.top() > first.top()
    assert second.left() == 0


def test_the_legend_names_the_sign_of_a_part_of_a_character(qtbot: QtBot) -> None:
    legend = TokenLegend()
    qtbot.addWidget(legend)
    assert any(token.text.startswith(shown_text("")) for token in legend.view.tokens)


@pytest.mark.parametrize(("text", "shown"), [
    (" the", "·the"), ("\n", "↵"), ("   ", "···"), ("", "∅"), ("a b", "a b"), ("\tx\r\n", "⇥x␍↵"), ("end ", "end·"),
])
def test_invisible_characters_are_shown(text: str, shown: str) -> None:
    assert shown_text(text) == shown
