"""No word of an open answer is lost, wherever it was written; and what the exercise says is nobody's answer."""

import json

import nbformat
import pytest

from grading.gradebook import formgrader
from grading.judge.judge import grade
from grading.judge.merge import merge
from grading.judge.notebook import cells
from grading.release.solution import ANSWER
from grading.report import feedback
from grading.sandbox.box import Limits
from tests.grading.adversarial.paper import EXERCISE, add, as_bytes, cell, new, released, solved, source

SAID = "I'd start at g = 1. After thirty steps a trace is left there, and at g = 3 the states only jump."
MORE = "What the table cannot tell: whether training finds it."
QUESTION, STATEMENT = "open-question", "task-open-question"


def text(said, name="mine", kind="markdown", **meta):
    return {"cell_type": kind, "id": name, "metadata": meta, "source": said}


def put(nb, said, after=QUESTION, **kind):
    place = nb["cells"].index(cell(nb, after)) + 1 if after else len(nb["cells"])
    nb["cells"].insert(place, text(said, **kind))


def drop(nb, name):
    nb["cells"].remove(cell(nb, name))


def new_cell_below(nb):
    put(nb, SAID + "\n\n" + MORE)


def new_cell_at_the_end(nb):
    put(nb, SAID + MORE, after=None)


def new_cell_at_the_top(nb):
    nb["cells"].insert(0, text(SAID + MORE))


def deleted_and_written_anew(nb):
    drop(nb, QUESTION)
    put(nb, SAID + MORE, after=STATEMENT)


def below_the_statement(nb):
    cell(nb, STATEMENT)["source"] += "\n\n" + SAID + MORE


def at_the_end_of_the_statements_last_line(nb):
    cell(nb, STATEMENT)["source"] += f" {SAID} {MORE}"


def merged_with_the_statement(nb):
    cell(nb, STATEMENT)["source"] += f"\n\n{SAID}\n{MORE}"
    drop(nb, QUESTION)


def merged_the_other_way(nb):
    cell(nb, QUESTION)["source"] = cell(nb, STATEMENT)["source"] + f"\n\n{SAID}\n{MORE}"
    drop(nb, STATEMENT)


def split(nb):
    cell(nb, QUESTION)["source"] = SAID
    put(nb, MORE, **cell(nb, QUESTION)["metadata"])


def split_without_its_name(nb):
    cell(nb, QUESTION)["source"] = SAID
    put(nb, MORE)


def retyped_as_raw(nb):
    cell(nb, QUESTION).update(cell_type="raw", source=SAID + MORE)


def retyped_as_code(nb):
    nb["cells"][nb["cells"].index(cell(nb, QUESTION))] = {
        **new(SAID + MORE, QUESTION), "metadata": cell(nb, QUESTION)["metadata"]}  # fmt: skip


def a_new_code_cell(nb):
    add(nb, SAID.replace("I'd", "I would") + MORE, after=QUESTION)


def comments(nb):
    add(nb, f"# {SAID}\n# {MORE}", after=QUESTION)


def a_string(nb):
    add(nb, f'answer = """{SAID}\n{MORE}"""\nprint(answer)', after=QUESTION)


def renamed(nb):
    cell(nb, QUESTION)["source"] = SAID + MORE
    cell(nb, QUESTION)["metadata"]["nbgrader"]["grade_id"] = "q1-answer"
    cell(nb, QUESTION)["id"] = "q1-answer"


def without_metadata(nb):
    cell(nb, QUESTION)["source"] = SAID + MORE
    for one in nb["cells"]:
        one["metadata"] = {}
        del one["id"]


WAYS = [new_cell_below, new_cell_at_the_end, new_cell_at_the_top, deleted_and_written_anew, below_the_statement,
        at_the_end_of_the_statements_last_line, merged_with_the_statement, merged_the_other_way, split,
        split_without_its_name, retyped_as_raw, retyped_as_code, a_new_code_cell, comments, a_string, renamed,
        without_metadata]  # fmt: skip


def planned(nb):
    return merge(cells(as_bytes(nb), 10**8), cells(source(), 10**8))


@pytest.mark.parametrize("way", WAYS)
def test_every_word_reaches_the_reader(way):
    nb = released()
    way(nb)
    (question,) = planned(nb).questions
    assert question.answered
    for part in (SAID.partition(". ")[2], MORE):
        assert part in question.answer.replace("\n", " ")
    if way not in (merged_with_the_statement, merged_the_other_way, at_the_end_of_the_statements_last_line):
        assert "A friend looks at the table" not in question.answer


def moved(nb):
    nb["cells"].append(nb["cells"].pop(nb["cells"].index(cell(nb, STATEMENT))))


def split_apart(nb):
    said = cell(nb, STATEMENT)["source"]
    place = said.index(" ", 300)
    cell(nb, STATEMENT)["source"] = said[:place]
    put(nb, said[place:])


def rewrapped(nb):
    cell(nb, STATEMENT)["source"] = cell(nb, STATEMENT)["source"].replace("\n", " ")


def a_typo_mended(nb):
    cell(nb, STATEMENT)["source"] = cell(nb, STATEMENT)["source"].replace("ten sentences", "twelve sentences")


def copied_into_the_answer(nb):
    cell(nb, QUESTION)["source"] = cell(nb, STATEMENT)["source"]


def stub_in_a_raw_cell(nb):
    cell(nb, QUESTION)["cell_type"] = "raw"


def nothing_left(nb):
    drop(nb, QUESTION)


def names_gone(nb):
    for one in nb["cells"]:
        one["metadata"] = {}
        del one["id"]


def task_as_text(nb):
    cell(nb, "softmax").update(cell_type="raw")


def own_code(nb):
    add(nb, "# a look at it\nx = softmax(np.ones((2, 3)))\nprint('the row sums', x.sum(axis=-1))", after=QUESTION)
    add(nb, "x = [1, 2\nfor", name="broken", after=QUESTION)


@pytest.mark.parametrize(
    "way",
    [moved, split_apart, rewrapped, a_typo_mended, copied_into_the_answer, stub_in_a_raw_cell, nothing_left, names_gone,
     task_as_text, own_code],
)  # fmt: skip
@pytest.mark.parametrize("base", [released, solved])
def test_what_the_exercise_says_is_no_answer(way, base):
    nb = base()
    way(nb)
    plan = planned(nb)
    assert not plan.questions[0].answered and plan.questions[0].answer in ("", ANSWER)
    assert not any("stands in another cell" in note for note in plan.notes)


def test_each_question_gets_its_own():
    """Text below the first question is not taken for an answer to the second, nor the answer that has its name."""
    nb, course = released(), json.loads(source())
    for book in (nb, course):
        copy = json.loads(json.dumps(cell(book, QUESTION)))
        copy["id"] = copy["metadata"]["nbgrader"]["grade_id"] = "second"
        book["cells"] += [text("## And now?", "task-second"), copy]
    cell(nb, "second")["source"] = MORE
    put(nb, SAID, after=QUESTION)
    plan = merge(cells(as_bytes(nb), 10**8), cells(as_bytes(course), 10**8))
    first, second = plan.questions
    assert first.answered and SAID in first.answer and MORE not in first.answer
    assert second.answer == MORE


def test_it_stands_where_formgrader_and_the_student_look():
    nb = solved()
    cell(nb, QUESTION)["source"] = MORE
    put(nb, f"{SAID} <script>alert(1)</script>", after="see-softmax")
    verdict = grade(as_bytes(nb), source(), EXERCISE, Limits())
    marked = nbformat.reads(formgrader.autograded(nbformat.reads(source().decode(), 4), verdict).decode(), 4)
    (shown,) = [one.source for one in marked.cells if one.metadata.get("nbgrader", {}).get("grade_id") == QUESTION]
    assert shown.startswith(f"```\n{MORE}") and SAID in shown and "text, below see-softmax:)" in shown
    page = feedback.view(verdict, "ada")
    assert SAID in page["questions"][0]["answer"] and page["questions"][0]["waiting"]
    assert [note for note in page["notes"] if "stands in another cell" in note["note"] and note["meaning"]]


def test_a_flood_of_text_is_bounded():
    nb = released()
    for number in range(50):
        put(nb, f"word{number} " * 30_000, name=f"mine-{number}")
    plan = planned(nb)
    assert plan.questions[0].answered and len(plan.questions[0].answer) < 10**6
