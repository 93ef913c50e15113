"""Students and instructors in a browser, who do with the mouse and the keyboard what the page on grading says."""

import re

from tests.grading.conftest import EXERCISE

PATIENCE = 180_000  # milliseconds: a server or a kernel starts while other tests run


class Person:
    """Somebody who logs in with a browser of their own.

    Attributes:
        page: their tab.
        trouble: what went wrong on it: other machines that were asked, addresses that failed, errors of scripts.
    """

    def __init__(self, browser, machine, name):
        self.name, self.url, self.trouble = name, machine.url, []
        self.context = browser.new_context(viewport={"width": 1400, "height": 1000})
        self.context.set_default_timeout(PATIENCE)
        self.page = self.new_page()
        self.page.goto(f"{self.url}/hub/login")
        self.page.fill("#username_input", name)
        self.page.fill("#password_input", machine.password)
        self.page.click("#login_submit")
        self.page.wait_for_url(f"**/user/{name}/lab**")

    def new_page(self):
        """Open a tab, and note its trouble."""
        page = self.context.new_page()
        page.on("request", lambda request: self._note_outside(request.url))
        page.on("response", lambda reply: reply.status >= 400 and self.trouble.append(f"{reply.status} {reply.url}"))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        return page

    def _note_outside(self, url):
        if not url.startswith((f"{self.url}/", "data:", "blob:")):
            self.trouble.append(f"asked {url}")

    def read(self, path, server=None):
        """Read a file of a server through Jupyter's own interface, with the user's session.

        Returns:
            Its text, a notebook as a dict, or None where there is no such file.
        """
        reply = self.context.request.get(f"{self.url}/{server or f'user/{self.name}'}/api/contents/{path}?content=1")
        return reply.json()["content"] if reply.ok else None

    def lab(self, server=None):
        """Open JupyterLab with nothing but the launcher."""
        self.page.goto(f"{self.url}/{server or f'user/{self.name}'}/lab?reset")
        self.page.locator(".jp-Launcher").wait_for()

    def close(self):
        """Close the browser's window."""
        self.context.close()


class Student(Person):
    """A student, who works with nbgrader's list of assignments and a notebook beside it."""

    def can_do(self):
        """What nbgrader's menu offers, as a list."""
        self.lab()
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        offered = self.page.locator(".lm-Menu [role=menuitem]").all_inner_texts()
        self.page.keyboard.press("Escape")
        return [text.strip() for text in offered if text.strip()]

    def assignments(self):
        """Open the list of assignments anew."""
        self.lab()
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        self.page.locator(".lm-Menu").get_by_role("menuitem", name="Assignment List").click()
        return self.page.locator("#nbgrader-assignment-list")

    def fetch(self):
        """Fetch the exercise, and open its notebook from the list."""
        listed = self.assignments()
        listed.get_by_role("button", name="Fetch").click()
        fetched = listed.locator("#fetched_assignments_list")
        fetched.get_by_role("button", name="Submit").wait_for()
        fetched.locator("a.assignment-notebooks-link").click()
        fetched.locator(".nested_list_item a").click()
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        self.page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()  # before, a run would ask for a kernel

    def write(self, text, where):
        """Take the cell that shows `where`, write a text into it in place of its own, and run it."""
        cell = self.cell(where)
        if "jp-MarkdownCell" in cell.get_attribute("class"):
            cell.dblclick()
        editor = cell.locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter")

    def run(self, where):
        """Run the cell that shows `where`, and return what it prints."""
        cell = self.cell(where)
        cell.locator(".cm-content").click()
        number = cell.locator(".jp-InputPrompt").inner_text()
        self.page.keyboard.press("Control+Enter")
        cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]"), has_not_text=number).wait_for()
        return "\n".join(cell.locator(".jp-OutputArea-output").all_inner_texts())

    def cell(self, where):
        """Scroll to the cell that shows `where`; JupyterLab draws those only that are near the window."""
        cell = self.page.locator(".jp-Notebook .jp-Cell", has_text=where).first
        box = self.page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer").bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for _ in range(100):
            if cell.is_visible():
                break
            self.page.mouse.wheel(0, 400)
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
        cell.scroll_into_view_if_needed()
        return cell

    def save(self):
        """Save the notebook with the keyboard, and wait until that is done."""
        with self.page.expect_response(lambda reply: reply.request.method == "PUT" and ".ipynb" in reply.url):
            self.page.keyboard.press("Control+s")

    def validate(self):
        """Press the button *Validate* of the notebook, and return what it says."""
        self.page.locator(".validate-button").click()
        said = self.page.locator(".jp-Dialog")
        said.wait_for()
        text = said.inner_text()
        said.get_by_role("button").last.click()
        return text

    def submit(self):
        """Press the button *Submit* of the list, and wait until the submission is listed."""
        listed = self.assignments()
        listed.locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
        listed.locator("#submitted_assignments_list").get_by_text(EXERCISE).first.wait_for()

    def feedback(self):
        """Press *Fetch Feedback*, follow *view feedback*, open the page with the mouse, and return its frame."""
        listed = self.assignments().locator("#submitted_assignments_list")
        listed.get_by_role("button", name="Fetch Feedback").click()
        listed.get_by_text("(view feedback)").click()
        self.page.locator(".jp-DirListing-item", has_text=f"{EXERCISE}.html").dblclick()
        return self.page.frame_locator(".jp-HTMLViewer iframe")


class Instructor(Person):
    """An instructor, who works in the course's own server."""

    SERVER = "services/rnn"
    typed = 0  # how many commands

    def types(self, command):
        """Type a command into a terminal of the course's JupyterLab, and return what it says and its exit code."""
        self.lab(self.SERVER)
        self.page.locator(".jp-LauncherCard[title*=terminal]").click()
        prompt = self.page.locator(".jp-Terminal .xterm-helper-textarea")
        prompt.wait_for(state="attached")
        prompt.focus()
        self.typed += 1
        said, code = f"said-{self.typed}.txt", f"code-{self.typed}.txt"  # a terminal is a picture: no text to read
        self.page.keyboard.insert_text(f"{command} > {said} 2>&1; echo $? > {code}")
        self.page.keyboard.press("Enter")
        for _ in range(PATIENCE // 500):
            if self.read(code, self.SERVER):
                return self.read(said, self.SERVER), int(self.read(code, self.SERVER))
            self.page.wait_for_timeout(500)
        raise TimeoutError(f"{command} has not come to its end.")

    def formgrader(self, path="manage_assignments"):
        """Open a page of formgrader in the tab."""
        self.page.goto(f"{self.url}/{self.SERVER}/formgrader/{path}")

    def press(self, button):
        """Press a button of formgrader's list of assignments; return the title and the text of what it answers."""
        self.formgrader()
        self.page.locator(f"#main-table .{button} a").click()
        answer = self.page.locator(".modal-dialog")
        answer.wait_for()
        return answer.inner_text()

    def gives(self, student, points, comment):
        """Look for the student in formgrader's list, give points to the open answer, and write a comment.

        Returns:
            The text of the answer, as formgrader shows it.
        """
        self.formgrader(f"gradebook/{EXERCISE}/{EXERCISE}")
        row = self.page.locator("#main-table tr", has_text=student)
        row.locator(".glyphicon-eye-open").click()
        row.get_by_role("link", name=student).click()
        # What was given before comes after the page, and would take the place of what is typed.
        self.page.locator("#open-question.needs_manual_grade").wait_for()
        self.page.locator("#open-question-comment[placeholder]").wait_for()
        for box, text in (("#open-question", points), ("#open-question-comment", comment)):
            with self.page.expect_response(_saves):
                self.page.locator(box).fill(text)
                self.page.locator(box).blur()
        cell = self.page.locator(".nbgrader_cell", has=self.page.locator("#open-question"))
        return cell.locator(".rendered_html").inner_text()


def _saves(reply):
    return reply.request.method == "PUT" and "/formgrader/api/" in reply.url
