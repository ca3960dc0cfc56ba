"""The gateway service: HTTP in, one RPC call each, JSON out."""

import json

from nameko.rpc import RpcProxy
from nameko.web.handlers import http
from werkzeug import Request, Response


def answer(view: object, status: int = 200) -> Response:
    return Response(json.dumps(view), status=status, mimetype="application/json")


class GatewayService:
    name = "stock_gateway"

    activities_rpc = RpcProxy("stock_activities")

    @http("GET", "/ping")
    def ping(self, request: Request) -> Response:
        return answer(self.activities_rpc.ping())

    @http("GET", "/activities/<string:activity_id>")
    def get_activity(self, request: Request, activity_id: str) -> Response:
        return answer(self.activities_rpc.get(activity_id))

    @http("POST", "/activities")
    def create_activity(self, request: Request) -> Response:
        return answer(self.activities_rpc.create(json.loads(request.get_data(as_text=True))), status=201)

    @http("POST", "/dispatches/<int:count>")
    def dispatch(self, request: Request, count: int) -> Response:
        return answer(self.activities_rpc.dispatch_many(count, json.loads(request.get_data(as_text=True))))
