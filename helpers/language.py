"""What the helpers say, in the notebook's language: one file of helpers/messages/ for each."""

import importlib
from typing import Any

from helpers.messages.en import MESSAGES

__all__ = ["LANGUAGES", "say", "use"]

# The language, by its IETF tag, and the module that holds its messages.
LANGUAGES = {"en": "helpers.messages.en", "pt-BR": "helpers.messages.pt_br"}
_messages = MESSAGES


def use(language: str) -> None:
    """Let the helpers speak this language from now on, in this process.

    Args:
        language: "en", which they speak by themselves, or "pt-BR".

    Raises:
        KeyError: if there is no such edition.
    """
    global _messages
    _messages = importlib.import_module(LANGUAGES[language]).MESSAGES


def say(*keys: str, of: str = "", **values: Any) -> str:
    """Return a message in the notebook's language, its {placeholders} filled as by ``str.format``.

    Args:
        keys: of the message; the first that exists is taken.
        of: an exercise. Its own messages, "exercise.key", come before those that all share.
        values: what to put in place of the placeholders.

    Raises:
        KeyError: if there is no such message.
    """
    tried = [f"{of}.{key}" for key in keys] + [*keys]
    return _messages[next((key for key in tried if key in _messages), tried[0])].format(**values)
