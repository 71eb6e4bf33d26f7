"""How Sphinx makes one edition of the site; build_site.py lays its pages out and says which."""

import gettext
import json
import os
import re
from pathlib import Path

from docutils.nodes import SkipNode, math_block
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.locale import get_translator

FOLDER, URL, HOME = (os.environ[f"COURSE_{name}"] for name in ("EDITION", "URL", "HOME"))
EDITIONS = json.loads(Path(__file__).with_name("editions.json").read_text(encoding="utf-8"))
EDITION = EDITIONS[FOLDER]
[TWIN] = EDITIONS.keys() - {FOLDER}

project = html_title = EDITION["title"]
extensions = ["myst_nb", "sphinx_copybutton", "sphinxext.opengraph"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the pages show what the notebooks store
html_theme = "furo"
html_static_path, html_css_files, html_favicon = ["static"], ["site.css"], "static/icon.svg"
templates_path = ["templates"]
html_use_index = html_copy_source = html_show_copyright = html_show_sphinx = False
html_math_renderer = "mathml"
html_baseurl = ogp_site_url = HOME and f"{HOME}{FOLDER}/"
ogp_image = "_images/boundary.png"
ogp_social_cards = {"enable": False}  # each page shows the film's last picture
pygments_dark_style = "github-dark"
copybutton_selector = "div:not(.output) > div.highlight > pre"  # outputs are not for copying
copybutton_image_svg = Path(__file__).with_name("copy.svg").read_text().replace("NAME", EDITION["copy"])


def formula(translator, node) -> None:
    """Write a formula as MathML, which browsers draw by themselves: nothing is loaded for it."""
    is_block = isinstance(node, math_block)
    mathml = tex2mathml(node.astext(), as_block=is_block)
    # A function's name, such as ln, as an operator: it gets room on both sides.
    name = r"<mi>(\w\w+)</mi>\s*<mo>&ApplyFunction;</mo>"
    mathml = re.sub(name, r'<mo lspace="0.2em" rspace="0.2em">\1</mo>', mathml)
    translator.body.append(f'<div class="formula">{mathml}</div>' if is_block else mathml)
    raise SkipNode


def link_twin(app, page, template, context, doctree) -> None:
    """Link each page to its twin in the other edition, in the head too, and to the repository."""
    twin = page
    if page[:2].isdigit():
        twin = next((Path(app.srcdir).parent / TWIN).glob(f"{page[:2]}*.ipynb")).stem
    links = [f'<a id="twin" lang="{TWIN}" href="../{TWIN}/{twin}.html">{EDITION["twin"]}</a>']
    links += [f'<a id="repository" href="{URL}">GitHub</a>'] if URL else []
    context["theme_announcement"] = " · ".join(links)
    metatags = [context.get("metatags", "")]
    for folder, name in ((FOLDER, page), (TWIN, twin)):
        address = f"{HOME or '../'}{folder}/{name}.html"
        metatags.append(f'<link rel="alternate" hreflang="{folder}" href="{address}">\n')
    context["metatags"] = "".join(metatags)


def speak(app) -> None:
    """Give Furo the words that Sphinx's own catalogue has not in this language."""
    fallback = gettext.NullTranslations()
    fallback.gettext = lambda word: EDITION["words"].get(word, word)
    get_translator().add_fallback(fallback)


def setup(app) -> None:
    app.add_html_math_renderer("mathml", (formula, None), (formula, None))
    app.connect("html-page-context", link_twin)
    app.connect("builder-inited", speak)
