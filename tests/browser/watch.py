"""What a browser complains of: every test fails by it, whatever it looks at."""

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

#: A page that is left gives up what it was still asking for.
LEFT = "net::ERR_ABORTED"
#: Chromium's own line for an answer of 400 and more; the answers themselves are looked at below.
ANSWERED = "Failed to load resource: the server responded with a status of"


@dataclass
class Watch:
    """Listens to pages and keeps what is wrong with them."""

    problems: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self._said)
        page.on("pageerror", self._threw)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def collected(self) -> list[str]:
        """Give what was wrong since the last question."""
        found, self.problems = self.problems, []
        return found

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(ANSWERED):
            self.problems.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _threw(self, error: Error) -> None:
        self.problems.append(f"exception: {error}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.problems.append(f"{request.failure}: {request.url}")

    def _answered(self, response: Response) -> None:
        """Refuse missing files and refused requests; pages that refuse are tested by name."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.problems.append(f"{response.status}: {response.url}")
