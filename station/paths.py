"""Where the files that travel with the program are: in a checkout, and in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def templates_dir() -> Path:
    """The page templates: inside the package once installed, beside it in a checkout."""
    installed = _PACKAGE / "_templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def static_dir() -> Path:
    return _PACKAGE / "static"
