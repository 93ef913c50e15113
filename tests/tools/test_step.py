"""What a person sees of a step, and what it leaves behind."""

import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
JUNIT = """<testsuites><testsuite>
<testcase classname="test_a" name="one"/><testcase classname="test_a" name="two"><failure message="no"/></testcase>
<testcase classname="test_a" name="three"><skipped type="pytest.skip" message="there is no browser"/></testcase>
<testcase classname="test_a" name="four"><skipped type="pytest.xfail" message="known"/></testcase>
<testcase classname="test_a" name="five"><error message="no fixture"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def tools(monkeypatch):
    """The modules of tools/, which import one another as the scripts that they are."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import results
    import step

    yield step, results
    for name in ("step", "results"):
        sys.modules.pop(name)


@pytest.fixture
def run(tools, monkeypatch, tmp_path, capsys):
    """Run a step in a folder of its own; give its status and what it printed."""
    monkeypatch.setattr(tools[0], "BUILD", tmp_path)
    monkeypatch.delenv("VERBOSE", raising=False)

    def run(code, *options):
        status = tools[0].main([*options, "The book", "--", sys.executable, "-c", code])
        return status, capsys.readouterr().out

    return run


def test_of_a_step_that_passes_one_line_is_seen(run, tmp_path):
    status, said = run("for i in range(400): print('kernel', i)")
    assert status == 0 and said.count("\n") == 1 and said.startswith("The book") and "ok" in said
    assert "kernel 399" in (tmp_path / "logs/the-book.log").read_text()


def test_of_a_step_that_fails_the_end_is_seen(run, tmp_path):
    status, said = run("print('x\\n' * 500 + 'the cause'); raise SystemExit(3)")
    assert status == 3 and "FAILED (exit status 3)" in said and "the cause" in said
    assert said.count("\n") < 70 and "the-book.log" in said


def test_of_failing_tests_their_text_is_seen(run):
    long = (
        "print('.' * 70 + '\\n' * 300 + '==== FAILURES ====\\nassert 1 == 2\\n==== short test summary info ====\\nF a')"
    )
    status, said = run(f"{long}; print('coverage\\n' * 100); raise SystemExit(1)")
    assert status == 1 and "assert 1 == 2" in said and "F a" in said and "....." not in said


def test_verbose_shows_all(tools, monkeypatch, tmp_path, capfd):
    monkeypatch.setattr(tools[0], "BUILD", tmp_path)
    monkeypatch.setenv("VERBOSE", "1")
    tools[0].main(["Try", "--", sys.executable, "-c", "print('kernel 1')"])
    assert "==== Try\nkernel 1\n" in capfd.readouterr().out


def test_a_program_that_is_not_there_is_named(tools, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(tools[0], "BUILD", tmp_path)
    assert tools[0].main(["The book", "--", "no-such-program"]) == 127
    assert "no-such-program: No such file" in capsys.readouterr().out


def test_every_step_is_counted(run, tools, tmp_path):
    run("pass")
    assert str(tools[1].read(tmp_path / "results/the-book.xml")) == "1 passed"
    run("raise SystemExit(1)")
    assert str(tools[1].read(tmp_path / "results/the-book.xml")) == "0 passed, 1 failed"


def test_a_step_says_what_its_tests_counted(run, tmp_path):
    path = tmp_path / "tests.xml"
    code = f"open({str(path)!r}, 'w').write({JUNIT!r}); raise SystemExit(1)"
    assert "2 passed, 2 failed, 1 left out  FAILED" in run(code, "--results", str(path))[1]
    assert not (tmp_path / "results/the-book.xml").exists()


@pytest.mark.parametrize(
    "text, part, percent",
    [
        ("running pages... [ 45%] book/03-bptt\n", "running pages", 45),
        ("\x1b[01mreading sources... \x1b[39;49;00m[ 50%] book/index\n", "reading sources", 50),
        ("tests/rnnlib/test_rnn.py ........ [ 12%]\n..... [ 30%]", "", 30),
        ("no number here: 99% of 100\n", "", 0),
    ],
)
def test_how_far_it_is(tools, text, part, percent):
    progress = tools[0].Progress(0.0)
    progress.take(text, 10.0)
    assert (progress.part, progress.percent) == (part, percent)


def test_the_time_left(tools):
    progress = tools[0].Progress(0.0)
    progress.take("running pages... [  1%] a\n", 100.0)
    progress.take("running pages... [ 25%] b\n", 160.0)
    assert progress.left(160.0) == 180.0
    assert "25 %  running pages, 3:00 left" in tools[0].line("The book", progress, 40.0, 160.0)
    progress.take("writing output... [ 10%] a\n", 170.0)
    assert progress.left(170.0) is None


def test_the_time_left_of_a_step_that_names_no_part_counts_from_its_start(tools):
    progress = tools[0].Progress(5000.0)
    progress.take("..... [ 25%]\n", 5060.0)
    assert progress.left(5060.0) == 180.0


def test_the_summary_says_what_was_left_out_and_why(tools, tmp_path):
    (tmp_path / "a.xml").write_text(JUNIT)
    (tmp_path / "b.xml").write_text(JUNIT)
    summary = tools[1].summary(tools[1].read(tmp_path / "a.xml") + tools[1].read(tmp_path / "b.xml"))
    assert "    2  there is no browser" in summary and "  test_a::two" in summary
    assert summary.endswith("\n4 passed, 4 failed, 2 skipped")


@pytest.mark.parametrize(
    "junit, options, status",
    [
        ('<testsuite><testcase name="a"/></testsuite>', [], 0),
        ("<testsuite></testsuite>", [], 1),
        ("<testsuite>", [], 1),
        ('<testsuite><testcase name="a"/><testcase name="b"><skipped message="m"/></testcase></testsuite>', [], 0),
        (
            '<testsuite><testcase name="a"/><testcase name="b"><skipped message="m"/></testcase></testsuite>',
            ["--nothing-left-out"],
            1,
        ),
    ],
)
def test_what_counts_as_a_failure(tmp_path, junit, options, status):
    (tmp_path / "a.xml").write_text(junit)
    command = [sys.executable, str(TOOLS / "results.py"), str(tmp_path), *options]
    assert subprocess.run(command, capture_output=True).returncode == status
