#include "identity-svc/values/email.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct EmailCase {
  const char* typed;
  // The address, or the reason of the refusal.
  const char* read;
  // Where the case is from.
  const char* source;
};

void ExpectEmails(std::initializer_list<EmailCase> cases) {
  for (const EmailCase& one : cases) {
    const Form form = ReadEmail(one.typed);
    SCOPED_TRACE(std::string(one.typed) + " (" + one.source + ")");
    EXPECT_THAT(form.refusal, IsEmpty());
    EXPECT_EQ(form.normalized, one.read);
    EXPECT_EQ(ReadEmail(form.normalized).normalized, form.normalized);
  }
}

void ExpectRefusals(std::initializer_list<EmailCase> cases) {
  for (const EmailCase& one : cases) {
    EXPECT_EQ(ReadEmail(one.typed).refusal, one.read)
        << one.typed << " (" << one.source << ")";
  }
}

TEST(EmailTest, HeadersAndAddressBooksSpellOneAddress) {
  const char* const address = "ada.q@example.com";
  ExpectEmails({
      {"ada.q@example.com", address, "tactilenews/100eyes#224"},
      {"Ada Q <ada.q@example.com>", address, "tactilenews/100eyes#224"},
      {"\"Q, Ada\" <ada.q@example.com>", address, "berkholz/vcard2fritzXML#22"},
      {"<ada.q@example.com>", address, "tactilenews/100eyes#224"},
      {"\"bob@example.com\" <ada.q@example.com>", address, "a name in quotes"},
      {"ada.q@example.com <ada.q@example.com>", address, "Outlook"},
      {"ada.q@example.com <mailto:ada.q@example.com>", address, "Outlook"},
      {"Ada Q <ADA.Q@Example.com>;", address, "a list of one"},
      {"ada.q@example.com (Ada Q)", address, "RFC 822"},
      {"(Ada (Q)) ada.q@example.com", address, "RFC 5322"},
      {"mailto:ada.q@example.com?subject=Hi", address, "RFC 6068"},
      {"mailto:ada%2Eq@example.com", address, "RFC 6068"},
      {"mailto:ada.q%40example.com", address, "RFC 6068, all encoded"},
      {"Mailto:ada%2Eq%40example.com?subject=a%40b", address, "RFC 6068"},
      {"Ada Q <mailto:ada.q%40example.com>", address, "RFC 6068"},
      {"SMTP:ada.q@example.com", address, "Exchange"},
      {"'ada.q@example.com'", address, "Outlook"},
      {"\u201cada.q@example.com\u201d", address, "Word"},
      {"\"ada.q\"@example.com", address, "RFC 5322"},
      {"ada.q @ example.com", address, "against harvesters"},
      {"ada.q@example.com,", address, "a list of one"},
      {"ada.q@example.com.", address, "the end of a sentence"},
      {"Ada Q\r\n <ada.q@example.com>", address, "a folded header"},
      {"Team: ada.q@example.com;", address, "RFC 5322: a group of one"},
      {"Team: Ada Q <ada.q@example.com>;", address, "RFC 5322"},
      {"To: ada.q@example.com", address, "a header"},
      {"Ada Q [ada.q@example.com]", address, "an address book"},
      {"Ada Q (ada.q@example.com)", address, "a calendar"},
      {"ada.q@example.com (Ada.Q@example.com)", address, "said twice"},
      {"mailto:?to=ada.q@example.com", address, "RFC 6068"},
  });
}

TEST(EmailTest, InvisibleMarksAreNoPartOfAnAddress) {
  const char* const address = "ada.q@example.com";
  ExpectEmails({
      {"ada.q\u200b@example.com", address, "jstanden/cerb#1349"},
      {"ada\u00ad.q@example.com", address, "mikel/mail#1173"},
      {"\ufeffada.q@exam\u200dple.com\u202c", address, "jstanden/cerb#1349"},
      {"ada.q\uff20example.com", address, "a Japanese keyboard"},
      {" \tada.q@example.com\u00a0", address, "jstanden/cerb#1349"},
  });
}

TEST(EmailTest, CaseAndDomainAreNormalised) {
  ExpectEmails({
      {"A.da+News@gmail.com", "a.da+news@gmail.com", "no tricks of providers"},
      {"\"a@b\"@Example.com", "\"a@b\"@example.com", "RFC 5322"},
      {"ada@my_host.example", "ada@my_host.example", "there are such"},
      {"ada@[192.0.2.1]", "ada@[192.0.2.1]", "RFC 5321"},
      {"M\u00fcller@B\u00dcCHER.example", "m\u00fcller@xn--bcher-kva.example",
       "IDNA"},
      {"m\u00fcller@xn--bcher-kva.example", "m\u00fcller@xn--bcher-kva.example",
       "IDNA"},
      {"a@fa\u00df.example", "a@xn--fa-hia.example", "UTS #46"},
      {"Mu\u0308ller@bu\u0308cher.example", "m\u00fcller@xn--bcher-kva.example",
       "decomposed"},
      {"a..b.@docomo.example", "a..b.@docomo.example", "there are such"},
  });
}

TEST(EmailTest, TwoAddressesAreRefused) {
  const char* const why = "it has two addresses";
  ExpectRefusals({
      {"ada@example.com, bob@example.com", why, "tactilenews/100eyes#224"},
      {"ada@example.com; bob@example.com", why, "tactilenews/100eyes#224"},
      {"ada@example.com bob@example.com", why, "tactilenews/100eyes#224"},
      {"ada@example.com/bob@example.com", why, "tactilenews/100eyes#224"},
      {"Ada <ada@example.com>, Bob <bob@example.com>", why,
       "tactilenews/100eyes#224"},
      {"Ada <ada@example.com>, bob@example.com", why, "RFC 5322"},
      {"bob@example.com <ada@example.com>", why, "two of them"},
      {"ada@bob@example.com", why, "which of them"},
      {"ada@example.com (bob@example.com)", why, "a comment"},
      {"mailto:ada@example.com?to=bob@example.com", why, "RFC 6068"},
      {"mailto:ada@example.com?cc=bob@example.com", why, "RFC 6068"},
      {"mailto:ada%40example.com,bob%40example.com", why, "RFC 6068"},
      {"Team: ada@example.com, bob@example.com;", why, "RFC 5322"},
  });
}

TEST(EmailTest, WhatIsNoAddressIsRefused) {
  ExpectRefusals({
      {"ada%40example.com", "it has no @", "no link"},
      {"Ada at Example", "it has no @", "alphagov/notifications-admin#4124"},
      {"undisclosed-recipients:;", "it has no @", "RFC 5322"},
      {"@Ada", "it is no e-mail address", "a handle"},
      {"Ada@", "it is no e-mail address", "cut off"},
      {"ada q@example.com", "it is no e-mail address", "never q@example.com"},
      {"Ada ada@example.com", "it is no e-mail address", "a name unmarked"},
      {"sip:+14155552671@pbx.example", "it is no e-mail address", "SIP"},
      {"sip:ada@pbx.example;", "it is no e-mail address", "SIP"},
      {"\"ada@example.com", "it has a quote or a bracket that is not closed",
       "cut off"},
      {"ada@example", "its domain has no dot", "a slip"},
      {"ada@localhost", "its domain has no dot", "RFC 6761"},
      {"ada@anonymous.invalid", "its domain cannot exist", "RFC 6761"},
      {"ada@192.0.2.1", "its domain cannot exist", "an address"},
      {"ada@example.c", "its domain cannot exist", "a slip"},
      {"ada@example..com", "its domain is no domain name", "a slip"},
      {"ada@-b\u00fccher.example", "its domain is no domain name", "IDNA"},
      {"ada@exam ple.com", "its domain is no domain name", "a slip"},
      {"ada@example,com", "its domain is no domain name", "a slip"},
      {"ada@.example.com", "its domain is no domain name", "a slip"},
  });
  EXPECT_THAT(ReadEmail(std::string("a@b.example\0.com", 16)).refusal,
              HasSubstr("no domain name"));
  EXPECT_THAT(ReadEmail("a@" + std::string(64, 'b') + ".example").refusal,
              HasSubstr("no domain name"));
}

}  // namespace
}  // namespace kith::identity
