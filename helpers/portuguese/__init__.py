"""What the helpers say in Brazilian Portuguese, by the English template that stands in the code."""

from helpers.portuguese import checks, tools

__all__ = ["MESSAGES"]

MESSAGES = tools.MESSAGES | checks.MESSAGES
