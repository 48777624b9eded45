"""The page's paths: its files, its stream, and what was kept."""

import asyncio

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sensorhub.adapters.web.guided import GuidedRoute
from sensorhub.adapters.web.login import Login
from sensorhub.adapters.web.security import Guard, refuse
from sensorhub.adapters.web.settings import STATIC, WebSettings
from sensorhub.adapters.web.sse import EventStream
from sensorhub.model.metrics import MEASUREMENTS, METRICS
from sensorhub.pipeline.fanout import Fanout
from sensorhub.pipeline.ports import Adviser, GuidedControl, History

MAX_SESSIONS = 200
MAX_SESSION_RECORDS = 50_000


class HistoryRoutes:
    """Sessions and their records, read in worker threads so that the stream never waits for the disk."""

    def __init__(self, history: History, fanout: Fanout, adviser: Adviser | None) -> None:
        self._history = history
        self._adviser = adviser
        self._fanout = fanout

    async def sessions(self, _request: Request) -> Response:
        """List the newest sessions."""
        return as_json(await asyncio.to_thread(self._history.sessions, MAX_SESSIONS))

    async def session(self, request: Request) -> Response:
        """Give the records of one session."""
        session = request.path_params["session"]
        records = await asyncio.to_thread(self._history.records_of, session, MAX_SESSION_RECORDS)
        if not records:
            return refuse(404, "no such session")
        body = b"[" + b",".join(record.data.strip() for record in records) + b"]"
        return Response(body, media_type="application/json")

    async def suggestions(self, request: Request) -> Response:
        """Give the next stage of each drill of a runner, by the coach's rule."""
        if self._adviser is None:
            return as_json([])
        return as_json(await asyncio.to_thread(self._adviser.suggestions, request.query_params.get("runner", "")))

    async def health(self, _request: Request) -> Response:
        """Say how the stream fares."""
        fanout = self._fanout
        return as_json(
            {"readers": fanout.readers, "dropped_readers": fanout.dropped_readers, "refused": fanout.refused_readers}
        )


class About:
    """What the page must know to explain itself: labels and meanings of its numbers, and whether there is a login."""

    def __init__(self, settings: WebSettings) -> None:
        metrics = {
            f"{measurement}.{metric.name}": {"label": metric.label, "unit": metric.unit, "meaning": metric.meaning}
            for measurement, record_classes in MEASUREMENTS.items()
            for record_class in record_classes
            for metric in METRICS[record_class]
        }
        self._about = {"login": settings.token is not None, "metrics": metrics}

    async def about(self, _request: Request) -> Response:
        """Give labels, units and meanings."""
        return as_json(self._about)


def as_json(value: object) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(value), media_type="application/json")


async def index(_request: Request) -> Response:
    """Give the page."""
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


def build_app(
    fanout: Fanout,
    history: History,
    settings: WebSettings,
    guided: GuidedControl | None = None,
    adviser: Adviser | None = None,
) -> Guard:
    """Build the whole page as an ASGI application behind its guard."""
    login = Login(settings)
    kept = HistoryRoutes(history, fanout, adviser)
    routes = [
        Route("/", index),
        Route("/events", EventStream(fanout, history).open),
        Route("/api/sessions", kept.sessions),
        Route("/api/sessions/{session}/records", kept.session),
        Route("/api/suggestions", kept.suggestions),
        Route("/api/health", kept.health),
        Route("/api/about", About(settings).about),
        Route("/api/guided", GuidedRoute(guided).act, methods=["POST"]),
        Route("/login", login.form, methods=["GET"]),
        Route("/login", login.enter, methods=["POST"]),
        Route("/logout", login.leave, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    return Guard(Starlette(routes=routes), settings)
