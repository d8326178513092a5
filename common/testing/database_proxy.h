#ifndef KITH_COMMON_TESTING_DATABASE_PROXY_H_
#define KITH_COMMON_TESTING_DATABASE_PROXY_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/testing/temporary_directory.h"

namespace kith::testing {

// A unix socket in front of the database's own socket. It fails as networks do:
// it cuts the link at COMMIT, drops responses, or refuses connections.
// Thread-safe.
class DatabaseProxy {
 public:
  // When the link is cut, as seen from the database.
  enum class Cut {
    kNever,
    // The COMMIT does not arrive.
    kBeforeCommit,
    // The COMMIT arrives, but the client does not get the response.
    kAfterCommit,
  };

  // Starts to listen. `server` is an address such as "unix:/path", as for a
  // session.
  explicit DatabaseProxy(absl::string_view server);

  // Cuts all links.
  ~DatabaseProxy();

  DatabaseProxy(const DatabaseProxy&) = delete;
  DatabaseProxy& operator=(const DatabaseProxy&) = delete;

  // The proxy's address, "unix:/path", for a session.
  std::string address() const { return "unix:" + path_; }

  // Cuts the link that sends the next COMMIT, and no later one.
  void CutNext(Cut cut) { cut_ = cut; }

  // Forwards `count` more messages of clients. Then cuts the link that sends
  // the next one, and refuses new connections.
  void CutAfter(int count) { passes_ = count; }

  // True if CutAfter has cut a link.
  bool cut() const { return passes_ < 0; }

  // From now on drops all responses of the database, but keeps all links.
  void Hang() { hangs_ = true; }

  // From now on refuses new connections.
  void Close();

  // Returns all bytes that clients have sent.
  std::string sent() const;

 private:
  void Accept();
  void Forward(int client, int server);
  // Forwards what one end has sent. Returns false if the link has ended or must
  // be cut.
  bool PassOn(int from, int to, bool from_client);

  const std::string server_path_;
  TemporaryDirectory directory_;
  const std::string path_ = directory_.Path("proxy");
  std::atomic<Cut> cut_ = Cut::kNever;
  std::atomic<bool> hangs_ = false;
  std::atomic<int> passes_ = 1 << 30;
  mutable absl::Mutex mutex_;
  std::string sent_ ABSL_GUARDED_BY(mutex_);
  int listener_ = -1;
  // A pipe. Its reading end hangs up when all threads must end.
  int stop_[2] = {-1, -1};
  std::thread acceptor_;
  // Only the acceptor uses it, until the acceptor has ended.
  std::vector<std::thread> links_;
};

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_DATABASE_PROXY_H_
