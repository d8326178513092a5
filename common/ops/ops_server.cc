#include "common/ops/ops_server.h"

#include <thread>
#include <utility>
#include <vector>

#include "CivetServer.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/ops/on_scrape.h"
#include "prometheus/text_serializer.h"

namespace kith::ops {
namespace {

void Reply(mg_connection* connection, int code, const char* reason,
           const char* type, const std::string& body) {
  mg_printf(connection,
            "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
            "Connection: close\r\n\r\n",
            code, reason, type, body.size());
  mg_write(connection, body.data(), body.size());
}

class MetricsHandler final : public CivetHandler {
 public:
  bool handleGet(CivetServer*, mg_connection* connection) override {
    Reply(connection, 200, "OK", "text/plain; version=0.0.4; charset=utf-8",
          prometheus::TextSerializer().Serialize(Scrape()));
    return true;
  }
};

class CheckHandler final : public CivetHandler {
 public:
  explicit CheckHandler(std::function<bool()> check)
      : check_(std::move(check)) {}

  bool handleGet(CivetServer*, mg_connection* connection) override {
    const bool good = check_();
    Reply(connection, good ? 200 : 503, good ? "OK" : "Service Unavailable",
          "text/plain", good ? "ok\n" : "not ready\n");
    return true;
  }

 private:
  const std::function<bool()> check_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<OpsServer>> OpsServer::Start(
    absl::string_view address, std::function<bool()> ready) {
  std::unique_ptr<OpsServer> ops(new OpsServer());
  const std::vector<std::string> options = {
      "listening_ports",    std::string(address),
      "num_threads",        "2",
      "request_timeout_ms", "5000"};
  try {
    ops->server_ = std::make_unique<CivetServer>(options);
  } catch (const CivetException& e) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": ", e.what()));
  }
  const std::vector<int> ports = ops->server_->getListeningPorts();
  if (ports.empty()) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address));
  }
  ops->metrics_ = std::make_unique<MetricsHandler>();
  ops->live_ = std::make_unique<CheckHandler>([] { return true; });
  ops->ready_ = std::make_unique<CheckHandler>(std::move(ready));
  ops->server_->addHandler("/metrics$", ops->metrics_.get());
  ops->server_->addHandler("/livez$", ops->live_.get());
  ops->server_->addHandler("/readyz$", ops->ready_.get());
  ops->address_ =
      absl::StrCat(address.substr(0, address.rfind(':')), ":", ports[0]);
  return ops;
}

// Civetweb looks once in 2 s whether it is to stop, and when somebody connects.
OpsServer::~OpsServer() {
  if (server_ == nullptr) return;
  const std::string host = address_.substr(0, address_.rfind(':'));
  const int port = server_->getListeningPorts()[0];
  absl::Notification stopped;
  std::thread stopping([&] {
    server_.reset();
    stopped.Notify();
  });
  while (!stopped.WaitForNotificationWithTimeout(absl::Milliseconds(10))) {
    char error[128];
    mg_connection* const wake =
        mg_connect_client(host.c_str(), port, 0, error, sizeof(error));
    if (wake != nullptr) mg_close_connection(wake);
  }
  stopping.join();
}

}  // namespace kith::ops
