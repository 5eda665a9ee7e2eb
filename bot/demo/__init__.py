"""The demo shop: simulated customers to choose from, and a panel that plays what they, their shops and the platform would do."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.threads import reading, writing
from bot import web
from bot.channel.tokens import issue
from bot.demo.refusals import Refused, answering, body_of, checked, subject_of
from bot.demo.shop import Shop, add_pages
from bot.web.files import StaticFiles
from bot.web.responses import json_response

DESCRIPTION = StaticFiles(Path(web.__file__).parent)


def register(app: Sanic, shop: Shop, token_secret: str | None, names: Collection[str] = ()) -> None:
    """Adds the demo shop below ``/shop``. For demo mode only: whoever opens it may act as any customer and change the world.

    Args:
        app: the web server's application.
        shop: what it shows and does.
        token_secret: what customers' tokens are signed with; None: they come from whoever holds the private key.
        names: by which the shop may be called, beside addresses and ``localhost``.
    """
    app.ctx.demo_names = frozenset(names)
    add_pages(app)

    @app.get("/openapi.json")
    @answering
    async def demo_description(request: Request) -> HTTPResponse:
        found = await DESCRIPTION.response(request, "openapi.json")
        if found is None:
            raise Refused("not_found")
        return found

    @app.get("/shop/api/customers")
    @answering
    async def demo_customers(_request: Request) -> HTTPResponse:
        return json_response({"customers": await reading(shop.customers)})

    @app.get("/shop/api/state")
    @answering
    async def demo_state(request: Request) -> HTTPResponse:
        asked = checked(dict(request.query_args), user=True, order=False, bill=False)
        return json_response(await reading(shop.state, asked["user"], subject_of(asked)))

    @app.get("/shop/api/goods")
    @answering
    async def demo_goods(_request: Request) -> HTTPResponse:
        return json_response({"goods": await reading(shop.goods.listed)})

    @app.post("/shop/api/cart")
    @answering
    async def demo_cart(request: Request) -> HTTPResponse:
        asked = body_of(request, user=True, sku=True)
        return json_response({"order": await writing(shop.goods.put, asked["user"], asked["sku"])})

    @app.post("/shop/api/token")
    @answering
    async def demo_token(request: Request) -> HTTPResponse:
        asked = body_of(request, user=True, order=False)
        if token_secret is None:
            raise Refused("no_tokens")
        await reading(shop.state, asked["user"], subject_of(asked))
        return json_response({"token": issue(token_secret, asked["user"], asked.get("order"))})

    @app.post("/shop/api/remedy")
    @answering
    async def demo_remedy(request: Request) -> HTTPResponse:
        asked = body_of(request, user=True, order=False, bill=False, cause=True)
        user, subject = asked["user"], subject_of(asked)
        await writing(shop.play, user, asked["cause"], subject)
        return json_response(await reading(shop.state, user, subject))

    @app.post("/shop/api/world")
    @answering
    async def demo_world(request: Request) -> HTTPResponse:
        asked = body_of(request, action=True)
        await writing(shop.change_world, asked["action"])
        return json_response({"action": asked["action"]})
