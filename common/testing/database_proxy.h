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

// A unix socket in front of a database's own, which can do what networks do:
// cut the link at COMMIT, swallow the answers, not be there. Thread-safe.
class DatabaseProxy {
 public:
  // Where the link is cut, as seen from the database.
  enum class Cut {
    kNever,
    // The COMMIT did not arrive.
    kBeforeCommit,
    // It did, but the answer will not be seen.
    kAfterCommit,
  };

  // `server` is an address such as "unix:/path", as for a session.
  explicit DatabaseProxy(absl::string_view server);

  // Cuts what is still connected.
  ~DatabaseProxy();

  DatabaseProxy(const DatabaseProxy&) = delete;
  DatabaseProxy& operator=(const DatabaseProxy&) = delete;

  // "unix:/path", for a session.
  std::string address() const { return "unix:" + path_; }

  // Cuts the link of the next COMMIT, and of no other.
  void CutNext(Cut cut) { cut_ = cut; }

  // Cuts the link instead of passing on the message that comes after the next
  // `count` of clients, and lets nobody in after that.
  void CutAfter(int count) { passes_ = count; }

  // Whether it has come to that.
  bool cut() const { return passes_ < 0; }

  // From now on no answer passes, but all links stay.
  void Hang() { hangs_ = true; }

  // From now on nobody is let in.
  void Close();

  // All that clients have sent.
  std::string sent() const;

 private:
  void Accept();
  void Forward(int client, int server);
  // False where the link has ended or must be cut.
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
  // Its reading end hangs up when everything must end.
  int stop_[2] = {-1, -1};
  std::thread acceptor_;
  // Of the acceptor, until it has ended.
  std::vector<std::thread> links_;
};

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_DATABASE_PROXY_H_
