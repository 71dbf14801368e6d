"""Templates take in the macros they use: no more, and none by way of the page that includes them."""

import jinja2
from jinja2 import nodes

from tests.house import tree

_READER = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"])


def test_every_template_imports_just_the_macros_it_calls() -> None:
    pages = {path: _READER.parse(tree.text(path)) for path in tree.files() if path.parts[0] == "templates"}
    taken = {path: _imported(page) for path, page in pages.items()}
    macros = set().union(*taken.values())
    for path, page in pages.items():
        read = {name.name for name in page.find_all(nodes.Name) if name.ctx == "load"}
        called = {call.node.name for call in page.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
        own = {macro.name for macro in page.find_all(nodes.Macro)}
        assert taken[path] - read == set(), f"{path} imports what it does not use"
        assert (called & macros) - own <= taken[path], f"{path} calls what its includer imported"


def _imported(page: nodes.Template) -> set[str]:
    names = [name for imported in page.find_all(nodes.FromImport) for name in imported.names]
    return {name[1] if isinstance(name, tuple) else name for name in names}
