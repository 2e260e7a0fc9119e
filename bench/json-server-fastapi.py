"""The peer of json-server.ts: the same validated route in FastAPI on uvicorn, one process."""

import socket

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Item(BaseModel):
    name: str
    description: str | None
    price: float
    tags: list[str]


app = FastAPI()


@app.post("/item", response_model=Item)
async def item(body: Item) -> Item:
    return body


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]


@app.on_event("startup")
async def say_port() -> None:
    print(port, flush=True)


uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
