"""What the helpers say, in the notebook's language: English in the code, a catalogue for every other."""

import importlib
from typing import Any

__all__ = ["LANGUAGES", "translate", "use"]

# The language, by its IETF tag: the module whose MESSAGES translate each English template.
LANGUAGES = {"en": None, "pt-BR": "helpers.portuguese"}
_messages: dict[str, str] = {}


def use(language: str) -> None:
    """Let the helpers speak this language from now on, in this process.

    Args:
        language: "en", which they speak by themselves, or "pt-BR".

    Raises:
        KeyError: if there is no such edition.
    """
    global _messages
    catalogue = LANGUAGES[language]
    _messages = importlib.import_module(catalogue).MESSAGES if catalogue else {}


def translate(template: str, /, **values: Any) -> str:
    """Return a message in the notebook's language, its {placeholders} filled as by ``str.format``."""
    return _messages.get(template, template).format(**values)
