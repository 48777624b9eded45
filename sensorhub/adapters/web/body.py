"""What a browser posts, read only as far as it may be long."""

from starlette.requests import Request


async def read_body(request: Request, most_bytes: int) -> bytes | None:
    """Read the body of a request; None where it is longer, whatever its header says."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            return None
    return body
