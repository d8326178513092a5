#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "contacts-svc/suggestions/suggestions_fixture.h"

namespace kith::contacts {
namespace {

using ::kith::testing::IsOk;
using ::testing::SizeIs;

class SuggestionRacesTest : public SuggestionsTest {
 protected:
  template <typename Work>
  static void Race(int threads, Work work) {
    std::vector<std::thread> running;
    for (int t = 0; t < threads; ++t) running.emplace_back([=] { work(t); });
    for (std::thread& thread : running) thread.join();
  }

  // No clock is moved on, as Add does.
  void Create(const v1::Contact& fields) {
    v1::CreateContactRequest request;
    *request.mutable_contact() = fields;
    EXPECT_THAT(harness_.Call(&Stub::CreateContact, request), IsOk());
  }
};

TEST_F(SuggestionRacesTest, WhoeverComesLaterFindsAllThatCameBefore) {
  // 16 agents write the same three people down at once.
  Race(16, [&](int t) {
    for (int i = 0; i < 3; ++i) {
      const int person = (t + i) % 3;
      Create(Fields(absl::StrCat("Ada King", person), "1815-12-10", "12345"));
    }
  });
  EXPECT_THAT(Suggestions(), SizeIs(3 * 16 * 15 / 2));
}

TEST_F(SuggestionRacesTest, ThirtyTwoOfOneNameAreBounded) {
  Race(32, [&](int) { Create(Fields("Ada King", "1815-12-10", "12345")); });
  EXPECT_THAT(Suggestions(), SizeIs(21 * 20 / 2));
  EXPECT_EQ(Rows("match_keys"), 64);
}

TEST_F(SuggestionRacesTest, ThoseThatBecomeTheSameFindEachOther) {
  std::vector<std::string> ids;
  for (int i = 0; i < 16; ++i) ids.push_back(Make("Ada King"));
  Race(16, [&](int t) {
    for (const char* postcode : {"", "12345", ""}) {
      EXPECT_THAT(Set(ids[t], Fields("Ada King", "1815-12-10", postcode)),
                  IsOk());
      EXPECT_THAT(Set(ids[t], Fields("Ada King", "", "12345")), IsOk());
    }
  });
  EXPECT_THAT(Suggestions(), SizeIs(16 * 15 / 2));
}

TEST_F(SuggestionRacesTest, OneOfManyDecides) {
  const std::string a = Ada(), b = Ada();
  std::atomic<int> confirmed = 0, rejected = 0, refused = 0;
  Race(16, [&](int t) {
    const absl::Status status = t % 2 == 0
                                    ? Confirm(ConfirmationOf(a, b)).status()
                                    : Reject(RejectionOf(a, b)).status();
    if (status.ok()) {
      ++(t % 2 == 0 ? confirmed : rejected);
    } else {
      EXPECT_THAT(status, IsRefusedAs("SUGGESTION_DECIDED"));
      ++refused;
    }
  });
  EXPECT_EQ(confirmed + rejected, 1);
  EXPECT_EQ(refused, 15);
  EXPECT_THAT(Members(a), SizeIs(confirmed == 1 ? 2 : 1));
  EXPECT_EQ(Rows("merge_edges"), 2 * confirmed);
  EXPECT_EQ(Rows("not_same"), 2 * rejected);
}

TEST_F(SuggestionRacesTest, RacingCopiesConfirmOnce) {
  const std::string a = Ada(), b = Ada();
  v1::ConfirmSuggestionRequest request = ConfirmationOf(a, b);
  request.set_request_id("confirm-race");
  Race(16, [&](int) { EXPECT_THAT(Confirm(request), IsOk()); });
  EXPECT_THAT(History(a), SizeIs(1));
}

TEST_F(SuggestionRacesTest, DecisionsAndNewContactsDoNotBlockEachOther) {
  std::vector<std::string> ids;
  for (int i = 0; i < 9; ++i) ids.push_back(Ada());
  Race(16, [&](int t) {
    if (t % 2 == 0) {
      Create(Fields("Ada King", "1815-12-10"));
    } else if (t % 4 == 1) {
      EXPECT_THAT(Confirm(ConfirmationOf(ids[t / 2], ids[8])), IsOk());
    } else {
      EXPECT_THAT(Reject(RejectionOf(ids[t / 2 - 1], ids[t / 2])), IsOk());
    }
  });
}

}  // namespace
}  // namespace kith::contacts
