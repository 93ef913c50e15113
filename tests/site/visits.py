"""Pages open in the browser, at two sizes, and what went wrong in them."""

SIZES = {"desk": (1280, 900), "phone": (390, 844)}


class Visit:
    """A page open in the browser, and what went wrong while it loaded."""

    def __init__(self, context, url):
        self.trouble = []
        self.requests = []
        self.page = context.new_page()
        self.page.on("console", lambda m: self.trouble.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.trouble.append(str(e)))
        self.page.on("requestfailed", lambda r: self.trouble.append(f"failed: {r.url}"))
        self.page.on("response", lambda r: self.trouble.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.goto(url, wait_until="load")
