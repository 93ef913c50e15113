"""The reference pages: rnnlib's docstrings as pages of the book, and links between them and the chapters.

1. ```` ```{rnnlib} rnn data.* ```` shows modules, each under a heading of its own.
2. ```` ```{taught-here} ```` in chapter NN lists what rnnlib says is "Taught in: chapter NN".
3. In a docstring, `name` in single backticks is a link if rnnlib documents that name, and code if not;
   "chapter 03" is a link if the book has such a chapter.
"""

import inspect
import re
from fnmatch import fnmatch
from functools import cache

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from rnnbook import public

CHAPTER_PAGE = re.compile(r"book/(\d\d)-[^/]*$")
IN_CHAPTER = re.compile(r"book/(\d\d)-[^/]*(?:/[^/]*)?$")
FIELD = re.compile(r"^(Taught in|Source): ")
NAMED_RESULT = re.compile(r"\w+(, \w+)*: ")


@cache
def documented():
    """Full names of all that the pages show, each with the kind of its cross-reference."""
    kinds = {}
    for module in public.modules():
        kinds[module.__name__] = "mod"
        for thing in public.objects(module):
            name = f"{module.__name__}.{thing.__name__}"
            kinds[name] = "obj"
            if inspect.isclass(thing):
                kinds |= {f"{name}.{method.__name__}": "obj" for method in public.methods(thing)}
    return kinds


def full_name(name, module, cls, kinds):
    """The documented thing that `name` means inside a class or module; None if it means none."""
    for place in (f"{module}.{cls}.{name}", f"{module}.{name}", name):
        if place in kinds:
            return place
    # `LSTM` or `rnnlib.data.pad`, which another module defines. A bare small name is more likely a parameter.
    if name[0].isupper() or name.startswith("rnnlib."):
        thing = name.removeprefix("rnnlib.").rpartition(".")[2]
        found = [full for full, kind in kinds.items() if full.endswith(f".{thing}") and kind == "obj"]
        return found[0] if len(found) == 1 else None
    return None


def link(target, kind, text, docname):
    """A cross-reference into the reference pages, in the type of code."""
    ref = addnodes.pending_xref(
        "", nodes.literal("", text), refdomain="py", reftype=kind, reftarget=target, refdoc=docname, refexplicit=True
    )
    ref["py:module"] = ref["py:class"] = None
    return ref


def name_role(role, rawtext, text, lineno, inliner, options=None, content=None):
    """`name` in single backticks."""
    env = inliner.document.settings.env
    kinds = documented()
    here = env.ref_context
    target = full_name(text.removesuffix("()"), here.get("py:module"), here.get("py:class"), kinds)
    if target is None:
        return [nodes.literal(rawtext, text)], []
    return [link(target, kinds[target], text, env.docname)], []


class Modules(SphinxDirective):
    """Show the modules that the arguments name; an argument may hold a star, as in ``data.*``."""

    required_arguments = 1
    optional_arguments = 99

    def run(self):
        shown = []
        for pattern in self.arguments:
            names = [m.__name__ for m in public.modules() if fnmatch(m.__name__, f"rnnlib.{pattern}")]
            if not names:
                raise self.error(f"rnnlib has no public module {pattern}.")
            for name in names:
                section = nodes.section(ids=[nodes.make_id(name)], names=[name])
                section += nodes.title("", "", nodes.literal("", name))
                text = ["```{eval-rst}", ".. highlight:: none", "", f".. automodule:: {name}", "   :members:", "```"]
                self.state.nested_parse(StringList(text, "reference.py"), self.content_offset, section)
                shown.append(section)
        return shown


class TaughtHere(SphinxDirective):
    """One line with links to all that rnnlib says is taught in this chapter."""

    def run(self):
        page = IN_CHAPTER.search(self.env.docname)
        if not page:
            raise self.error("taught-here belongs into a chapter, book/NN-name.md or a page in book/NN-name/.")
        self.env.metadata[self.env.docname]["taught_here"] = public.outline()
        line = nodes.paragraph("", "", nodes.strong("", "In rnnlib:"), classes=["taught-here"])
        for module in public.modules():
            for thing in [module, *public.objects(module)]:
                said = public.chapters(thing)
                if (chapter := int(page[1])) not in said:
                    continue
                name = thing.__name__ if thing is module else f"{module.__name__}.{thing.__name__}"
                line += nodes.Text(" " if len(line) == 1 else ", ")
                line += link(name, documented()[name], name.removeprefix("rnnlib."), self.env.docname)
                line += nodes.Text(f" ({said[chapter]})" if said[chapter] else "")
        line += nodes.Text(".")
        return [line] if len(line) > 2 else []


def outdated(app, env, added, changed, removed):
    """Name the pages whose line of what is taught there was written from another library."""
    written = {name: kept["taught_here"] for name, kept in env.metadata.items() if "taught_here" in kept}
    return [name for name, outline in written.items() if outline != public.outline()]


def link_chapters(line, docnames):
    """Turn "chapter 03" into a link to that chapter, if it is a page of the book."""
    pages = {match[1]: name for name in docnames if (match := CHAPTER_PAGE.match(name))}
    return re.sub(
        r"chapter (\d\d)", lambda m: f":doc:`chapter {m[1]} </{pages[m[1]]}>`" if m[1] in pages else m[0], line
    )


def prepare_docstring(app, what, name, obj, options, lines):
    """Bring what Napoleon does not know into the form of a field: "Taught in", "Source", results with names."""
    out, in_field = [], False
    for number, line in enumerate(lines):
        if FIELD.match(line):
            if not in_field:
                out.append("")
            in_field = True
            out.append(FIELD.sub(r":\1: ", link_chapters(line, app.env.found_docs)))
        elif in_field and line.strip():
            out.append("    " + link_chapters(line.strip(), app.env.found_docs))
        elif line == "Returns:" and not NAMED_RESULT.match(lines[number + 1].strip()):
            out.append(":Returns:")  # one result without a name: no list of names to make
        else:
            in_field = False
            out.append(line)
    lines[:] = out


def skip_fields(app, what, name, obj, skip, options):
    """Leave out the fields of a named tuple: Python's words for them say nothing, and Attributes lists them."""
    return True if (inspect.getdoc(obj) or "").startswith("Alias for field number") else None


def setup(app):
    for extension in ("sphinx.ext.autodoc", "sphinx.ext.napoleon"):
        app.setup_extension(extension)
    app.add_role("rnnlib", name_role)
    app.add_directive("rnnlib", Modules)
    app.add_directive("taught-here", TaughtHere)
    app.connect("env-get-outdated", outdated)
    app.connect("autodoc-process-docstring", prepare_docstring, priority=400)  # before Napoleon
    app.connect("autodoc-skip-member", skip_fields)
