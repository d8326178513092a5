#ifndef KITH_COMMON_MYSQL_SESSION_H_
#define KITH_COMMON_MYSQL_SESSION_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"

namespace kith::mysql {

class Watch;
class Watchdog;

struct SessionOptions {
  // "unix:/path/of/socket" or "tcp:host:port".
  std::string address;
  std::string user;
  std::string password;
  std::string database;

  // A file with the certificate authorities to trust. Where it is given, a
  // link that is not encrypted and verified is refused.
  std::string tls_ca_file;

  absl::Duration connect_timeout = absl::Seconds(5);

  // The server ends a statement after this, and a wait for a lock after half of
  // it, in whole seconds and at least one. See Watchdog for what ends it
  // sooner.
  absl::Duration statement_timeout = absl::Seconds(5);
};

// A value bound to a '?'. Views what it was made from: use it within the call.
class Param {
 public:
  Param(std::nullptr_t) : value_(absl::monostate()) {}  // NOLINT
  Param(int32_t value) : value_(int64_t{value}) {}      // NOLINT
  Param(int64_t value) : value_(value) {}               // NOLINT
  Param(uint64_t value) : value_(value) {}              // NOLINT
  Param(absl::string_view value) : value_(value) {}     // NOLINT
  Param(const std::string& value)                       // NOLINT
      : value_(absl::string_view(value)) {}
  Param(const char* value) : value_(absl::string_view(value)) {}  // NOLINT

  using Value =
      absl::variant<absl::monostate, int64_t, uint64_t, absl::string_view>;
  const Value& value() const { return value_; }

 private:
  Value value_;
};

// One row of a result. Columns count from 0. Valid within the callback.
class Row {
 public:
  virtual ~Row() = default;

  virtual bool IsNull(int column) const = 0;
  virtual int64_t Int(int column) const = 0;
  virtual uint64_t Unsigned(int column) const = 0;
  // Text or binary.
  virtual std::string Bytes(int column) const = 0;
};

// One connection to the database with its prepared statements. Connects when
// it is first used, and anew after the connection was lost. Not thread-safe:
// one thread, one session.
//
// Every connection is READ COMMITTED, strict, utf8mb4 and UTC, and counts
// found rather than changed rows. Statements are prepared once and cached.
class Session {
 public:
  // Statements that run past the deadline are ended by `watchdog`, where one is
  // given.
  explicit Session(SessionOptions options, Watchdog* watchdog = nullptr);
  ~Session();

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // From now on Query and Execute fail with DEADLINE_EXCEEDED once `deadline`
  // has passed: what has not begun is not sent, and what the watchdog ends
  // takes the connection with it. Transaction control goes on, so that a COMMIT
  // is never in doubt for this.
  void SetDeadline(absl::Time deadline) { deadline_ = deadline; }

  // Makes sure there is a live connection; asks the server where the last use
  // was more than a second ago. UNAVAILABLE where it cannot be reached.
  absl::Status Connect();

  // Runs a statement that returns rows, and calls `each` for every one.
  absl::Status Query(absl::string_view sql, absl::Span<const Param> params,
                     absl::FunctionRef<void(const Row&)> each);
  absl::Status Query(absl::string_view sql, std::initializer_list<Param> params,
                     absl::FunctionRef<void(const Row&)> each) {
    return Query(sql, absl::MakeConstSpan(params.begin(), params.size()), each);
  }

  // Runs a statement that changes rows; answers how many it found.
  absl::StatusOr<int64_t> Execute(absl::string_view sql,
                                  absl::Span<const Param> params);
  absl::StatusOr<int64_t> Execute(absl::string_view sql,
                                  std::initializer_list<Param> params = {}) {
    return Execute(sql, absl::MakeConstSpan(params.begin(), params.size()));
  }

  // Runs a statement as text, unprepared: transaction control, migrations.
  absl::Status ExecuteText(absl::string_view sql);

  // Drops the connection; the next use opens another.
  void Drop();

  bool connected() const { return connection_ != nullptr; }

  // While on, a lost connection is not replaced: what runs in a transaction
  // that was lost with it fails as UNAVAILABLE, instead of taking effect alone.
  void KeepConnection(bool on) { keep_connection_ = on; }

  const SessionOptions& options() const { return options_; }

 private:
  class Connection;

  // Opens a connection where there is none, unless it must be kept.
  absl::Status Ensure();
  absl::Status Open();

  // Turns what `work` throws into a status, and drops a lost connection.
  absl::Status Guard(absl::FunctionRef<void()> work);

  // Guard, for what must end with the deadline.
  absl::Status GuardUntilDeadline(absl::FunctionRef<void()> work);

  const SessionOptions options_;
  const std::unique_ptr<Watch> watch_;
  absl::Time deadline_ = absl::InfiniteFuture();
  std::unique_ptr<Connection> connection_;
  bool keep_connection_ = false;
  absl::Time last_use_;
};

// The statement `sql` with ":list" replaced by a '?' for each of the last
// `count` parameters. The number of '?' is the next power of two, and the last
// value is repeated in `params`, so that few statements serve lists of any
// length.
std::string WithList(absl::string_view sql, size_t count,
                     std::vector<Param>& params);

// Runs the INSERT `sql` of one row for as many rows as `params` has values for,
// in few statements of many rows each. Within a transaction, as one may fail
// after another.
absl::Status InsertRows(Session& session, absl::string_view sql,
                        absl::Span<const Param> params);

// Loads the driver. Call it once in main, before any other thread starts: the
// driver's registry is a map without a lock.
void InitDriver();

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_SESSION_H_
