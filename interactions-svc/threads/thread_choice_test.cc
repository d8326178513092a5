#include "interactions-svc/threads/thread_choice.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/base/times.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using Kind = ThreadChoice::Kind;
using internal::v1::StoredThread;

constexpr char kKey[] = "00112233445566778899aabbccddeeff";
constexpr char kOtherKey[] = "ffeeddccbbaa99887766554433221100";
const absl::Time kNoon = absl::FromUnixSeconds(1'790'000'000);
const absl::Duration kWindow = absl::Hours(24) * 14;

StoredThread Stored(const std::string& id, const std::string& key,
                    const std::string& topic = "", int64_t last_micros = 1) {
  StoredThread stored;
  stored.mutable_thread()->set_thread_id(id);
  stored.mutable_thread()->set_topic(topic);
  stored.mutable_thread()->set_subject("My order");
  stored.mutable_thread()->set_state(v1::THREAD_STATE_OPEN);
  stored.mutable_fold()->set_last_micros(last_micros);
  if (!key.empty()) stored.add_identity_keys(absl::HexStringToBytes(key));
  return stored;
}

StoredThread ResolvedAgo(absl::Duration ago, StoredThread stored) {
  stored.mutable_thread()->set_state(v1::THREAD_STATE_RESOLVED);
  *stored.mutable_thread()->mutable_resolved_time() =
      base::ToProto(kNoon - ago);
  return stored;
}

// A mail at noon that asks the business something.
v1::Interaction Mail(const std::string& key = kKey,
                     const std::string& topic = "") {
  v1::Interaction mail;
  mail.set_kind(v1::KIND_EMAIL);
  mail.set_direction(v1::DIRECTION_INBOUND);
  mail.set_purpose(v1::PURPOSE_SERVICE);
  mail.set_identity_key(key);
  mail.set_topic(topic);
  *mail.mutable_occurred_time() = base::ToProto(kNoon);
  return mail;
}

std::string Chosen(const v1::Interaction& interaction, Word word,
                   const std::vector<ThreadReference>& references = {},
                   const std::vector<StoredThread>& live = {}) {
  std::vector<const StoredThread*> pointers;
  for (const StoredThread& stored : live) pointers.push_back(&stored);
  const ThreadChoice choice =
      ChooseThread(interaction, word, references, pointers, kWindow);
  switch (choice.kind) {
    case Kind::kNone:
      return "none";
    case Kind::kJoin:
      return "join " + choice.thread_id;
    case Kind::kOpen:
      return "open" + (choice.thread_id.empty() ? "" : " " + choice.thread_id);
  }
  return "";
}

std::string OfMail(const std::vector<ThreadReference>& references,
                   const std::vector<StoredThread>& live = {}) {
  return Chosen(Mail(), Word::kInbound, references, live);
}

TEST(ChooseThreadTest, AReferenceComesBeforeTheChannelValue) {
  const StoredThread replied = Stored("a", kOtherKey);
  EXPECT_EQ(OfMail({{"a", &replied}}, {Stored("b", kKey)}), "join a");
}

TEST(ChooseThreadTest, TheFirstReferenceCounts) {
  const StoredThread first = Stored("a", "");
  const StoredThread second = Stored("b", "");
  EXPECT_EQ(OfMail({{"a", &first}, {"b", &second}}), "join a");
}

TEST(ChooseThreadTest, AnOlderReferenceNeedsTheSameSubject) {
  const StoredThread older = Stored("a", "");
  const ThreadReference reference{"a", &older, /*needs_subject=*/true};
  v1::Interaction mail = Mail();
  EXPECT_EQ(Chosen(mail, Word::kInbound, {reference}), "open");
  mail.set_subject("Something else");
  EXPECT_EQ(Chosen(mail, Word::kInbound, {reference}), "open");
  mail.set_subject("AW: Re: my  ORDER");
  EXPECT_EQ(Chosen(mail, Word::kInbound, {reference}), "join a");
}

TEST(ChooseThreadTest, ASubjectAloneNeverJoins) {
  v1::Interaction mail = Mail(kKey);
  mail.set_subject("My order");
  EXPECT_EQ(Chosen(mail, Word::kInbound, {}, {Stored("a", kOtherKey)}), "open");
}

TEST(ChooseThreadTest, AReferenceToAnotherContactOpensOneThatContinuesIt) {
  EXPECT_EQ(OfMail({{"theirs", nullptr}}), "open theirs");
  v1::Interaction lead = Mail();
  lead.set_purpose(v1::PURPOSE_SALES);
  EXPECT_EQ(Chosen(lead, Word::kInbound, {{"theirs", nullptr}}), "open theirs");
}

TEST(ChooseThreadTest, AnotherReplyToThemJoinsWhatTheFirstOpened) {
  EXPECT_EQ(OfMail({{"theirs", nullptr}}, {Stored("mine", kKey)}), "join mine");
}

TEST(ChooseThreadTest, AnAnswerToAnotherContactsThreadOpensNone) {
  EXPECT_EQ(Chosen(Mail(), Word::kOutbound, {{"theirs", nullptr}}), "none");
  EXPECT_EQ(Chosen(Mail(), Word::kOutbound, {{"theirs", nullptr}},
                   {Stored("mine", kKey)}),
            "none");
  EXPECT_EQ(Chosen(Mail(), Word::kNone, {{"theirs", nullptr}}), "none");
}

TEST(ChooseThreadTest, AWordWithinTheWindowJoinsWhatIsResolved) {
  const StoredThread in_time = ResolvedAgo(kWindow, Stored("a", ""));
  EXPECT_EQ(OfMail({{"a", &in_time}}), "join a");
}

TEST(ChooseThreadTest, AWordAfterTheWindowOpensOneThatContinues) {
  const StoredThread late =
      ResolvedAgo(kWindow + absl::Microseconds(1), Stored("a", ""));
  EXPECT_EQ(OfMail({{"a", &late}}), "open a");
}

TEST(ChooseThreadTest, WhatIsNoQuestionJoinsWhatIsResolvedWheneverItComes) {
  const StoredThread late = ResolvedAgo(kWindow * 2, Stored("a", ""));
  for (const Word word : {Word::kNone, Word::kOutbound, Word::kClosing}) {
    EXPECT_EQ(Chosen(Mail(), word, {{"a", &late}}), "join a");
  }
}

TEST(ChooseThreadTest, OneByTheSameChannelValueIsJoined) {
  const std::vector<StoredThread> live = {Stored("a", kOtherKey),
                                          Stored("b", kKey)};
  for (const Word word : {Word::kInbound, Word::kOutbound, Word::kClosing}) {
    EXPECT_EQ(Chosen(Mail(), word, {}, live), "join b");
  }
}

TEST(ChooseThreadTest, WhatIsNoWordFindsNoneByItself) {
  EXPECT_EQ(Chosen(Mail(), Word::kNone, {}, {Stored("b", kKey)}), "none");
}

TEST(ChooseThreadTest, OneOfTheSameTopicIsJoinedOverAnyChannel) {
  const std::vector<StoredThread> live = {Stored("a", kOtherKey, "delivery"),
                                          Stored("b", kOtherKey, "bill")};
  EXPECT_EQ(Chosen(Mail(kKey, "bill"), Word::kInbound, {}, live), "join b");
  EXPECT_EQ(Chosen(Mail(kKey, "other"), Word::kInbound, {}, live), "open");
  EXPECT_EQ(Chosen(Mail(kKey, ""), Word::kInbound, {}, live), "open");
}

TEST(ChooseThreadTest, TopicsThatDifferNeverMeet) {
  const std::vector<StoredThread> live = {Stored("a", kKey, "delivery")};
  EXPECT_EQ(Chosen(Mail(kKey, "bill"), Word::kInbound, {}, live), "open");
  EXPECT_EQ(Chosen(Mail(kKey, ""), Word::kInbound, {}, live), "join a");
  EXPECT_EQ(Chosen(Mail(kKey, "delivery"), Word::kInbound, {}, live), "join a");
}

TEST(ChooseThreadTest, OfSeveralTheCustomerMeansTheOneSpokenOfLast) {
  const std::vector<StoredThread> live = {Stored("a", kKey, "", 5),
                                          Stored("b", kKey, "", 7),
                                          Stored("c", kKey, "", 6)};
  EXPECT_EQ(Chosen(Mail(), Word::kInbound, {}, live), "join b");
}

TEST(ChooseThreadTest, OfSeveralAnAnswerJoinsNone) {
  const std::vector<StoredThread> live = {Stored("a", kKey), Stored("b", kKey)};
  EXPECT_EQ(Chosen(Mail(), Word::kOutbound, {}, live), "none");
}

TEST(ChooseThreadTest, WhatIsOlderThanAThreadFindsItByReferenceAlone) {
  StoredThread stored = Stored("a", kKey, "bill");
  *stored.mutable_thread()->mutable_opened_time() =
      base::ToProto(kNoon + absl::Hours(1));
  EXPECT_EQ(Chosen(Mail(kKey, "bill"), Word::kInbound, {}, {stored}), "join a");
  *stored.mutable_thread()->mutable_opened_time() =
      base::ToProto(kNoon + absl::Hours(1) + absl::Microseconds(1));
  EXPECT_EQ(Chosen(Mail(kKey, "bill"), Word::kInbound, {}, {stored}), "open");
  EXPECT_EQ(Chosen(Mail(kKey, "bill"), Word::kOutbound, {}, {stored}), "none");
  EXPECT_EQ(OfMail({{"a", &stored}}), "join a");
}

TEST(ChooseThreadTest, NothingIsJoinedByAnEmptyChannelValueAndTopic) {
  EXPECT_EQ(Chosen(Mail(""), Word::kInbound, {}, {Stored("a", "")}), "open");
}

TEST(ChooseThreadTest, ALeadOpensNone) {
  v1::Interaction lead = Mail();
  lead.set_purpose(v1::PURPOSE_SALES);
  EXPECT_EQ(Chosen(lead, Word::kInbound), "none");
}

}  // namespace
}  // namespace kith::interactions
