#ifndef KITH_COMMON_RPC_CALLBACK_THREADS_H_
#define KITH_COMMON_RPC_CALLBACK_THREADS_H_

namespace kith::rpc {

// Keeps gRPC's callback threads until the process ends. Otherwise gRPC 1.51
// starts them with their first user and ends them with the last one, and aborts
// in grpc_cq_internal_unref if one of them is still busy then, as happens after
// the last response of a server. Call it before the first server or channel.
// Further calls do nothing. Thread-safe.
void KeepCallbackThreads();

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_CALLBACK_THREADS_H_
