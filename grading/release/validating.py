"""What `nbgrader validate` needs to be told, beyond nbgrader's own settings."""

import os
import re
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode

CHECK = re.compile(r"^check\(", re.M)


def names_are_there(notebook: NotebookNode) -> None:
    """Stop a validation of which nbgrader would say Success: it looks only at cells that have its names.

    Args:
        notebook: the notebook, before its first cell runs.
    """
    checks = [cell for cell in notebook.cells if cell.cell_type == "code" and CHECK.search(cell.source)]
    lost = sum("nbgrader" not in cell.metadata for cell in checks)
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and (lost or not checks):
        which = f"{lost} of the {len(checks)} checks" if checks else "The checks"
        raise SystemExit(
            f"{which} of this notebook lost the names by which nbgrader knows them, so it cannot validate it. Your "
            "work is as good as before, and is graded. To see what is right, with the name of the exercise:\n"
            "python -m rnnchecks 03-bptt NOTEBOOK.ipynb"
        )


class CoursesKernel(AsyncKernelManager):
    """The course's own kernel, whichever the notebook asks for: a student's machine has others."""

    def __init__(self, **settings: Any):
        super().__init__(**{**settings, "kernel_name": "python3"})
