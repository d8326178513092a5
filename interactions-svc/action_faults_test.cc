// What writes actions, cut off before each of its statements in turn: nothing
// is half done, and who calls again ends where an undisturbed call does.

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/testing/cut_everywhere.h"
#include "common/testing/database_proxy.h"
#include "common/testing/lookup_tables.h"
#include "common/testing/outbox_rows.h"
#include "gmock/gmock.h"
#include "interactions-svc/action_store.h"
#include "interactions-svc/actions_fixture.h"
#include "interactions-svc/completion.h"
#include "interactions-svc/interaction_store.h"
#include "interactions-svc/lookups.h"
#include "interactions-svc/worklist.h"

namespace kith::interactions {
namespace {

using config::v1::ACTION_KIND_FOLLOW_UP;
using ::kith::testing::DatabaseProxy;
using ::kith::testing::IsClean;
using ::kith::testing::IsOk;
using ::kith::testing::LookupTables;
using ::kith::testing::ToldOf;
using mysql::Tx;

class ActionFaultsTest : public ActionsFixture {
 protected:
  using CutCall = std::function<absl::Status(const Tx&)>;
  // Brings a contact to where the call begins. What it names is named after the
  // contact, so that two contacts do not meet.
  using MakeCall = std::function<CutCall(const std::string& contact_id)>;

  // Makes the call for one contact without a fault, and for another one again
  // and again, cut off one message later each time. Both end alike.
  void ExpectNothingHalfDone(const MakeCall& make, int least_cuts) {
    const CutCall undisturbed = make(kBob);
    mysql::Session session(harness_.database().options());
    const base::RequestContext context = ReportedCall();
    EXPECT_THAT(undisturbed(Tx{context, session, Now()}), IsOk());
    const int cuts = CutOff(make(kAda));
    EXPECT_GT(cuts, least_cuts);
    EXPECT_EQ(ShapeOf(kAda), ShapeOf(kBob));
    LookupTables lookups(harness_.database(), harness_.clock(), Lookups());
    EXPECT_THAT(lookups.Check("action_queue"), IsClean());
  }

  // Cuts the link at the COMMIT and lets the call in again, which comes to its
  // end by itself, whether or not it was committed. It ends as the undisturbed
  // call above.
  void ExpectOneEffectOfACommitInDoubt(const MakeCall& make) {
    for (const auto cut : {DatabaseProxy::Cut::kBeforeCommit,
                           DatabaseProxy::Cut::kAfterCommit}) {
      const std::string id = base::Uuid::Make(Now()).ToString();
      const CutCall call = make(id);
      DatabaseProxy proxy(harness_.database().options().address);
      mysql::SessionOptions options = harness_.database().options();
      options.address = proxy.address();
      mysql::Session session(options);
      EXPECT_THAT(session.Connect(), IsOk());
      proxy.CutNext(cut);
      const base::RequestContext context = ReportedCall();
      EXPECT_THAT(call(Tx{context, session, Now()}), IsOk());
      EXPECT_EQ(ShapeOf(id), ShapeOf(kBob));
    }
  }

 private:
  // All that is written, once the server has rolled back who was cut off.
  std::string State() {
    harness_.database().SelectInt("SELECT version FROM summaries FOR UPDATE");
    std::string state;
    mysql::Session session(harness_.database().options());
    EXPECT_THAT(
        session.Query("CHECKSUM TABLE interactions, interaction_keys, "
                      "summaries, threads, thread_ids, thread_refs, actions, "
                      "ended_actions, action_queue, outbox, requests",
                      {},
                      [&](const mysql::Row& row) {
                        absl::StrAppend(&state, row.Bytes(0), " ", row.Int(1),
                                        "\n");
                      }),
        IsOk());
    return state;
  }

  // Returns how many cuts it took to come to the end.
  int CutOff(const CutCall& call) {
    return testing::CutEverywhere(
        harness_.database().options(),
        [&](mysql::Session& session, absl::Time deadline) {
          const base::RequestContext context = ReportedCall(deadline);
          return call(Tx{context, session, Now()});
        },
        [&] { return State(); });
  }

  // What there is of a contact, without ids.
  std::vector<std::string> ShapeOf(const std::string& contact_id) {
    std::vector<std::string> shape = ToldOf(harness_.database(), contact_id);
    const auto add = [&](const v1::Action& action) {
      shape.push_back(absl::StrCat(
          "action ", action.kind(), " ", action.state(), " ", action.queue(),
          " ", action.reason().code(), " ", action.assignee(), " ",
          base::ToMicros(action.due_time()), " ",
          base::ToMicros(action.snooze_until_time()), " ",
          action.lease().epoch(), " ", action.end().by_record()));
    };
    for (const v1::Action& action : Open(contact_id)) add(action);
    for (const v1::Action& action : Ended(contact_id)) add(action);
    const auto listed = ListThreads({contact_id}, {}, 100);
    for (const v1::Thread& thread : listed.threads()) {
      shape.push_back(
          absl::StrCat("thread ", thread.state(), " ", thread.resolution()));
    }
    shape.push_back(
        absl::StrCat("interactions ", Total(Summary({contact_id.c_str()}))));
    for (std::string& place : PlacesOf(contact_id)) {
      shape.push_back(std::move(place));
    }
    std::sort(shape.begin(), shape.end());
    return shape;
  }

  // An agent has the name of its contact.
  std::vector<std::string> PlacesOf(const std::string& contact_id) {
    std::vector<std::string> places;
    mysql::Session session(harness_.database().options());
    EXPECT_THAT(
        session.Query(
            absl::StrCat("SELECT queue, state, rank_micros "
                         "FROM action_queue WHERE contact_id = "
                         "UNHEX(REPLACE('",
                         contact_id, "', '-', '')) ORDER BY queue, state"),
            {},
            [&](const mysql::Row& row) {
              places.push_back(absl::StrCat(
                  "place ",
                  absl::StrReplaceAll(row.Bytes(0), {{contact_id, "agent"}}),
                  " ", row.Int(1), " ", row.Int(2)));
            }),
        IsOk());
    return places;
  }
};

absl::Status RecordOne(const Tx& tx,
                       const v1::RecordInteractionRequest& request) {
  const v1::RecordInteractionRequest* const one = &request;
  const auto results = InteractionStore().Record(tx, {&one, 1});
  if (!results.ok()) return results.status();
  return results->front().status();
}

std::string Named(const char* what, const std::string& contact_id) {
  return absl::StrCat(what, "-", contact_id);
}

TEST_F(ActionFaultsTest, NoHalfQuestion) {
  const MakeCall make = [](const std::string& id) {
    return
        [request = Replying(Named("<q>", id), {}, Asks(Named("q", id), 0, id))](
            const Tx& tx) { return RecordOne(tx, request); };
  };
  ExpectNothingHalfDone(make, 15);
  ExpectOneEffectOfACommitInDoubt(make);
}

TEST_F(ActionFaultsTest, NoHalfAnswer) {
  const MakeCall make = [this](const std::string& id) {
    Say(Asks(Named("q", id), 0, id));
    Say(Missed(Named("m", id), 1, id));
    return [request = CalledBack(Named("a", id), 5, id)](const Tx& tx) {
      return RecordOne(tx, request);
    };
  };
  ExpectNothingHalfDone(make, 15);
  ExpectOneEffectOfACommitInDoubt(make);
}

TEST_F(ActionFaultsTest, NoHalfLease) {
  ExpectNothingHalfDone(
      [this](const std::string& id) {
        Say(Asks(Named("q", id), 0, id));
        Say(Missed(Named("m", id), 1, id));
        v1::LeaseNextActionsRequest request;
        request.set_agent(id);
        request.add_queues("service");
        return [request](const Tx& tx) {
          const auto next = Worklist().LeaseNext(tx, request);
          if (!next.ok()) return next.status();
          return next->contacts_size() == 1
                     ? absl::OkStatus()
                     : absl::InternalError("nobody is leased");
        };
      },
      10);
}

TEST_F(ActionFaultsTest, NoHalfCompletion) {
  const MakeCall make = [this](const std::string& id) {
    const std::string thread = ThreadOf(Asks(Named("q", id), 0, id));
    Say(Missed(Named("m", id), 1, id));
    EXPECT_THAT(Lease(id, {id}), IsOk());
    v1::CompleteActionsRequest request;
    for (const v1::Action& action : Open(id)) {
      AddName(action, *request.mutable_actions());
    }
    v1::Interaction& answer = *request.mutable_interaction();
    answer = Answers("", 5, id).interaction();
    answer.clear_source();
    answer.set_thread_id(thread);
    v1::ThreadStateChange& moved = *request.add_threads();
    moved.set_contact_id(id);
    moved.set_thread_id(thread);
    moved.set_state(v1::THREAD_STATE_RESOLVED);
    moved.set_resolution(v1::RESOLUTION_ANSWERED);
    v1::Action& next = *request.add_next();
    next.set_contact_id(id);
    next.set_kind(ACTION_KIND_FOLLOW_UP);
    next.mutable_reason()->set_text("Ask whether it arrived");
    request.set_agent(id);
    request.set_request_id(Named("done", id));
    return [request](const Tx& tx) {
      return CompleteActions(tx, request).status();
    };
  };
  ExpectNothingHalfDone(make, 25);
  ExpectOneEffectOfACommitInDoubt(make);
}

TEST_F(ActionFaultsTest, NoHalfActionByHand) {
  const MakeCall make = [this](const std::string& id) {
    Say(Asks(Named("q", id), 0, id));
    v1::CreateActionRequest request;
    request.mutable_action()->set_contact_id(id);
    request.mutable_action()->set_kind(ACTION_KIND_FOLLOW_UP);
    request.mutable_action()->mutable_reason()->set_text("Call again");
    request.set_request_id(Named("create", id));
    return [request](const Tx& tx) {
      return ActionStore().Create(tx, request).status();
    };
  };
  ExpectNothingHalfDone(make, 10);
  ExpectOneEffectOfACommitInDoubt(make);
}

// Snoozes, assigns or dismisses an action that was made by hand.
template <typename Request>
Request OfPlanned(const v1::Action& planned, const char* what) {
  Request request;
  v1::ActionName& name = *request.add_actions();
  name.set_contact_id(planned.contact_id());
  name.set_action_id(planned.action_id());
  request.set_agent(planned.contact_id());
  request.set_request_id(Named(what, planned.contact_id()));
  return request;
}

TEST_F(ActionFaultsTest, NoHalfSnooze) {
  const MakeCall make = [this](const std::string& id) {
    const auto planned =
        CreateAction(ACTION_KIND_FOLLOW_UP, "Call", "", "", id);
    auto request = OfPlanned<v1::SnoozeActionsRequest>(*planned, "snooze");
    *request.mutable_until_time() = base::ToProto(Now() + absl::Hours(1));
    return [request](const Tx& tx) {
      return ActionStore().Snooze(tx, request).status();
    };
  };
  ExpectNothingHalfDone(make, 8);
  ExpectOneEffectOfACommitInDoubt(make);
}

TEST_F(ActionFaultsTest, NoHalfReassignment) {
  const MakeCall make = [this](const std::string& id) {
    const auto planned =
        CreateAction(ACTION_KIND_FOLLOW_UP, "Call", "", "", id);
    auto request = OfPlanned<v1::ReassignActionsRequest>(*planned, "move");
    request.set_assignee("eve");
    return [request](const Tx& tx) {
      return ActionStore().Reassign(tx, request).status();
    };
  };
  ExpectNothingHalfDone(make, 8);
  ExpectOneEffectOfACommitInDoubt(make);
}

TEST_F(ActionFaultsTest, NoHalfDismissal) {
  const MakeCall make = [this](const std::string& id) {
    const auto planned =
        CreateAction(ACTION_KIND_FOLLOW_UP, "Call", "", "", id);
    auto request = OfPlanned<v1::DismissActionsRequest>(*planned, "end");
    request.set_note("settled");
    return [request](const Tx& tx) {
      return ActionStore().Dismiss(tx, request).status();
    };
  };
  ExpectNothingHalfDone(make, 8);
  ExpectOneEffectOfACommitInDoubt(make);
}

}  // namespace
}  // namespace kith::interactions
