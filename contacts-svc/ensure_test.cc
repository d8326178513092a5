#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/mysql/session.h"
#include "common/testing/outbox_rows.h"
#include "contacts-svc/suggestions/suggestions_fixture.h"

namespace kith::contacts {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::kDemo;
using ::kith::testing::kDemoPublic;
using ::kith::testing::kDemoVerified;
using ::kith::testing::kOther;
using ::kith::testing::TestKey;
using ::kith::testing::ToldOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kVisitor[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";
constexpr char kOtherVisitor[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b6";

// What EnsureContact does to a contact that exists.
class EnsureTest : public SuggestionsTest {
 protected:
  absl::StatusOr<v1::EnsureContactResponse> Ensure(
      const std::string& id, const v1::Contact& fields, TestKey key = kDemo,
      v1::Stage stage = v1::STAGE_UNSPECIFIED) {
    v1::EnsureContactRequest request;
    request.set_contact_id(id);
    *request.mutable_contact() = fields;
    request.set_at_least_stage(stage);
    return harness_.Call(&Stub::EnsureContact, request, key);
  }

  // The fields that a call filled.
  static std::vector<std::string> FilledBy(
      const absl::StatusOr<v1::EnsureContactResponse>& ensured) {
    EXPECT_THAT(ensured, IsOk());
    if (!ensured.ok()) return {};
    EXPECT_EQ(ensured->has_filled_fields(),
              ensured->filled_fields().paths_size() > 0);
    const auto& paths = ensured->filled_fields().paths();
    return {paths.begin(), paths.end()};
  }

  void MakeVisitor() {
    v1::Contact fields;
    fields.set_stage(v1::STAGE_ANONYMOUS);
    const auto made = Ensure(kVisitor, fields);
    EXPECT_TRUE(made->created());
    EXPECT_THAT(FilledBy(made), IsEmpty());
  }
};

TEST_F(EnsureTest, AVisitorBecomesKnown) {
  MakeVisitor();
  const auto known =
      Ensure(kVisitor, Fields("Ada King", "1815-12-10"), kDemo, v1::STAGE_LEAD);
  EXPECT_THAT(FilledBy(known), ElementsAre("display_name", "attributes"));
  EXPECT_FALSE(known->created());
  EXPECT_EQ(known->contact().display_name(), "Ada King");
  EXPECT_EQ(known->contact().stage(), v1::STAGE_LEAD);
  const auto read = Get(kVisitor);
  ASSERT_THAT(read, IsOk());
  EXPECT_THAT(*read, testing::EqualsProto(known->contact()));
  EXPECT_THAT(ToldOf(harness_.database(), kVisitor),
              ElementsAre("1 contact_created", "2 stage_changed"));
}

TEST_F(EnsureTest, WhatIsFilledIsToldOnceAndKept) {
  MakeVisitor();
  const v1::Contact ada = Fields("Ada King", "");
  EXPECT_THAT(FilledBy(Ensure(kVisitor, ada)), ElementsAre("display_name"));
  EXPECT_THAT(FilledBy(Ensure(kVisitor, ada)), IsEmpty());
  EXPECT_THAT(FilledBy(Ensure(kVisitor, Fields("Bea", ""))), IsEmpty());
  EXPECT_EQ(Get(kVisitor)->display_name(), "Ada King");
  EXPECT_THAT(ToldOf(harness_.database(), kVisitor),
              ElementsAre("1 contact_created", "2 stage_changed"));
}

TEST_F(EnsureTest, WhoIsNamedIsALead) {
  v1::Contact fields = Fields("Ada", "");
  fields.set_stage(v1::STAGE_ANONYMOUS);
  EXPECT_EQ(Ensure(kVisitor, fields)->contact().stage(), v1::STAGE_LEAD);
  EXPECT_EQ(Get(Add(fields))->stage(), v1::STAGE_LEAD);
  fields.clear_display_name();
  const std::string nameless = Add(fields);
  EXPECT_EQ(Get(nameless)->stage(), v1::STAGE_ANONYMOUS);
  EXPECT_EQ(Rename(nameless, "Ada")->stage(), v1::STAGE_LEAD);
}

TEST_F(EnsureTest, APublicFormNamesNobody) {
  v1::Contact fields = Fields("Mallory", "");
  fields.set_stage(v1::STAGE_ANONYMOUS);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Ensure(kVisitor, fields, kDemoPublic)->contact().stage(),
              v1::STAGE_ANONYMOUS);
  }
}

TEST_F(EnsureTest, WhatAPersonClearedStaysCleared) {
  MakeVisitor();
  ASSERT_THAT(Rename(kVisitor, "Ada"), IsOk());
  ASSERT_THAT(Rename(kVisitor, ""), IsOk());
  v1::Contact fields = Fields("Ada King", "");
  fields.set_owner("sales-1");
  EXPECT_THAT(FilledBy(Ensure(kVisitor, fields)), ElementsAre("owner"));
  EXPECT_THAT(Get(kVisitor)->display_name(), IsEmpty());
}

TEST_F(EnsureTest, APublicFormFillsNothing) {
  MakeVisitor();
  const auto by_form = Ensure(kVisitor, Fields("Mallory", "1815-12-10"),
                              kDemoPublic, v1::STAGE_LEAD);
  EXPECT_THAT(FilledBy(by_form), IsEmpty());
  EXPECT_THAT(by_form->contact().display_name(), IsEmpty());
  EXPECT_EQ(by_form->contact().stage(), v1::STAGE_LEAD);
  EXPECT_EQ(Rows("match_keys"), 0);
  EXPECT_THAT(FilledBy(Ensure(kVisitor, Fields("Ada", ""), kDemoVerified)),
              ElementsAre("display_name"));
}

TEST_F(EnsureTest, WhatAFormSaidFirstIsReplacedByWhoMay) {
  const auto made =
      Ensure(kVisitor, Fields("Mallory", "1970-02-03", "10115"), kDemoPublic);
  EXPECT_TRUE(made->created());
  EXPECT_FALSE(made->contact().has_form_fields());
  // Another form changes nothing.
  EXPECT_THAT(FilledBy(Ensure(kVisitor, Fields("Eve", ""), kDemoPublic)),
              IsEmpty());
  EXPECT_EQ(Get(kVisitor)->display_name(), "Mallory");
  const v1::Contact ada = Fields("Ada King", "1815-12-10");
  EXPECT_THAT(FilledBy(Ensure(kVisitor, ada)),
              ElementsAre("display_name", "attributes"));
  EXPECT_THAT(FilledBy(Ensure(kVisitor, ada)), IsEmpty());
  EXPECT_THAT(FilledBy(Ensure(kVisitor, Fields("Bea", ""))), IsEmpty());
  const auto read = Get(kVisitor);
  EXPECT_EQ(read->display_name(), "Ada King");
  EXPECT_EQ(read->attributes().at("birthday"), "1815-12-10");
  EXPECT_EQ(read->attributes().at("postcode"), "10115");
  EXPECT_FALSE(read->has_form_fields());
}

TEST_F(EnsureTest, NobodyMayNameTheFieldsOfAForm) {
  v1::Contact fields = Fields("Ada", "");
  fields.mutable_form_fields()->add_paths("display_name");
  ASSERT_THAT(Ensure(kVisitor, fields), IsOk());
  EXPECT_THAT(FilledBy(Ensure(kVisitor, Fields("Bea", ""))), IsEmpty());
}

TEST_F(EnsureTest, WhatFormsSayMakesNoNameTooCommon) {
  const std::string ada = Ada();
  const v1::Contact fields = Fields("Ada King", "1815-12-10");
  for (int i = 10; i < 40; ++i) {
    const std::string id =
        absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-6071829300", i);
    ASSERT_TRUE(Ensure(id, fields, kDemoPublic)->created());
  }
  // A form suggests, until there are too many of it.
  EXPECT_EQ(Others(ada).size(), 21);
  const std::string other = Ada();
  EXPECT_THAT(Others(other), ElementsAre(ada));
  EXPECT_THAT(Page(v1::ListSuggestionsRequest()), IsOk());
}

TEST_F(EnsureTest, WhoMakesAFormsNameTheirOwnIsSuggested) {
  const v1::Contact fields = Fields("Ada King", "1815-12-10");
  ASSERT_THAT(Ensure(kVisitor, fields, kDemoPublic), IsOk());
  const std::string ada = Ada();
  EXPECT_THAT(Others(ada), ElementsAre(kVisitor));
  ASSERT_THAT(Ensure(kVisitor, fields), IsOk());
  EXPECT_THAT(Others(ada), ElementsAre(kVisitor));
  EXPECT_EQ(Rows("match_keys"), 2);
}

TEST_F(EnsureTest, APublicFormMakesNoCustomer) {
  MakeVisitor();
  v1::Contact fields;
  fields.set_stage(v1::STAGE_CUSTOMER);
  for (const auto& id : {kVisitor, kOtherVisitor}) {
    const auto by_form = Ensure(id, fields, kDemoPublic, v1::STAGE_CUSTOMER);
    ASSERT_THAT(by_form, IsOk());
    EXPECT_EQ(by_form->contact().stage(), v1::STAGE_LEAD);
    EXPECT_EQ(Ensure(id, {}, kDemo, v1::STAGE_CUSTOMER)->contact().stage(),
              v1::STAGE_CUSTOMER);
  }
}

// Fields with an attribution of a touch so many seconds after the first.
v1::Contact From(const std::string& affiliate, int64_t after) {
  v1::Contact fields;
  fields.mutable_attribution()->set_affiliate(affiliate);
  fields.mutable_attribution()->mutable_touch_time()->set_seconds(
      1'700'000'000 + after);
  return fields;
}

TEST_F(EnsureTest, TheKindThatAFormHasSaidIsReplacedOnce) {
  const auto kind = [](v1::ContactKind one) {
    v1::Contact fields;
    fields.set_kind(one);
    return fields;
  };
  const std::string id = base::Uuid::Make(absl::Now()).ToString();
  ASSERT_THAT(Ensure(id, kind(v1::CONTACT_KIND_ORGANIZATION), kDemoPublic),
              IsOk());
  EXPECT_EQ(Get(id)->kind(), v1::CONTACT_KIND_ORGANIZATION);
  EXPECT_THAT(FilledBy(Ensure(id, kind(v1::CONTACT_KIND_PERSON))),
              ElementsAre("kind"));
  EXPECT_EQ(Get(id)->kind(), v1::CONTACT_KIND_PERSON);
  EXPECT_THAT(FilledBy(Ensure(id, kind(v1::CONTACT_KIND_ORGANIZATION))),
              IsEmpty());
  EXPECT_EQ(Get(id)->kind(), v1::CONTACT_KIND_PERSON);
}

TEST_F(EnsureTest, AnAttributionThatAFormHasAddedIsReplaced) {
  ASSERT_THAT(Ensure(kVisitor, v1::Contact()), IsOk());
  const auto by_form = Ensure(kVisitor, From("mallory", 1), kDemoPublic);
  ASSERT_THAT(by_form, IsOk());
  EXPECT_EQ(by_form->contact().attribution().affiliate(), "mallory");
  const auto reported = Ensure(kVisitor, From("ann", 100));
  ASSERT_THAT(reported, IsOk());
  EXPECT_THAT(FilledBy(reported), ElementsAre("attribution"));
  EXPECT_EQ(reported->contact().attribution().affiliate(), "ann");
  EXPECT_THAT(FilledBy(Ensure(kVisitor, From("ben", 50))), IsEmpty());
}

TEST_F(EnsureTest, APublicFormReplacesNoAttribution) {
  ASSERT_THAT(Ensure(kVisitor, From("ann", 100)), IsOk());
  const auto by_form = Ensure(kVisitor, From("mallory", 1), kDemoPublic);
  ASSERT_THAT(by_form, IsOk());
  EXPECT_EQ(by_form->contact().attribution().affiliate(), "ann");
  EXPECT_EQ(Get(kVisitor)->etag(), by_form->contact().etag());
  // One without a time neither.
  v1::Contact without = From("ben", 0);
  without.mutable_attribution()->clear_touch_time();
  const std::string other = Add(without);
  ASSERT_THAT(Ensure(other, From("mallory", 1), kDemoPublic), IsOk());
  EXPECT_EQ(Get(other)->attribution().affiliate(), "ben");
  // Who may, replaces it.
  ASSERT_THAT(Ensure(kVisitor, From("eve", 1)), IsOk());
  EXPECT_EQ(Get(kVisitor)->attribution().affiliate(), "eve");
}

TEST_F(EnsureTest, APublicFormSetsAnAttributionWhereThereIsNone) {
  MakeVisitor();
  ASSERT_THAT(Ensure(kVisitor, From("ann", 1), kDemoPublic), IsOk());
  EXPECT_EQ(Get(kVisitor)->attribution().affiliate(), "ann");
  ASSERT_THAT(Ensure(kOtherVisitor, From("ann", 1), kDemoPublic), IsOk());
  EXPECT_EQ(Get(kOtherVisitor)->attribution().affiliate(), "ann");
}

TEST_F(EnsureTest, APublicFormReplacesNoAttributionOfAGroup) {
  MakeVisitor();
  const std::string ada = Add(From("ann", 100));
  Join(ada, kVisitor);
  ASSERT_THAT(Ensure(kVisitor, From("mallory", 1), kDemoPublic), IsOk());
  EXPECT_EQ(Get(ada)->attribution().affiliate(), "ann");
  const std::string bob = Make();
  Join(bob, ada);
  ASSERT_THAT(Ensure(bob, From("mallory", 1), kDemoPublic), IsOk());
  EXPECT_EQ(Get(bob)->attribution().affiliate(), "ann");
}

TEST_F(EnsureTest, FilledNamesAreMatched) {
  const std::string ada = Ada();
  MakeVisitor();
  EXPECT_THAT(FilledBy(Ensure(kVisitor, Fields("KING, Ada", ""))),
              ElementsAre("display_name"));
  EXPECT_THAT(Suggestions(), IsEmpty());
  // The name was there already: the attribute completes the match.
  EXPECT_THAT(FilledBy(Ensure(kVisitor, Fields("", "1815-12-10"))),
              ElementsAre("attributes"));
  EXPECT_THAT(Others(ada), ElementsAre(kVisitor));
}

TEST_F(EnsureTest, AMemberIsFilledAndLeavesWithItsFields) {
  MakeVisitor();
  const std::string ada = Make();
  Join(ada, kVisitor);
  const std::string etag = Get(ada)->etag();
  v1::Contact fields = Fields("Ada King", "1815-12-10");
  EXPECT_THAT(FilledBy(Ensure(kVisitor, fields)),
              ElementsAre("display_name", "attributes"));
  EXPECT_EQ(Get(ada)->display_name(), "Ada King");
  EXPECT_NE(Get(ada)->etag(), etag);
  EXPECT_EQ(Rows("match_keys"), 1);
  // Each member has fields of its own.
  EXPECT_THAT(FilledBy(Ensure(ada, Fields("Ada Q", ""))),
              ElementsAre("display_name"));
  EXPECT_EQ(Get(kVisitor)->display_name(), "Ada Q");
  ASSERT_THAT(Unmerge(UnmergeOf(ada)), IsOk());
  EXPECT_EQ(Get(kVisitor)->display_name(), "Ada King");
  EXPECT_EQ(Get(ada)->display_name(), "Ada Q");
  EXPECT_THAT(Get(ada)->attributes(), IsEmpty());
}

TEST_F(EnsureTest, ARepeatWaitsForNoLock) {
  MakeVisitor();
  const v1::Contact fields = Fields("Ada King", "1815-12-10");
  ASSERT_THAT(Ensure(kVisitor, fields), IsOk());
  mysql::Session other(harness_.database().options());
  ASSERT_THAT(other.ExecuteText("BEGIN"), IsOk());
  ASSERT_THAT(other.Query("SELECT stage FROM contacts FOR UPDATE", {},
                          [](const mysql::Row& /*row*/) {}),
              IsOk());
  EXPECT_THAT(FilledBy(Ensure(kVisitor, fields)), IsEmpty());
}

TEST_F(EnsureTest, OfRacersOneFillsAField) {
  MakeVisitor();
  std::vector<std::thread> threads;
  std::atomic<int> filled = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      const auto paths =
          FilledBy(Ensure(kVisitor, Fields(absl::StrCat("Ada ", i), "")));
      filled += static_cast<int>(paths.size());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(filled, 1);
  EXPECT_EQ(Get(kVisitor)->etag(), "2");
}

TEST_F(EnsureTest, AnotherTenantFillsItsOwn) {
  MakeVisitor();
  const auto theirs = Ensure(kVisitor, Fields("Mallory", ""), kOther);
  EXPECT_TRUE(theirs->created());
  EXPECT_THAT(Get(kVisitor)->display_name(), IsEmpty());
}

}  // namespace
}  // namespace kith::contacts
