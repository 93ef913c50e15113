"""The files at the top of the project agree with one another, and the tools that make up a machine do what they say."""

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def targets():
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_targets_that_exist(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    called = set()
    for job in workflow["jobs"].values():
        if "uses" in job:
            assert (ROOT / job["uses"]).is_file()
        for step in job.get("steps", []):
            called |= set(re.findall(r"\bmake (?:-s )?([a-z-]+)", step.get("run", "")))
    assert called <= targets()


@pytest.mark.parametrize("name", ["publish", "release"])
def test_nothing_is_published_before_the_tests_have_passed(name):
    jobs = yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))["jobs"]
    assert jobs["test"] == {"uses": "./.github/workflows/test.yml"}
    assert all(job.get("needs") == "test" for key, job in jobs.items() if key != "test")


def test_the_version_is_one():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    version = re.search(r'^__version__ = "(.+)"$', (ROOT / "rnnlib/__init__.py").read_text(encoding="utf-8"), re.M)[1]
    assert citation["version"] == version
    assert f"\n## {version}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_hooks_are_tools_of_the_environment():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]  # nothing is fetched
    for hook in hooks[0]["hooks"]:
        assert hook["language"] == "system"
        module = re.match(r"\.venv/bin/python -m (\w+)", hook["entry"])[1]
        assert subprocess.run([sys.executable, "-c", f"import {module}"], cwd=ROOT).returncode == 0


@pytest.mark.parametrize("name", ["mistake-in-the-book", "wrong-verdict"])
def test_an_issue_template_asks_for_what_is_needed(name):
    template = yaml.safe_load((ROOT / f".github/ISSUE_TEMPLATE/{name}.yml").read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(template)
    assert any(field.get("validations", {}).get("required") for field in template["body"])


def test_the_container_has_what_the_makefile_needs():
    service = yaml.safe_load((ROOT / ".devcontainer/compose.yaml").read_text(encoding="utf-8"))["services"]["course"]
    assert "..:/course" in service["volumes"] and service["working_dir"] == "/course"
    recipe = (ROOT / ".devcontainer/Dockerfile").read_text(encoding="utf-8")
    assert all(re.search(rf"\b{name}\b", recipe) for name in ("make", "git", "util-linux"))


def tool(name):
    """Load a script of tools/."""
    spec = spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    spec.loader.exec_module(module := module_from_spec(spec))
    return module


def test_a_bare_path_lacks_what_is_named_and_nothing_else(tmp_path):
    (tmp_path / "bin").mkdir()
    for name in ("make", "bwrap"):
        (tmp_path / "bin" / name).touch(mode=0o755)
    (tmp_path / "bare").mkdir()
    tool("bare").bare_path(tmp_path / "bare", {"bwrap"}, f"{tmp_path / 'bin'}:{tmp_path / 'absent'}")
    assert [path.name for path in (tmp_path / "bare").iterdir()] == ["make"]


def test_a_browser_that_was_fetched_is_found_where_there_is_no_other(tmp_path, monkeypatch):
    browser = tool("browser")
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    monkeypatch.setattr(browser, "APPLICATIONS", ())
    assert browser.find(tmp_path) is None
    shell = tmp_path / "chromium_headless_shell-1" / "chrome-linux" / "headless_shell"
    shell.parent.mkdir(parents=True)
    shell.touch(mode=0o755)
    assert browser.find(tmp_path) == str(shell)
    monkeypatch.setattr(browser.shutil, "which", lambda name: "/usr/bin/chromium" if name == "chromium" else None)
    assert browser.find(tmp_path) == "/usr/bin/chromium"
