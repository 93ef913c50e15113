"""Honest work in untidy notebooks: right answers, which deserve all that they are worth."""

import json

from grading.demo import answers
from tests.grading.adversarial.paper import add, cell, collector, solutions, solved, write

NOISY, hand_in = collector(solved)


@hand_in("the course's own answers, as they are")
def plain(nb):
    pass


@hand_in("every call prints, warns and logs")
def warns_and_logs(nb):
    for name, text in solutions().items():
        write(nb, name, answers.noisy(text))


@hand_in("writes to standard error and draws a progress bar while the cell runs")
def standard_error(nb):
    add(nb, 'import sys\nfrom tqdm import tqdm\nfor _ in tqdm(range(50)):\n    print("!", file=sys.stderr)')


@hand_in("turns NumPy's warnings into errors and changes how it prints")
def numpy_settings(nb):
    add(nb, 'np.seterr(all="raise")\nnp.set_printoptions(precision=1)\nnp.random.seed(1)')


@hand_in("turns every warning into an error")
def warnings_are_errors(nb):
    add(nb, 'import warnings\nwarnings.simplefilter("error")')


@hand_in("magics, a shell line and a question mark, as Jupyter allows")
def magics(nb):
    add(nb, """
        %matplotlib inline
        %config InlineBackend.figure_format = 'retina'
        !ls
        files = !ls
        np.tanh?
        %time 1 + 1
        """)  # fmt: skip


@hand_in("an answer under a cell magic that times it")
def cell_magic(nb):
    write(nb, "softmax", "%%time\n" + solutions()["softmax"])


@hand_in("a cell in another language")
def another_language(nb):
    add(nb, '%%bash\necho "def softmax(): pass"\nexit 1')
    add(nb, "%%html\n<b>notes</b>", "html")


@hand_in("waits at the top level, as Jupyter allows")
def waits(nb):
    add(nb, """
        import asyncio
        await asyncio.sleep(0)
        x = [await asyncio.sleep(0, i) for i in range(3)]
        assert x == [0, 1, 2]
        """)  # fmt: skip


@hand_in("asks IPython for itself and displays things")
def displays(nb):
    add(nb, "from IPython.display import Markdown, display\ndisplay(Markdown('**mine**'))\nnp.arange(3)")
    add(nb, "shell = get_ipython()\nif shell is not None:\n    shell.run_line_magic('pwd', '')", "shell")


@hand_in("draws, shows and saves figures")
def draws(nb):
    add(nb, "plt.plot([1, 2])\nplt.show()\nplt.savefig('mine.png')\nplt.close('all')")


@hand_in("uses common names for its own things: sum, list, max, check, problem")
def shadows_names(nb):
    add(nb, "sum = 0\nlist = [1]\nmax = 3\nproblem = None\nfunction = 1\ncases = 'hidden'", after=None)
    add(nb, "check = 'done'", "check", after=None)


@hand_in("loses its imports at the end: np = None")
def loses_imports(nb):
    text = solutions()["softmax"].replace('"""\n', '"""\n    import numpy as np\n', 1)
    write(nb, "softmax", text)
    add(nb, "import math as kept\ndel plt", after=None)


@hand_in("a cell that is nobody's stops with an error, and so does one with a mistake in its syntax")
def broken_cells(nb):
    add(nb, "1 / 0")
    add(nb, "def f(:\n", "syntax")
    write(nb, "use-softmax", "softmax(1, 2, 3)")


@hand_in("moves to another folder, changes the search path and the locale's settings")
def moves_away(nb):
    add(nb, """
        import os, sys
        os.makedirs('deep/er', exist_ok=True)
        os.chdir('deep/er')
        sys.path.insert(0, '.')
        sys.argv = []
        """)  # fmt: skip


@hand_in("reads and writes files of its own")
def own_files(nb):
    add(nb, "from pathlib import Path\nPath('notes.txt').write_text('x')\nassert Path('notes.txt').read_text() == 'x'")


@hand_in("prints emoji, colours, carriage returns and a bell")
def odd_letters(nb):
    add(nb, "print('\\N{SNOWMAN} \\x1b[31mred\\x1b[0m \\r again \\a \\0 end')")


@hand_in("Windows line ends, tabs and a form feed")
def windows(nb):
    for name, text in solutions().items():
        write(nb, name, text.replace("    ", "\t").replace("\n", "\r\n"))
    add(nb, "\x0c\nx = 1\r\n")


@hand_in("draws random numbers from NumPy's global state and from a seed that it sets")
def global_state(nb):
    add(nb, "np.random.seed(0)\nnp.random.rand(5)\nimport random\nrandom.seed(1)")


@hand_in("ran the notebook: counts, outputs, figures and times are in the file")
def executed(nb):
    for number, c in enumerate(c for c in nb["cells"] if c["cell_type"] == "code"):
        c["execution_count"] = number + 1
        c["metadata"]["execution"] = {"iopub.execute_input": "2024-01-01T00:00:00Z"}
        c["outputs"] = [
            {"output_type": "stream", "name": "stderr", "text": ["a warning\n"]},
            {"output_type": "display_data", "data": {"image/png": "aGVsbG8="}, "metadata": {}},
        ]


@hand_in("starts a process of its own and reads what it says")
def own_process(nb):
    add(nb, """
        import subprocess, sys
        out = subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True)
        print(out.stdout)
        """)  # fmt: skip


@hand_in("indented as JSON on one line, with keys nobody knows")
def one_line(nb):
    nb["metadata"]["mine"] = {"a": [1, None]}
    cell(nb, "softmax")["metadata"]["tags"] = ["hard"]
    return json.dumps(nb).encode()


@hand_in("the source of each cell as a list of lines, as Jupyter saves it")
def lists_of_lines(nb):
    for c in nb["cells"]:
        c["source"] = c["source"].splitlines(keepends=True)
