"""The READMEs of both editions: their twins, their commands, and a row of troubleshooting for every message."""

import re

import pytest
from stored_notebooks import ENGLISH, PORTUGUESE, ROOT, read, source_of

from helpers.portuguese.tools import MESSAGES

README, LEIAME = ROOT / "README.md", ROOT / "notebooks" / "pt-br" / "README.pt-br.md"
SENTENCE = 5  # words; shorter messages are labels of a figure or parts of a line


def quoted(readme):
    """Return the messages that a README's tables quote, each as the pieces between its ellipses."""
    rows = re.findall(r"^\| (.*?) \|", readme.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [
        [piece.strip() for piece in code.split("…")] for row in rows for code in re.findall(r"`([^`]+)`", row)
    ]


def is_named(message, quotations):
    """Tell whether one of the quotations has all its pieces in the message, in their order."""
    plain = re.sub(r"\{[^}]*\}+", "…", message)
    patterns = [".*".join(map(re.escape, pieces)) for pieces in quotations if len("".join(pieces)) > 8]
    return any(re.search(pattern, plain, flags=re.DOTALL) for pattern in patterns)


@pytest.mark.parametrize(("readme", "edition"), [(README, 0), (LEIAME, 1)], ids=["English", "Portuguese"])
def test_troubleshooting_names_every_message_of_the_helpers(readme, edition):
    words = {pair: re.findall(r"[^\W\d_]+", re.sub(r"\{[^}]*\}", "", pair[0])) for pair in MESSAGES.items()}
    messages = [pair[edition] for pair in MESSAGES.items() if len(words[pair]) >= SENTENCE]
    assert len(messages) > 40
    assert not [message for message in messages if not is_named(message, quoted(readme))], (
        f"add rows to {readme.name}"
    )


@pytest.mark.parametrize(
    ("readme", "path"), [(README, ENGLISH[0]), (LEIAME, PORTUGUESE[0])], ids=["English", "Portuguese"]
)
def test_troubleshooting_names_every_message_of_the_setup_cell(readme, path):
    setup = source_of(read(path), "setup")
    messages = re.findall(r'(?:SetupError\(\s*f?|message = )"([^"]+)', setup)
    assert len(messages) == 4
    assert not [message for message in messages if not is_named(f"SetupError: {message}", quoted(readme))]


def test_each_readme_names_the_other_first_thing():
    for readme, other in [(README, LEIAME), (LEIAME, README)]:
        title, link = readme.read_text(encoding="utf-8").split("\n\n")[:2]
        assert title.startswith("# ")
        target = re.fullmatch(r"\[[^\]]+\]\((.+)\)", link)[1]
        assert (readme.parent / target).resolve() == other


@pytest.mark.parametrize("readme", [README, LEIAME], ids=["English", "Portuguese"])
def test_links_of_a_readme_lead_somewhere(readme):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", readme.read_text(encoding="utf-8")):
        assert (readme.parent / target).exists(), target


def test_readmes_give_the_same_commands():
    commands = [
        re.findall(r"```\w+\n(.*?)```", r.read_text(encoding="utf-8"), flags=re.DOTALL)
        for r in (README, LEIAME)
    ]
    plain = [command.replace("notebooks/pt-br", "notebooks") for command in commands[1]]
    assert plain and set(plain) <= set(commands[0])


def test_readmes_have_the_same_sections():
    english, portuguese = (
        re.findall(r"^## ", r.read_text(encoding="utf-8"), flags=re.MULTILINE) for r in (README, LEIAME)
    )
    assert len(english) == len(portuguese)


def test_what_readmes_name_in_the_repository_is_there():
    for readme in (README, LEIAME):
        text = readme.read_text(encoding="utf-8")
        for name in re.findall(r"(?<![\w/])((?:tests|\.github|notebooks|helpers|data)/[\w./-]+)", text):
            if "my_" not in name and "OWNER" not in name:
                assert (ROOT / name.rstrip(".")).exists() or (readme.parent / name.rstrip(".")).exists(), name


def test_readmes_hold_no_placeholder():
    for readme in (README, LEIAME):
        assert not re.search(r"@@|TODO|XXX", readme.read_text(encoding="utf-8")), readme.name
