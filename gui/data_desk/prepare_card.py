"""What can be done to a dataset as a whole, and what was done: every step with its counts, to be undone and redone."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from backend.data.check_texts import CHECKS
from backend.data.journal import EDIT, Step
from backend.data.privacy.settings import KEY_FILE, KEYS_FOLDER
from backend.data.steps import STEPS
from gui.figures import count, listed, when
from gui.jobs.job import WorkerJob
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_S
from gui.widgets.flow_row import FlowRow
from gui.widgets.job_progress import JobProgress
from gui.widgets.note import Note
from gui.widgets.parts import Card, button, clear_layout, label, row

GROUPS = ("clean", "privacy", "augment", "split")
STEPS_SHOWN = 6
HIDE, PSEUDONYM = "hide_personal_data", "pseudonym"


class PrepareCard(Card):
    """Buttons for the groups of steps, the job that is at work, and the history, the newest first.

    Signals:
        group_wanted: clean, privacy, augment or split.
        step_wanted: the number of a step whose rows are to be shown.
    """

    group_wanted = Signal(str)
    step_wanted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._all = False
        self._said: object = None
        self.what = label("muted")
        self.buttons = {group: button(partial(self.group_wanted.emit, group), "", f"group_{group}") for group in GROUPS}
        self.undo_button = button(self.undo, "link", "undo_step")
        self.redo_button = button(self.redo, "link", "redo_step")
        self.forget_button = button(self._ask_to_forget, "link", "forget_steps")
        self.more_button = button(self._show_all, "link", "all_steps")
        self.done_heading = label("muted")
        self.progress = JobProgress(session.language)
        self.history = QGridLayout()
        self.history.setHorizontalSpacing(SPACE_L)
        self.history.setVerticalSpacing(SPACE_S)
        self.history.setColumnStretch(1, 1)
        inner = QVBoxLayout()
        inner.setSpacing(SPACE_M)
        inner.addWidget(self.what)
        inner.addLayout(FlowRow(*self.buttons.values()))
        inner.addWidget(self.progress)
        inner.addSpacing(SPACE_S)
        done = row(self.done_heading, self.undo_button, self.redo_button, stretch=False, spacing=SPACE_M)
        done.setStretch(0, 1)
        inner.addLayout(done)
        inner.addLayout(self.history)
        inner.addLayout(row(self.more_button, self.forget_button, spacing=SPACE_M))
        self.body.addLayout(inner)
        self.progress.hide()

    def follow(self, job: WorkerJob) -> None:
        """Shows the job that works on the dataset."""
        self.progress.follow(job)

    def retranslate(self) -> None:
        """Sets every text."""
        self.heading.setText(self.tr("Prepare the rows"))
        self.what.setText(self.tr("Your file stays as it is: all of this is done to the imported rows, and can be "
                                  "undone."))
        words = {"clean": self.tr("Clean…"), "privacy": self.tr("Hide personal data…"), "augment": self.tr("Enlarge…"),
                 "split": self.tr("Set apart rows for measuring…")}
        for group, made in self.buttons.items():
            made.setText(words[group])
        self.undo_button.setText(self.tr("Undo"))
        self.redo_button.setText(self.tr("Redo"))
        self.forget_button.setText(self.tr("Erase what was before…"))
        self.undo_button.setToolTip("Ctrl+Z")
        self.redo_button.setToolTip("Ctrl+Shift+Z")
        self.progress.retranslate(self.session.language)
        self.refresh()

    def refresh(self) -> None:
        """Shows the open dataset as it is now."""
        dataset = self.session.dataset
        overview = dataset.overview if dataset else None
        self.setVisible(overview is not None and not self.session.imports.is_running)
        if dataset is None or overview is None:
            return
        free = not dataset.is_changing
        self.progress.setVisible(dataset.job is not None)
        for group, made in self.buttons.items():
            made.setVisible(any(kind.group == group for kind in STEPS.values()))
            made.setEnabled(free)
        self.undo_button.setEnabled(free and overview.can_undo)
        self.redo_button.setEnabled(free and overview.can_redo)
        for made in (self.undo_button, self.redo_button):
            made.setVisible(bool(overview.steps))
        can_forget = overview.can_undo or overview.can_redo
        self.forget_button.setVisible(can_forget)
        self.forget_button.setEnabled(free and can_forget)
        self.done_heading.setVisible(bool(overview.steps))
        self.done_heading.setText(self.tr("Done so far"))
        self._show_history(overview.steps, overview.final)

    def undo(self) -> None:
        """Takes the newest step back."""
        if self.session.dataset is not None and self.undo_button.isEnabled():
            self.session.dataset.undo()

    def redo(self) -> None:
        """Does the step again that was taken back last."""
        if self.session.dataset is not None and self.redo_button.isEnabled():
            self.session.dataset.redo()

    def _ask_to_forget(self) -> None:
        words = [self.tr(
            "So that steps can be undone, the dataset keeps what was there before: names and numbers that were hidden, "
            "too. Erased, it is gone from this dataset for good, and the steps cannot be undone. Your file stays as it "
            "is.")]
        keys = self._key_files()
        if keys:
            words.append(self.tr("The key of the pseudonyms stays, and says which name each stands for. Keep it safe, "
                                 "or delete it yourself: {0}").format(listed(str(key) for key in keys)))
        note = Note(self.window(), self.tr("Erase what the rows were before?"), "\n\n".join(words),
                    (self.tr("Erase"), lambda: self._forget(note)))
        note.open()

    def _key_files(self) -> list[Path]:
        """The keys by which pseudonyms of this dataset can be turned back, where they are still there."""
        dataset = self.session.dataset
        steps = dataset.overview.steps if dataset is not None and dataset.overview is not None else []
        own = self.session.home / KEYS_FOLDER / KEY_FILE
        keys = [Path(step.settings.get("key") or own) for step in steps
                if step.name == HIDE and step.settings.get("mode", PSEUDONYM) == PSEUDONYM]
        return [key for key in dict.fromkeys(keys) if key.is_file()]

    def _forget(self, note: Note) -> None:
        note.accept()
        if self.session.dataset is not None:
            self.session.dataset.forget()

    def _show_all(self) -> None:
        self._all = not self._all
        self.refresh()

    def _show_history(self, steps: list[Step], final: int) -> None:
        said = (self.session.language, steps, final, self._all)
        if said == self._said:  # the keyboard stays where it is
            return
        self._said = said
        clear_layout(self.history)
        shown = list(reversed(steps)) if self._all else list(reversed(steps))[:STEPS_SHOWN]
        before: QWidget = self.redo_button
        for line, step in enumerate(shown):
            time, what, counts = label("small", wrap=False), label("muted" if step.undone else ""), label("small")
            time.setText(when(step.made))
            words = self.step_words(step)
            what.setText(self.tr("{0} (undone)").format(words) if step.undone else words)
            counts.setText(counts_words(step))
            rows_button = button(partial(self.step_wanted.emit, step.step), "link", f"step_{step.step}")
            rows_button.setText(self.tr("Show the rows"))
            rows_button.setAccessibleName(f"{rows_button.text()}: {what.text()}")
            for column, widget in enumerate((time, what, counts, rows_button)):
                self.history.addWidget(widget, line, column)
            QWidget.setTabOrder(before, rows_button)  # made later than what stands below it
            before = rows_button
            there = not step.undone and step.step > final
            rows_button.setVisible(there and bool(step.counts.get("changed") or step.counts.get("added")))
        self.more_button.setVisible(len(steps) > STEPS_SHOWN)
        self.more_button.setText(self.tr("Show fewer") if self._all
                                 else self.tr("Show all {0} steps").format(count(len(steps))))

    def step_words(self, step: Step) -> str:
        """What a step was."""
        if step.name == EDIT:
            return self.tr("Rows taken out by hand") if step.counts.get("removed") else self.tr("Edited by hand")
        language = self.session.language
        kind = STEPS.get(step.name)
        title = kind.title.in_language(language) if kind else step.name
        check = CHECKS.get(step.settings.get("check", ""))  # the finding that a fix mends
        return f"{check.title.in_language(language)}: {title}" if check else title


def counts_words(step: Step) -> str:
    """How many rows a step changed, took out and added."""
    words = {"changed": QCoreApplication.translate("PrepareCard", "{0} changed"),
             "removed": QCoreApplication.translate("PrepareCard", "{0} taken out"),
             "added": QCoreApplication.translate("PrepareCard", "{0} added")}
    return listed(words[name].format(count(step.counts[name])) for name in words if step.counts.get(name))
