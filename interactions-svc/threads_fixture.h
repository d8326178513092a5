#ifndef KITH_INTERACTIONS_SVC_THREADS_FIXTURE_H_
#define KITH_INTERACTIONS_SVC_THREADS_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "interactions-svc/interactions_fixture.h"

namespace kith::interactions {

// What the tests of threads share: words of a customer and of the business.

inline constexpr v1::ThreadState kOpen = v1::THREAD_STATE_OPEN;
inline constexpr v1::ThreadState kWaiting = v1::THREAD_STATE_WAITING;
inline constexpr v1::ThreadState kResolved = v1::THREAD_STATE_RESOLVED;

// A word at `minute` minutes after Noon, reported under `external_id`.
inline v1::RecordInteractionRequest Said(v1::Direction direction,
                                         absl::string_view external_id,
                                         int minute,
                                         absl::string_view contact_id = kAda) {
  v1::RecordInteractionRequest request =
      Reported(v1::KIND_EMAIL, external_id, contact_id);
  v1::Interaction& interaction = *request.mutable_interaction();
  interaction.set_direction(direction);
  interaction.set_purpose(v1::PURPOSE_SERVICE);
  interaction.set_identity_key(kIdentity);
  return At(Noon() + absl::Minutes(minute), std::move(request));
}

inline v1::RecordInteractionRequest Asks(absl::string_view external_id,
                                         int minute = 0,
                                         absl::string_view contact_id = kAda) {
  return Said(v1::DIRECTION_INBOUND, external_id, minute, contact_id);
}

inline v1::RecordInteractionRequest Answers(
    absl::string_view external_id, int minute = 0,
    absl::string_view contact_id = kAda) {
  return Said(v1::DIRECTION_OUTBOUND, external_id, minute, contact_id);
}

inline v1::RecordInteractionRequest Replying(
    absl::string_view message_id, std::vector<std::string> in_reply_to,
    v1::RecordInteractionRequest request) {
  v1::Interaction& interaction = *request.mutable_interaction();
  interaction.set_message_id(std::string(message_id));
  interaction.mutable_in_reply_to()->Add(in_reply_to.begin(),
                                         in_reply_to.end());
  return request;
}

inline v1::RecordInteractionRequest About(
    absl::string_view topic, v1::ThreadKind kind,
    v1::RecordInteractionRequest request) {
  request.mutable_interaction()->set_topic(std::string(topic));
  request.mutable_interaction()->set_opens(kind);
  return request;
}

// What the tests say is said within 12 hours from Noon, which are over.
class ThreadsFixture : public InteractionsTest {
 protected:
  ThreadsFixture() { harness_.clock().Advance(absl::Hours(12)); }

  // Records it, and returns the id of its thread; empty if it is in none.
  std::string ThreadOf(const v1::RecordInteractionRequest& request,
                       TestKey key = testing::kDemo) {
    const auto recorded = Record(request, key);
    EXPECT_THAT(recorded, testing::IsOk());
    return recorded.ok() ? recorded->interaction().thread_id() : "";
  }

  absl::StatusOr<v1::GetThreadResponse> Get(const std::string& thread_id,
                                            TestKey key = testing::kDemo,
                                            int32_t page_size = 0,
                                            const std::string& token = "") {
    v1::GetThreadRequest request;
    request.set_thread_id(thread_id);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return harness_.Call(&Stub::GetThread, request, key);
  }

  v1::Thread Thread(const std::string& thread_id) {
    const auto got = Get(thread_id);
    EXPECT_THAT(got, testing::IsOk());
    return got.ok() ? got->thread() : v1::Thread();
  }

  // Updates the fields of `mask` alone.
  absl::StatusOr<v1::Thread> Update(v1::Thread thread,
                                    const std::vector<std::string>& mask,
                                    const std::string& request_id = "",
                                    TestKey key = testing::kDemo) {
    v1::UpdateThreadRequest request;
    *request.mutable_thread() = std::move(thread);
    request.mutable_update_mask()->mutable_paths()->Add(mask.begin(),
                                                        mask.end());
    request.set_request_id(request_id);
    return harness_.Call(&Stub::UpdateThread, request, key);
  }

  absl::StatusOr<v1::Thread> SetState(
      const std::string& thread_id, v1::ThreadState state,
      v1::Resolution resolution = v1::RESOLUTION_UNSPECIFIED) {
    v1::Thread thread;
    thread.set_thread_id(thread_id);
    thread.set_state(state);
    thread.set_resolution(resolution);
    return Update(thread, {"state"});
  }

  void Resolve(const std::string& thread_id) {
    EXPECT_THAT(
        SetState(thread_id, v1::THREAD_STATE_RESOLVED, v1::RESOLUTION_ANSWERED),
        testing::IsOk());
  }

  absl::StatusOr<v1::Thread> Create(
      const std::string& topic, const std::string& request_id = "",
      v1::ThreadKind kind = v1::THREAD_KIND_PROBLEM,
      const std::string& contact_id = kAda) {
    v1::CreateThreadRequest request;
    request.mutable_thread()->set_contact_id(contact_id);
    request.mutable_thread()->set_kind(kind);
    request.mutable_thread()->set_topic(topic);
    request.set_request_id(request_id);
    return harness_.Call(&Stub::CreateThread, request);
  }

  absl::StatusOr<v1::SplitThreadResponse> Split(
      const std::string& thread_id, const std::vector<std::string>& ids,
      const std::string& request_id = "", TestKey key = testing::kDemo) {
    v1::SplitThreadRequest request;
    request.set_thread_id(thread_id);
    request.mutable_interaction_ids()->Add(ids.begin(), ids.end());
    request.set_request_id(request_id);
    return harness_.Call(&Stub::SplitThread, request, key);
  }

  absl::StatusOr<v1::JoinThreadsResponse> Join(
      const std::string& thread_id, const std::string& joined_thread_id,
      const std::string& request_id = "", TestKey key = testing::kDemo) {
    v1::JoinThreadsRequest request;
    request.set_thread_id(thread_id);
    request.set_joined_thread_id(joined_thread_id);
    request.set_request_id(request_id);
    return harness_.Call(&Stub::JoinThreads, request, key);
  }

  absl::StatusOr<v1::UndoThreadChangeResponse> UndoSplit(
      const std::string& split_thread_id, const std::string& request_id = "",
      TestKey key = testing::kDemo) {
    v1::UndoThreadChangeRequest request;
    request.set_split_thread_id(split_thread_id);
    request.set_request_id(request_id);
    return harness_.Call(&Stub::UndoThreadChange, request, key);
  }

  absl::StatusOr<v1::UndoThreadChangeResponse> UndoJoin(
      const std::string& joined_thread_id, const std::string& request_id = "",
      TestKey key = testing::kDemo) {
    v1::UndoThreadChangeRequest request;
    request.set_joined_thread_id(joined_thread_id);
    request.set_request_id(request_id);
    return harness_.Call(&Stub::UndoThreadChange, request, key);
  }

  v1::ListThreadsResponse::Result ListThreads(
      const std::vector<std::string>& contact_ids,
      const std::vector<v1::ThreadState>& states = {}, int32_t page_size = 0,
      const std::string& token = "", TestKey key = testing::kDemo) {
    v1::ListThreadsRequest request;
    auto* set = request.add_sets();
    set->mutable_contact_ids()->Add(contact_ids.begin(), contact_ids.end());
    set->set_page_token(token);
    for (const v1::ThreadState state : states) request.add_states(state);
    request.set_page_size(page_size);
    const auto listed = harness_.Call(&Stub::ListThreads, request, key);
    EXPECT_THAT(listed, testing::IsOk());
    return listed.ok() ? listed->results(0) : v1::ListThreadsResponse::Result();
  }

  v1::BatchGetActivityResponse::Result Activity(
      const std::vector<std::string>& contact_ids) {
    v1::BatchGetActivityRequest request;
    request.add_sets()->mutable_contact_ids()->Add(contact_ids.begin(),
                                                   contact_ids.end());
    const auto got = GetActivity(request);
    EXPECT_THAT(got, testing::IsOk());
    return got.ok() ? got->results(0) : v1::BatchGetActivityResponse::Result();
  }
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_FIXTURE_H_
