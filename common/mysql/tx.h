#ifndef KITH_COMMON_MYSQL_TX_H_
#define KITH_COMMON_MYSQL_TX_H_

#include <cstdint>

#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"

namespace kith::mysql {

// The call that a function works for, the session on which it works, and the
// time of the call: the first parameter of every function of a service that
// reads or writes rows. It is made once for each call, before the call's first
// statement, so that all that the call writes has the same time, however often
// its transaction runs again. It does not itself begin a transaction; Transact
// does. All that it refers to must outlive it. For one thread, as the session.
struct Tx {
  uint64_t tenant_id() const { return context.tenant_id(); }

  const base::RequestContext& context;
  Session& session;
  absl::Time now;
};

// Owns the Tx of work for a tenant that no caller has asked for, such as the
// rebuild of a lookup. Only the tenant's id and the deadline of its context are
// set. `session` must outlive the object.
class TenantTx {
 public:
  TenantTx(Session& session, uint64_t tenant_id, absl::Time now,
           absl::Time deadline = absl::InfiniteFuture())
      : context_(base::ContextOf(tenant_id, deadline)),
        tx_{context_, session, now} {}

  TenantTx(const TenantTx&) = delete;
  TenantTx& operator=(const TenantTx&) = delete;

  operator const Tx&() const { return tx_; }  // NOLINT

 private:
  const base::RequestContext context_;
  const Tx tx_;
};

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_TX_H_
