"""Home: where the work stands and the next step."""

from gui.pages.page import Page
from gui.session import Session


class HomePage(Page):
    """The first page."""

    name = "home"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.body.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text."""
        self.set_title(self.tr("Make a language model your own"))
