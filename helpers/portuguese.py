"""What the helpers say in Brazilian Portuguese: the English template, as it stands in the code, and its translation."""

MESSAGES: dict[str, str] = {}
