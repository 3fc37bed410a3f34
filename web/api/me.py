"""Who the program acts for."""

from typing import Any

from engine.tokens import Scope
from web.access import me
from web.api.caller import both, token
from web.api.contract import endpoint
from web.api.schemas import a
from web.people import post


@endpoint(
    "GET",
    "/me",
    fa="شخص، سمت‌های کنونی او و آنچه این توکن اجازه دارد",
    en="The person, the posts held today, and what this token may do",
    scope=Scope.read,
    answer=a("Person"),
)
def show() -> dict[str, Any]:
    """Tell who the token's person is."""
    actor, row = me(), token()
    return {
        "username": actor.username,
        "name_fa": actor.name_fa,
        "name_en": actor.name_en,
        "language": actor.language,
        "posts": [
            {"role": role, "scope": scope, **both("title", post, role, scope)}
            for role, scope in actor.assignments
        ],
        "token": {"name": row.name, "scopes": row.scopes, "expires_at": row.expires_at},
    }
