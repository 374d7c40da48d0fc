"""What apps answer to interactions: the callback, then by the interaction's token."""

from __future__ import annotations

from tests.fake_discord.interactions import DEFER, DEFER_UPDATE, SAY, UPDATE, Interaction
from tests.fake_discord.limits import Rate
from tests.fake_discord.records import Json
from tests.fake_discord.rest import Request, route

ANSWERS = Rate(5, 5.0)


@route("POST /interactions/{interaction}/{token}/callback", token=False)
def callback(request: Request) -> Json | None:
    path = request.path
    one = request.interactions.respond(path["interaction"], path["token"], request.body)
    if request.query.get("with_response") not in ("1", "true"):
        return None
    body: Json = {"interaction": {"id": one.id, "type": one.kind}}
    if one.response in (SAY, DEFER, DEFER_UPDATE, UPDATE) and one.original is not None:
        body["interaction"] |= {
            "response_message_id": one.original.id,
            "response_message_loading": one.original.is_loading,
            "response_message_ephemeral": one.original.is_ephemeral,
        }
        body["resource"] = {"type": one.response, "message": request.world.message_json(one.original)}
    return body


def _interaction(request: Request) -> Interaction:
    return request.interactions.by_token(request.path["application"], request.path["token"])


@route("POST /webhooks/{application}/{token}", token=False, rate=ANSWERS)
def followup(request: Request) -> Json:
    return request.world.message_json(request.interactions.followup(_interaction(request), request.body))


@route("GET /webhooks/{application}/{token}/messages/{message}", token=False, rate=ANSWERS)
def get(request: Request) -> Json:
    found = request.interactions.message(_interaction(request), request.path["message"])
    return request.world.message_json(found)


@route("PATCH /webhooks/{application}/{token}/messages/{message}", token=False, rate=ANSWERS)
def edit(request: Request) -> Json:
    found = request.interactions.edit(_interaction(request), request.path["message"], request.body)
    return request.world.message_json(found)


@route("DELETE /webhooks/{application}/{token}/messages/{message}", token=False, rate=ANSWERS)
def delete(request: Request) -> None:
    request.interactions.delete(_interaction(request), request.path["message"])
