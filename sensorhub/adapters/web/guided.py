"""Steering a guided session from the page."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sensorhub.adapters.web.body import read_body
from sensorhub.adapters.web.security import refuse
from sensorhub.model.guided import GuidedAction
from sensorhub.pipeline.ports import GuidedControl

MAX_BODY_BYTES = 200


class Command(msgspec.Struct, forbid_unknown_fields=True):
    """What the page posts."""

    action: GuidedAction


class GuidedRoute:
    """Takes what the runner asks for."""

    def __init__(self, control: GuidedControl | None) -> None:
        self._control = control

    async def act(self, request: Request) -> Response:
        """Pass one action on."""
        if self._control is None:
            return refuse(409, "no guided session is running; `sensorhub drill` starts one")
        body = await read_body(request, MAX_BODY_BYTES)
        if body is None:
            return refuse(413, "too long")
        try:
            command = msgspec.json.decode(body, type=Command)
        except ValueError as error:  # no JSON, or no UTF-8 in it
            return refuse(400, str(error))
        self._control.act(command.action)
        return Response(status_code=204)
