"""What a gRPC stub raises where a call is refused."""

import grpc


class Refused(grpc.RpcError):
    """With this code, and the details "as told"."""

    def __init__(self, code: grpc.StatusCode):
        super().__init__()
        self._code = code

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return "as told"
