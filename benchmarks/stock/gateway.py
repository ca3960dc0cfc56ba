"""The gateway service: HTTP in, one RPC call each, JSON out."""

import orjson
from nameko.constants import NON_PERSISTENT
from nameko.rpc import RpcProxy
from nameko.web.handlers import http
from werkzeug import Request, Response


def answer(view: object, status: int = 200) -> Response:
    return Response(orjson.dumps(view), status=status, mimetype="application/json")


class GatewayService:
    name = "stock_gateway"

    activities_rpc = RpcProxy("stock_activities", use_confirms=False, delivery_mode=NON_PERSISTENT)

    @http("GET", "/ping")
    def ping(self, request: Request) -> Response:
        return answer(self.activities_rpc.ping())

    @http("GET", "/activities/<string:activity_id>")
    def get_activity(self, request: Request, activity_id: str) -> Response:
        return answer(self.activities_rpc.get(activity_id))

    @http("POST", "/activities")
    def create_activity(self, request: Request) -> Response:
        return answer(self.activities_rpc.create(orjson.loads(request.get_data())), status=201)

    @http("POST", "/dispatches/<int:count>")
    def dispatch(self, request: Request, count: int) -> Response:
        return answer(self.activities_rpc.dispatch_many(count, orjson.loads(request.get_data())))
