#ifndef KITH_GATEWAY_EDGE_TESTING_LIBRARY_SERVICE_H_
#define KITH_GATEWAY_EDGE_TESTING_LIBRARY_SERVICE_H_

#include <atomic>

#include "common/auth/key_limiter.h"
#include "common/rpc/call_gate.h"
#include "gateway/edge/testing/count_stream.h"
#include "kith/edgetest/v1/library.grpc.pb.h"

namespace kith::edge {

// Answers what it is asked, behind the gate that all services have.
class LibraryService final : public edgetest::v1::Library::CallbackService {
 public:
  explicit LibraryService(auth::KeyLimiter& limiter);

  // How many calls of Echo were cancelled while they waited.
  int cancelled() const { return cancelled_; }
  // How many calls of Echo wait.
  int waiting() const { return waiting_; }
  // What became of the calls of Count.
  const CountStream::Figures& counts() const { return counts_; }

  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* call,
                                 const edgetest::v1::EchoRequest* request,
                                 edgetest::v1::EchoResponse* reply) override;
  grpc::ServerUnaryReactor* GetBook(
      grpc::CallbackServerContext* call,
      const edgetest::v1::GetBookRequest* request,
      edgetest::v1::GetBookResponse* reply) override;
  grpc::ServerUnaryReactor* UpdateBook(
      grpc::CallbackServerContext* call,
      const edgetest::v1::UpdateBookRequest* request,
      edgetest::v1::UpdateBookResponse* reply) override;
  grpc::ServerUnaryReactor* DeleteBook(
      grpc::CallbackServerContext* call,
      const edgetest::v1::DeleteBookRequest* request,
      edgetest::v1::DeleteBookResponse* reply) override;
  grpc::ServerUnaryReactor* GetCover(
      grpc::CallbackServerContext* call,
      const edgetest::v1::GetCoverRequest* request,
      google::api::HttpBody* reply) override;
  grpc::ServerWriteReactor<edgetest::v1::CountResponse>* Count(
      grpc::CallbackServerContext* call,
      const edgetest::v1::CountRequest* request) override;

 private:
  struct Waiting;

  // Waits until the time is over or the call is cancelled. Owns its argument:
  // an alarm keeps its callback, so neither can own the other.
  void Wait(Waiting* waiting);

  const rpc::CallGate gate_;
  std::atomic<int> cancelled_ = 0;
  std::atomic<int> waiting_ = 0;
  CountStream::Figures counts_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_TESTING_LIBRARY_SERVICE_H_
