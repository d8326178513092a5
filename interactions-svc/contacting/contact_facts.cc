#include "interactions-svc/contacting/contact_facts.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/auth/tenants.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/interaction_fields.h"
#include "interactions-svc/activity/summary.h"
#include "interactions-svc/activity/summary_row.h"
#include "interactions-svc/contacting/frequency_caps.h"
#include "interactions-svc/threads/thread_row.h"

namespace kith::interactions {
namespace {

using api::Violations;
using base::Uuid;
using google::protobuf::RepeatedPtrField;
using mysql::Tx;

constexpr int kMostQuestions = 1'000;
constexpr int64_t kMaxTopic = 100;

// Of the interactions by one value, the newest that are looked at.
constexpr int32_t kUsesRead = 100;

// Threads that are looked at for a problem that the summary does not name.
constexpr int32_t kLiveThreadsRead = 50;

const mysql::Statement kSelectUses(
    "SELECT direction, outcome, occurred_micros, details FROM interactions "
    "FORCE INDEX (by_identity) "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key = ? "
    "ORDER BY occurred_micros DESC, interaction_id DESC LIMIT ?");

template <typename Question>
void CheckContacts(Violations& violations,
                   const RepeatedPtrField<Question>& questions) {
  violations.Count("questions", questions.size(), 1, kMostQuestions);
  int64_t ids = 0;
  for (int i = 0; i < questions.size(); ++i) {
    const std::string field = absl::StrCat("questions[", i, "].contact_ids");
    const auto& contact_ids = questions[i].contact_ids();
    violations.Count(field, contact_ids.size(), 1, api::kMaxGroupSize);
    for (const std::string& id : contact_ids) violations.Uuid(field, id);
    ids += contact_ids.size();
  }
  if (ids > api::kMaxGroupSize) {
    violations.Add("questions",
                   absl::StrCat(ids, " contact_ids over all, want at most ",
                                api::kMaxGroupSize));
  }
}

void CheckContactTime(Violations& violations, const std::string& field,
                      const v1::ContactFactsQuestion& question,
                      absl::Time now) {
  if (!question.has_contact_time()) return;
  const auto& time = question.contact_time();
  if (base::IsValid(time) && time.seconds() >= 0 &&
      base::FromProto(time) <= now + absl::Hours(24)) {
    return;
  }
  violations.Add(field, "want a time from 1970 to a day from now");
}

template <typename Question>
std::vector<Uuid> AskedContacts(const Question& question) {
  std::set<Uuid> ids;
  for (const std::string& id : question.contact_ids()) {
    ids.insert(*Uuid::Parse(id));
  }
  return {ids.begin(), ids.end()};
}

// The problem of a customer that was opened last of those that are not
// RESOLVED.
struct LastOpened {
  void Add(const std::string& id, int64_t micros) {
    if (!thread_id.empty() && micros <= opened_micros) return;
    thread_id = id;
    opened_micros = micros;
  }

  std::string thread_id = {};
  int64_t opened_micros = 0;
};

// That of the last problems by topic, which the summary has.
LastOpened LastOpenedOf(const v1::ActivitySummary& stored) {
  LastOpened last;
  for (const v1::LastProblem& problem : stored.last_problems()) {
    if (problem.state() == v1::THREAD_STATE_RESOLVED) continue;
    last.Add(problem.thread_id(), base::ToMicros(problem.opened_time()));
  }
  return last;
}

// The open problems by contact. Those that are hidden behind a later one of
// their topic are read.
absl::StatusOr<absl::flat_hash_map<Uuid, LastOpened>> FindOpenProblems(
    const Tx& tx, const SummaryRows& rows) {
  absl::flat_hash_map<Uuid, LastOpened> found;
  std::vector<ThreadRange> unsure;
  for (const auto& [id, row] : rows) {
    if (row.summary.live_thread_count() == 0) continue;
    const LastOpened last = LastOpenedOf(row.summary);
    if (!last.thread_id.empty()) {
      found[id] = last;
      continue;
    }
    unsure.push_back({id, v1::THREAD_STATE_OPEN});
    unsure.push_back({id, v1::THREAD_STATE_WAITING});
  }
  KITH_ASSIGN_OR_RETURN(
      const std::vector<ThreadRow> threads,
      ReadThreadsByState(tx, unsure, ThreadPlace::Newest(), kLiveThreadsRead));
  for (const ThreadRow& row : threads) {
    const v1::Thread thread = ShowThread(row);
    if (thread.kind() != v1::THREAD_KIND_PROBLEM) continue;
    found[row.contact_id].Add(thread.thread_id(),
                              base::ToMicros(thread.opened_time()));
  }
  return found;
}

void AddLastReturn(const v1::ActivitySummary& stored, v1::ContactFacts& facts) {
  for (const v1::ActivityCount& count : stored.counts()) {
    if (count.kind() != v1::KIND_RETURN) continue;
    if (facts.has_last_return_time() &&
        base::ToMicros(count.last_time()) <=
            base::ToMicros(facts.last_return_time())) {
      continue;
    }
    *facts.mutable_last_return_time() = count.last_time();
  }
}

v1::ContactFacts FactsOf(
    const Tx& tx, const v1::ContactFactsQuestion& question,
    const SummaryRows& rows,
    const absl::flat_hash_map<Uuid, LastOpened>& problems) {
  const config::v1::Tenant& tenant = *tx.context.principal->tenant;
  v1::ContactFacts facts;
  v1::MarketingTouches marketing;
  LastOpened problem;
  for (const Uuid& id : AskedContacts(question)) {
    const auto row = rows.find(id);
    if (row == rows.end()) continue;
    AddMarketing(row->second.summary.marketing(), marketing);
    AddLastReturn(row->second.summary, facts);
    if (const auto it = problems.find(id); it != problems.end()) {
      problem.Add(it->second.thread_id, it->second.opened_micros);
    }
  }
  facts.set_open_problem_thread_id(problem.thread_id);
  const absl::Time time = question.has_contact_time()
                              ? base::FromProto(question.contact_time())
                              : tx.now;
  for (v1::ReachedCap& reached :
       ReachedCaps(tenant.contact(), question.topic(),
                   auth::CalendarDay(time, tenant), marketing)) {
    *facts.add_reached_caps() = std::move(reached);
  }
  return facts;
}

// True if the customer was seen to have the value: not by what anybody may
// write into a public form.
bool IsUse(int64_t direction, int64_t outcome, const std::string& details) {
  if (direction != v1::DIRECTION_INBOUND && outcome != v1::OUTCOME_ANSWERED &&
      outcome != v1::OUTCOME_OPT_OUT_ASKED) {
    return false;
  }
  v1::Interaction interaction;
  return interaction.ParseFromString(details) && !IsOfForm(interaction);
}

}  // namespace

absl::Status Validate(const v1::BatchGetContactFactsRequest& request,
                      absl::Time now) {
  Violations violations;
  CheckContacts(violations, request.questions());
  for (int i = 0; i < request.questions_size(); ++i) {
    const std::string field = absl::StrCat("questions[", i, "]");
    violations.AtMost(absl::StrCat(field, ".topic"),
                      request.questions(i).topic(), kMaxTopic);
    CheckContactTime(violations, absl::StrCat(field, ".contact_time"),
                     request.questions(i), now);
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchFindLastUsesRequest& request) {
  Violations violations;
  CheckContacts(violations, request.questions());
  for (int i = 0; i < request.questions_size(); ++i) {
    const std::string field = absl::StrCat("questions[", i, "].identity_key");
    const std::string& key = request.questions(i).identity_key();
    if (key.empty()) violations.Add(field, "not set");
    violations.OptionalIdentityKey(field, key);
  }
  return violations.ToStatus();
}

absl::StatusOr<v1::BatchGetContactFactsResponse> GetContactFacts(
    const Tx& tx, const v1::BatchGetContactFactsRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request, tx.now));
  std::set<Uuid> ids;
  for (const v1::ContactFactsQuestion& question : request.questions()) {
    for (const Uuid& id : AskedContacts(question)) ids.insert(id);
  }
  KITH_ASSIGN_OR_RETURN(
      const SummaryRows rows,
      ReadSummaries(tx, kSelectSummaries, {ids.begin(), ids.end()}));
  KITH_ASSIGN_OR_RETURN(const auto problems, FindOpenProblems(tx, rows));
  v1::BatchGetContactFactsResponse response;
  for (const v1::ContactFactsQuestion& question : request.questions()) {
    *response.add_facts() = FactsOf(tx, question, rows, problems);
  }
  return response;
}

absl::StatusOr<v1::BatchFindLastUsesResponse> FindLastUses(
    const Tx& tx, const v1::BatchFindLastUsesRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  // What the parameters of the runs point to.
  std::vector<std::pair<Uuid, std::string>> sought;
  std::vector<int> places;
  v1::BatchFindLastUsesResponse response;
  for (int i = 0; i < request.questions_size(); ++i) {
    response.add_uses();
    const std::string key =
        absl::HexStringToBytes(request.questions(i).identity_key());
    for (const Uuid& id : AskedContacts(request.questions(i))) {
      sought.emplace_back(id, key);
      places.push_back(i);
    }
  }
  std::vector<std::vector<mysql::Param>> runs;
  for (const auto& [id, key] : sought) {
    runs.push_back({tx.tenant_id(), id.bytes(), key, kUsesRead});
  }
  KITH_RETURN_IF_ERROR(mysql::QueryRuns(
      tx.session, kSelectUses, runs, mysql::kMaxRuns,
      [&](size_t run, const mysql::Row& row) {
        if (!IsUse(row.Int(0), row.Int(1), row.Bytes(3))) return;
        v1::LastUse& use = *response.mutable_uses(places[run]);
        if (row.Int(2) > base::ToMicros(use.time()) || !use.has_time()) {
          *use.mutable_time() = base::ToProto(row.Int(2));
        }
      }));
  return response;
}

}  // namespace kith::interactions
