"""What the text of a notebook claims: tests/claims/ says which value of which cell each sentence stands for.

That the claims are true is seen where the notebooks are run with them, in test_colab.py.
"""

import pytest
from stored_notebooks import ENGLISH, claims_of, code_cells, read, shown


@pytest.fixture(params=ENGLISH, ids=lambda path: path.stem)
def path(request):
    return request.param


def plain(text):
    return " ".join(text.split())


def test_claims_are_about_code_cells_that_are_there(path):
    assert not claims_of(path).keys() - {cell.id for cell in code_cells(read(path))}


def test_claims_quote_words_that_the_notebook_says(path):
    cells = read(path).cells
    text = plain(" ".join(cell.source for cell in cells if cell.cell_type == "markdown"))
    text += plain(" ".join(map(shown, cells)))
    quoted = [words for claims in claims_of(path).values() for _, words in claims]
    assert not [words for words in quoted if not words or plain(words) not in text], "the text was changed"
