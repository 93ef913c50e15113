"""How often a wrong program is called by the name of a mistake that was not made.

The programs are the right ones with one fault or two, as `rnnchecks.engine.mutants` makes them. Counted are those that
are wrong in a visible case and give what no misconception gives. ``--every 1`` makes all programs with two faults, not
one in forty, and takes hours.
"""

import argparse

from rnnchecks import find, problems
from rnnchecks.engine.measured import MeasuredProblem
from rnnchecks.engine.mutants import double_mutants, mutants
from rnnchecks.engine.named import names_of_a_stranger


def counted(problem, programs, show):
    """Count strangers and those of them that get a name; print the latter if asked."""
    strangers = named = 0
    for description, program in programs:
        names = names_of_a_stranger(problem, program)
        strangers += names is not None
        named += bool(names)
        if names and show:
            print(f"    {description}: {', '.join(names)}")
    return strangers, named


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="problems, such as bptt.rnn_backward; all if none is given")
    parser.add_argument("--every", type=int, default=40, help="of how many programs with two faults one is made")
    parser.add_argument("--show", action="store_true", help="print those that get a name")
    options = parser.parse_args()
    chosen = [find(name) for name in options.names] or problems()
    total = [0, 0, 0, 0]
    print("| function | one fault | named | two faults | named |\n| --- | --- | --- | --- | --- |")
    for problem in chosen:
        if isinstance(problem, MeasuredProblem):
            continue
        made = mutants(problem.solve), double_mutants(problem.solve, options.every)
        found = [number for programs in made for number in counted(problem, programs, options.show)]
        total = [a + b for a, b in zip(total, found, strict=True)]
        print(f"| {problem.name} | {' | '.join(map(str, found))} |", flush=True)
    print(f"| **together** | {' | '.join(map(str, total))} |")
    for faults, strangers, named in (("one", *total[:2]), ("two", *total[2:])):
        print(f"{faults}: {named} of {strangers} programs are called something, {named / max(strangers, 1):.2%}")


if __name__ == "__main__":
    main()
