#!/usr/bin/env python3
"""A stand-in for a publishing service, for measuring: stand_in.py PORT LATENCY_MS

Speaks as much of Medium's API as a publication needs, answers each request after LATENCY_MS, and
says how many requests of each kind it had, and how many at once, at GET /count (which counts not).
"""
import asyncio, collections, json, sys

PORT, LATENCY = int(sys.argv[1]), float(sys.argv[2]) / 1000
counted, now, most, stories = collections.Counter(), 0, 0, 0


def answer(method, path, body):
    """Status and data of the answer to a request."""
    global stories
    if path.endswith("/me"):
        return 200, {"id": "u1", "username": "someone", "name": "Someone", "url": "https://medium.example/@someone"}
    if path.endswith("/images"):
        return 201, {"url": f"https://cdn.example/{hash(body) & 0xFFFFFFFF}.png", "md5": "0" * 32}
    if method == "POST" and path.endswith("/posts"):
        stories += 1
        story, ident = json.loads(body), f"{PORT:05x}{stories:07x}"
        return 201, {
            "id": ident, "title": story.get("title"), "authorId": "u1", "tags": story.get("tags"),
            "url": f"https://medium.example/@someone/{ident}", "canonicalUrl": story.get("canonicalUrl"),
            "publishStatus": story.get("publishStatus", "public"), "license": "", "licenseUrl": "",
        }
    return 404, None


async def serve(reader, writer):
    global now, most
    try:
        while line := await reader.readline():
            method, path, _ = line.decode().split(" ", 2)
            length = 0
            while (header := await reader.readline()).strip():
                name, _, value = header.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
            body = await reader.readexactly(length)
            if path == "/count":
                status, data = 200, {"requests": dict(counted), "most_at_once": most}
                counted.clear()
                most = 0
            else:
                counted[f"{method} {path.split('/')[-1]}"] += 1
                now += 1
                most = max(most, now)
                await asyncio.sleep(LATENCY)
                now -= 1
                status, data = answer(method, path, body)
            text = json.dumps(data if path == "/count" else {"data": data}).encode()
            head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
            writer.write(head.encode() + text)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORT, backlog=256)
    async with server:
        await server.serve_forever()


asyncio.run(main())
