"""Everything public by a short name, loaded when it is first asked for (PEP 562).

``import rnnlib`` then costs next to nothing and needs neither PyTorch nor Matplotlib, and a page of the book rests on
the modules that it uses and no others. The package lazy-loader does the same; twenty lines are less than a dependency
that every student would install.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def attach(
    package: str, homes: Mapping[str, Iterable[str]], modules: Iterable[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The functions ``__getattr__`` and ``__dir__`` of a package.

    Args:
        package: its ``__name__``.
        homes: dict from the name of a module of the package to the names that the package passes on from it.
        modules: names of modules that are attributes of the package besides.
    """
    home_of = {name: f"{package}.{module}" for module, names in homes.items() for name in names}
    inside = {*homes, *modules}

    def get(name: str) -> Any:
        if name not in home_of and name not in inside:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            if name in home_of:
                value = getattr(import_module(home_of[name]), name)
            else:
                value = import_module(f"{package}.{name}")
        except ModuleNotFoundError as error:
            # hasattr, help and completion ask for every name, and expect this error where one is not to be had.
            missing = (error.name or "").partition(".")[0]
            if missing in ("", package.partition(".")[0]):
                raise
            raise AttributeError(f"module {package!r}: {name} needs {missing}, which is not installed.") from error
        setattr(sys.modules[package], name, value)  # from now on it is found without asking here
        return value

    return get, lambda: sorted({*vars(sys.modules[package]), *home_of, *inside})
