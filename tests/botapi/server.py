"""The door: HTTP in, the call checked, a fault perhaps, the handler, HTTP out. What methods do is handling.py's."""

import asyncio
import json
import re
import secrets
import socket
import struct
from collections.abc import Mapping
from typing import TypeAlias

from aiohttp import web

from tests.botapi.cloud import BOT_ID, Cloud
from tests.botapi.faults import Fault, Faults
from tests.botapi.handling import HANDLERS, chat_of
from tests.botapi.ledger import Call, Ledger
from tests.botapi.methods import METHODS, Json, Upload, parameters_of
from tests.botapi.refusals import ApiError, flood, violation

PATH = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>\w+)")
LARGEST_BODY = 60_000_000
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
Given: TypeAlias = tuple[dict[str, Json], dict[str, Upload]]


class Door:
    """Serves one bot. `latency` is added to each call, half of it before the call takes effect."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.token = f"{BOT_ID}:{secrets.token_hex(18)[:35]}"
        self.ledger = Ledger()
        self.faults = Faults()
        self.latency = 0.0

    def app(self) -> web.Application:
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/{anything:.*}", self.serve)
        app.on_startup.append(self._open)
        app.on_shutdown.append(self._close)
        return app

    async def _open(self, _app: web.Application) -> None:
        with self.cloud.lock:
            self.cloud.updates.open(asyncio.get_running_loop())
            self.cloud.webhook.open()

    async def _close(self, _app: web.Application) -> None:
        self._closing.set()
        self.cloud.updates.close()
        await self.cloud.webhook.close()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = PATH.fullmatch(request.path)
        if path is None or path["method"] not in METHODS:
            self.ledger.violations.append(f"no such method: {request.path.replace(self.token, '<token>')}")
            return _answer(ApiError(404, "Not Found"))
        if not secrets.compare_digest(path["token"], self.token):
            self.ledger.violations.append(f"wrong token at {path['method']}")
            return _answer(ApiError(401, "Unauthorized"))
        try:
            given, uploads = await _given(request)
        except ApiError as error:
            self.ledger.violations.append(f"{path['method']}: {error.description}")
            return _answer(error)
        call = self.ledger.open(path["method"], given, chat_of(self.cloud, given))
        return await self._serve(call, uploads, request)

    async def _serve(
        self, call: Call, uploads: Mapping[str, Upload], request: web.Request
    ) -> web.StreamResponse:
        fault, late = self.faults.take(call.method, call.chat)
        await asyncio.sleep(self.latency / 2 + late)
        if fault is not None and not fault.took_effect:
            return await self._strike(fault, call, request, b"")
        status, body = await self._outcome(call, uploads)
        await asyncio.sleep(self.latency / 2)
        if fault is not None and not (fault.with_result and not call.result):
            return await self._strike(fault, call, request, json.dumps(body).encode())
        call.end("ok" if call.took_effect else "refused", status, call.description)
        return web.json_response(body, status=status)

    async def _outcome(self, call: Call, uploads: Mapping[str, Upload]) -> tuple[int, Json]:
        """Let the call take effect; return the answer."""
        try:
            call.result = await self._result(call, uploads)
        except ApiError as error:
            if error.violation:
                self.ledger.violations.append(f"{call.method}: {error.description}")
            call.description = error.description
            return error.code, error.body()
        except Exception as error:
            self.ledger.violations.append(f"{call.method}: this server itself broke: {error!r}")
            raise
        call.took_effect = True
        return 200, {"ok": True, "result": call.result}

    async def _result(self, call: Call, uploads: Mapping[str, Upload]) -> Json:
        given = call.parameters = parameters_of(call.method, call.parameters, uploads)
        if call.method == "getUpdates":
            return await self.cloud.updates.get(given)
        with self.cloud.lock:
            return HANDLERS[call.method](self.cloud, given)

    async def _strike(
        self, fault: Fault, call: Call, request: web.Request, body: bytes
    ) -> web.StreamResponse:
        if fault.with_result:
            fault.hits += 1
        call.end(fault.kind, {"flood": 429, "error": fault.status}.get(fault.kind, 0))
        match fault.kind:
            case "flood":
                return _answer(flood(int(fault.seconds)))
            case "error":
                page = f"<html><head><title>{fault.status}</title></head><body>nginx</body></html>"
                return web.Response(status=fault.status, text=page, content_type="text/html")
            case "hang":
                await self._closing.wait()
            case "half":
                return await _half(request, body)
        _reset(request)
        return web.Response()


def _answer(error: ApiError) -> web.Response:
    return web.json_response(error.body(), status=error.code)


async def _half(request: web.Request, body: bytes) -> web.StreamResponse:
    answer = web.StreamResponse(
        headers={"Content-Type": "application/json", "Content-Length": str(len(body))}
    )
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return answer


def _reset(request: web.Request) -> None:
    """Break the connection the hard way: the client gets a reset, not an end."""
    if request.transport is None:
        return
    peer = request.transport.get_extra_info("socket")
    if peer is not None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    request.transport.abort()


async def _given(request: web.Request) -> Given:
    """Return the parameters and the uploads of a call, from the query, a form, a multipart body or JSON."""
    given: dict[str, Json] = dict(request.query)
    if request.content_type == "application/json":
        return given | _json(await request.text()), {}
    if request.method == "POST" and request.body_exists:
        uploads = {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = _upload(value)
            else:
                given[name] = value if isinstance(value, str) else bytes(value).decode()
        return given, uploads
    return given, {}


def _json(text: str) -> dict[str, Json]:
    try:
        body = json.loads(text or "{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise violation("can't parse JSON object")
    return body


def _upload(field: web.FileField) -> Upload:
    with field.file as file:
        return Upload(field.filename, field.content_type, file.read())
