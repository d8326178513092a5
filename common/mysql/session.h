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

// How to connect to the database, and the limits of a connection.
struct SessionOptions {
  // "unix:/path/of/socket" or "tcp:host:port".
  std::string address;
  std::string user;
  std::string password;
  std::string database;

  // A file with the certificate authorities to trust. If set, a link that is
  // not encrypted and verified is refused.
  std::string tls_ca_file;

  absl::Duration connect_timeout = absl::Seconds(5);

  // The server ends a statement after this time, in MySQL only statements that
  // read. It ends a wait for a lock after half of the time, in whole seconds
  // and at least one. The Watchdog may end a statement sooner.
  absl::Duration statement_timeout = absl::Seconds(5);
};

// A value bound to a '?'. Points to the text it was made from, so use it within
// the call only.
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

// One row of a result. Columns count from 0. Valid within the callback only.
class Row {
 public:
  virtual ~Row() = default;

  virtual bool IsNull(int column) const = 0;
  virtual int64_t Int(int column) const = 0;
  virtual uint64_t Unsigned(int column) const = 0;
  // For a text or binary column.
  virtual std::string Bytes(int column) const = 0;
};

// Owns one connection to the database and its prepared statements. The session
// connects when it is first used, and connects again after the connection was
// lost. Not thread-safe: each thread has its own session.
//
// Every connection is READ COMMITTED, strict, utf8mb4 and UTC, and counts the
// rows that a statement found rather than the rows that it changed. A statement
// is prepared once for each connection; the newest statements stay cached.
class Session {
 public:
  // If `watchdog` is given, it ends statements that run past the deadline. It
  // must outlive the session.
  explicit Session(SessionOptions options, Watchdog* watchdog = nullptr);
  ~Session();

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Sets the deadline of Query and Execute: after it, both fail with
  // DEADLINE_EXCEEDED without sending a statement. If the watchdog ends a
  // running statement, the connection is dropped too. ExecuteText has no
  // deadline, so BEGIN, COMMIT and ROLLBACK are always sent, and a deadline
  // never leaves a COMMIT in doubt.
  void SetDeadline(absl::Time deadline) { deadline_ = deadline; }

  // Makes sure that there is a live connection. Asks the server if the last use
  // was more than a second ago. UNAVAILABLE if the server cannot be reached.
  absl::Status Connect();

  // Runs a prepared statement that returns rows, and calls `each` for every
  // row. Errors are those of ErrorToStatus, and DEADLINE_EXCEEDED (see
  // SetDeadline).
  absl::Status Query(absl::string_view sql, absl::Span<const Param> params,
                     absl::FunctionRef<void(const Row&)> each);
  absl::Status Query(absl::string_view sql, std::initializer_list<Param> params,
                     absl::FunctionRef<void(const Row&)> each) {
    return Query(sql, absl::MakeConstSpan(params.begin(), params.size()), each);
  }

  // Runs a prepared statement that changes rows. Returns the number of rows
  // that the statement found. Errors as for Query.
  absl::StatusOr<int64_t> Execute(absl::string_view sql,
                                  absl::Span<const Param> params);
  absl::StatusOr<int64_t> Execute(absl::string_view sql,
                                  std::initializer_list<Param> params = {}) {
    return Execute(sql, absl::MakeConstSpan(params.begin(), params.size()));
  }

  // Runs a statement as text, without preparing it: transaction control and
  // migrations.
  absl::Status ExecuteText(absl::string_view sql);

  // Closes the connection. The next use opens another one.
  void Drop();

  bool connected() const { return connection_ != nullptr; }

  // While on, a lost connection is not replaced. A statement of a transaction
  // that was lost with the connection then fails as UNAVAILABLE, instead of
  // taking effect on a new connection outside of the transaction.
  void KeepConnection(bool on) { keep_connection_ = on; }

  const SessionOptions& options() const { return options_; }

 private:
  class Connection;

  // Opens a connection if there is none. UNAVAILABLE if there is none and
  // KeepConnection is on.
  absl::Status Ensure();
  // Opens a connection and sets its session variables.
  absl::Status Open();

  // Converts exceptions of `work` to a status, and drops a lost connection.
  absl::Status Guard(absl::FunctionRef<void()> work);

  // Like Guard, but ends with the deadline.
  absl::Status GuardUntilDeadline(absl::FunctionRef<void()> work);

  const SessionOptions options_;
  const std::unique_ptr<Watch> watch_;
  absl::Time deadline_ = absl::InfiniteFuture();
  std::unique_ptr<Connection> connection_;
  bool keep_connection_ = false;
  absl::Time last_use_;
};

// Returns `sql` with ":list" replaced by '?' for the last `count` of `params`.
// The number of '?' is rounded up to a power of two, and the last value of
// `params` is repeated to match. So a few prepared statements serve lists of
// any length. `count` is at least 1.
std::string WithList(absl::string_view sql, size_t count,
                     std::vector<Param>& params);

// Runs `sql`, an INSERT of one row, for all rows in `params`, with up to 256
// rows in one statement. Does nothing if `params` is empty. Call it in a
// transaction: a later statement may fail after an earlier one has taken
// effect.
absl::Status InsertRows(Session& session, absl::string_view sql,
                        absl::Span<const Param> params);

// Loads the database driver. Call it once in main, before any other thread
// starts: the driver's registry is a map without a lock.
void InitDriver();

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_SESSION_H_
