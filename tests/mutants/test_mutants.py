"""A gate on the suite itself: it must notice bugs that are put into rnnlib.

Three kinds: what hand-written recurrent nets do wrong (`layers`), what people write elsewhere (`written`), and a sample
of the small faults that can be made from the source (`generic`); `make test-all-mutants` tries all of these.
"""

import ast

import pytest

from tests.mutants import bugs
from tests.mutants.bug import file_of, replace

SAMPLE = 60  # of the generic faults
# Of the generic faults some change nothing that anybody could see: a workspace a row too long, a sum in another order.
NOTICED = 0.9
CORE = (
    "recurrent rnn lstm gru masking layers losses optim gradcheck text_batches decoding models training schedules "
    "metrics stack bidirectional sequence_models encoder_decoder"
).split()
WITH_TORCH = "attention transformer scan minimal torch_gates torch_parity recurrent_inputs".split()


def noticed(server, kind, which):
    """Whether a test fails on a bug; a process that the system had to end, because it ran for ever, has failed too."""
    status, said = server.ask(kind, which)
    # 1 says that a test failed. 2 to 5 say that nothing could be run, unless the bug is in what runs on import.
    assert status in (0, 1) or status < 0 or "Error" in said, said
    return status != 0


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("names", [CORE, WITH_TORCH], ids=["core", "with torch"])
def test_the_suite_passes_without_a_bug(server, names):
    status, said = server.ask(None, names)
    assert status == 0, said


@pytest.mark.parametrize("which", range(len(bugs.all_of("layer"))), ids=lambda i: bugs.all_of("layer")[i].name)
def test_a_bug_of_a_recurrent_layer_is_noticed(server, which):
    assert noticed(server, "layer", which), f"no test notices it: {bugs.all_of('layer')[which].tests}"


@pytest.mark.parametrize("which", range(len(bugs.all_of("written"))), ids=lambda i: bugs.all_of("written")[i].name)
def test_a_bug_that_people_write_is_noticed(server, which):
    assert noticed(server, "written", which), f"no test notices it: {bugs.all_of('written')[which].tests}"


@pytest.mark.timeout(100_000)
def test_faults_made_from_the_source_are_noticed(server, request):
    found = bugs.all_of("generic")
    found = found if request.config.getoption("--all-mutants") else found[:SAMPLE]
    alive = [bug.name for number, bug in enumerate(found) if not noticed(server, "generic", number)]
    print(f"{len(alive)} of {len(found)} faults are noticed by no test:", *alive, sep="\n  ")
    assert len(alive) <= (1 - NOTICED) * len(found), "\n".join(alive)


@pytest.mark.parametrize("bug", bugs.all_of("written"), ids=lambda bug: bug.name)
def test_a_bug_has_its_place(bug):
    tree = ast.parse(file_of(bug.module).read_bytes())
    assert ast.dump(bug.change(tree)) != ast.dump(tree)


PROGRAM = """
def step(x, W):
    total = x @ W
    total += 1
    return total, x @ x
"""


@pytest.mark.parametrize("names", [{}, {"x": "inputs", "W": "weights", "total": "z"}])
def test_a_place_is_found_whatever_its_variables_are_called(names):
    program = PROGRAM
    for old, new in names.items():
        program = program.replace(old, new)
    x, W, total = (names.get(name, name) for name in ("x", "W", "total"))
    assert f"{total} = {x}.T @ {W}" in ast.unparse(replace(ast.parse(program), "x @ W", "x.T @ W"))
    assert f"{total} += 1" not in ast.unparse(replace(ast.parse(program), "total += 1", "pass"))


@pytest.mark.parametrize("old", ["x @ V.T", "a + b", "a @ b"])
def test_a_place_that_is_not_there_or_not_alone_is_refused(old):
    program = PROGRAM.replace("x @ x", "W @ x")
    with pytest.raises(LookupError, match="write the bug anew"):
        replace(ast.parse(program), old, "0")
