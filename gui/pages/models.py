"""Models: choose the base model, and see what it is before anything is done with it."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout

from backend.config.jobs import ModelsInspectJob
from backend.home import starter_model
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Failed
from gui.figures import count, parameters, size
from gui.look import Look
from gui.pages.page import Page
from gui.runs import model_name
from gui.session import Session
from gui.theme import SPACE_M, SPACE_S, set_role
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.parts import Card, Facts, button, clear_layout, label, row

NOT_A_CHOICE = ("model_missing", "model_unsafe", "bad_config")


class ModelsPage(Page):
    """The chosen model with its facts, and the other folders there are to choose from."""

    name = "models"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.look = Look(session, self)
        self.facts: dict[str, Any] = {}
        self.errors = ErrorPanel(session)
        self.chosen = Card()
        self.place = label("small", selectable=True)
        self.verdict = label()
        self.table = Facts()
        self.next_button = button(lambda: session.page_requested.emit("data"), "primary", "next_data")
        self.choose_button = button(self.choose, "", "choose_model")
        for widget in (self.place, self.verdict, self.table):
            self.chosen.body.addWidget(widget)
        self.chosen.body.addLayout(row(self.next_button, self.choose_button, spacing=SPACE_M))
        self.others = Card()
        self.other_list = QVBoxLayout()
        self.other_list.setSpacing(SPACE_M)
        self.others.body.addLayout(self.other_list)
        for card in (self.errors, self.chosen, self.others):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self.look.answered.connect(self._show_facts)
        self.look.failed.connect(self._show_failure)
        session.model_changed.connect(self._model_changed)
        self.retranslate()
        self._model_changed()

    def retranslate(self) -> None:
        """Sets every text."""
        self.set_title(self.tr("Base model"),
                       self.tr("The model that learns from your data. It is only read, never changed. Drop a model "
                               "folder anywhere on this window, or choose one here."))
        self.others.heading.setText(self.tr("Models on this computer"))
        self.choose_button.setText(self.tr("Choose a folder…"))
        self.next_button.setText(self.tr("Next: the dataset"))
        self._show_chosen()
        self._show_others()

    def on_shown(self) -> None:
        """Looks for model folders again."""
        self._show_others()

    def choose(self) -> None:
        """Asks for a model folder."""
        start = next(iter(self.session.settings.recent_models), "")
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a model folder"), start)
        if folder:
            self.take(Path(folder))

    def take(self, folder: Path) -> None:
        """Chooses `folder`; the same folder again is looked at again."""
        if folder == self.session.model:
            self._model_changed()
        else:
            self.session.choose_model(folder)

    @Slot()
    def _model_changed(self) -> None:
        model = self.session.model
        self.facts = {}
        if model is not None:
            self.errors.clear()
            self.look.ask(ModelsInspectJob(model=str(model)), "models_inspect")
        self._show_chosen()
        self._show_others()

    @Slot(dict)
    def _show_facts(self, facts: dict[str, Any]) -> None:
        if facts["verdict"] != "ok":
            self._show_failure(_worst(facts["refusals"]))
            return
        self.facts = facts
        self._show_chosen()

    @Slot(object)
    def _show_failure(self, failed: Failed) -> None:
        self.errors.show_error(failed)
        if failed.kind in NOT_A_CHOICE:
            self.session.choose_model(None)
        self._show_chosen()

    def _show_chosen(self) -> None:
        """The card of the chosen model: being looked at, with its facts, or nothing yet."""
        model = self.session.model
        known = bool(self.facts) and model is not None
        self.chosen.heading.setText(model_name(model) if model else self.tr("No model chosen yet"))
        self.place.setText(str(model or ""))
        self.place.setVisible(model is not None)
        self.table.setVisible(known)
        self.next_button.setVisible(known)
        set_role(self.choose_button, "" if model else "primary")
        if model is None:
            self._say("muted", self.tr("Start with the starter model below, or choose the folder of a model that you "
                                       "have: with config.json, the tokenizer and the .safetensors files."))
        elif self.look.is_running:
            self._say("muted", self.tr("Looking at the folder…"))
        elif known:
            self._say("good", self.tr("Checked: this model can be used"))
            self._show_table()
        else:
            self._say("warning", self.tr("Not checked"))

    def _say(self, role: str, text: str) -> None:
        set_role(self.verdict, role)
        self.verdict.setText(text)

    def _show_table(self) -> None:
        facts = self.facts
        pairs = [(self.tr("Family"), str(facts.get("family", "")))]
        if facts.get("parameters"):
            pairs.append((self.tr("Parameters"), parameters(facts["parameters"])))
        if facts.get("bytes"):
            pairs.append((self.tr("Size on disk"), size(facts["bytes"])))
        if facts.get("max_length"):
            pairs.append((self.tr("Longest text"), self.tr("{0} tokens").format(count(facts["max_length"]))))
        if facts.get("vocab_size"):
            pairs.append((self.tr("Vocabulary"), self.tr("{0} tokens").format(count(facts["vocab_size"]))))
        if "has_template" in facts:
            pairs.append((self.tr("Chat template"), self.tr("yes") if facts["has_template"]
                          else self.tr("none: not made for chats")))
        pairs.append((self.tr("Licence"), str(facts.get("license") or self.tr("not stated in the folder"))))
        self.table.show_pairs(pairs)

    def _show_others(self) -> None:
        clear_layout(self.other_list)
        for folder in self._found():
            if folder != self.session.model:
                self.other_list.addWidget(self._line(folder))
        self.others.setVisible(self.other_list.count() > 0)

    def _found(self) -> list[Path]:
        """The starter model, folders in the home folder, and recent choices: those that are there."""
        kept = self.session.home / "models"
        found = [starter_model()]
        found += sorted(path for path in kept.iterdir() if path.is_dir()) if kept.is_dir() else []
        found += [Path(path) for path in self.session.settings.recent_models]
        return list(dict.fromkeys(path for path in found if (path / "config.json").is_file()))

    def _line(self, folder: Path) -> QFrame:
        line = QFrame()
        name, about = label(), label("small")
        name.setText(model_name(folder))
        about.setText(self.tr("Comes with Tanren. Small, made for trying things out: not an assistant.")
                      if folder == starter_model() else str(folder))
        use = button(partial(self.take, folder), "", f"use_{folder.name}")
        use.setText(self.tr("Use"))
        use.setAccessibleName(self.tr("Use {0}").format(name.text()))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(about)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(words, 1)
        layout.addWidget(use)
        return line


def _worst(refusals: list[dict[str, Any]]) -> Failed:
    """The refusal to show, unsafe ones first; the details hold all of them."""
    errors = [TanrenError(refusal["code"], **refusal["values"]) for refusal in refusals]
    errors.sort(key=lambda error: error.kind != "model_unsafe")
    worst = errors[0]
    worst.detail = "\n".join(str(error) for error in errors) if len(errors) > 1 else ""
    return worst.to_event()
