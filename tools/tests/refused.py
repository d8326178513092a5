"""What a gRPC stub raises where a call is refused."""

import grpc
from google.rpc import error_details_pb2, status_pb2


class Refused(grpc.RpcError):
    """With this code, the details "as told", and a reason if one is given."""

    def __init__(self, code: grpc.StatusCode, reason: str = ""):
        super().__init__()
        self._code = code
        self._reason = reason

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return "as told"

    def trailing_metadata(self) -> tuple[tuple[str, bytes], ...]:
        if not self._reason:
            return ()
        status = status_pb2.Status()
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason=self._reason))
        return (("grpc-status-details-bin", status.SerializeToString()),)
