#ifndef KITH_TESTS_BENCH_DATABASES_H_
#define KITH_TESTS_BENCH_DATABASES_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/mysql/session.h"

namespace kith::bench {

inline constexpr char kContactsSchema[] = "kith_contacts";
inline constexpr char kIdentitySchema[] = "kith_identity";
inline constexpr char kInteractionsSchema[] = "kith_interactions";

// How to reach each service's database as that service does, and the server as
// its administrator.
struct Databases {
  // `secrets` is the folder with the users' passwords.
  static absl::StatusOr<Databases> Make(const std::string& address,
                                        const std::string& secrets);

  absl::flat_hash_map<std::string, mysql::SessionOptions> by_schema;
  mysql::SessionOptions administrator;
};

// The sessions of one thread, one for each database. Not thread-safe.
class SessionSet {
 public:
  explicit SessionSet(const Databases& databases) {
    for (const auto& [schema, options] : databases.by_schema) {
      by_schema_[schema] = std::make_unique<mysql::Session>(options);
    }
  }

  mysql::Session& operator[](const std::string& schema) {
    return *by_schema_.at(schema);
  }

 private:
  absl::flat_hash_map<std::string, std::unique_ptr<mysql::Session>> by_schema_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_DATABASES_H_
