"""How the documentation is built: ``make docs``."""

from __future__ import annotations

from importlib.metadata import version as version_of

project = "territoire_sig"
author = "Les contributeurs de territoire_sig"
release = version_of("territoire-sig")
language = "fr"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.mathjax", "numpydoc"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
myst_heading_anchors = 3

autosummary_generate = True
autosummary_ignore_module_all = False
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_static_path = ["_static"]
html_css_files = ["large.css"]
html_theme = "pydata_sphinx_theme"
html_title = "territoire_sig"
html_show_sourcelink = False
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "show_toc_level": 2,
    # Long lists carry their own table of links: the room goes to their columns.
    "secondary_sidebar_items": {
        "**": ["page-toc"],
        **{f"reference/{place}{name}": [] for place in ("", "en/") for name in ("roles", "formats", "regles")},
    },
    "footer_start": ["copyright"],
    "footer_end": [],
}
