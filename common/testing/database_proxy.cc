#include "common/testing/database_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace kith::testing {
namespace {

// COM_QUERY and its text, as the protocol has them.
constexpr absl::string_view kCommit =
    "\x03"
    "COMMIT";

void Must(bool done, const char* what) {
  if (done) return;
  std::perror(what);
  std::abort();
}

sockaddr_un SocketAddress(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  Must(path.size() < sizeof(address.sun_path), "path of a socket");
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

int NewSocket() {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Must(fd >= 0, "socket");
  return fd;
}

bool SendAll(int fd, absl::string_view data) {
  while (!data.empty()) {
    const ssize_t size = send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    data.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

}  // namespace

DatabaseProxy::DatabaseProxy(absl::string_view server)
    : server_path_(absl::StripPrefix(server, "unix:")), listener_(NewSocket()) {
  const sockaddr_un address = SocketAddress(path_);
  Must(bind(listener_, reinterpret_cast<const sockaddr*>(&address),
            sizeof(address)) == 0,
       "bind");
  Must(listen(listener_, 16) == 0, "listen");
  Must(pipe(stop_) == 0, "pipe");
  acceptor_ = std::thread([this] { Accept(); });
}

DatabaseProxy::~DatabaseProxy() {
  close(stop_[1]);
  acceptor_.join();
  for (std::thread& link : links_) link.join();
  close(listener_);
  close(stop_[0]);
}

void DatabaseProxy::Close() { unlink(path_.c_str()); }

std::string DatabaseProxy::sent() const {
  absl::MutexLock lock(&mutex_);
  return sent_;
}

void DatabaseProxy::Accept() {
  while (true) {
    pollfd wanted[] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    poll(wanted, 2, -1);
    if (wanted[1].revents != 0) return;
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    const int server = NewSocket();
    const sockaddr_un address = SocketAddress(server_path_);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address),
                sizeof(address)) != 0) {
      close(client);
      close(server);
      continue;
    }
    links_.emplace_back([this, client, server] { Forward(client, server); });
  }
}

void DatabaseProxy::Forward(int client, int server) {
  while (true) {
    pollfd wanted[] = {
        {client, POLLIN, 0}, {server, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    poll(wanted, 3, -1);
    if (wanted[2].revents != 0) break;
    if (wanted[0].revents != 0 && !PassOn(client, server, true)) break;
    if (wanted[1].revents != 0 && !PassOn(server, client, false)) break;
  }
  close(client);
  close(server);
}

bool DatabaseProxy::PassOn(int from, int to, bool from_client) {
  char buffer[16384];
  const ssize_t size = read(from, buffer, sizeof(buffer));
  if (size <= 0) return false;
  const absl::string_view data(buffer, static_cast<size_t>(size));
  if (!from_client) return hangs_ || SendAll(to, data);
  {
    absl::MutexLock lock(&mutex_);
    sent_.append(data.data(), data.size());
  }
  if (--passes_ < 0) {
    Close();
    return false;
  }
  const Cut cut = absl::StrContains(data, kCommit) ? cut_.exchange(Cut::kNever)
                                                   : Cut::kNever;
  if (cut == Cut::kBeforeCommit) return false;
  return SendAll(to, data) && cut == Cut::kNever;
}

}  // namespace kith::testing
