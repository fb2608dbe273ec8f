"""The licences of Tanren and of what comes with it."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from backend.home import resources_folder
from backend.launch import REPOSITORY


class LicencesDialog(QDialog):
    """The licence texts, one after the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("licences_dialog")
        self.setWindowTitle(self.tr("Licences"))
        self.resize(720, 560)
        self.text = QPlainTextEdit(licence_texts())
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Licences"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.finished.connect(self.deleteLater)


def licence_texts() -> str:
    """Tanren's licence, those of the libraries, that of the typeface: the files that are there."""
    files = (REPOSITORY / "LICENSE", REPOSITORY / "THIRD_PARTY.md", resources_folder() / "fonts" / "OFL.txt")
    return "\n\n".join(f"=== {file.name} ===\n\n{file.read_text(encoding='utf-8')}" for file in files if file.is_file())
