"""Every page of the system: who looks at it, where it is, and what brings it about."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser import scene as scenes
from tests.browser.scene import Scene

DIAGRAMS = (
    "office_onboarding",
    "district_inquiry",
    "contract_exchange",
    "software_installation",
    "user_training",
)


@dataclass(frozen=True)
class Place:
    """One page as one person sees it."""

    name: str
    who: str
    path: Callable[[Scene], str]
    status: int = 200
    #: Brings the page into the state that is meant.
    act: Callable[[Page], None] | None = None

    def open(self, page: Page, scene: Scene) -> None:
        """Open the page and wait until it stands still."""
        answer = page.goto(self.path(scene))
        assert answer is not None
        assert answer.status == self.status, (self.name, answer.status)
        if self.act is not None:
            self.act(page)
        settled(page)


def settled(page: Page) -> None:
    """Wait for the fonts and for the diagrams that are in view."""
    page.evaluate("document.fonts.ready")
    expect(page.locator("[data-diagram][aria-busy]")).to_have_count(0)


def drawn(scope: Page | Locator) -> None:
    """Wait until the first visible diagram is drawn."""
    diagram = scope.locator("[data-diagram]:visible").first
    diagram.scroll_into_view_if_needed()
    expect(diagram.locator(".djs-container svg[role=img]")).to_be_visible()
    expect(diagram.locator(".k-diagram-tools")).to_be_visible()


def _refuse(page: Page) -> None:
    """Send the form of a task as it is, too early."""
    page.locator("form.k-form .k-actions .btn-primary").click()
    expect(page.locator(".k-error-summary")).to_be_focused()


def _typed_too_late(page: Page) -> None:
    """Send a form whose case has gone on meanwhile."""
    page.locator("input[name=_revision]").evaluate("field => { field.value = '0'; }")
    page.locator("input[name='outcome'][value='confirm']").check(force=True)
    page.locator("form.k-form .k-actions .btn-primary").click()
    expect(page.locator(".k-error-summary")).to_be_visible()


def _wrong_password(page: Page) -> None:
    page.locator("#username").fill("nobody")
    page.locator("#password").fill("nothing")
    page.locator("form.k-form").get_by_role("button").click()
    expect(page.locator("#login-error")).to_be_visible()


def _make_token(page: Page) -> None:
    page.locator("#name").fill("report")
    page.locator("input[name=scopes]").first.check()
    page.locator("main .btn-primary").click()
    expect(page.locator("input[readonly]")).to_be_visible()


def _open_logins(page: Page) -> None:
    page.locator(".k-demo-logins summary").click()
    expect(page.locator(".k-demo-logins table")).to_be_visible()


def _open_history(page: Page) -> None:
    for each in page.locator(".k-timeline-more:visible summary").all()[:4]:
        each.click()


def _tab(number: int, then: Callable[[Page], None] | None = None) -> Callable[[Page], None]:
    """Return what opens a tab of a task's page."""

    def act(page: Page) -> None:
        page.get_by_role("tab").nth(number).click()
        expect(page.get_by_role("tabpanel")).to_have_count(1)
        if then is not None:
            then(page)

    return act


def at(path: str) -> Callable[[Scene], str]:
    """Return a path that is the same in every scene."""
    return lambda _scene: path


def task(code: str, key: str) -> Callable[[Scene], str]:
    """Return the path of a user task."""
    return lambda scene: f"/tasks/{scene.tasks[code, key]}"


def case(code: str) -> Callable[[Scene], str]:
    """Return the path of a case."""
    return lambda scene: f"/cases/{scene.cases[code]}"


def message(code: str) -> Callable[[Scene], str]:
    """Return the path of the message for which a case waits."""
    return lambda scene: f"/messages/{scene.message(code)}"


ASKED = scenes.INQUIRED, "t_ask_orgs"
MANAGER, DEPUTY = "district_manager.ahar", "sales_deputy"

PLACES = (
    Place("login", "", at("/login"), act=_open_logins),
    Place("login-refused", "", at("/login"), act=_wrong_password),
    Place("inbox", DEPUTY, at("/inbox")),
    Place("inbox-district", MANAGER, at("/inbox")),
    Place("inbox-behalf", MANAGER, at("/inbox?view=behalf")),
    Place("inbox-nothing-found", MANAGER, at("/inbox?q=zzzz")),
    Place("inbox-empty", "tamna_manager", at("/inbox")),
    Place("task-form", MANAGER, task(*ASKED)),
    Place("task-case", MANAGER, task(*ASKED), act=_tab(1)),
    Place("task-history", MANAGER, task(*ASKED), act=_tab(2, _open_history)),
    Place("task-diagram", MANAGER, task(*ASKED), act=_tab(3, drawn)),
    Place("task-long-form", DEPUTY, task(scenes.NEW, "t_register_request")),
    Place("task-on-behalf", MANAGER, task(scenes.PREPARING, "t_provide_prereq")),
    Place("task-refused", MANAGER, task(*ASKED), act=_refuse),
    Place("task-stale", MANAGER, task(scenes.LATE, "t_opinion"), act=_typed_too_late),
    Place("task-closed", DEPUTY, task(scenes.INQUIRED, "t_check_docs")),
    Place("message", f"office_manager.{scenes.REJECTED}", message(scenes.REJECTED)),
    Place("cases", DEPUTY, at("/cases")),
    Place("case-running", DEPUTY, case(scenes.LATE), act=drawn),
    Place("case-finished", DEPUTY, case(scenes.FINISHED), act=_open_history),
    Place("case-of-the-office", f"office_manager.{scenes.REJECTED}", case(scenes.REJECTED)),
    Place("case-broken", DEPUTY, case(scenes.BROKEN), act=drawn),
    Place("start", DEPUTY, at("/cases/start")),
    Place("offices", DEPUTY, at("/offices")),
    Place("office", DEPUTY, at(f"/offices/{scenes.FINISHED}")),
    Place("processes", DEPUTY, at("/processes")),
    *(Place(f"process-{key}", DEPUTY, at(f"/processes/{key}"), act=drawn) for key in DIAGRAMS),
    Place("notices", DEPUTY, at("/notices")),
    Place("notices-empty", "tamna_manager", at("/notices")),
    Place("calendar", "sysadmin", at("/calendar")),
    Place("incidents", "sysadmin", at("/incidents")),
    Place("tokens", DEPUTY, at("/tokens")),
    Place("token-made", DEPUTY, at("/tokens"), act=_make_token),
    Place("api", DEPUTY, at("/api/docs")),
    Place("not-allowed", "auditor", at("/cases/start"), 403),
    Place("not-found", DEPUTY, at("/tasks/0"), 404),
    Place("not-found-stranger", "", at("/nothing"), 404),
)
