"""Every text of the pages exists in both languages, and no page mixes them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from sqlalchemy import select

from engine import deployments
from engine.models import UserTask
from tests.web.conftest import Site
from tests.web.languages import PERSIAN, foreign, typed_texts
from tests.web.persona import Page
from workflows.offices import STATUS_TITLES
from workflows.roles import ROLES

ROOT = Path(__file__).parents[2]
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Extract what the code and the templates say, as `pybabel extract -F babel.cfg .` does."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT,
        methods,
        options,
        directory_filter=lambda place: (
            Path(place).name in {ROOT.name, "web", "templates"}
            or "templates" in Path(place).parts
            or Path(place).parent == ROOT / "web"
        ),
    )
    return {str(message) for _file, _line, message, _comments, _context in found}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """Read the Persian catalogue."""
    with (ROOT / "web/translations/fa/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="fa")


def test_every_text_has_a_persian_one_and_no_other_is_kept(
    used: set[str], catalogue: Catalog
) -> None:
    kept = {str(message.id) for message in catalogue if message.id}
    assert len(used) > 150
    assert used - kept == set()
    assert kept - used == set()
    assert not catalogue.obsolete


def test_every_translation_is_finished(catalogue: Catalog) -> None:
    for message in catalogue:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        assert message.string, message.id
        assert PERSIAN.search(message.string) or not re.search("[a-z]{3}", str(message.id))
        here, there = _PLACEHOLDER.findall(str(message.id)), _PLACEHOLDER.findall(message.string)
        assert sorted(here) == sorted(there), message.id
        assert not list(message.check(catalogue)), message.id
        assert not re.search("[يك]|[0-9]|\u200c[ ،.؛»]| \u200c", message.string), message.string


def test_what_the_procedure_says_exists_in_both_languages(site: Site) -> None:
    with site.kartabl.reading() as tx:
        [definition, *_rest] = deployments.definitions(tx)
        published = deployments.published(tx, definition.id)
    pairs = [(role.fa, role.en) for role in ROLES.values()]
    pairs += [(title["fa"], title["en"]) for title in STATUS_TITLES.values()]
    pairs += [
        (element.name_fa, element.name_en)
        for scope in published.bundle.scopes.values()
        for element in scope.elements.values()
        if element.type in ("userTask", "callActivity")
    ]
    pairs += [(form.title["fa"], form.title["en"]) for form in published.forms.values()]
    for fa, en in pairs:
        assert PERSIAN.search(fa), fa
        assert en, fa
        assert not PERSIAN.search(en), en


def pages(site: Site, language: str) -> list[Page]:
    """Open every kind of page in a language, refused and ended ones as well."""
    owner, deputy = (
        site.persona(name).speak(language) for name in ("service_desk_owner", "sales_deputy")
    )
    paths = ["/inbox", "/inbox?view=mine", "/inbox?view=behalf", "/inbox?q=zzz", "/cases"]
    paths += ["/cases?q=zzz", "/offices", "/offices/72030101", "/offices?q=zzz", "/processes"]
    paths += ["/processes/office_onboarding", "/notices", "/calendar", "/calendar?year=1450"]
    paths += ["/incidents", "/cases/start", f"/cases/{site.journey.id}", "/tokens", "/api/docs"]
    found = [persona.get(path) for persona in (owner, deputy) for path in paths]
    with site.kartabl.reading() as tx:
        tasks = tx.session.scalars(select(UserTask)).all()
    found += [deputy.get(f"/tasks/{task.id}") for task in tasks if task.role == "sales_deputy"]
    manager = site.persona("district_manager.ahar").speak(language)
    mine = [manager.get(f"/tasks/{task.id}") for task in tasks if task.scope == "ahar"]
    found += [page for page in mine if page.status == 200]
    found += [manager.press(page) for page in mine if page.status == 200 and page.texts("k-form")]
    found += [
        deputy.get("/nowhere"),
        owner.post("/calendar/days"),
        owner.post("/incidents/1/retry"),
    ]
    return found


@pytest.mark.parametrize("language", ["fa", "en"])
def test_no_page_mixes_the_languages(at: Callable[[str], Site], language: str) -> None:
    site = at("t_opinion")
    site.journey.wait(days=40)
    typed = typed_texts(site.kartabl)
    seen = pages(site, language)
    assert len(seen) > 30
    for page in seen:
        assert page.tree.get("lang") == language
        assert page.tree.get("dir") == ("rtl" if language == "fa" else "ltr")
        assert foreign(page, typed) == [], page.path


@pytest.mark.parametrize("first", ["fa", "en"])
def test_constants_of_the_templates_speak_to_each_reader(site: Site, first: str) -> None:
    """The pages are compiled once, whatever the language of the first who opens them."""
    site.app.jinja_env.cache.clear()
    second = {"fa": "en", "en": "fa"}[first]
    page = site.persona("sales_deputy").get("/cases/start")
    task = site.persona("sales_deputy").press(page, button=("process", "office_onboarding"))
    hints = {"fa": "۱۴۰۵/۰۱/۰۱", "en": "1405/01/01"}
    for language in (first, second):
        shown = site.persona("sales_deputy").speak(language).get(task.path)
        assert set(shown.all("//input[@data-jdate]/@placeholder")) == {hints[language]}
