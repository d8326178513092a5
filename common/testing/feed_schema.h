#ifndef KITH_COMMON_TESTING_FEED_SCHEMA_H_
#define KITH_COMMON_TESTING_FEED_SCHEMA_H_

#include <cstdint>

#include "common/base/request_context.h"
#include "common/mysql/migrations.h"

namespace kith::testing {

// The tables of the change feed, as every service has them.
inline mysql::Schema FeedSchema() {
  return {{"0001_outbox", R"sql(
CREATE TABLE outbox (
  id BINARY(32) NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  create_micros BIGINT NOT NULL,
  details MEDIUMBLOB NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB)sql"},
          {"0002_changes", R"sql(
CREATE TABLE changes (
  seq BIGINT NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  sequence_micros BIGINT NOT NULL,
  details MEDIUMBLOB NOT NULL,
  PRIMARY KEY (seq)
) ENGINE=InnoDB)sql"}};
}

// Returns the context of a call by the tenant with this id.
inline base::RequestContext ContextOf(uint64_t tenant_id) {
  base::RequestContext context = base::ContextOf(tenant_id);
  context.trace_id = "0af7651916cd43dd8448eb211c80319c";
  return context;
}

// Returns the context of a call by the tenant with id 1.
inline base::RequestContext DemoContext() { return ContextOf(1); }

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_FEED_SCHEMA_H_
