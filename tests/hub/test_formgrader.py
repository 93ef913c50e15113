"""What a student wrote, in formgrader: a real Jupyter server, Chromium, and the session of the instructor."""

import json
import os
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.grading.conftest import EXERCISE, make_course, run
from tests.hub.machine import free_ports
from tests.hub.people import PATIENCE

# Writes a file into the course with the session of whoever looks; a picture would ask an address that nobody has.
SCRIPT = "fetch('/api/contents/stolen.txt',{method:'PUT'});document.title='stolen'"
OUTSIDE = "http://127.0.0.2:9/outside.png"
HOSTILE = f"""[A link](javascript:{SCRIPT}) and <javascript:{SCRIPT}> and [by reference][one] and [one] and {OUTSIDE}
![An image]({OUTSIDE}) ![by reference][two] <img src="{OUTSIDE}" onerror="{SCRIPT}">
[![both]({OUTSIDE})](javascript:{SCRIPT}) [entity](&#106;avascript:{SCRIPT}) [data](data:text/html,<script>1</script>)
<script>{SCRIPT}</script><a href="javascript:{SCRIPT}">HTML</a><svg onload="{SCRIPT}"></svg><iframe src="{OUTSIDE}">
[a line
break](java\tscript:{SCRIPT}) [files](files/a) <form action="{OUTSIDE}"><input autofocus onfocus="{SCRIPT}"></form>
$$\\href{{javascript:{SCRIPT}}}{{x}}$$ $<img src=x onerror="{SCRIPT}">$
\\begin{{x}}<img src=x onerror="{SCRIPT}">\\end{{x}}

# A heading

| a table | {SCRIPT} |
|---|---|
| [cell](javascript:{SCRIPT}) | x |

> quoted <b onmouseover="{SCRIPT}">bold</b> {{{{ 7 * 7 }}}} {{% raw %}}

[one]: javascript:{SCRIPT}
[two]: {OUTSIDE}
[^note]: <img src=x onerror="{SCRIPT}">
"""
# Each tries to end what it stands in by another way.
WAYS_OUT = [
    HOSTILE,
    f"```\n{HOSTILE}\n~~~\n{HOSTILE}\n````\n{HOSTILE}",
    "".join(f"{'`' * n}\n{HOSTILE}\n" for n in (5, 9, 17)),
    f"   ```\n{HOSTILE}\n   ````\n> ```\n{HOSTILE}",
    f"x\r```\r{HOSTILE}\x0b```\x0c{HOSTILE}\u2028```\u2029{HOSTILE}\x85```\x85{HOSTILE}",
    f"</code></pre></div></div>{HOSTILE}<!-- <![CDATA[ {HOSTILE}",
]
NAME = "<img src=x onerror=document.title='stolen'>"
SHOWN = """() => {
    const all = selector => [...document.querySelectorAll(selector)];
    return {
        links: all('a').map(a => a.href).filter(href => href && !href.startsWith(location.origin)),
        events: all('#notebook *').flatMap(e => e.getAttributeNames()).filter(name => name.startsWith('on')),
        elements: all('#notebook :is(img, svg, iframe, object, embed, script, form)').map(e => e.outerHTML),
        headings: all('#notebook :is(h1, h2, h3)').map(e => e.textContent).filter(text => /A heading/.test(text)),
    };
}"""


def handed_in(fresh, words):
    """A notebook whose answers, added cells, what they print, their errors and their names all hold the words."""
    nb = json.loads(fresh)
    for cell in nb["cells"]:
        if cell["id"] == "open-question":
            cell["source"] = words
        elif cell["id"] == "one_hot":
            cell["source"] = f"def one_hot(ids, V):\n    raise ValueError({words!r})\n# {SCRIPT} {NAME}"
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    nb["cells"][2:2] = [
        {**code, "id": f"a\n\n{words}", "source": f"print({words!r})\nraise RuntimeError({words!r})"},
        {**code, "id": f"b\n\n```\n{words}", "source": "while True: pass"},  # the reason of the verdict names it
        {"cell_type": "markdown", "metadata": {}, "id": "c", "source": words},
    ]
    return json.dumps(nb)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose submissions are hostile, and marked."""
    course = make_course(tmp_path_factory.mktemp("course"), short=True)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('c.Grading.limits = {"cell": 1.0}\n')
    assert run(course, "release", EXERCISE).code == 0
    fresh = course.file("release", EXERCISE).read_text(encoding="utf-8")
    students = {f"student-{number}": words for number, words in enumerate(WAYS_OUT)}
    for student, words in {**students, NAME: HOSTILE}.items():
        path = course.file("submitted", EXERCISE, student)
        path.parent.mkdir(parents=True)
        path.write_text(handed_in(fresh, words), encoding="utf-8")
    assert "was still running" in run(course, "grade", EXERCISE).text
    return course


@pytest.fixture(scope="module")
def jupyter(course, tmp_path_factory):
    """JupyterLab in the folder of the course, as the page for instructors says: its address."""
    (port,) = free_ports(1)
    home = tmp_path_factory.mktemp("home")
    places = {name: str(home) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=secret", "--Application.log_level=ERROR"]
    process = subprocess.Popen(command, cwd=course.root, env={**os.environ, **places}, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, "JupyterLab has ended."
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.promise("S1")
def test_nothing_of_a_students_runs_or_asks_in_formgrader(browser, course, jupyter):  # noqa: F811
    """Each change of grading/gradebook/formgrader.py that lets an answer through as Markdown breaks it."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    asked, errors = [], []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{jupyter}/lab?token=secret")
    page.goto(f"{jupyter}/formgrader/gradebook/{EXERCISE}/{EXERCISE}")
    listed = page.locator("#main-table a[href*=submissions]")
    listed.first.wait_for()
    submissions = sorted(set(listed.evaluate_all("all => all.map(a => a.href)")))
    assert len(submissions) == len(WAYS_OUT)  # and nobody is called by markup
    for address in submissions:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert "A heading" in page.locator("#notebook").first.inner_text()  # all is there, as text
        assert page.evaluate(SHOWN) == {"links": [], "events": [], "elements": [], "headings": []}
        assert page.title() == EXERCISE
    assert not errors
    assert not [url for url in asked if not url.startswith(f"{jupyter}/")]
    assert not (course.root / "stolen.txt").exists()
    context.close()
