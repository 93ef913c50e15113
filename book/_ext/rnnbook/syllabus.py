"""What instructors plan by, read from the students' notebooks and the checks when the page is built.

1. ```` ```{exercises} ```` lists every exercise: tasks, minutes, points.
2. ```` ```{syllabus} ```` makes a plan of weeks from lines ``chapters to work through | chapters to read | in class``,
   such as ``2 | 1 | Unroll a net on the board.``, and adds minutes and points up. What to do in class is a list below
   the table: as a column it would make the rows too high for a phone.
3. ```` ```{misconceptions} ```` makes a list with hints from lines ``function misconception | what to say``,
   such as ``forward.rnn_step no-tanh | Draw the range of the state.``

A chapter that the book does not have yet is shown as planned, and counts nothing.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

from rnnchecks import find

CHAPTER = re.compile(r"book/(\d\d)-[^/]*$")
EXERCISE = re.compile(r"exercises/(\d\d)-[^/]*/\d\d-[^/]*$")
FENCED = re.compile(r"\A---\n.*?^---$|^(`{3,}|:{3,}).*?^\1$", re.S | re.M)


@dataclass(frozen=True)
class Exercise:
    """What the table at the top of a notebook says.

    Attributes:
        title: the notebook's heading without "Exercise: ".
        functions: how many functions are asked for.
        minutes: of everything in it.
        checked: points that checks decide.
        read: points that a person gives.
    """

    title: str
    functions: int
    minutes: int
    checked: int
    read: int

    @property
    def points(self):
        """All that it is worth."""
        return self.checked + self.read


def read_exercise(path):
    """Read a notebook's table, whose rows are ``| 1 | `one_hot` | warm-up | 5 | 1 |``."""
    first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| \d+ \|.*$", first, re.M)]
    checked = [int(points) for _, what, _, _, points in rows if what.startswith("`")]
    return Exercise(
        title=re.match(r"# Exercise: (.+)", first)[1],
        functions=len(checked),
        minutes=sum(int(row[3]) for row in rows),
        checked=sum(checked),
        read=sum(int(row[4]) for row in rows if row[1] == "open question"),
    )


def words(path):
    """Count the words of a chapter, with the pages in its folder, outside code and boxes, to the nearest hundred."""
    texts = [page.read_text(encoding="utf-8") for page in (path, *path.with_suffix("").glob("*.md"))]
    return round(sum(len(FENCED.sub("", text).split()) for text in texts), -2)


def pages(env, pattern):
    """Give the name of each page that matches, by its chapter's number; a change of one makes the page at hand new."""
    env.note_dependency("_toc.yml")  # where a new chapter is named
    found = {int(m[1]): name for name in sorted(env.found_docs) if (m := pattern.match(name))}
    for name in found.values():
        env.note_dependency(env.doc2path(name, base=False))
        for page in env.found_docs:
            if page.startswith(f"{name}/"):
                env.note_dependency(env.doc2path(page, base=False))
    return found


def markdown(head, rows):
    """Write a table in Markdown; a zero stays empty."""
    shown = [[f"{cell:,}" if isinstance(cell, int) and cell else cell or "" for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *shown])


class Exercises(SphinxDirective):
    """One row for each exercise."""

    def run(self):
        rows = []
        for number, name in pages(self.env, EXERCISE).items():
            e = read_exercise(Path(self.env.doc2path(name)))
            rows.append([f"[{number}: {e.title}](/{name}.ipynb)", e.functions, e.minutes, e.checked, e.read, e.points])
        sums = [sum(row[i] for row in rows) for i in range(1, 6)]
        head = ["Exercise", "Functions", "Minutes", "Points from checks", "Points from a reader", "Together"]
        return self.parse_text_to_nodes(markdown(head, [*rows, ["**all**", *sums]]))


class Syllabus(SphinxDirective):
    """One row for each week."""

    has_content = True

    def run(self):
        chapters, notebooks = pages(self.env, CHAPTER), pages(self.env, EXERCISE)

        def link(number):
            return f"[](/{chapters[number]}.md)" if number in chapters else f"{number} (planned)"

        rows, advice, taught = [], [], set()
        for week, line in enumerate(self.content, 1):
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3 or not all(re.fullmatch(r"[\d, ]*", part) for part in parts[:2]) or not parts[0]:
                raise self.error(f"syllabus: expected 'chapters | chapters to read | in class', got {line!r}.")
            work, read = ([int(n) for n in re.findall(r"\d+", part)] for part in parts[:2])
            here = [n for n in work if n in notebooks]
            tasks = [read_exercise(Path(self.env.doc2path(notebooks[n]))) for n in here]
            rows.append(
                [
                    week,
                    "; ".join([*map(link, work), *(f"to read: {link(n)}" for n in read)]),
                    sum(words(Path(self.env.doc2path(chapters[n]))) for n in work + read if n in chapters),
                    ", ".join(f"[{n}](/{notebooks[n]}.ipynb)" for n in here),
                    sum(task.minutes for task in tasks),
                    sum(task.points for task in tasks),
                ]
            )
            advice.append(f"{week}. {parts[2]}")
            if again := taught.intersection(work):
                raise self.error(f"syllabus: chapter {min(again)} is worked through twice.")
            taught.update(work)
        total = [sum(row[i] for row in rows) for i in (2, 4, 5)]
        rows.append(["", "**together**", total[0], "", total[1], total[2]])
        head = ["Week", "Chapters", "Words", "Exercise", "Minutes", "Points"]
        return self.parse_text_to_nodes("\n".join([markdown(head, rows), "", "In class, week by week:", "", *advice]))


class Misconceptions(SphinxDirective):
    """One item for each misconception."""

    has_content = True

    def run(self):
        items = []
        for line in self.content:
            what, _, advice = line.partition("|")
            try:
                problem_name, name = what.split()
                problem = find(problem_name)
                for file in Path(problem.solve.__code__.co_filename).parent.glob("*.py"):
                    self.env.note_dependency(str(file))  # a changed hint makes the page new
                hint = next(known.hint for known in problem.misconceptions if known.name == name)
            except (ValueError, StopIteration) as error:
                raise self.error(
                    f"misconceptions: expected 'function misconception | what to say', got {line!r}."
                ) from error
            items.append(f"- `{problem.function_name}`, *{name}*. {advice.strip()}\n\n  The hint: {hint}\n")
        return self.parse_text_to_nodes("\n".join(items))


def setup(app):
    app.add_directive("exercises", Exercises)
    app.add_directive("syllabus", Syllabus)
    app.add_directive("misconceptions", Misconceptions)
