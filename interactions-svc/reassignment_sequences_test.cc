// Random sequences of what is recorded, corrected, said again and moved between
// two contacts: after each step summaries, threads and actions are as they are
// worked out from the interactions that each contact has.
//
// KITH_MODEL_SEED and KITH_MODEL_SEQUENCES make the same choices again, or more
// of them.

#include <algorithm>
#include <map>
#include <random>
#include <ranges>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/tenants.h"
#include "common/base/uuid.h"
#include "common/testing/from_environment.h"
#include "common/testing/lookup_tables.h"
#include "gmock/gmock.h"
#include "interactions-svc/activity/summary.h"
#include "interactions-svc/lookups.h"
#include "interactions-svc/reassignment_fixture.h"

namespace kith::interactions {
namespace {

using config::v1::ACTION_KIND_CALL_BACK;
using config::v1::ACTION_KIND_FIRST_CONTACT;
using config::v1::ACTION_KIND_REPLY;
using google::protobuf::util::MessageDifferencer;
using ::kith::testing::FromEnvironment;
using ::kith::testing::IsClean;
using ::kith::testing::IsOk;
using ::kith::testing::LookupTables;

constexpr int kReassignmentSteps = 40;

// What was said, as it was sent last, and who has it.
struct SentLast {
  v1::RecordInteractionRequest request;
  std::string contact_id;
};

bool EndsMissedCall(const v1::Interaction& one) {
  return one.kind() == v1::KIND_CALL && one.outcome() == v1::OUTCOME_ANSWERED;
}

bool EndsLead(const v1::Interaction& one) {
  return EndsMissedCall(one) || (one.kind() == v1::KIND_EMAIL &&
                                 one.direction() == v1::DIRECTION_OUTBOUND);
}

bool AsksForCall(const v1::Interaction& one) {
  return one.kind() == v1::KIND_CALL && one.outcome() != v1::OUTCOME_ANSWERED;
}

bool AsksAsLead(const v1::Interaction& one) {
  return one.kind() == v1::KIND_WEB_EVENT;
}

// Whether something asks that nothing answers at its time or later.
template <typename IsCause, typename IsAnswer>
bool HasOpenCause(const std::vector<v1::Interaction>& all, IsCause is_cause,
                  IsAnswer is_answer) {
  return std::any_of(all.begin(), all.end(), [&](const v1::Interaction& cause) {
    return is_cause(cause) &&
           std::none_of(all.begin(), all.end(),
                        [&](const v1::Interaction& other) {
                          return is_answer(other) &&
                                 base::ToMicros(other.occurred_time()) >=
                                     base::ToMicros(cause.occurred_time());
                        });
  });
}

class ReassignmentSequencesTest : public ReassignmentFixture {
 protected:
  void Run(uint64_t seed) {
    random_.seed(seed);
    sent_.clear();
    contacts_ = {base::Uuid::Make(Now()).ToString(),
                 base::Uuid::Make(Now()).ToString()};
    for (int step = 0; step < kReassignmentSteps && !HasFailure(); ++step) {
      SCOPED_TRACE(absl::StrCat("KITH_MODEL_SEED=", seed, " step ", step));
      harness_.clock().Advance(absl::Seconds(1));
      Step(absl::StrCat(seed, "-", step), step);
      for (const std::string& id : contacts_) Check(id);
    }
  }

 private:
  size_t Pick(size_t size) {
    return std::uniform_int_distribution<size_t>(0, size - 1)(random_);
  }

  SentLast& PickSent() {
    auto it = sent_.begin();
    std::advance(it, Pick(sent_.size()));
    return it->second;
  }

  v1::RecordInteractionRequest MakeAny(const std::string& id,
                                       const std::string& contact_id,
                                       int minute) {
    switch (Pick(8)) {
      case 0:
        return Missed(id, minute, contact_id);
      case 1:
        return CalledBack(id, minute, contact_id);
      case 2:
        return Lead(id, minute, contact_id);
      case 3:
        return Paid("EUR", 1'000'000 + static_cast<int64_t>(Pick(9)),
                    Reported(v1::KIND_PURCHASE, id, contact_id));
      case 4:
        return Answers(id, minute, contact_id);
      default:
        return Asks(id, minute, contact_id);
    }
  }

  // No two occur at one time, so that their order is that of their times.
  v1::RecordInteractionRequest Make(const std::string& id, int step) {
    const auto minute = static_cast<int>(Pick(600));
    v1::RecordInteractionRequest request =
        At(Noon() + absl::Minutes(minute) + absl::Seconds(step),
           MakeAny(id, contacts_[Pick(2)], minute));
    v1::Interaction& one = *request.mutable_interaction();
    one.set_source_revision(1);
    if (one.kind() != v1::KIND_EMAIL) return request;
    one.set_identity_key(std::string(32, Pick(2) == 0 ? 'a' : 'b'));
    one.set_message_id(absl::StrCat("<", id, "@mail>"));
    if (!sent_.empty() && Pick(3) == 0) {
      const v1::Interaction& before = PickSent().request.interaction();
      if (!before.message_id().empty()) {
        one.add_in_reply_to(before.message_id());
      }
    }
    return request;
  }

  void Step(const std::string& id, int step) {
    const size_t kind = Pick(10);
    if (kind < 4 && !sent_.empty()) return MoveSome();
    if (kind == 4 && !sent_.empty()) return SayAgain();
    if (kind == 5 && !sent_.empty()) return Correct(step);
    SentLast sent{.request = Make(id, step), .contact_id = ""};
    sent.contact_id = sent.request.interaction().contact_id();
    ASSERT_THAT(Record(sent.request), IsOk());
    sent_[id] = std::move(sent);
  }

  void SayAgain() {
    const SentLast& sent = PickSent();
    const auto again = Record(sent.request);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->outcome(), v1::RECORD_OUTCOME_KNOWN);
    EXPECT_EQ(again->interaction().contact_id(), sent.contact_id);
  }

  // Says that it was at another time, by the contact that it was sent for.
  void Correct(int step) {
    SentLast& sent = PickSent();
    v1::Interaction& one = *sent.request.mutable_interaction();
    one.set_source_revision(one.source_revision() + 1);
    *one.mutable_occurred_time() =
        base::ToProto(Noon() + absl::Minutes(Pick(600)) + absl::Seconds(step));
    const auto corrected = Record(sent.request);
    ASSERT_THAT(corrected, IsOk());
    EXPECT_EQ(corrected->outcome(), v1::RECORD_OUTCOME_CORRECTED);
    EXPECT_EQ(corrected->interaction().contact_id(), sent.contact_id);
  }

  std::vector<v1::Interaction> Listed(const std::string& contact_id) {
    return ListAll({contact_id.c_str()});
  }

  void MoveSome() {
    const size_t from = Pick(2);
    const std::string& to_id = contacts_[1 - from];
    std::vector<v1::Interaction> moving;
    const bool all = Pick(5) == 0;
    for (v1::Interaction& one : Listed(contacts_[from])) {
      if (all || Pick(3) == 0) moving.push_back(std::move(one));
    }
    if (moving.empty()) return;
    const auto moved = Reassign(MoveOf(moving, contacts_[from], to_id));
    ASSERT_THAT(moved, IsOk());
    ASSERT_THAT(moved->interactions(), ::testing::SizeIs(moving.size()));
    std::map<std::string, std::string> thread_of;
    for (size_t i = 0; i < moving.size(); ++i) {
      sent_[moving[i].external_id()].contact_id = to_id;
      const std::string& before = moving[i].thread_id();
      if (before.empty()) continue;
      const std::string& after =
          moved->interactions(static_cast<int>(i)).thread_id();
      EXPECT_NE(after, "");
      EXPECT_EQ(thread_of.try_emplace(before, after).first->second, after)
          << "those of one thread stay together";
    }
  }

  void Check(const std::string& contact_id) {
    const std::vector<v1::Interaction> all = Listed(contact_id);
    std::set<std::string> has;
    for (const v1::Interaction& one : all) has.insert(one.external_id());
    std::set<std::string> wanted;
    for (const auto& [id, sent] : sent_) {
      if (sent.contact_id == contact_id) wanted.insert(id);
    }
    EXPECT_EQ(has, wanted);
    CheckSummary(contact_id, all);
    CheckActions(all, CheckThreads(contact_id, all), contact_id);
    ExpectViewAsListed({contact_id}, 20);
  }

  void CheckSummary(const std::string& contact_id,
                    const std::vector<v1::Interaction>& all) {
    const config::v1::Tenant tenant;
    v1::ActivitySummary sum;
    for (const v1::Interaction& one : all) Add(SummaryOf(one, tenant), sum);
    Present(auth::CalendarDay(Now(), tenant), sum);
    const v1::ActivitySummary shown = Summary({contact_id.c_str()});
    EXPECT_TRUE(MessageDifferencer::Equals(shown, sum))
        << shown.ShortDebugString() << "\nis not\n"
        << sum.ShortDebugString();
  }

  // Nobody has said anything of a state, so its words alone give a thread's.
  // Returns the threads that are OPEN.
  std::set<std::string> CheckThreads(const std::string& contact_id,
                                     const std::vector<v1::Interaction>& all) {
    std::map<std::string, std::vector<v1::Interaction>> words;
    // The timeline is the other way round.
    for (const v1::Interaction& one : std::ranges::reverse_view(all)) {
      if (!one.thread_id().empty()) words[one.thread_id()].push_back(one);
    }
    std::set<std::string> listed;
    const auto page = ListThreads({contact_id}, {}, 500);
    for (const v1::Thread& thread : page.threads()) {
      listed.insert(thread.thread_id());
      listed.insert(thread.part_ids().begin(), thread.part_ids().end());
    }
    std::set<std::string> open;
    for (const auto& [id, said] : words) {
      EXPECT_TRUE(listed.contains(id));
      CheckThread(contact_id, id, said, open);
    }
    EXPECT_EQ(listed.size(), words.size());
    return open;
  }

  void CheckThread(const std::string& contact_id, const std::string& id,
                   const std::vector<v1::Interaction>& said,
                   std::set<std::string>& open) {
    // The first word that is not answered.
    const v1::Interaction* since = nullptr;
    for (const v1::Interaction& word : said) {
      if (word.direction() == v1::DIRECTION_OUTBOUND) {
        since = nullptr;
      } else if (since == nullptr) {
        since = &word;
      }
    }
    const v1::Thread thread = Thread(id);
    EXPECT_EQ(thread.contact_id(), contact_id);
    EXPECT_EQ(thread.state(), since != nullptr ? kOpen : kWaiting);
    EXPECT_EQ(base::ToMicros(thread.first_unanswered_time()),
              since != nullptr ? base::ToMicros(since->occurred_time()) : 0);
    EXPECT_EQ(base::ToMicros(thread.opened_time()),
              base::ToMicros(said.front().occurred_time()));
    if (since != nullptr) open.insert(id);
  }

  void CheckActions(const std::vector<v1::Interaction>& all,
                    const std::set<std::string>& open_threads,
                    const std::string& contact_id) {
    std::map<config::v1::ActionKind, int> kinds;
    std::set<std::string> replies;
    for (const v1::Action& action : Open(contact_id)) {
      ++kinds[action.kind()];
      if (action.kind() == ACTION_KIND_REPLY) {
        EXPECT_TRUE(replies.insert(action.thread_id()).second);
      }
    }
    EXPECT_EQ(replies, open_threads);
    EXPECT_EQ(kinds[ACTION_KIND_CALL_BACK],
              HasOpenCause(all, AsksForCall, EndsMissedCall) ? 1 : 0);
    EXPECT_EQ(kinds[ACTION_KIND_FIRST_CONTACT],
              HasOpenCause(all, AsksAsLead, EndsLead) ? 1 : 0);
  }

  std::mt19937_64 random_;
  std::vector<std::string> contacts_;
  // By external id.
  std::map<std::string, SentLast> sent_;
};

TEST_F(ReassignmentSequencesTest, BothContactsAreAsIfItHadAlwaysBeenSo) {
  const int64_t sequences = FromEnvironment("KITH_MODEL_SEQUENCES", 60);
  const int64_t first = FromEnvironment("KITH_MODEL_SEED", 1);
  for (int64_t i = 0; i < sequences && !HasFailure(); ++i) {
    Run(static_cast<uint64_t>(first + i));
  }
  LookupTables lookups(harness_.database(), harness_.clock(), Lookups());
  EXPECT_THAT(lookups.Check("action_queue"), IsClean());
}

}  // namespace
}  // namespace kith::interactions
