#include "gateway/edge/http/http_server.h"

// Asio 1.74 uses <utility> and does not include it.
// clang-format off
#include <utility>
#include <boost/asio/awaitable.hpp>
// clang-format on

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "gateway/edge/http/connection.h"

namespace kith::edge {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

absl::StatusOr<tcp::endpoint> ParseEndpoint(const std::string& text) {
  const size_t colon = text.rfind(':');
  absl::string_view host =
      absl::string_view(text).substr(0, colon == std::string::npos ? 0 : colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  uint32_t port = 0;
  error_code error;
  const auto address = net::ip::make_address(std::string(host), error);
  if (error || !absl::SimpleAtoi(text.substr(colon + 1), &port) ||
      port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, R"(", want an IP address and a port: "127.0.0.1:8080")"));
  }
  return tcp::endpoint(address, static_cast<uint16_t>(port));
}

std::string TextOf(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return endpoint.address().is_v6()
             ? absl::StrCat("[", host, "]:", endpoint.port())
             : absl::StrCat(host, ":", endpoint.port());
}

prometheus::Gauge& OpenConnections() {
  static auto& gauge =
      ops::Gauge("kith_http_connections", "HTTP connections that are open.");
  return gauge;
}

prometheus::Counter& RefusedConnections() {
  static auto& counter =
      ops::Counter("kith_http_connections_refused_total",
                   "HTTP connections that were closed at once, as there were "
                   "too many.");
  return counter;
}

// A thread and its connections, which nobody else uses.
struct Worker {
  net::io_context io{1};
  net::executor_work_guard<net::io_context::executor_type> guard =
      net::make_work_guard(io);
  absl::flat_hash_set<Connection*> connections;
  std::thread thread;
};

}  // namespace

// The socket that listens, and the threads.
class HttpServer::Listener {
 public:
  Listener(Handler& handler, const HttpLimits& limits, int threads,
           std::unique_ptr<ServerTls> tls)
      : handler_(handler), limits_(limits), tls_(std::move(tls)) {
    RefusedConnections();
    for (int i = 0; i < threads; ++i) {
      workers_.push_back(std::make_shared<Worker>());
    }
  }

  ~Listener();

  absl::Status Listen(const std::string& text);

  const std::string& address() const { return address_; }

  void Drain() {
    draining_ = true;
    net::post(workers_[0]->io, [this] { CloseAcceptor(); });
    ForEach([](Connection& connection) { connection.Drain(); });
  }

  bool WaitClosed(absl::Duration timeout) {
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(
        absl::Condition(
            +[](size_t* open) { return *open == 0; }, &open_),
        timeout);
  }

 private:
  net::awaitable<void> Accept();
  net::awaitable<void> Serve(std::shared_ptr<Worker> worker,
                             tcp::socket socket);

  void CloseAcceptor() {
    error_code ignored;
    acceptor_->close(ignored);
  }

  // Calls a function with each connection, on its thread.
  void ForEach(void (*use)(Connection&)) {
    for (const auto& worker : workers_) {
      net::post(worker->io, [&worker = *worker, use] {
        // A copy, as a connection that is closed may leave the set.
        std::vector<std::shared_ptr<Connection>> connections;
        for (Connection* const each : worker.connections) {
          connections.push_back(each->shared_from_this());
        }
        for (const auto& each : connections) use(*each);
      });
    }
  }

  // Counts a connection, unless there are too many.
  bool Enter() {
    const absl::MutexLock lock(&mutex_);
    if (open_ >= limits_.connections) return false;
    ++open_;
    return true;
  }

  void Leave() {
    const absl::MutexLock lock(&mutex_);
    --open_;
  }

  Handler& handler_;
  const HttpLimits limits_;
  const std::unique_ptr<ServerTls> tls_;
  ByteBudget bodies_{limits_.all_bodies_bytes};
  std::vector<std::shared_ptr<Worker>> workers_;
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::string address_;
  std::atomic<bool> draining_ = false;
  absl::Mutex mutex_;
  size_t open_ ABSL_GUARDED_BY(mutex_) = 0;
};

HttpServer::Listener::~Listener() {
  if (acceptor_ == nullptr) return;
  Drain();
  ForEach([](Connection& connection) { connection.Close(); });
  // A reply that is under way still refers to its thread.
  WaitClosed(absl::InfiniteDuration());
  for (const auto& worker : workers_) {
    worker->guard.reset();
    worker->thread.join();
  }
}

absl::Status HttpServer::Listener::Listen(const std::string& text) {
  KITH_ASSIGN_OR_RETURN(const tcp::endpoint endpoint, ParseEndpoint(text));
  error_code error;
  auto acceptor = std::make_unique<tcp::acceptor>(workers_[0]->io);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(net::socket_base::max_listen_connections, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", text, ": ", error.message()));
  }
  address_ = TextOf(acceptor->local_endpoint());
  acceptor_ = std::move(acceptor);
  net::co_spawn(workers_[0]->io, Accept(), net::detached);
  for (const auto& worker : workers_) {
    worker->thread = std::thread([&io = worker->io] { io.run(); });
  }
  return absl::OkStatus();
}

net::awaitable<void> HttpServer::Listener::Accept() {
  for (size_t next = 0; !draining_; ++next) {
    const auto& worker = workers_[next % workers_.size()];
    error_code error;
    auto token = net::redirect_error(net::use_awaitable, error);
    tcp::socket socket = co_await acceptor_->async_accept(worker->io, token);
    if (error == net::error::operation_aborted) co_return;
    if (error) {
      // Too many open files, say: they become fewer with time.
      ops::Log(ops::Severity::kWarning, "cannot accept a connection",
               {{"reason", error.message()}});
      net::steady_timer pause(workers_[0]->io, std::chrono::milliseconds(100));
      co_await pause.async_wait(token);
      continue;
    }
    if (!Enter()) {
      RefusedConnections().Increment();
      continue;
    }
    net::co_spawn(worker->io, Serve(worker, std::move(socket)), net::detached);
  }
}

net::awaitable<void> HttpServer::Listener::Serve(std::shared_ptr<Worker> worker,
                                                 tcp::socket socket) {
  auto connection = std::make_shared<Connection>(
      std::move(socket), tls_ == nullptr ? nullptr : tls_->context(), worker,
      handler_, limits_, bodies_);
  worker->connections.insert(connection.get());
  OpenConnections().Increment();
  // It may have come in while the others were told.
  if (draining_) connection->Drain();
  try {
    co_await connection->Run();
  } catch (const std::exception& e) {
    ops::Log(ops::Severity::kError, "an HTTP connection failed",
             {{"reason", absl::string_view(e.what())}});
  }
  worker->connections.erase(connection.get());
  connection.reset();
  OpenConnections().Decrement();
  Leave();
}

HttpServer::HttpServer(std::unique_ptr<Listener> listener)
    : listener_(std::move(listener)) {}

HttpServer::~HttpServer() = default;

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    const std::string& address, Handler& handler, const HttpLimits& limits,
    int threads, std::unique_ptr<ServerTls> tls) {
  auto listener =
      std::make_unique<Listener>(handler, limits, threads, std::move(tls));
  KITH_RETURN_IF_ERROR(listener->Listen(address));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(listener)));
}

const std::string& HttpServer::address() const { return listener_->address(); }

void HttpServer::Drain() { listener_->Drain(); }

bool HttpServer::WaitDrained(absl::Duration timeout) {
  return listener_->WaitClosed(timeout);
}

}  // namespace kith::edge
