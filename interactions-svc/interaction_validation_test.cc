#include "interactions-svc/interaction_validation.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

constexpr char kContactId[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";
constexpr absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

v1::RecordInteractionRequest Good() {
  v1::RecordInteractionRequest request;
  request.set_request_id("r-1");
  v1::Interaction& purchase = *request.mutable_interaction();
  purchase.set_contact_id(kContactId);
  purchase.set_kind(v1::KIND_PURCHASE);
  purchase.mutable_amount()->set_currency_code("EUR");
  return request;
}

// What is said of a good request after `change`.
absl::Status After(
    const std::function<void(v1::RecordInteractionRequest&)>& change) {
  v1::RecordInteractionRequest request = Good();
  change(request);
  return Validate(request, kNow);
}

absl::Status AfterSetting(const std::function<void(v1::Interaction&)>& change) {
  return After([&](v1::RecordInteractionRequest& request) {
    change(*request.mutable_interaction());
  });
}

#define EXPECT_REFUSED(status, text) \
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, text))

TEST(InteractionValidationTest, AGoodRequestPasses) {
  EXPECT_THAT(Validate(Good(), kNow), IsOk());
}

TEST(InteractionValidationTest, NamesAllThatIsMissing) {
  const absl::Status status = Validate(v1::RecordInteractionRequest(), kNow);
  EXPECT_REFUSED(status, "interaction.contact_id: empty");
  EXPECT_REFUSED(status, "interaction.kind: not set");
  EXPECT_REFUSED(status, "request_id: empty, want it, or interaction.source");
}

TEST(InteractionValidationTest, ALookupMayLeaveTheContactOut) {
  v1::FindRecordingRequest request;
  *request.mutable_request() = Good();
  request.mutable_request()->mutable_interaction()->clear_contact_id();
  EXPECT_THAT(Validate(request, kNow), IsOk());
  request.mutable_request()->mutable_interaction()->set_contact_id("7");
  EXPECT_REFUSED(Validate(request, kNow), "interaction.contact_id");
}

TEST(InteractionValidationTest, TimesRunFrom1970ToADayAhead) {
  const auto at = [](absl::Time time) {
    return AfterSetting([&](v1::Interaction& interaction) {
      *interaction.mutable_occurred_time() = base::ToProto(time);
    });
  };
  EXPECT_THAT(at(absl::UnixEpoch()), IsOk());
  EXPECT_THAT(at(kNow + absl::Hours(24)), IsOk());
  EXPECT_REFUSED(at(absl::UnixEpoch() - absl::Microseconds(1)),
                 "interaction.occurred_time");
  EXPECT_REFUSED(at(kNow + absl::Hours(24) + absl::Microseconds(1)),
                 "interaction.occurred_time");
  EXPECT_REFUSED(AfterSetting([](v1::Interaction& interaction) {
                   interaction.mutable_occurred_time()->set_nanos(-1);
                 }),
                 "interaction.occurred_time");
}

TEST(InteractionValidationTest, TextsAreBounded) {
  const std::string glyph = "\xF0\x9F\x8C\xB1";
  std::string body;
  for (int i = 0; i < 50'000; ++i) body += glyph;
  const auto with_body = [&](const std::string& text) {
    return AfterSetting([&](v1::Interaction& i) { i.set_body(text); });
  };
  EXPECT_THAT(with_body(body), IsOk()) << "characters, not bytes";
  EXPECT_REFUSED(with_body(body + "x"), "interaction.body");
  EXPECT_REFUSED(AfterSetting([](v1::Interaction& i) {
                   i.set_topic(std::string(101, 'x'));
                   i.set_subject(std::string(1'001, 'x'));
                   i.set_agent(std::string(321, 'x'));
                   i.set_order_id(std::string(101, 'x'));
                 }),
                 "topic: 101 characters, want at most 100; "
                 "interaction.subject: 1001 characters");
}

TEST(InteractionValidationTest, EnumsAreKnown) {
  EXPECT_REFUSED(
      AfterSetting([](v1::Interaction& i) {
        i.set_direction(static_cast<v1::Direction>(9));
        i.set_purpose(static_cast<v1::Purpose>(9));
        i.set_outcome(static_cast<v1::Outcome>(9));
      }),
      "interaction.direction: 9 is not a value of it; interaction.purpose: 9");
  EXPECT_REFUSED(AfterSetting([](v1::Interaction& i) {
                   i.set_kind(static_cast<v1::Kind>(99));
                 }),
                 "interaction.kind: 99");
}

TEST(InteractionValidationTest, OnlyTradesHaveItemsOrdersAndAmounts) {
  for (const auto& change : std::vector<std::function<void(v1::Interaction&)>>{
           [](v1::Interaction& i) { i.add_items(); },
           [](v1::Interaction& i) { i.set_order_id("o"); },
           [](v1::Interaction& i) {
             i.mutable_amount()->set_currency_code("EUR");
           }}) {
    EXPECT_REFUSED(AfterSetting([&](v1::Interaction& interaction) {
                     interaction.clear_amount();
                     interaction.set_kind(v1::KIND_CALL);
                     change(interaction);
                   }),
                   "want PURCHASE or RETURN");
  }
}

TEST(InteractionValidationTest, MoneyIsBounded) {
  const auto with = [](const std::string& code, int64_t micros) {
    return AfterSetting([&](v1::Interaction& i) {
      i.mutable_amount()->set_currency_code(code);
      i.mutable_amount()->set_amount_micros(micros);
    });
  };
  // InvoiceShelf/InvoiceShelf#73, Expensify/App#78643: a price in dong.
  EXPECT_THAT(with("VND", 1'250'000'000'000'000), IsOk());
  EXPECT_THAT(with("IRR", 9'000'000'000'000'000'000), IsOk());
  EXPECT_REFUSED(with("USD", 9'000'000'000'000'000'001), "amount_micros");
  EXPECT_REFUSED(with("USD", -1), "interaction.amount.amount_micros: -1");
  EXPECT_REFUSED(with("usd", 1), "interaction.amount.currency_code");
  EXPECT_REFUSED(with("", 1), "interaction.amount.currency_code");
  EXPECT_REFUSED(with("EURO", 1), "interaction.amount.currency_code");
}

struct CurrencyCase {
  const char* code;
  bool accepted;
};

// ISO 4217, as ICU has it.
const CurrencyCase kCurrencies[] = {
    {"EUR", true},
    {"VND", true},
    // Regions have them in common.
    {"XAF", true},
    {"XOF", true},
    // A purchase of 1999 may be reported today.
    {"DEM", true},
    {"ANG", true},
    // Newer than ICU 72, or not common to it: amendments 177, 176 and 170.
    {"ZWG", true},
    {"XCG", true},
    {"VED", true},
    // Cases D5: well-formed, and no currency.
    {"ZZZ", false},
    {"ABC", false},
    {"BTC", false},
    // ISO's own "no currency" and "test"; metals; what international banks
    // count in; funds and units of account: what is priced in them is paid in
    // money.
    {"XXX", false},
    {"XTS", false},
    {"XAU", false},
    {"XAG", false},
    {"XDR", false},
    {"XAD", false},
    {"XBA", false},
    {"USN", false},
    {"CHE", false},
    {"CLF", false},
    {"UYI", false},
    // The yuan outside of China, by a code that ISO does not have.
    {"CNH", false},
    {"eur", false},
    {"EURO", false},
    {"EU", false},
    {"\xE2\x82\xAC", false},
    {"", false},
};

TEST(InteractionValidationTest, CurrenciesAreThoseOfIso4217) {
  for (const CurrencyCase& one : kCurrencies) {
    SCOPED_TRACE(one.code);
    for (const bool of_item : {false, true}) {
      const absl::Status status = AfterSetting([&](v1::Interaction& i) {
        i.clear_amount();
        common::v1::Money& money =
            of_item ? *i.add_items()->mutable_amount() : *i.mutable_amount();
        money.set_currency_code(one.code);
      });
      if (one.accepted) {
        EXPECT_THAT(status, IsOk());
      } else {
        EXPECT_REFUSED(status, "currency of ISO 4217");
      }
    }
  }
}

TEST(InteractionValidationTest, WhatIsNoMoneyIsToldFromATypingError) {
  const auto fault_of = [](const char* code) {
    return AfterSetting([&](v1::Interaction& i) {
      i.mutable_amount()->set_currency_code(code);
    });
  };
  EXPECT_REFUSED(fault_of("XAU"), "a metal, a fund or a test and no money");
  EXPECT_REFUSED(fault_of("ZZZ"), "want a currency of ISO 4217");
}

struct MixedCase {
  const char* name;
  const char* amount;
  std::vector<const char*> items;
  // Part of the error; null if it is accepted.
  const char* error;
};

// Cases D5. An empty text: no amount is given.
const MixedCase kMixedCases[] = {
    {"OneCurrency", "EUR", {"EUR", "EUR"}, nullptr},
    {"ItemsWithoutAnAmount", "EUR", {"", "EUR"}, nullptr},
    {"NoSum", "", {"EUR", "", "EUR"}, nullptr},
    {"NothingAtAll", "", {"", ""}, nullptr},
    {"AnotherThanTheSum",
     "EUR",
     {"EUR", "USD"},
     "interaction.items[1].amount.currency_code: want the currency of"},
    {"AnotherThanTheFirstItem",
     "",
     {"", "USD", "EUR"},
     "interaction.items[2].amount.currency_code: want the currency of"},
};

TEST(InteractionValidationTest, AllAmountsHaveOneCurrency) {
  for (const MixedCase& one : kMixedCases) {
    for (const v1::Kind kind : {v1::KIND_PURCHASE, v1::KIND_RETURN}) {
      SCOPED_TRACE(one.name);
      const absl::Status status = AfterSetting([&](v1::Interaction& i) {
        i.set_kind(kind);
        i.mutable_amount()->set_currency_code(one.amount);
        if (one.amount[0] == '\0') i.clear_amount();
        for (const char* code : one.items) {
          v1::Item& item = *i.add_items();
          if (code[0] == '\0') continue;
          item.mutable_amount()->set_currency_code(code);
        }
      });
      if (one.error == nullptr) {
        EXPECT_THAT(status, IsOk());
      } else {
        EXPECT_REFUSED(status, one.error);
      }
    }
  }
}

TEST(InteractionValidationTest, ItemsAreBounded) {
  EXPECT_REFUSED(AfterSetting([](v1::Interaction& i) {
                   for (int n = 0; n < 501; ++n) i.add_items();
                 }),
                 "interaction.items: 501 given");
  EXPECT_REFUSED(AfterSetting([](v1::Interaction& i) {
                   v1::Item& item = *i.add_items();
                   item.set_quantity(-1);
                   item.mutable_amount();
                 }),
                 "interaction.items[0].quantity: -1");
}

TEST(InteractionValidationTest, SourceAndExternalIdGoTogether) {
  EXPECT_REFUSED(AfterSetting([](v1::Interaction& i) { i.set_source("crm"); }),
                 "together");
  EXPECT_REFUSED(
      AfterSetting([](v1::Interaction& i) { i.set_external_id("1"); }),
      "together");
  const auto both = [](const std::string& source, const std::string& id) {
    return After([&](v1::RecordInteractionRequest& request) {
      request.clear_request_id();
      request.mutable_interaction()->set_source(source);
      request.mutable_interaction()->set_external_id(id);
    });
  };
  EXPECT_THAT(both("2-crm.eu", std::string(200, 'x')), IsOk());
  EXPECT_REFUSED(both("crm", std::string(1'001, 'x')), "external_id");
  EXPECT_REFUSED(both("CRM", "1"), "interaction.source");
  EXPECT_REFUSED(both(std::string(65, 'x'), "1"), "interaction.source");
  EXPECT_REFUSED(
      AfterSetting([](v1::Interaction& i) { i.set_source_revision(-1); }),
      "source_revision");
}

TEST(InteractionValidationTest, KeysHaveTheirForm) {
  EXPECT_REFUSED(After([](auto& r) { r.set_request_id("a b"); }), "request_id");
  EXPECT_REFUSED(
      After([](auto& r) { r.mutable_forwarded()->set_fingerprint("short"); }),
      "forwarded.fingerprint: 5 bytes");
  EXPECT_THAT(After([](auto& r) {
                r.mutable_forwarded()->set_fingerprint(std::string(32, '\0'));
              }),
              IsOk());
  const auto with_key = [](const std::string& key) {
    return AfterSetting([&](v1::Interaction& i) { i.set_identity_key(key); });
  };
  EXPECT_THAT(with_key("00112233445566778899aabbccddeeff"), IsOk());
  EXPECT_REFUSED(with_key("00112233445566778899AABBCCDDEEFF"), "identity_key");
  EXPECT_REFUSED(with_key("0011"), "identity_key");
}

TEST(InteractionValidationTest, WhyItWasAViolationIsBounded) {
  const auto with_reason = [](int characters) {
    return AfterSetting([&](auto& one) {
      one.set_contact_violation(std::string(characters, 'R'));
    });
  };
  EXPECT_THAT(with_reason(100), IsOk());
  EXPECT_REFUSED(with_reason(101),
                 "interaction.contact_violation: 101 characters");
}

TEST(InteractionValidationTest, WhatASourceSaysOfThreadsIsBounded) {
  EXPECT_REFUSED(AfterSetting([](auto& one) { one.set_thread_id("t"); }),
                 "interaction.thread_id: ");
  const std::string longer(1001, 'm');
  EXPECT_REFUSED(AfterSetting([&](auto& one) { one.set_message_id(longer); }),
                 "interaction.message_id: 1001 characters");
  EXPECT_REFUSED(
      AfterSetting([&](auto& one) { one.set_conversation_id(longer); }),
      "interaction.conversation_id: 1001 characters");
  EXPECT_REFUSED(AfterSetting([&](auto& one) { one.add_in_reply_to(longer); }),
                 "interaction.in_reply_to[0]: 1001 characters");
  EXPECT_REFUSED(AfterSetting([](auto& one) {
                   for (int i = 0; i < 51; ++i) one.add_in_reply_to("m");
                 }),
                 "interaction.in_reply_to: 51 given");
}

TEST(InteractionValidationTest, OnlyWhatACustomerSaysOpensAThread) {
  const auto opening = [](v1::Kind kind, v1::Direction direction) {
    v1::RecordInteractionRequest request = Good();
    v1::Interaction& one = *request.mutable_interaction();
    one.clear_amount();
    one.set_kind(kind);
    one.set_direction(direction);
    one.set_opens(v1::THREAD_KIND_PROBLEM);
    return Validate(request, kNow);
  };
  for (const v1::Kind kind : {v1::KIND_CALL, v1::KIND_EMAIL, v1::KIND_MESSAGE,
                              v1::KIND_SOCIAL_POST, v1::KIND_WEB_EVENT}) {
    EXPECT_THAT(opening(kind, v1::DIRECTION_INBOUND), IsOk());
    EXPECT_REFUSED(opening(kind, v1::DIRECTION_OUTBOUND), "interaction.opens");
  }
  for (const v1::Kind kind : {v1::KIND_AD, v1::KIND_NOTE, v1::KIND_PURCHASE}) {
    EXPECT_REFUSED(opening(kind, v1::DIRECTION_INBOUND), "interaction.opens");
  }
}

TEST(InteractionValidationTest, BatchesAreBounded) {
  v1::BatchRecordInteractionsRequest record;
  v1::BatchFindRecordingsRequest lookup;
  EXPECT_REFUSED(Validate(record), "requests: 0 given");
  EXPECT_REFUSED(Validate(lookup), "requests: 0 given");
  for (int i = 0; i < 501; ++i) {
    record.add_requests();
    lookup.add_requests();
  }
  EXPECT_REFUSED(Validate(record), "requests: 501 given");
  EXPECT_REFUSED(Validate(lookup), "requests: 501 given");
}

TEST(InteractionValidationTest, SetsAreBoundedOverAll) {
  v1::ListInteractionsRequest request;
  EXPECT_REFUSED(Validate(request), "sets: 0 given");
  for (int i = 0; i < 2; ++i) {
    auto* set = request.add_sets();
    for (int n = 0; n < 5'000; ++n) set->add_contact_ids(kContactId);
  }
  EXPECT_THAT(Validate(request), IsOk());
  request.mutable_sets(1)->add_contact_ids(kContactId);
  EXPECT_REFUSED(Validate(request), "10001 contact_ids over all");
  request.mutable_sets(1)->clear_contact_ids();
  EXPECT_REFUSED(Validate(request), "sets[1].contact_ids: 0 given");
}

TEST(InteractionValidationTest, AListHasOneFilterAtMost) {
  v1::ListInteractionsRequest request;
  request.add_sets()->add_contact_ids(kContactId);
  request.set_identity_key("00112233445566778899aabbccddeeff");
  EXPECT_THAT(Validate(request), IsOk());
  request.set_kind(v1::KIND_CALL);
  EXPECT_REFUSED(Validate(request), "identity_key: want it or kind");
  request.clear_identity_key();
  EXPECT_THAT(Validate(request), IsOk());
  request.set_page_size(-1);
  EXPECT_REFUSED(Validate(request), "page_size");
}

TEST(InteractionValidationTest, ActivityHasNoPageTokens) {
  v1::BatchGetActivityRequest request;
  request.add_sets()->add_contact_ids(kContactId);
  EXPECT_THAT(Validate(request), IsOk());
  request.mutable_sets(0)->set_page_token("x");
  EXPECT_REFUSED(Validate(request), "sets[0].page_token");
}

TEST(InteractionValidationTest, AReassignmentNamesEachOnceAndSaysWhy) {
  v1::ReassignInteractionsRequest request;
  for (const char* fault : {"contact_id: ", "to_contact_id: ",
                            "interactions: 0 given", "reason: not set"}) {
    EXPECT_REFUSED(Validate(request), fault);
  }
  request.set_contact_id(kContactId);
  request.set_to_contact_id("0192F0C1-2A3B-7C4D-8E5F-60718293A4B5");
  request.set_reason(std::string(500, 'r'));
  v1::InteractionName name;
  name.set_interaction_id(kContactId);
  *request.add_interactions() = name;
  EXPECT_REFUSED(Validate(request), "to_contact_id: want another contact");
  EXPECT_REFUSED(Validate(request), "interactions[0].occurred_time: ");
  name.mutable_occurred_time()->set_seconds(1);
  *request.mutable_interactions(0) = name;
  request.set_to_contact_id("0192f0c1-2a3b-7c4d-8e5f-000000000001");
  EXPECT_THAT(Validate(request), IsOk());
  for (int i = 0; i < 100; ++i) *request.add_interactions() = name;
  EXPECT_REFUSED(Validate(request), "interactions: 101 given");
  EXPECT_REFUSED(Validate(request), "interactions[1]: named twice");
  request.mutable_interactions()->DeleteSubrange(1, 100);
  request.mutable_reason()->push_back('r');
  EXPECT_REFUSED(Validate(request), "reason: 501 characters");
  request.set_reason("r");
  request.set_agent(std::string(321, 'a'));
  EXPECT_REFUSED(Validate(request), "agent: 321 characters");
  request.set_agent("a\nb");
  request.set_reason(" ");
  EXPECT_REFUSED(Validate(request), "reason: blank");
  EXPECT_REFUSED(Validate(request), "agent: has a control character");
}

}  // namespace
}  // namespace kith::interactions
