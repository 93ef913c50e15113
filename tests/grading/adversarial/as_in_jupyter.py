"""Honest work that leans on what Jupyter does for a notebook: right answers, which deserve all that they are worth."""

from tests.grading.adversarial.paper import add, cell, collector, solutions, solved, write

JUPYTER, hand_in = collector(solved)


def before(nb, name, lines):
    """Put lines at the head of a cell."""
    cell(nb, name)["source"] = lines + "\n" + cell(nb, name)["source"]


@hand_in("chooses a window for plots as the first thing of all")
def a_window_first(nb):
    before(nb, "imports", 'import matplotlib\nmatplotlib.use("TkAgg")')


@hand_in("changes the way of plotting in the middle of an answer's cell, by magic, by call and by the environment")
def windows_everywhere(nb):
    magics = "%matplotlib qt\n%matplotlib tk\n%gui qt\n%config InlineBackend.figure_format = 'svg'"
    before(nb, "softmax", f"{magics}\nimport os\nos.environ['MPLBACKEND'] = 'QtAgg'")
    plot = "import matplotlib.pyplot as plt\nplt.switch_backend('Qt5Agg')\nplt.plot([1, 2])\nplt.show()"
    before(nb, "perplexity", plot)


@hand_in("asks for figures that need an extension of Jupyter's")
def figures_as_widgets(nb):
    before(nb, "imports", "%matplotlib widget")
    before(nb, "softmax", "%matplotlib notebook")


@hand_in("a future import holds for the cells after it: hints name what does not exist")
def hints_from_the_future(nb):
    before(nb, "imports", "from __future__ import annotations")
    write(nb, "softmax", solutions()["softmax"].replace("def softmax(logits)", "def softmax(logits: Float) -> Float"))


@hand_in("writes a module with a magic, adds to it, and imports it")
def a_module_by_magic(nb):
    add(nb, "%%writefile tools.py\nfrom numpy import exp", "one")
    add(nb, "%%file -a tools.py\nONE = 1", "two", after="one")
    write(nb, "softmax", """
        from tools import ONE, exp
        def softmax(logits):
            e = exp(logits - logits.max(axis=-1, keepdims=True))
            return ONE * e / e.sum(axis=-1, keepdims=True)
        """)  # fmt: skip


@hand_in("writes an answer into a file and runs that")
def an_answer_in_a_file(nb):
    cell(nb, "softmax")["source"] = "%%writefile answer.py\nimport numpy as np\n" + solutions()["softmax"]
    add(nb, "%run answer.py", "runs", after="softmax")


@hand_in("the name space of pylab")
def pylab(nb):
    add(nb, "%pylab inline", "lab")
    write(nb, "softmax", """
        def softmax(logits):
            e = exp(logits - amax(logits, axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)
        """)  # fmt: skip


@hand_in("waits at the top of an answer's cell, for a value, in a loop and with a resource")
def waits_beside_the_answer(nb):
    cell(nb, "softmax")["source"] = cell(nb, "softmax")["source"].replace("return ", "return factor * ")
    before(
        nb,
        "softmax",
        """
import asyncio, contextlib
async def one():
    await asyncio.sleep(0)
    return 1
async def some():
    yield await one()
@contextlib.asynccontextmanager
async def lent():
    yield 1
factor = await one()
async for value in some():
    factor = factor * value
async with lent() as value:
    factor = factor * value
""",
    )
    cell(nb, "perplexity")["source"] += "\ntask = asyncio.create_task(one())\nawait task"


@hand_in("goes on from what the last cell gave")
def the_last_value(nb):
    add(nb, "np.exp", "gives")
    add(nb, "before, same = _, Out[len(In) - 2]\nassert In[-1].startswith('before')", "takes", after="gives")
    write(nb, "softmax", """
        def softmax(logits):
            e = before(logits - logits.max(axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)
        """)  # fmt: skip


@hand_in("takes times and measures of answers: the cells under such magics run")
def timed(nb):
    for name, magic in (("softmax", "%%time"), ("perplexity", "%%capture said")):
        cell(nb, name)["source"] = f"{magic}\n" + cell(nb, name)["source"]
    add(nb, "%timeit -n1 -r1 one_hot([1], 3)\n%time taken = 3\n%prun -q one_hot([1], 3)\nassert taken == 3", "looks",
        after="one_hot")  # fmt: skip


@hand_in("settings by magic: variables, folders, extensions, shell lines, Jupyter itself")
def settings(nb):
    before(
        nb,
        "imports",
        """
%load_ext autoreload
%autoreload 2
%env ANSWER=42
!mkdir -p deeper
%cd deeper
""",
    )
    add(nb, """
        import os
        from IPython import get_ipython
        from IPython.display import Markdown, clear_output, display
        assert os.environ["ANSWER"] == "42" and os.getcwd().endswith("deeper")
        names = !echo one two
        assert names == ["one two"]
        get_ipython().run_line_magic("matplotlib", "inline")
        display(Markdown("done"))
        clear_output()
        """, after="use-softmax")  # fmt: skip


@hand_in("a session pasted with its prompts")
def prompts(nb):
    lines = solutions()["one_hot"].splitlines()
    write(nb, "one_hot", "\n".join((">>> " if n == 0 else "... ") + line for n, line in enumerate(lines)))


BEYOND, hand_in = collector(solved)  # nbgrader gives less: the cell stops, or never runs


@hand_in("Colab's first lines, in the cell of the imports", note="google.colab")
def colab(nb):
    before(
        nb,
        "imports",
        """
from google.colab import drive, files
drive.mount("/content/drive")
uploaded = files.upload()
for name in uploaded:
    print(name)
""",
    )


@hand_in("a library for looks that is not there", note="seaborn")
def looks(nb):
    before(nb, "imports", "import seaborn as sns, nothing_of_this_name\nsns.set_theme(style='whitegrid')")


@hand_in("a misspelt import above the right one", note="nunpy")
def misspelt(nb):
    before(nb, "imports", "import nunpy as np")


@hand_in("installs what the notebook needs, in three ways", note="installs nothing")
def installs(nb):
    before(nb, "imports", "%pip install -q numpy\n!pip install ipympl\n!python -m pip install x > /dev/null")


@hand_in("a magic of an extension that is not there, over an answer and in a line", note="%memit")
def other_magics(nb):
    before(nb, "imports", "%load_ext memory_profiler")
    cell(nb, "softmax")["source"] = "%%memit\n" + cell(nb, "softmax")["source"]


@hand_in("an answer that needs a module that is not there", lost=("softmax",), verdicts={"softmax": ("error",)},
         note="scipy_of_mine")  # fmt: skip
def needs_what_is_absent(nb):
    write(nb, "softmax", "from scipy_of_mine import special\ndef softmax(logits):\n    return special.softmax(logits)")
