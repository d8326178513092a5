#include "tests/bench/databases.h"

#include "absl/strings/str_cat.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"

namespace kith::bench {

absl::StatusOr<Databases> Databases::Make(const std::string& address,
                                          const std::string& secrets) {
  Databases databases;
  databases.administrator = {.address = address,
                             .user = "root",
                             .password = "",
                             .database = "mysql",
                             .tls_ca_file = ""};
  for (const char* schema :
       {kContactsSchema, kIdentitySchema, kInteractionsSchema}) {
    mysql::SessionOptions options = databases.administrator;
    options.user = schema;
    options.database = schema;
    // Of a hundred threads, one may wait long for its turn.
    options.statement_timeout = absl::Seconds(30);
    KITH_ASSIGN_OR_RETURN(
        options.password,
        base::ReadSecret(absl::StrCat(secrets, "/", schema, ".password")));
    databases.by_schema[schema] = options;
  }
  return databases;
}

}  // namespace kith::bench
