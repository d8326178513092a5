// Random sequences of what is recorded, corrected, leased and completed,
// against a model: after each step the open actions are those that the model
// finds by looking at everything that was ever said.
//
// KITH_MODEL_SEED and KITH_MODEL_SEQUENCES make the same choices again, or more
// of them.

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/testing/from_environment.h"
#include "common/testing/lookup_tables.h"
#include "gmock/gmock.h"
#include "interactions-svc/actions_fixture.h"
#include "interactions-svc/lookups.h"

namespace kith::interactions {
namespace {

using config::v1::ACTION_KIND_CALL_BACK;
using config::v1::ACTION_KIND_FIRST_CONTACT;
using config::v1::ACTION_KIND_FOLLOW_UP;
using config::v1::ACTION_KIND_REPLY;
using config::v1::ACTION_KIND_SOLVE;
using ::kith::testing::FromEnvironment;
using ::kith::testing::IsClean;
using ::kith::testing::IsOk;
using ::kith::testing::LookupTables;

constexpr int kSteps = 40;
constexpr int kContactCount = 3;
const std::vector<std::string> kAgents = {"sam", "eve", "joe"};

// What was said, as it is recorded now.
struct Said {
  v1::RecordInteractionRequest request;
  int64_t revision = 1;
};

// The cases of one contact that a person has closed: those until then.
struct Closed {
  std::set<std::string> calls;
  std::set<std::string> leads;
};

class ActionSequencesTest : public ActionsFixture {
 protected:
  void Run(uint64_t seed) {
    random_.seed(seed);
    said_.clear();
    closed_.clear();
    contacts_.clear();
    for (int i = 0; i < kContactCount; ++i) {
      contacts_.push_back(base::Uuid::Make(Now()).ToString());
    }
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      SCOPED_TRACE(absl::StrCat("KITH_MODEL_SEED=", seed, " step ", step));
      Step(absl::StrCat(seed, "-", step));
      for (const std::string& id : contacts_) Check(id);
    }
  }

 private:
  size_t Pick(size_t size) {
    return std::uniform_int_distribution<size_t>(0, size - 1)(random_);
  }
  template <typename Values>
  const auto& PickOf(const Values& values) {
    return values[Pick(values.size())];
  }

  v1::RecordInteractionRequest Make(const std::string& id,
                                    const std::string& contact_id) {
    const int minute = static_cast<int>(Pick(600));
    switch (Pick(6)) {
      case 0:
        return Missed(id, minute, contact_id);
      case 1:
        return CalledBack(id, minute, contact_id);
      case 2:
        return Lead(id, minute, contact_id);
      case 3:
        return Answers(id, minute, contact_id);
      case 4:
        return Call(v1::DIRECTION_INBOUND, v1::OUTCOME_VOICEMAIL, id, minute,
                    contact_id);
      default:
        return Asks(id, minute, contact_id);
    }
  }

  void Keep(Said said) {
    v1::Interaction& interaction = *said.request.mutable_interaction();
    interaction.set_source_revision(said.revision);
    const auto recorded = Record(said.request);
    ASSERT_THAT(recorded, IsOk());
    said.request.mutable_interaction()->set_thread_id(
        recorded->interaction().thread_id());
    said_[interaction.external_id()] = std::move(said);
  }

  void Step(const std::string& id) {
    const std::string contact_id = PickOf(contacts_);
    switch (Pick(8)) {
      case 0:
        return Correct();
      case 1:
        return CompleteAll(contact_id, id);
      case 2:
        EXPECT_THAT(Next(PickOf(kAgents), static_cast<int32_t>(Pick(3)) + 1),
                    IsOk());
        return;
      case 3:
        harness_.clock().Advance(absl::Minutes(static_cast<int>(Pick(7))));
        return;
      case 4:
        GiveBack(PickOf(kAgents), contact_id, Pick(4) == 0 ? "unclear" : "");
        return;
      default:
        return Keep({.request = Make(id, contact_id)});
    }
  }

  // Says that something was something else, at another time.
  void Correct() {
    if (said_.empty()) return;
    auto it = said_.begin();
    std::advance(it, Pick(said_.size()));
    Said said = it->second;
    const std::string contact_id = said.request.interaction().contact_id();
    said.request = Make(it->first, contact_id);
    ++said.revision;
    Keep(std::move(said));
  }

  // Ends all actions of a contact that are not of a thread.
  void CompleteAll(const std::string& contact_id, const std::string& id) {
    std::vector<v1::Action> done;
    for (const v1::Action& action : Open(contact_id)) {
      if (action.kind() == ACTION_KIND_CALL_BACK ||
          action.kind() == ACTION_KIND_FIRST_CONTACT) {
        done.push_back(action);
      }
    }
    if (done.empty()) return;
    // A later clock than what was recorded.
    harness_.clock().Advance(absl::Seconds(1));
    v1::CompleteActionsRequest request;
    request.set_request_id(id);
    ASSERT_THAT(Complete(request, done), IsOk());
    harness_.clock().Advance(absl::Seconds(1));
    for (const v1::Action& action : done) {
      for (const auto& [external_id, said] : said_) {
        if (said.request.interaction().contact_id() != contact_id) continue;
        auto& closed = closed_[contact_id];
        (action.kind() == ACTION_KIND_CALL_BACK ? closed.calls : closed.leads)
            .insert(external_id);
      }
    }
  }

  static bool Answered(const v1::Interaction& interaction) {
    return interaction.kind() == v1::KIND_CALL &&
           interaction.outcome() == v1::OUTCOME_ANSWERED;
  }
  static bool IsWordOfOurs(const v1::Interaction& interaction) {
    return Answered(interaction) ||
           (interaction.kind() == v1::KIND_EMAIL &&
            interaction.direction() == v1::DIRECTION_OUTBOUND);
  }

  // What has asked and was not answered since, by all that was said.
  template <typename IsCause, typename IsAnswer>
  std::set<std::string> Unanswered(const std::string& contact_id,
                                   IsCause is_cause, IsAnswer is_answer) {
    std::set<std::string> open;
    for (const auto& [id, said] : said_) {
      const v1::Interaction& cause = said.request.interaction();
      if (cause.contact_id() != contact_id || !is_cause(cause)) continue;
      const bool answered =
          std::any_of(said_.begin(), said_.end(), [&](const auto& entry) {
            const v1::Interaction& other = entry.second.request.interaction();
            return other.contact_id() == contact_id && is_answer(other) &&
                   base::ToMicros(other.occurred_time()) >=
                       base::ToMicros(cause.occurred_time());
          });
      if (!answered) open.insert(id);
    }
    return open;
  }

  // Returns true if some cause was recorded after a person has closed the last.
  static bool HasNew(const std::set<std::string>& open,
                     const std::set<std::string>& closed) {
    return std::any_of(open.begin(), open.end(), [&](const std::string& id) {
      return !closed.contains(id);
    });
  }

  void Check(const std::string& contact_id) {
    std::map<config::v1::ActionKind, int> kinds;
    std::set<std::string> replied;
    for (const v1::Action& action : Open(contact_id)) {
      ++kinds[action.kind()];
      if (action.kind() == ACTION_KIND_REPLY ||
          action.kind() == ACTION_KIND_SOLVE) {
        EXPECT_TRUE(replied.insert(action.thread_id()).second);
      }
    }
    std::set<std::string> open;
    const v1::ListThreadsResponse::Result listed =
        ListThreads({contact_id}, {v1::THREAD_STATE_OPEN}, 500);
    for (const v1::Thread& thread : listed.threads()) {
      open.insert(thread.thread_id());
    }
    EXPECT_EQ(replied, open);
    const auto calls = Unanswered(
        contact_id,
        [](const v1::Interaction& call) {
          return call.kind() == v1::KIND_CALL &&
                 call.direction() == v1::DIRECTION_INBOUND &&
                 call.outcome() != v1::OUTCOME_ANSWERED;
        },
        Answered);
    const auto leads = Unanswered(
        contact_id,
        [](const v1::Interaction& lead) {
          return lead.kind() == v1::KIND_WEB_EVENT && lead.thread_id().empty();
        },
        IsWordOfOurs);
    // What was closed by hand, and is corrected since, may be open or not.
    const Closed& closed = closed_[contact_id];
    ExpectOne(kinds[ACTION_KIND_CALL_BACK], calls, closed.calls);
    ExpectOne(kinds[ACTION_KIND_FIRST_CONTACT], leads, closed.leads);
  }

  static void ExpectOne(int count, const std::set<std::string>& open,
                        const std::set<std::string>& closed) {
    EXPECT_LE(count, 1);
    if (open.empty()) {
      EXPECT_EQ(count, 0);
    }
    if (HasNew(open, closed)) {
      EXPECT_EQ(count, 1);
    }
  }

  std::mt19937_64 random_;
  std::vector<std::string> contacts_;
  std::map<std::string, Said> said_;
  std::map<std::string, Closed> closed_;
};

TEST_F(ActionSequencesTest, AreAsTheModelSays) {
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
