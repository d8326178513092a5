#ifndef KITH_INTERACTIONS_SVC_INTERACTIONS_FIXTURE_H_
#define KITH_INTERACTIONS_SVC_INTERACTIONS_FIXTURE_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/times.h"
#include "common/mysql/session.h"
#include "common/testing/matchers.h"
#include "common/testing/service_harness.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "interactions-svc/service_definition.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

namespace kith::interactions {

// What the tests of this service share: requests that are short to write, and
// the service behind an in-process channel.

inline constexpr char kAda[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";
inline constexpr char kBob[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b6";
inline constexpr char kIdentity[] = "00112233445566778899aabbccddeeff";

// 2026-06-15 12:00 UTC, where the fake clock of the harness begins.
inline absl::Time Noon() {
  return absl::FromCivil(absl::CivilSecond(2026, 6, 15, 12, 0, 0),
                         absl::UTCTimeZone());
}

// Row reads of this session since the server last reset its count.
inline int64_t RowsRead(mysql::Session& session) {
  int64_t rows = 0;
  EXPECT_THAT(
      session.Query("SELECT variable_value FROM "
                    "information_schema.session_status WHERE variable_name IN "
                    "('HANDLER_READ_FIRST', 'HANDLER_READ_KEY', "
                    "'HANDLER_READ_LAST', 'HANDLER_READ_NEXT', "
                    "'HANDLER_READ_PREV', 'HANDLER_READ_RND', "
                    "'HANDLER_READ_RND_NEXT', 'HANDLER_READ_RND_DELETED')",
                    {}, [&](const mysql::Row& row) { rows += row.Int(0); }),
      testing::IsOk());
  return rows;
}

// One reported by the source "crm" under `external_id`, which occurred at
// Noon.
inline v1::RecordInteractionRequest Reported(
    v1::Kind kind, absl::string_view external_id,
    absl::string_view contact_id = kAda) {
  v1::RecordInteractionRequest request;
  v1::Interaction& interaction = *request.mutable_interaction();
  interaction.set_kind(kind);
  interaction.set_contact_id(std::string(contact_id));
  interaction.set_source("crm");
  interaction.set_external_id(std::string(external_id));
  *interaction.mutable_occurred_time() = base::ToProto(Noon());
  return request;
}

// The same, known by its request_id alone.
inline v1::RecordInteractionRequest Own(v1::Kind kind,
                                        absl::string_view request_id,
                                        absl::string_view contact_id = kAda) {
  v1::RecordInteractionRequest request = Reported(kind, "", contact_id);
  request.mutable_interaction()->clear_source();
  request.set_request_id(std::string(request_id));
  return request;
}

inline v1::RecordInteractionRequest At(absl::Time time,
                                       v1::RecordInteractionRequest request) {
  *request.mutable_interaction()->mutable_occurred_time() = base::ToProto(time);
  return request;
}

inline v1::RecordInteractionRequest Revision(
    int64_t revision, v1::Outcome outcome,
    v1::RecordInteractionRequest request) {
  request.mutable_interaction()->set_source_revision(revision);
  request.mutable_interaction()->set_outcome(outcome);
  return request;
}

inline v1::RecordInteractionRequest Outbound(
    v1::RecordInteractionRequest request) {
  request.mutable_interaction()->set_direction(v1::DIRECTION_OUTBOUND);
  return request;
}

inline v1::RecordInteractionRequest Paid(absl::string_view currency,
                                         int64_t micros,
                                         v1::RecordInteractionRequest request) {
  auto* amount = request.mutable_interaction()->mutable_amount();
  amount->set_currency_code(std::string(currency));
  amount->set_amount_micros(micros);
  return request;
}

class InteractionsTest : public ::testing::Test {
 protected:
  using Api = v1::InteractionsService;
  using Stub = Api::Stub;
  using TestKey = testing::TestKey;

  absl::StatusOr<v1::RecordInteractionResponse> Record(
      const v1::RecordInteractionRequest& request,
      TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::RecordInteraction, request, key);
  }

  absl::StatusOr<v1::BatchRecordInteractionsResponse> BatchRecord(
      const std::vector<v1::RecordInteractionRequest>& requests,
      TestKey key = testing::kDemo) {
    v1::BatchRecordInteractionsRequest batch;
    for (const auto& request : requests) *batch.add_requests() = request;
    return harness_.Call(&Stub::BatchRecordInteractions, batch, key);
  }

  absl::StatusOr<v1::FindRecordingResponse> Lookup(
      const v1::RecordInteractionRequest& request,
      TestKey key = testing::kDemo) {
    v1::FindRecordingRequest lookup;
    *lookup.mutable_request() = request;
    return harness_.Call(&Stub::FindRecording, lookup, key);
  }

  absl::StatusOr<v1::ListInteractionsResponse> List(
      const v1::ListInteractionsRequest& request,
      TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::ListInteractions, request, key);
  }

  absl::StatusOr<v1::BatchGetActivityResponse> GetActivity(
      const v1::BatchGetActivityRequest& request,
      TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::BatchGetActivity, request, key);
  }

  // The summary over a set of contacts.
  v1::ActivitySummary Summary(std::initializer_list<const char*> contact_ids,
                              TestKey key = testing::kDemo) {
    v1::BatchGetActivityRequest request;
    auto* set = request.add_sets();
    for (const char* id : contact_ids) set->add_contact_ids(id);
    const auto response = GetActivity(request, key);
    EXPECT_THAT(response, testing::IsOk());
    return response.ok() ? response->results(0).summary()
                         : v1::ActivitySummary();
  }

  // The whole timeline of a set, page by page.
  std::vector<v1::Interaction> ListAll(
      std::initializer_list<const char*> contact_ids, int32_t page_size = 500,
      v1::ListInteractionsRequest request = {}) {
    request.set_page_size(page_size);
    auto* set = request.add_sets();
    for (const char* id : contact_ids) set->add_contact_ids(id);
    std::vector<v1::Interaction> all;
    do {
      const auto response = List(request);
      EXPECT_THAT(response, testing::IsOk());
      if (!response.ok()) break;
      const auto& result = response->results(0);
      EXPECT_LE(result.interactions_size(), page_size);
      all.insert(all.end(), result.interactions().begin(),
                 result.interactions().end());
      if (result.next_page_token() == set->page_token()) {
        if (!set->page_token().empty()) ADD_FAILURE() << "the same page again";
        break;
      }
      set->set_page_token(result.next_page_token());
    } while (!set->page_token().empty());
    return all;
  }

  // A view of the set shows the interactions that ListInteractions lists, which
  // reads the rows of `interactions`.
  void ExpectViewAsListed(const std::vector<std::string>& contact_ids,
                          int32_t page_size) {
    v1::BatchGetActivityRequest get;
    get.add_sets()->mutable_contact_ids()->Add(contact_ids.begin(),
                                               contact_ids.end());
    get.set_page_size(page_size);
    v1::ListInteractionsRequest list;
    *list.add_sets() = get.sets(0);
    list.set_page_size(page_size);
    const auto view = GetActivity(get);
    const auto response = List(list);
    ASSERT_THAT(view, testing::IsOk());
    ASSERT_THAT(response, testing::IsOk());
    const auto& shown = view->results(0);
    const auto& listed = response->results(0);
    EXPECT_EQ(shown.next_page_token(), listed.next_page_token());
    ASSERT_EQ(shown.interactions_size(), listed.interactions_size());
    for (int i = 0; i < shown.interactions_size(); ++i) {
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(
          shown.interactions(i), listed.interactions(i)))
          << shown.interactions(i).ShortDebugString() << "\nlisted as\n"
          << listed.interactions(i).ShortDebugString();
    }
  }

  // How many interactions a summary counts in all.
  static int64_t Total(const v1::ActivitySummary& summary) {
    int64_t total = 0;
    for (const auto& count : summary.counts()) total += count.count();
    return total;
  }

  int64_t Rows(absl::string_view table) {
    return harness_.database().SelectInt("SELECT COUNT(*) FROM " +
                                         std::string(table));
  }

  testing::ServiceHarness<Api> harness_{ServiceDefinition()};
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTIONS_FIXTURE_H_
