#include "tests/bench/fill.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/auth/tenants.h"
#include "common/base/request_context.h"
#include "common/base/times.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "contacts-svc/members/contact_fields.h"
#include "contacts-svc/members/contact_table.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/values/value_reading.h"
#include "interactions-svc/actions/locked_actions.h"
#include "interactions-svc/activity/interaction_fields.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/recent.h"
#include "interactions-svc/activity/summary.h"
#include "interactions-svc/activity/summary_row.h"

namespace kith::bench {
namespace {

constexpr int kThreads = 4;
// In one transaction of each service, or as many as one contact has.
constexpr uint64_t kRowsAtOnce = 1000;

absl::Status FillContact(mysql::Session& session, uint64_t tenant_id,
                         const Population& population, uint64_t contact) {
  const base::Uuid id = population.ContactId(contact);
  return contacts::InsertContact(
      mysql::TenantTx(session, tenant_id, population.OccurredTime(0)),
      contacts::NewContact(id, population.Contact(contact),
                           population.OccurredTime(0)));
}

absl::Status FillIdentity(mysql::Session& session,
                          const config::v1::Tenant& tenant,
                          const Population& population, uint64_t contact,
                          const identity::v1::ChannelValue& value) {
  const identity::Reading reading = identity::Read(value, tenant);
  if (!reading.refusal.empty()) return absl::InternalError(reading.refusal);
  const mysql::TenantTx tx(session, tenant.id(), population.OccurredTime(0));
  KITH_RETURN_IF_ERROR(identity::InsertIdentity(tx, reading.identity));
  identity::Holding holding;
  holding.contact_id = population.ContactId(contact);
  holding.assurance = config::v1::ASSURANCE_REPORTED;
  holding.source = "bench";
  return identity::InsertHolding(tx, reading.identity.identity_key(), holding);
}

// Writes the interactions. Returns the row of their summary.
absl::StatusOr<interactions::SummaryRow> WriteHistory(
    mysql::Session& session, const config::v1::Tenant& tenant,
    const Population& population, uint64_t contact) {
  interactions::SummaryRow row;
  for (uint64_t i = 0; i < population.interactions(); ++i) {
    const absl::Time time = population.OccurredTime(i);
    const interactions::v1::Interaction interaction =
        interactions::NewInteraction(population.Interaction(contact, i),
                                     population.InteractionId(contact, i),
                                     time);
    // It is in no thread, as what was recorded before there were any.
    KITH_RETURN_IF_ERROR(interactions::InsertInteraction(
        mysql::TenantTx(session, tenant.id(), time), interaction, {}));
    ++row.changes;
    interactions::AddRecent(interaction, *row.recent);
    interactions::Add(interactions::SummaryOf(interaction, tenant),
                      row.summary);
    interactions::Prune(auth::CalendarDay(time, tenant), row.summary);
  }
  return row;
}

// The time of the newest interaction.
absl::Time LastTime(const Population& population) {
  return population.interactions() == 0
             ? absl::Time()
             : population.OccurredTime(population.interactions() - 1);
}

absl::Status FillHistory(mysql::Session& session,
                         const config::v1::Tenant& tenant,
                         const Population& population, uint64_t contact) {
  KITH_ASSIGN_OR_RETURN(interactions::SummaryRow row,
                        WriteHistory(session, tenant, population, contact));
  return interactions::WriteSummary(
      mysql::TenantTx(session, tenant.id(), LastTime(population)),
      population.ContactId(contact), row);
}

// Opens an action by what interactions-svc opens it by; the feed is not told.
absl::Status FillAction(mysql::Session& session,
                        const config::v1::Tenant& tenant,
                        const Population& population, uint64_t contact,
                        const std::string& queue) {
  const base::Uuid id = population.ContactId(contact);
  KITH_ASSIGN_OR_RETURN(interactions::SummaryRow row,
                        WriteHistory(session, tenant, population, contact));
  base::RequestContext context = base::ContextOf(tenant.id());
  auto principal = std::make_shared<base::Principal>(*context.principal);
  principal->tenant = std::make_shared<config::v1::Tenant>(tenant);
  context.principal = std::move(principal);
  const absl::Time time = LastTime(population) + absl::Milliseconds(contact);
  const mysql::Tx tx = {context, session, time};
  interactions::LockedActions actions(tx);
  actions.Begin(id, {.summary = &row.summary, .work = &row.work});
  interactions::v1::Action action;
  action.set_kind(config::v1::ACTION_KIND_FOLLOW_UP);
  action.mutable_reason()->set_text("Ask whether it arrived");
  action.set_queue(queue);
  *action.mutable_due_time() = base::ToProto(time);
  KITH_RETURN_IF_ERROR(
      actions.Create(id, base::Uuid::Make(time), action, "", {}).status());
  KITH_RETURN_IF_ERROR(actions.Write().status());
  ++row.changes;
  return interactions::WriteSummary(tx, id, row);
}

// One after the other, in one transaction.
absl::Status ForEach(mysql::Session& session, uint64_t begin, uint64_t end,
                     absl::FunctionRef<absl::Status(uint64_t)> write) {
  return mysql::Transact(
      session, absl::InfiniteFuture(), [&]() -> absl::Status {
        for (uint64_t contact = begin; contact < end; ++contact) {
          KITH_RETURN_IF_ERROR(write(contact));
        }
        return absl::OkStatus();
      });
}

absl::Status FillContactRange(SessionSet& sessions,
                              const config::v1::Tenant& tenant,
                              const Population& population, uint64_t begin,
                              uint64_t end) {
  mysql::Session& session = sessions[kContactsSchema];
  return ForEach(session, begin, end, [&](uint64_t contact) {
    return FillContact(session, tenant.id(), population, contact);
  });
}

absl::Status FillRange(SessionSet& sessions, const config::v1::Tenant& tenant,
                       const Population& population, uint64_t begin,
                       uint64_t end) {
  KITH_RETURN_IF_ERROR(
      FillContactRange(sessions, tenant, population, begin, end));
  mysql::Session& identity = sessions[kIdentitySchema];
  KITH_RETURN_IF_ERROR(
      ForEach(identity, begin, end, [&](uint64_t contact) -> absl::Status {
        KITH_RETURN_IF_ERROR(FillIdentity(identity, tenant, population, contact,
                                          population.Phone(contact)));
        return FillIdentity(identity, tenant, population, contact,
                            population.Email(contact));
      }));
  mysql::Session& interactions = sessions[kInteractionsSchema];
  return ForEach(interactions, begin, end, [&](uint64_t contact) {
    return FillHistory(interactions, tenant, population, contact);
  });
}

// Calls `fill_range` for all contacts, in several threads.
absl::Status ForAllRanges(
    const Databases& databases, const Population& population,
    absl::FunctionRef<absl::Status(SessionSet&, uint64_t, uint64_t)>
        fill_range) {
  const uint64_t at_once =
      std::max<uint64_t>(1, kRowsAtOnce / (1 + population.interactions()));
  std::atomic<uint64_t> next = 0;
  absl::Mutex mutex;
  absl::Status failure;
  const auto work = [&] {
    SessionSet sessions(databases);
    while (true) {
      const uint64_t begin = next.fetch_add(at_once);
      if (begin >= population.contacts()) return;
      const uint64_t end = std::min(begin + at_once, population.contacts());
      absl::Status status = fill_range(sessions, begin, end);
      if (status.ok()) continue;
      absl::MutexLock lock(&mutex);
      failure = std::move(status);
      return;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return failure;
}

}  // namespace

absl::Status Fill(const Databases& databases, const config::v1::Tenant& tenant,
                  const Population& population) {
  return ForAllRanges(databases, population,
                      [&](SessionSet& sessions, uint64_t begin, uint64_t end) {
                        return FillRange(sessions, tenant, population, begin,
                                         end);
                      });
}

absl::Status FillContacts(const Databases& databases,
                          const config::v1::Tenant& tenant,
                          const Population& population) {
  return ForAllRanges(databases, population,
                      [&](SessionSet& sessions, uint64_t begin, uint64_t end) {
                        return FillContactRange(sessions, tenant, population,
                                                begin, end);
                      });
}

absl::Status FillQueueOf(const Databases& databases,
                         const config::v1::Tenant& tenant,
                         const Population& population,
                         const std::string& queue) {
  return ForAllRanges(
      databases, population,
      [&](SessionSet& sessions, uint64_t begin, uint64_t end) -> absl::Status {
        KITH_RETURN_IF_ERROR(
            FillContactRange(sessions, tenant, population, begin, end));
        mysql::Session& session = sessions[kInteractionsSchema];
        return ForEach(session, begin, end, [&](uint64_t contact) {
          return FillAction(session, tenant, population, contact, queue);
        });
      });
}

}  // namespace kith::bench
