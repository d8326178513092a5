#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTIONS_FIXTURE_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTIONS_FIXTURE_H_

#include <string>
#include <vector>

#include "contacts-svc/groups/groups_fixture.h"

namespace kith::contacts {

// contacts-svc, with shorter ways to say what tests of suggestions say.
class SuggestionsTest : public GroupsTest {
 protected:
  static v1::Contact Fields(const std::string& name,
                            const std::string& birthday,
                            const std::string& postcode = "") {
    v1::Contact fields;
    fields.set_display_name(name);
    if (!birthday.empty())
      (*fields.mutable_attributes())["birthday"] = birthday;
    if (!postcode.empty())
      (*fields.mutable_attributes())["postcode"] = postcode;
    return fields;
  }

  // The id of a new contact, which is greater than those before.
  std::string Add(const v1::Contact& fields,
                  testing::TestKey key = testing::kDemo) {
    harness_.clock().Advance(absl::Milliseconds(1));
    v1::CreateContactRequest request;
    *request.mutable_contact() = fields;
    const auto contact = harness_.Call(&Stub::CreateContact, request, key);
    EXPECT_THAT(contact, testing::IsOk());
    return contact.ok() ? contact->contact_id() : "";
  }

  std::string Ada() { return Add(Fields("Ada King", "1815-12-10")); }

  absl::StatusOr<v1::Contact> Set(const std::string& id,
                                  const v1::Contact& fields) {
    v1::UpdateContactRequest request;
    *request.mutable_contact() = fields;
    request.mutable_contact()->set_contact_id(id);
    request.mutable_update_mask()->add_paths("display_name");
    request.mutable_update_mask()->add_paths("attributes");
    return harness_.Call(&Stub::UpdateContact, request);
  }

  absl::StatusOr<v1::ListSuggestionsResponse> Page(
      const v1::ListSuggestionsRequest& request,
      testing::TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::ListSuggestions, request, key);
  }

  // All pages; of a contact's group, or of the tenant where it is empty.
  std::vector<v1::Suggestion> Suggestions(
      const std::string& contact_id = "",
      v1::SuggestionState state = v1::SUGGESTION_STATE_UNSPECIFIED,
      int page_size = 0) {
    v1::ListSuggestionsRequest request;
    request.set_contact_id(contact_id);
    request.set_state(state);
    request.set_page_size(page_size);
    std::vector<v1::Suggestion> all;
    do {
      const auto page = Page(request);
      EXPECT_THAT(page, testing::IsOk());
      if (!page.ok()) return all;
      all.insert(all.end(), page->suggestions().begin(),
                 page->suggestions().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  // The other ids of the open suggestions at a contact's group.
  std::vector<std::string> Others(const std::string& contact_id) {
    std::vector<std::string> others;
    for (const v1::Suggestion& suggestion : Suggestions(contact_id)) {
      others.push_back(suggestion.other_id());
    }
    return others;
  }

  static v1::ConfirmSuggestionRequest ConfirmationOf(const std::string& a,
                                                     const std::string& b) {
    v1::ConfirmSuggestionRequest request;
    request.set_suggestion_id(a + "." + b);
    *request.mutable_actor() = Person();
    request.set_reason("same desk");
    return request;
  }

  static v1::RejectSuggestionRequest RejectionOf(const std::string& a,
                                                 const std::string& b) {
    v1::RejectSuggestionRequest request;
    request.set_suggestion_id(a + "." + b);
    *request.mutable_actor() = Person();
    request.set_reason("father and son");
    return request;
  }

  absl::StatusOr<v1::ConfirmSuggestionResponse> Confirm(
      const v1::ConfirmSuggestionRequest& request,
      testing::TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::ConfirmSuggestion, request, key);
  }

  absl::StatusOr<v1::RejectSuggestionResponse> Reject(
      const v1::RejectSuggestionRequest& request,
      testing::TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::RejectSuggestion, request, key);
  }
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTIONS_FIXTURE_H_
