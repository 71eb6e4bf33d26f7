"""How Sphinx makes one edition of the site; build.py lays its pages out."""

import gettext
import os
from pathlib import Path

from docutils.nodes import SkipNode, math_block
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.locale import get_translator

IS_ENGLISH = os.environ["COURSE_LANGUAGE"] == "en"


def either(english: str, portuguese: str) -> str:
    return english if IS_ENGLISH else portuguese


project = html_title = either(
    "Training a neural network with PyTorch", "Treinando uma rede neural com PyTorch"
)
extensions = ["myst_nb", "sphinx_copybutton"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the pages show what the notebooks store
nb_code_prompt_show = either("Show this cell's code", "Mostrar o código desta célula")
nb_code_prompt_hide = either("Hide this cell's code", "Esconder o código desta célula")
nb_render_image_options = {
    "alt": either("The figure that the text describes", "A figura que o texto descreve")
}
html_theme = "furo"
html_static_path, html_css_files, html_favicon = ["static"], ["site.css"], "static/icon.svg"
html_use_index = html_copy_source = html_show_copyright = html_show_sphinx = False
html_math_renderer = "mathml"
pygments_dark_style = "github-dark"
copybutton_selector = "div:not(.output) > div.highlight > pre"  # outputs are not for copying


def formula(translator, node) -> None:
    """Write a formula as MathML, which browsers draw by themselves: nothing is loaded for it."""
    is_block = isinstance(node, math_block)
    mathml = tex2mathml(node.astext(), as_block=is_block)
    translator.body.append(f'<div class="formula">{mathml}</div>' if is_block else mathml)
    raise SkipNode


def link_twin(app, page, template, context, doctree) -> None:
    """Put a link to the same page of the other edition above each page."""
    folder, words = ("pt-br", "Em português") if IS_ENGLISH else ("en", "In English")
    twin = page
    if page[:2].isdigit():
        twin = next((Path(app.srcdir).parent / folder).glob(f"{page[:2]}*.ipynb")).stem
    context["theme_announcement"] = f'<a id="twin" lang="{folder}" href="../{folder}/{twin}.html">{words}</a>'


def speak(app) -> None:
    """Give Furo the Portuguese words that Sphinx's own catalogue has not."""
    words = {"Next": "Próxima", "Previous": "Anterior", "Home": "Início", "On this page": "Nesta página"}
    fallback = gettext.NullTranslations()
    fallback.gettext = lambda word: either(word, words.get(word, word))
    get_translator().add_fallback(fallback)


def setup(app) -> None:
    app.add_html_math_renderer("mathml", (formula, None), (formula, None))
    app.connect("html-page-context", link_twin)
    app.connect("builder-inited", speak)
